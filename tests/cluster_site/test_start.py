"""Starting with wrong settings: one line, exit code 1, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(*command: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DATA_DIR": str(folder),
        **settings,
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "migrate"),
        ("manage.py", "check"),
        ("-m", "cluster_site.supervisor"),
        ("-c", "import cluster_site.wsgi"),
        ("-c", "import cluster_site.asgi"),
    ],
)
def test_every_door_refuses_a_typo_with_one_line(command, tmp_path):
    result = start(*command, folder=tmp_path, DEBUG="yess")
    assert result.returncode == 1
    assert result.stderr == "Setting refused: DEBUG is 'yess': write true or false\n"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "a.example", "DEBUG": "true"}, "DEBUG"),
    ],
)
def test_production_demands_what_it_needs(settings, name, tmp_path):
    result = start("manage.py", "check", folder=tmp_path, DEPLOYMENT="production", **settings)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Setting refused: {name} is")
    assert result.stderr.count("\n") == 1
    assert "x" * 60 not in result.stderr


READ = (
    "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'cluster_site.settings';"
    "from django.conf import settings as s;"
)


def test_production_is_closed_by_default(tmp_path):
    result = start(
        "-c",
        READ + "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.PUBLIC_URL)",
        folder=tmp_path,
        DEPLOYMENT="production",
        SECRET_KEY="x" * 60,
        ALLOWED_HOSTS="a.example",
    )
    assert result.stdout == "False True True True True https://a.example\n", result.stderr


def test_a_first_start_needs_nothing_and_keeps_its_key(tmp_path):
    command = READ + "print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.SECRET_KEY)"
    first = start("-c", command, folder=tmp_path)
    assert first.stdout.startswith("False False "), first.stderr
    assert start("-c", command, folder=tmp_path).stdout == first.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_sqlite_queues_writers_and_keeps_acknowledged_rows(tmp_path):
    result = start("-c", READ + "print(s.DATABASES['default']['OPTIONS'])", folder=tmp_path)
    for part in ("IMMEDIATE", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        assert part in result.stdout
