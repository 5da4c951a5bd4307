"""``manage.py benchmark``: what each page type costs with 2,000 projects and 2,000 posts."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from portal.benchmark import PAGES, generate_content, measure
from portal.starter_content import load_starter_content

HEADINGS = ("page", "status", "queries", "edited", "warm", "CPU ms", "edited", "warm", "gzip")


class Command(BaseCommand):
    """Measure in a throwaway database; the portal's own is not touched."""

    help = "Report queries, CPU time and bytes of each page: cold, after an edit elsewhere, warm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--projects", type=int, default=2000)
        parser.add_argument("--posts", type=int, default=2000)

    def handle(self, *args: object, **options: object) -> None:
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            load_starter_content()
            generate_content(options["projects"], options["posts"])
            self._report()
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def _report(self) -> None:
        plain_static = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        line = "{:<48} {:>6} {:>7} {:>6} {:>5} {:>8} {:>7} {:>7} {:>7}"
        self.stdout.write(line.format(*HEADINGS))
        with override_settings(STORAGES=plain_static, ALLOWED_HOSTS=["testserver"]):
            client = Client()
            for address in PAGES:
                row = measure(client, address)
                self.stdout.write(
                    line.format(
                        row.address,
                        row.status,
                        row.cold_queries,
                        row.edited_queries,
                        row.warm_queries,
                        f"{row.cold_ms:.1f}",
                        f"{row.edited_ms:.1f}",
                        f"{row.warm_ms:.1f}",
                        row.gzip_bytes,
                    )
                )
