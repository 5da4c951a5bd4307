"""What all tests share."""

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import translation

from core.log_context import current_request
from publishing.fragments import forget_everything
from tests.migrated import migrated_file


def pytest_collection_finish() -> None:
    """Looking for garbage among all that stays until the end takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """The file lies in a folder of its own, which goes with the process."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None
) -> None:
    """Tests begin with a migrated database, unless they go on with one that is kept."""
    if "TEST_TEMPLATE" in os.environ:  # the throwaway server of bin/test_postgres.py
        connection.ops.sql_flush = delete_all_rows
    elif connection.vendor == "sqlite" and not request.config.getvalue("reuse_db"):
        shutil.copyfile(migrated_file(), connection.settings_dict["TEST"]["NAME"])


def delete_all_rows(_style: object, tables: list[str], **_options: object) -> list[str]:
    """After a test that committed something. TRUNCATE makes hundreds of files anew for few rows."""
    return ["SET LOCAL session_replication_role = replica"] + [
        f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables
    ]


@pytest.fixture(autouse=True)
def fresh_start() -> Iterator[None]:
    """No test sees the cache (rate limits!), stored pieces, the language or the request of the one
    before."""
    for cache in caches.settings:
        caches[cache].clear()
    forget_everything()
    current_request.set("")
    with translation.override("en"):
        yield
