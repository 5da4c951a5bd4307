"""Connections to PostgreSQL: what the address says is kept, and pages have a limit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = "postgres://portal@127.0.0.1:1/portal"
SHOW = (
    "import json; from django.conf import settings; "
    "print(json.dumps(settings.DATABASES['default']['OPTIONS']))"
)


def connection_options(folder: Path, door: str = "", **settings: str) -> dict[str, object]:
    """``OPTIONS`` of the database in a process that came through ``door`` (a module)."""
    result = subprocess.run(
        [sys.executable, "-c", f"import {door}; {SHOW}" if door else SHOW],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "cluster_site.settings",
            **settings,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_what_the_address_says_of_the_connection_is_kept_and_wins(tmp_path):
    given = "?options=-c%20work_mem%3D16MB&connect_timeout=7&sslmode=require"
    options = connection_options(tmp_path, DATABASE_URL=SERVER + given)
    assert options["options"] == "-c synchronous_commit=on -c work_mem=16MB"
    assert (options["connect_timeout"], options["sslmode"]) == (7, "require")


def test_commands_take_the_time_they_need(tmp_path):
    options = connection_options(tmp_path, DATABASE_URL=SERVER)
    assert options == {"connect_timeout": 2, "options": "-c synchronous_commit=on"}


@pytest.mark.parametrize("door", ["cluster_site.wsgi", "cluster_site.asgi"])
def test_a_page_has_fifteen_seconds_for_a_statement(tmp_path, door):
    options = connection_options(tmp_path, door, DATABASE_URL=SERVER)
    assert options["options"] == "-c statement_timeout=15000 -c synchronous_commit=on"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ("0", "-c synchronous_commit=on"),
        ("3", "-c statement_timeout=3000 -c synchronous_commit=on"),
    ],
)
def test_the_operator_decides_how_long(tmp_path, seconds, expected):
    options = connection_options(
        tmp_path, "cluster_site.wsgi", DATABASE_URL=SERVER, DATABASE_STATEMENT_TIMEOUT=seconds
    )
    assert options["options"] == expected


def test_sqlite_knows_no_such_limit(tmp_path):
    assert "options" not in connection_options(tmp_path, "cluster_site.wsgi")
