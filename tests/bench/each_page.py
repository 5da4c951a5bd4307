"""Each kind of page, measured from inside. Runs in ``manage.py shell``, started by ``pages``."""

import json
import sys
from dataclasses import asdict
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.test import Client
from django.test.utils import override_settings

from cluster_site.wsgi import application
from portal.benchmark import PAGES, counted_queries, generate_content, measure


def report() -> None:
    """Fill the database as ``manage.py benchmark`` does, and print the figures as JSON."""
    generate_content()
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        pages = [asdict(measure(client, address)) for address in PAGES]
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


def ask(path: str, **more: str) -> dict[str, str]:
    """Headers of the answer, whose body is thrown away."""
    environ: dict[str, Any] = {"HTTP_HOST": "127.0.0.1", "PATH_INFO": path, **more}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = BytesIO()
    headers: dict[str, str] = {}
    answer = application(environ, lambda _status, found, *_error: headers.update(found))
    b"".join(answer)
    return headers
