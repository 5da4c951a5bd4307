"""Lists and searches with many rows. Runs in ``manage.py shell``, started by ``growth``."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from investment.views import ProjectListView
from portal.benchmark import generate_content
from publishing.fragments import forget_everything, fragments, searches

TIMES = 5
ADDRESSES = {
    "list of news": "/en/news/",
    "list of projects": "/en/projects/",
    "projects by status": "/en/projects/?status=production",
    "middle page of projects": "/en/projects/?page={middle}",
    "last page of projects": "/en/projects/?page=9999999",
    "search, rare word": "/en/search/?q=CATL",
    "search, two characters": "/zh-hans/search/?q=鼎湖",
    "search, one character": "/zh-hans/search/?q=鼎",
    "search, common character by rank": "/zh-hans/search/?q=园",
    "search, common character by date": "/zh-hans/search/?q=园&sort=newest",
    "search, common word by rank": "/en/search/?q=project",
    "search, common word by date": "/en/search/?q=project&sort=newest",
}


class SqlClock:
    """Milliseconds that the statements of a block took."""

    def __init__(self) -> None:
        self.milliseconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.milliseconds += (time.perf_counter() - begun) * 1000


def forget_pieces() -> None:
    """All but the numbers of rows, which are found once after an edit for all pages of a list."""
    fragments.clear()
    searches.clear()


def measure(client: Client, address: str, forget: Callable[[], None]) -> dict[str, float]:
    """Medians for the page after ``forget``. Raises ValueError if it is no page."""
    statements, processor = [], []
    for _time in range(TIMES):
        forget()
        clock = SqlClock()
        begun = time.process_time()
        with connection.execute_wrapper(clock):
            status = client.get(address).status_code
        processor.append((time.process_time() - begun) * 1000)
        statements.append(clock.milliseconds)
        if status != 200:
            raise ValueError(f"{address} answered {status}")
    return {"sql": statistics.median(statements), "cpu": statistics.median(processor)}


def report(rows: int) -> None:
    """Fill the database with ``rows`` projects and posts, and print the figures as JSON."""
    generate_content(rows, rows, own_words=True)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        found = {}
        for name, pattern in ADDRESSES.items():
            address = pattern.format(middle=rows // ProjectListView.paginate_by // 2)
            first = measure(client, address, forget_everything)
            found[name] = measure(client, address, forget_pieces) | {"first": first["sql"]}
    sys.stdout.write(json.dumps(found))
