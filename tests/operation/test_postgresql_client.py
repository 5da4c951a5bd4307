"""Which ``pg_dump`` is called, and what an operator reads when none will do."""

from pathlib import Path

import pytest

from operation.archive import Refused
from operation.database_copies import postgresql
from operation.database_copies.postgresql import client_program, first_error


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A function that installs programs of these versions, and nothing else."""
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: None)

    def install(*versions: int) -> Path:
        for version in versions:
            program = tmp_path / f"{version}/bin/pg_dump"
            program.parent.mkdir(parents=True)
            program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.4 (Debian)'\n")
            program.chmod(0o755)
        return tmp_path

    return install


def test_the_nearest_that_is_not_older_is_taken(installed):
    folder = installed(14, 15, 17)
    assert client_program("pg_dump", 15, folder) == folder / "15/bin/pg_dump"
    assert client_program("pg_dump", 16, folder) == folder / "17/bin/pg_dump"


def test_an_older_one_is_refused_with_the_remedy(installed):
    with pytest.raises(Refused, match=r"pg_dump 15 is older than the server \(17\): apt-get"):
        client_program("pg_dump", 17, installed(14, 15))


def test_a_missing_one_is_refused_with_the_remedy(installed):
    with pytest.raises(Refused, match="pg_dump is not installed: apt-get install postgresql-cl"):
        client_program("pg_dump", 15, installed())


def test_of_an_error_only_its_first_line_is_shown():
    said = "pg_restore: while doing\npg_restore: error: could not\nDETAIL: Key (email)=(a@b.c) is"
    assert first_error(said) == "pg_restore: error: could not"
    assert first_error("") == "it said nothing"
