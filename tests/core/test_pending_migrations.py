"""Migrations that wait are known by their names, the same ones that Django would apply."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core.pending_migrations import known_migrations, pending_migrations

pytestmark = pytest.mark.django_db


def test_the_names_are_those_that_django_finds():
    assert known_migrations() == MigrationLoader(None).disk_migrations.keys()


def test_what_is_not_applied_is_pending(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert pending_migrations() == set()
    MigrationRecorder(connection).record_unapplied("core", "0001_initial")
    assert pending_migrations() == {("core", "0001_initial")}


def test_a_database_that_is_ahead_of_the_code_is_not_pending():
    MigrationRecorder(connection).record_applied("core", "9999_from_the_next_release")
    assert pending_migrations() == set()
