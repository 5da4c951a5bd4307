"""The database: there, complete, with room to grow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from core.models import Heartbeat
from core.pending_migrations import pending_migrations
from core.readiness import LEAST_FREE, free_share
from operation.doctor.finding import Finding, fail, ok, warn

#: A log of writes above this was never written back: a reader that never ends holds it.
LARGEST_WAL = 256 * 1024 * 1024
SCARCE = 0.15
CLOCK_SKEW = timedelta(seconds=60)


def look_at_database() -> Iterator[Finding]:
    """Reachable, migrated, of which size."""
    begun = time.monotonic()
    try:
        pending = pending_migrations()
    except Error as error:
        yield fail(
            f"Database: it cannot be asked ({type(error).__name__}).",
            "Is the server running, does DATABASE_URL name it, was bootstrap run?",
        )
        return
    milliseconds = (time.monotonic() - begun) * 1000
    yield ok(f"Database: {connection.display_name} answers in {milliseconds:.0f} ms.")
    if pending:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in pending)[:3])
        yield fail(
            f"Migrations: {len(pending)} wait ({names} …).",
            "Make a backup, then run manage.py bootstrap.",
        )
    else:
        yield ok("Migrations: all applied.")
    if connection.vendor == "sqlite":
        yield from look_at_sqlite()
    else:
        yield from look_at_postgresql()


def look_at_sqlite() -> Iterator[Finding]:
    """Journal, and size of the file and of its log of writes."""
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        yield fail(
            f"Database: its journal is {mode!r}, so that readers and writers wait for each other.",
            "Keep the file on a local disk, not on a network share.",
        )
    file = Path(connection.settings_dict["NAME"])
    log = file.with_name(f"{file.name}-wal")
    log_size = log.stat().st_size if log.exists() else 0
    yield ok(f"Database: {megabytes(file.stat().st_size)}, log of writes {megabytes(log_size)}.")
    if log_size > LARGEST_WAL:
        yield warn(
            "Database: the log of writes is not written back.",
            "Some program keeps the file open for reading: restart the portal, look for others.",
        )


def look_at_postgresql() -> Iterator[Finding]:
    """Size, promise to the disk, connections, clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), current_setting('synchronous_commit'),"
            " (SELECT count(*) FROM pg_stat_activity),"
            " current_setting('max_connections')::int, clock_timestamp()"
        )
        size, promise, used, most, now = cursor.fetchone()
    yield ok(f"Database: {megabytes(size)}, {used} of {most} connections in use.")
    if promise == "off":
        yield fail(
            "Database: it acknowledges before it has written (synchronous_commit=off).",
            "Take the option out of DATABASE_URL: a power cut would lose inquiries.",
        )
    if used > most * 0.8:
        yield warn(
            "Database: its connections are nearly used up.",
            "Raise max_connections, or lower SERVER_WORKERS and SERVER_THREADS.",
        )
    yield from compare_clock("The database's", now)


def look_at_clock() -> Iterator[Finding]:
    """A sign of life from the future comes from a machine whose clock is ahead."""
    last = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    if last is None or last - timezone.now() < CLOCK_SKEW:
        yield ok("Clock: nothing was written in the future.")
    else:
        yield from compare_clock("The worker's", last)


def compare_clock(whose: str, moment: datetime) -> Iterator[Finding]:
    difference = abs((moment - timezone.now()).total_seconds())
    if difference > CLOCK_SKEW.total_seconds():
        yield warn(
            f"Clock: {whose} differs from this machine's by {difference:.0f} s.",
            "Switch on time synchronisation (systemd-timesyncd, chrony) on all machines.",
        )


def look_at_disk() -> Iterator[Finding]:
    """Room below DATA_DIR."""
    share = free_share()
    what = f"Disk: {share:.0%} free below {settings.DATA_DIR}."
    remedy = "Delete old backups and logs, or enlarge the disk."
    if share < LEAST_FREE:
        yield fail(what, remedy)
    elif share < SCARCE:
        yield warn(what, remedy)
    else:
        yield ok(what)


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
