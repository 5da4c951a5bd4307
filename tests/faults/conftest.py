"""A portal of its own for each fault, on SQLite or on the PostgreSQL that DATABASE_URL names."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.browser.running_portal import RunningPortal, prepare, running

#: What a campaign would set: the limits are not what is tested here.
NO_LIMITS = dict.fromkeys(
    ("FORM_LIMIT_HOUR", "FORM_LIMIT_DAY", "FORM_LIMIT_NETWORK_HOUR", "FORM_LIMIT_ALL_HOUR"),
    "1000000",
)


def database() -> dict[str, str]:
    """The setting for PostgreSQL, or nothing for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return {"DATABASE_URL": url} if url.startswith("postgres") else {}


@pytest.fixture(scope="session")
def is_sqlite() -> bool:
    return not database()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder, **database())
    return folder


@pytest.fixture
def portal(prepared, tmp_path) -> Callable[..., contextlib.AbstractContextManager[RunningPortal]]:
    """Call it with settings to run a portal with them."""

    @contextlib.contextmanager
    def run(**more: str) -> Iterator[RunningPortal]:
        settings = {"SERVER_WORKERS": "2", **NO_LIMITS, **database(), **more}
        with running(prepared, tmp_path / "data", 0, **settings) as found:
            yield found

    return run


@pytest.fixture
def rows() -> Callable[..., list[tuple]]:
    """Rows of the portal's database, read past Django."""

    def read(found: RunningPortal, query: str) -> list[tuple]:
        if url := database().get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(found.folder / "db.sqlite3")) as connection:
            return connection.execute(query).fetchall()

    return read
