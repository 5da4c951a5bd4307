"""``manage.py benchmark``: what each kind of page costs, with many records.

Reports, decides nothing: limits are in the tests, because times on a shared machine are no
grounds for a failure. Counts of queries and bytes are the same everywhere.
"""

import copy
import gzip
import statistics
import time
from argparse import ArgumentParser
from itertools import cycle, islice

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investment.models import Project
from news.models import Post
from parks.models import Industry, Park
from publishing.models import Publishable

ROUNDS = 7
ROW = "{:<34} {:>7} {:>9} {:>9} {:>9}"


class Command(BaseCommand):
    """Needs the starter content; copies it in a transaction that is rolled back at the end."""

    help = "Print queries, CPU time and bytes of each kind of page. Holds a lock: never live."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--records", type=int, default=2000, help="Projects and posts: 2000.")

    def handle(self, *, records: int, **options: object) -> None:
        client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("."))
        with transaction.atomic():
            for model in (Project, Post):
                multiply(model, records)
            self.stdout.write(ROW.format("page", "queries", "CPU ms", "HTML kB", "gzip kB"))
            for address in addresses():
                self.stdout.write(ROW.format(address, *measure(client, address)))
            transaction.set_rollback(True)


def multiply(model: type[Publishable], wanted: int) -> None:
    """Copies of the public records until there are ``wanted``; two queries and some inserts."""
    originals = list(model.objects.public())
    if not originals:
        raise CommandError(
            f"No public {model._meta.verbose_name_plural}: run `manage.py load_starter` first."
        )
    copies = []
    for number, original in enumerate(islice(cycle(originals), wanted - len(originals))):
        duplicate = copy.copy(original)
        duplicate._state = copy.copy(original._state)
        duplicate._state.adding = True
        duplicate.pk = None
        duplicate.slug = f"benchmark-{number}"
        copies.append(duplicate)
    model.objects.bulk_create(copies, batch_size=200)


def addresses() -> list[str]:
    """One address of each kind of page, in the language with the longest text."""
    details = [model.objects.public().first() for model in (Park, Industry, Project, Post)]
    return [
        "/en/",
        "/en/parks/",
        "/en/industries/",
        "/en/projects/",
        "/en/projects/?page=50",
        "/en/statistics/",
        "/en/news/",
        "/en/news/?page=50",
        "/en/news/feed/",
        "/en/history/",
        "/en/contact/",
        "/en/search/?q=battery",
        "/en/inquiry/",
        *(record.get_absolute_url() for record in details if record),
    ]


def measure(client: Client, address: str) -> tuple[str, str, str, str]:
    """Queries, median CPU milliseconds, kilobytes plain and compressed. The first call warms up."""
    response = client.get(address, secure=settings.SECURE_SSL_REDIRECT)
    if response.status_code != 200:
        return f"({response.status_code})", "", "", ""
    with CaptureQueriesContext(connection) as queries:
        client.get(address, secure=settings.SECURE_SSL_REDIRECT)
    times = []
    for _round in range(ROUNDS):
        begin = time.process_time()
        client.get(address, secure=settings.SECURE_SSL_REDIRECT)
        times.append((time.process_time() - begin) * 1000)
    return (
        str(len(queries)),
        f"{statistics.median(times):.1f}",
        f"{len(response.content) / 1000:.1f}",
        f"{len(gzip.compress(response.content, 6)) / 1000:.1f}",
    )
