"""Log lines: an object or a line of text each, with the id they belong to and without a person."""

import json
import logging
import sys
import time

import pytest
from django.db import OperationalError
from django.test import override_settings

from cluster_site.logging import JsonFormatter, PlainFormatter, logging_settings, without_persons
from core.log_context import LogContextFilter, current_request, current_task
from core.outage_log import OutageFilter
from core.read_only import MaintenanceFilter


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("core.any", logging.WARNING, __file__, 1, message, args, None)
    vars(made).update(more)
    LogContextFilter().filter(made)
    return made


def as_json(made: logging.LogRecord) -> dict:
    return json.loads(JsonFormatter().format(made))


def test_a_line_of_json_says_when_what_and_for_which_request():
    token = current_request.set("abc-12345")
    line = as_json(record("Page %s", "made", route="parks:detail", status=200, ms=1.5, bytes=10))
    current_request.reset(token)
    assert line.pop("time")
    assert line == {
        "level": "WARNING",
        "logger": "core.any",
        "message": "Page made",
        "request": "abc-12345",
        "route": "parks:detail",
        "status": 200,
        "ms": 1.5,
        "bytes": 10,
    }


def test_a_line_of_the_worker_names_its_task():
    token = current_task.set("task-7")
    made = record("Mail sent")
    current_task.reset(token)
    assert as_json(made)["task"] == "task-7"
    style = logging_settings("INFO", "text")["formatters"]["text"]["format"]
    assert " [task-7] core.any: Mail sent" in PlainFormatter(style).format(made)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("sent to wang@private.example today", "sent to <e-mail> today"),
        ("('Wang', 'wang.li+x@mail.private.example')", "('Wang', '<e-mail>')"),
        ("Not Found: /en/inquiry/status/?r=secret&x=1", "Not Found: /en/inquiry/status/"),
        ("from 203.0.113.77 again", "from <ip> again"),
        ("from 2001:db8::1:2 again", "from <ip> again"),
        ("from 2001:db8:0:0:0:0:1:2.", "from <ip>."),
        ("listens on 127.0.0.1:8000", "listens on 127.0.0.1:8000"),
        ("Slow statement, 250 ms: SELECT a FROM b WHERE c = %s", None),
        ("at 2026-11-23 14:41:01,785 of core.models:12", None),
        ("Really? Yes", None),
        ("publishing.views::made", None),
        ("version 1.2.3", None),
    ],
)
def test_persons_are_taken_out_and_all_else_stays(text, kept):
    assert without_persons(text) == (kept or text)


@pytest.mark.parametrize("piece", ["a", "a.", "1.1.", "a:", "x?", "a@", "a@b."])
def test_a_long_line_is_no_long_work(piece):
    begin = time.process_time()
    without_persons(piece * (50_000 // len(piece)))
    assert time.process_time() - begin < 1  # the work of seconds if it grew by the square


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter("%(message)s")])
def test_of_an_error_only_kind_and_place_are_kept(formatter):
    try:
        try:
            raise KeyError("Wang Xiaoming")
        except KeyError as error:
            raise ValueError("wang@private.example") from error
    except ValueError:
        made = record("Failed", exc_info=sys.exc_info())
    line = formatter.format(made)
    assert "ValueError" in line
    assert "KeyError" in line
    assert "test_logging.py" in line
    assert "Wang" not in line.replace('raise KeyError(\\"Wang Xiaoming\\")', "").replace(
        'raise KeyError("Wang Xiaoming")', ""
    )


def test_an_outage_is_one_line_for_each_request():
    try:
        raise OperationalError("could not connect to 10.0.0.5 as portal")
    except OperationalError:
        made = record("Service Unavailable: %s", "/en/", exc_info=sys.exc_info())
    assert OutageFilter().filter(made)
    line = as_json(made)
    assert line["message"] == "Service Unavailable: /en/: OperationalError"
    assert "exception" not in line


def test_maintenance_mails_no_errors():
    refused = record("Service Unavailable: %s", "/en/inquiry/", status_code=503)
    assert MaintenanceFilter().filter(refused)
    with override_settings(READ_ONLY=True):
        assert not MaintenanceFilter().filter(refused)
        assert MaintenanceFilter().filter(record("Internal Server Error", status_code=500))
