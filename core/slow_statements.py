"""Statements that took long, by their text with placeholders: values may be personal data."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)

LONGEST_TEXT = 2000


def log_if_slow(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django's hook around each statement; also for those that fail in the end."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = (time.perf_counter() - begun) * 1000
        if milliseconds >= settings.SLOW_QUERY_MS:
            text = " ".join(str(sql).split())[:LONGEST_TEXT]
            logger.warning(
                "Slow statement, %.0f ms: %s", milliseconds, text, extra={"ms": round(milliseconds)}
            )


def connect_slow_log() -> None:
    """From now on, in every process; not at all with ``SLOW_QUERY_MS=0``."""
    if settings.SLOW_QUERY_MS:
        connection_created.connect(_time, dispatch_uid="core.slow_statements")


def _time(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    if log_if_slow not in connection.execute_wrappers:
        connection.execute_wrappers.append(log_if_slow)
