"""The worker outlives a database that goes away for a while."""

import pytest
from django.db import InterfaceError, OperationalError
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from inquiries.management.commands import run_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def starts(monkeypatch) -> list[dict]:
    """Options of each start; the first two fail as with a server that is restarted."""
    found: list[dict] = []
    errors = [OperationalError("database is locked"), InterfaceError("connection already closed")]

    def handle(self, **options):
        found.append(options)
        if errors:
            raise errors.pop(0)

    monkeypatch.setattr(WorkerCommand, "handle", handle)
    monkeypatch.setattr(run_worker, "PAUSE", 0)
    monkeypatch.setattr(run_worker.connections, "close_all", lambda: None)
    return found


def test_it_begins_again_when_the_database_was_away(starts, caplog):
    run_worker.Command().handle(batch=True)
    assert len(starts) == 3
    assert "The database is away (OperationalError): trying again" in caplog.text
    assert "locked" not in caplog.text


def test_a_fault_in_the_code_ends_it(monkeypatch):
    def handle(self, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(WorkerCommand, "handle", handle)
    with pytest.raises(ZeroDivisionError):
        run_worker.Command().handle(batch=True)
