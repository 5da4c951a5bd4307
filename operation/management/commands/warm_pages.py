"""``manage.py warm_pages``: asks for every page once, so that no visitor is the first."""

from argparse import ArgumentParser
from http.client import HTTPException

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from operation.visiting import Visitor


class Command(BaseCommand):
    """For the time after a start or a deployment. Asks the server directly, not the proxy."""

    requires_system_checks = ()

    help = "Ask a running server for every page of the sitemap, as often as it has processes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        own = f"http://127.0.0.1:{settings.SERVER_PORT}"
        parser.add_argument("--server", default=own, help=f"its address; default {own}")

    def handle(self, *, server: str, **options: object) -> None:
        visitor = Visitor(server, settings.PUBLIC_URL)
        try:
            addresses = list(visitor.addresses())
            # A process is asked by chance; twice as many rounds reach nearly all of them.
            rounds = 1 if settings.SERVER_WORKERS == 1 else 2 * settings.SERVER_WORKERS
            failed = {
                address
                for _round in range(rounds)
                for address in addresses
                if visitor.ask(address)[0] != 200
            }
        except (OSError, HTTPException) as error:
            raise CommandError(
                f"{server} does not answer ({type(error).__name__}): start the portal first, or "
                "name its address with --server."
            ) from None
        if not addresses:
            raise CommandError(
                f"{server} shows no sitemap for {settings.PUBLIC_URL}: is this its PUBLIC_URL?"
            )
        if failed:
            raise CommandError(
                f"{len(failed)} of {len(addresses)} pages failed, the first {min(failed)}."
            )
        self.stdout.write(f"{len(addresses)} pages are ready.")
