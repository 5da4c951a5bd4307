"""Which migrations this code brings that the database does not have yet.

By their names alone: loading them, as Django does, would cost a web server memory for good.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import connection

Name = tuple[str, str]


@cache
def known_migrations() -> frozenset[Name]:
    """App and name of each migration in the code. No query."""
    return frozenset(
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[!_~]*.py")
    )


def pending_migrations() -> set[Name]:
    """Those that wait to be applied. One query; raises what the database raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(known_migrations()) - {(app, name) for app, name in cursor.fetchall()}
