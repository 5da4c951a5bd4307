"""Migration operation for the place of the search tokens."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

from publishing.search.backends import backend_for


def create_tokens(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Forwards: FTS5 table on SQLite, column and GIN index on PostgreSQL."""
    backend_for(schema_editor.connection).create()


def drop_tokens(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards."""
    backend_for(schema_editor.connection).drop()


def create_search_tokens() -> RunPython:
    """The operation. It comes after the one that creates ``SearchEntry``.

    Records that exist already are found after ``manage.py rebuild_search``.
    """
    return RunPython(create_tokens, drop_tokens, elidable=False)


def add_newest(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Forwards: a wider FTS5 table on SQLite, a function and an index on PostgreSQL."""
    backend_for(schema_editor.connection).add_newest()


def remove_newest(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards."""
    backend_for(schema_editor.connection).remove_newest()


def add_newest_matches() -> RunPython:
    """The operation that lets searches find the newest of very many matches.

    Records that exist already are found after ``manage.py rebuild_search``, which ``bootstrap``
    runs by itself.
    """
    return RunPython(add_newest, remove_newest, elidable=False)
