"""Maintenance in which everything can be read and nothing changes.

On by the setting ``READ_ONLY``, or at run time by a file in ``DATA_DIR`` which all processes of a
machine look at (``manage.py read_only on``). A file, because the database may be the very thing
that is being maintained. Writes are refused below the views, where the statements pass: no page,
task or package can forget it. Commands that an operator runs are not held up.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from core.log_context import current_task

READING = re.compile(
    r"\s*(?:\(\s*)?(SELECT|VALUES|EXPLAIN|SHOW|SET|DECLARE|FETCH|CLOSE|PRAGMA|BEGIN|COMMIT|SAVEPOINT"
    r"|RELEASE|ROLLBACK)\b",
    re.IGNORECASE,
)
WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
WRITING = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
UNAVAILABLE = 503


class ReadOnlyMode(OperationalError):
    """Something would have been written. A kind of database that is away: 503, never 500."""


def switch() -> Path:
    """The file that says "on" by being there."""
    return settings.DATA_DIR / "read_only"


def is_on() -> bool:
    """No query: a look at the setting and at the file."""
    return settings.READ_ONLY or switch().exists()


def is_reading(sql: object) -> bool:
    """Whether the statement leaves all rows as they are. What is not understood does not."""
    text = str(sql)
    return bool(READING.match(text) or (WITH.match(text) and not WRITING.search(text)))


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django's hook around each statement. A task that has begun may still end."""
    if not is_reading(sql) and is_on() and not current_task.get():
        raise ReadOnlyMode("The portal is read-only for maintenance.")
    return execute(sql, params, many, context)


class MaintenanceFilter(logging.Filter):
    """Keeps "not available" out of error mails while somebody does maintenance."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", 0) != UNAVAILABLE or not is_on()


def enforce() -> None:
    """Refuse writes in this process from now on, whenever the mode is on.

    Called by the doors of web servers and by the task worker, not by commands: who migrates or
    restores during maintenance has to write.
    """
    connection_created.connect(_guard, dispatch_uid="core.read_only")
    for connection in connections.all(initialized_only=True):
        _guard(connection=connection)


def _guard(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    if refuse_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_writes)
