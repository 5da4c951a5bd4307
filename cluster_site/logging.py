"""Where log lines go, and what they look like.

Everything goes to the standard error stream, for journald or a container to keep. Lines carry no
personal data: addresses without their query, no form fields, no cookies. Whatever a package writes
is looked through for e-mail and network addresses, and of an error only its kind and its place are
kept, because its text may hold what somebody typed. For the same reason error mails are short,
other than Django's own, which hold the whole request.
"""

import json
import logging
import re
import time
import traceback
from typing import Any

from django.core import mail

#: Seconds in which the same error is mailed only once.
QUIET_TIME = 3600


#: What of a line's ``extra`` is written besides its message (core.request_log).
FIELDS = ("method", "route", "status", "ms", "bytes")

# Bounded, so that a long line without an "@" is no long work.
EMAIL = re.compile(
    r"[^\s@<>\"'(),;:=]{1,64}@[^\s@<>\"'(),;:.]{1,64}(?:\.[^\s@<>\"'(),;:.]{1,64}){1,9}"
)
QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]+")
IPV4 = re.compile(r"\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}\b")
GROUPS = r"[0-9a-f]{1,4}(?::[0-9a-f]{1,4})"
IPV6 = re.compile(
    rf"(?<![\w:.])(?:{GROUPS}{{7}}|(?:{GROUPS}*)?::(?:{GROUPS}*)?)(?![\w:])", re.IGNORECASE
)


def without_persons(text: str) -> str:
    """``text`` without e-mail addresses, network addresses and queries of addresses."""
    for pattern, words in ((EMAIL, "<e-mail>"), (QUERY, ""), (IPV4, "<ip>"), (IPV6, "<ip>")):
        text = pattern.sub(words, text)
    return text


class PlainFormatter(logging.Formatter):
    """A line that names no person, for people."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = without_persons(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        """Kind and place of each error in the chain; never its text."""
        parts = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{frames}{type(error).__name__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nraised while handling:\n".join(parts)


class JsonFormatter(PlainFormatter):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_persons(record.getMessage()),
            "request": getattr(record, "request_id", ""),
            "task": getattr(record, "task_id", ""),
        }
        entry |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(
            {name: value for name, value in entry.items() if value != ""}, ensure_ascii=False
        )


class ErrorMailHandler(logging.Handler):
    """Mails errors to ``ADMINS``: message and traceback, nothing of the visitor's request.

    The same error is mailed once an hour per process. It sends at once, so an error page may
    wait up to ``EMAIL_TIMEOUT`` seconds for a dead mail server.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.mailed: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        try:
            where = self._place(record)
            now = time.monotonic()
            if now - self.mailed.get(where, -QUIET_TIME) < QUIET_TIME:
                return
            self.mailed[where] = now
            error = record.exc_info[1] if record.exc_info else None
            trace = "".join(traceback.format_tb(error.__traceback__)) if error else ""
            name = type(error).__name__ if error else ""
            message = without_persons(record.getMessage())
            text = f"{message}\n{record.name}: {where}\n\n{trace}{name}\n"
            subject = f"{record.levelname}: {name or record.name}"
            mail.mail_admins(subject, text, fail_silently=True)
        except Exception:
            # A failing log handler must not make the error it reports worse.
            self.handleError(record)

    @staticmethod
    def _place(record: logging.LogRecord) -> str:
        """File and line of the error's innermost frame, else of the logging call."""
        if record.exc_info and record.exc_info[2]:
            frame = traceback.extract_tb(record.exc_info[2])[-1]
            return f"{frame.filename}:{frame.lineno}"
        return f"{record.pathname}:{record.lineno}"


def logging_settings(level: str, style: str) -> dict[str, Any]:
    """``LOGGING`` for lines of ``level`` and above, as ``text`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {
                "()": "cluster_site.logging.PlainFormatter",
                "format": "%(asctime)s %(levelname)s%(context)s %(name)s: %(message)s",
            },
            "json": {"()": "cluster_site.logging.JsonFormatter"},
        },
        "filters": {
            "context": {"()": "core.log_context.LogContextFilter"},
            "outage": {"()": "core.outage_log.OutageFilter"},
            "no_maintenance": {"()": "core.read_only.MaintenanceFilter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": style,
                "filters": ["context", "outage"],
            },
            "error_mail": {
                "class": "cluster_site.logging.ErrorMailHandler",
                "filters": ["no_maintenance", "outage"],
            },
        },
        "root": {"handlers": ["console", "error_mail"], "level": level},
        "loggers": {
            # Django gives this one handlers of its own; ours are enough.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # One line a poll otherwise.
            "django_tasks_db": {"level": "WARNING" if level == "INFO" else level},
            "PIL": {"level": "WARNING"},
            # It writes names and network addresses of people who mistype their password.
            "axes": {"level": "ERROR"},
        },
    }
