"""The database knows its tables, so that it takes the right index."""

import pytest
from django.db import connection

from core.table_statistics import renew_table_statistics
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks by itself")
def test_sqlite_knows_how_many_projects_share_a_state():
    ProjectFactory.create_batch(7, status="published")
    renew_table_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'project_lists'")
        rows, of_one_state, *_others = cursor.fetchone()[0].split()
    assert (rows, of_one_state) == ("7", "7")


def test_it_may_be_asked_of_every_database():
    with connection.execute_wrapper(only_sqlite_is_asked):
        renew_table_statistics()


def only_sqlite_is_asked(execute, sql, params, many, context):
    assert connection.vendor == "sqlite"
    return execute(sql, params, many, context)
