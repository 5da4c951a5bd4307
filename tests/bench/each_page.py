"""Each kind of page, measured from inside. Runs in ``manage.py shell``, started by ``pages``."""

import json
import statistics
import sys
import time
from dataclasses import asdict
from io import BytesIO
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

from django.test import Client
from django.test.utils import override_settings

from cluster_site.wsgi import application
from news.models import Post
from portal.benchmark import PAGES, REPEATS, counted_queries, generate_content, measure


def report() -> None:
    """Fill the database as ``manage.py benchmark`` does, and print the figures as JSON."""
    generate_content()
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        pages = [asdict(measure(client, address)) for address in PAGES]
    for page, milliseconds in zip(pages, after_an_edit(), strict=True):
        page["confirmed_ms"] = milliseconds
    sys.stdout.write(json.dumps({"pages": pages, "kept": statements_of_kept_pages()}))


def statements_of_kept_pages() -> int:
    """SQL statements when all pages but the form are asked for again, whole and by their ETag."""
    paths = [path for path in PAGES if "?" not in path and "inquiry" not in path]
    tags = [ask(path)["ETag"] for path in paths]
    with counted_queries() as statements:
        for path, tag in zip(paths, tags, strict=True):
            ask(path)
            ask(path, HTTP_IF_NONE_MATCH=tag)
    return len(statements)


def after_an_edit() -> list[float]:
    """Median milliseconds of each page for the first visitor after the oldest post was edited.

    The whole way: the page cache asks whether a page that it has still holds, and Django makes
    what it does not have. No page of the list shows that post.
    """
    oldest = Post.objects.public().order_by("date", "pk").first()
    assert oldest
    spent: list[list[float]] = [[] for _path in PAGES]
    for number in range(REPEATS + 1):
        oldest.title_en = f"Edited {number} times"
        oldest.save()
        for times, path in zip(spent, PAGES, strict=True):
            begun = time.process_time()
            ask(path)
            times.append((time.process_time() - begun) * 1000)
        application.evidence.take()
    # The first round makes the pages.
    return [statistics.median(times[1:]) for times in spent]


def ask(path: str, **more: str) -> dict[str, str]:
    """Headers of the answer, whose body is thrown away. Raises ValueError if it is an error."""
    address, _mark, query = path.partition("?")
    environ: dict[str, Any] = {"HTTP_HOST": "127.0.0.1", "PATH_INFO": address, **more}
    environ["QUERY_STRING"] = quote(query, safe="=&")
    setup_testing_defaults(environ)
    environ["wsgi.input"] = BytesIO()
    headers: dict[str, str] = {}

    def start(status: str, found: list[tuple[str, str]], *_error: object) -> None:
        if status[:3] not in {"200", "304"}:
            raise ValueError(f"{path} answered {status}")
        headers.update(found)

    b"".join(application(environ, start))
    return headers
