"""To what a log line belongs: a request or a task, by an id that says nothing of a person."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished
from django_tasks.signals import task_finished, task_started

#: Empty outside of a request.
current_request: ContextVar[str] = ContextVar("current_request", default="")
#: Empty outside of a task.
current_task: ContextVar[str] = ContextVar("current_task", default="")


class LogContextFilter(logging.Filter):
    """Gives each record ``request_id`` and ``task_id``, and ``context`` for lines of text."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request.get()
        record.task_id = current_task.get()
        name = record.request_id or record.task_id
        record.context = f" [{name}]" if name else ""
        return True


def connect_ids() -> None:
    """Let ids begin and end: of tasks both, of requests the end (core.request_log begins)."""
    task_started.connect(_begin, dispatch_uid="core.log_context")
    task_finished.connect(_end, dispatch_uid="core.log_context")
    request_finished.connect(_forget_request, dispatch_uid="core.log_context")


def _begin(task_result: Any, **kwargs: object) -> None:
    current_task.set(str(task_result.id))


def _end(**kwargs: object) -> None:
    current_task.set("")


def _forget_request(**kwargs: object) -> None:
    current_request.set("")
