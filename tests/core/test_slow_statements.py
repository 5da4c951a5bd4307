"""What takes long is logged by its text, never by its values."""

import logging

import pytest
from django.db import Error, connection

from core import slow_statements
from core.models import Contact
from core.slow_statements import log_if_slow

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow_log(caplog, settings):
    caplog.set_level(logging.WARNING, "core.slow_statements")
    settings.SLOW_QUERY_MS = 1
    with connection.execute_wrapper(log_if_slow):
        yield caplog


def takes(milliseconds: float, monkeypatch) -> None:
    """Each look at the clock is so much later than the one before."""
    now = [0.0]

    def later() -> float:
        now[0] += milliseconds / 1000
        return now[0]

    monkeypatch.setattr(slow_statements.time, "perf_counter", later)


def test_a_slow_statement_is_logged_without_its_values(slow_log, monkeypatch):
    takes(250, monkeypatch)
    list(Contact.objects.filter(email="private@example.org", phone="0086-758-1"))
    assert "Slow statement, 250 ms: SELECT" in slow_log.text
    assert "core_contact" in slow_log.text
    assert "%s" in slow_log.text
    assert "private" not in slow_log.text
    assert "0086-758-1" not in slow_log.text


def test_a_slow_statement_that_fails_is_logged_too(slow_log, monkeypatch):
    takes(250, monkeypatch)
    with pytest.raises(Error):
        connection.cursor().execute("SELECT * FROM no_such_table")
    assert "no_such_table" in slow_log.text


def test_a_fast_statement_is_not_logged(slow_log, settings):
    settings.SLOW_QUERY_MS = 60_000
    list(Contact.objects.all())
    assert slow_log.text == ""


def test_a_long_statement_is_cut(slow_log, monkeypatch):
    takes(250, monkeypatch)
    list(Contact.objects.filter(pk__in=range(5000)).values_list("pk")[:1])
    assert len(slow_log.records[0].getMessage()) < slow_statements.LONGEST_TEXT + 100
