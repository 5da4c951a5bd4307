"""A disk that is full, read-only or locked: a clear page, the words kept, nothing half stored."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.browser.running_portal import PROJECT, environment, fetch, free_port, wait_until_up
from tests.faults.conftest import NO_LIMITS
from tests.faults.visitors import filled_form, filled_forms, post, send_many

NOBODY = 65534
COUNT = "SELECT count(*) FROM inquiries_inquiry"


@pytest.fixture(autouse=True)
def only_sqlite(is_sqlite):
    if not is_sqlite:
        pytest.skip("the disk of a PostgreSQL server is its own; see the operators' guide")


def is_clear(status: int, page: bytes, key: str) -> bool:
    """503, in words, with what was typed and whom to call."""
    words = page.decode()
    return status == 503 and f"Key {key}" in words and "mailto:" in words


def test_a_locked_database_keeps_the_words_and_recovers(portal, rows):
    with portal() as found:
        body, headers = filled_form(found.folder, "locked-key", 1)
        lock = sqlite3.connect(found.folder / "db.sqlite3", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        status, _location, page = post(found.url, body, headers)
        lock.execute("ROLLBACK")
        print(f"\nlocked: {status} after {time.monotonic() - begun:.0f} s")
        assert is_clear(status, page, "locked-key")
        assert post(found.url, body, headers)[0] == 303
        assert rows(found, COUNT) == [(1,)]


@contextlib.contextmanager
def limited_portal(folder, prefix: list[str], **more: str):
    """The web server alone, started through ``prefix``, on the data in ``folder``."""
    port = free_port(2)
    command = [*prefix, sys.executable, "-m", "granian", "cluster_site.wsgi:application"]
    command += ["--interface", "wsgi", "--port", str(port), "--log-level", "warning"]
    with open(folder.parent / "server.log", "wb") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment(folder, HOST="127.0.0.1", PORT=str(port), **NO_LIMITS, **more),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_up(process, f"http://127.0.0.1:{port}/healthz", folder.parent / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def copy_of(prepared, folder):
    subprocess.run(["cp", "-r", str(prepared), str(folder)], check=True)
    return folder


def test_a_full_disk_keeps_the_words_and_what_was_acknowledged(prepared, tmp_path, rows):
    """No file may grow beyond half a megabyte: to the database that is a disk without room."""
    folder = copy_of(prepared, tmp_path / "data")
    with limited_portal(folder, ["sh", "-c", 'ulimit -f 1024; exec "$@"', "sh"]) as url:
        acknowledged, refused = 0, 0
        for number in range(200):
            body, headers = filled_form(folder, f"full-{number}", number)
            status, _location, page = post(url, body, headers)
            acknowledged += status == 303
            refused += status != 303
            if status != 303:
                assert is_clear(status, page, f"full-{number}")
            if refused == 5:
                break
        assert b"<h1" in fetch(f"{url}/en/parks/")
    print(f"\nfull disk: {acknowledged} acknowledged, then {refused} refused in words")
    assert acknowledged
    assert refused == 5
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as connection:
        assert connection.execute(COUNT).fetchone() == (acknowledged,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_read_only_disk_keeps_the_words_and_serves_pages(prepared, tmp_path):
    folder = copy_of(prepared, tmp_path / "data")
    with contextlib.closing(sqlite3.connect(folder / "db.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    prefix = []
    if os.geteuid() == 0:
        # Root writes where nobody may, so the server runs as somebody else.
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        prefix += ["--bounding-set=-all"]
        for path in [tmp_path, *tmp_path.parents]:
            if str(path).count("pytest"):
                path.chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
    (folder / "db.sqlite3").chmod(0o444)
    with limited_portal(folder, prefix) as url:
        body, headers = filled_form(folder, "read-only", 1)
        status, _location, page = post(url, body, headers)
        assert is_clear(status, page, "read-only")
        assert b"<h1" in fetch(f"{url}/en/parks/")
    print(f"\nread-only disk: {status}")


def test_the_portal_goes_on_when_there_is_room_again(portal, rows):
    with portal() as found:
        outcome = send_many(found.url, filled_forms(found.folder, 3), 1)
        assert len(outcome.acknowledged) == 3
        assert rows(found, COUNT) == [(3,)]
