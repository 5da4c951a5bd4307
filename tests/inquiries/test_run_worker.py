"""The worker outlives a database that goes away for a while."""

import pytest
from django.db import InterfaceError, OperationalError
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from core.read_only import ReadOnlyMode
from inquiries.management.commands import run_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def not_for_the_tests_after(monkeypatch):
    """The worker guards its own process, which is not this one."""
    monkeypatch.setattr(run_worker.read_only, "enforce", lambda: None)


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


def test_it_pauses_for_maintenance_and_goes_on_by_itself(monkeypatch, settings, caplog):
    caplog.set_level("INFO", run_worker.logger.name)
    rounds = []

    def handle(self, **options):
        rounds.append(settings.READ_ONLY)
        if len(rounds) == 1:
            # Switched on while it works: taking the next task is refused.
            settings.READ_ONLY = True
            raise ReadOnlyMode

    monkeypatch.setattr(WorkerCommand, "handle", handle)
    monkeypatch.setattr(run_worker.connections, "close_all", lambda: None)
    monkeypatch.setattr(
        run_worker.time, "sleep", lambda seconds: setattr(settings, "READ_ONLY", False)
    )
    run_worker.Command().handle(batch=True)
    assert rounds == [False, False]
    assert "the worker pauses" in caplog.text
    assert "goes on" in caplog.text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_fault_in_the_code_ends_it(monkeypatch):
    def handle(self, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(WorkerCommand, "handle", handle)
    with pytest.raises(ZeroDivisionError):
        run_worker.Command().handle(batch=True)
