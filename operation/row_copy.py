"""All rows of one database into another, of whichever kind, as they are.

Values go column by column, beside models and their managers: a model's save would renew times, and
translated attributes would answer with the text of another language. Each table has a checksum on
both sides that does not depend on the order of rows or on how a database writes a value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from django.apps import apps
from django.core.management.color import no_style
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

from publishing.search.backends.sqlite import TOKEN_TABLE
from publishing.search_models import SearchEntry, SearchText

BATCH = 500
#: Written anew in the form of the other database, or its own affair.
NOT_COPIED = (SearchEntry._meta.db_table, SearchText._meta.db_table, "django_migrations")
#: SQLite keeps names like these for itself: what it knows of its tables, for example.
RESERVED_PREFIX = "sqlite_"
#: What migrations fill by themselves: it gives way to the rows that come.
FILLED_BY_MIGRATIONS = frozenset(
    {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
)


class Content(NamedTuple):
    """What a table holds."""

    rows: int
    checksum: str


def copied_models() -> list[type[models.Model]]:
    """All tables with rows of their own, each after those that it points to."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    }
    graph = {
        table: {
            field.related_model._meta.concrete_model._meta.db_table
            for field in columns(model)
            if field.is_relation and field.related_model._meta.db_table != table
        }
        for table, model in found.items()
    }
    ordered = TopologicalSorter(graph).static_order()
    return [found[table] for table in ordered if table not in NOT_COPIED]


def strangers(connection: BaseDatabaseWrapper) -> list[str]:
    """Tables that no model describes: nobody knows how to copy them."""
    known = {model._meta.db_table for model in copied_models()} | {*NOT_COPIED, TOKEN_TABLE}
    return [
        table
        for table in connection.introspection.table_names()
        if table not in known and not table.startswith((f"{TOKEN_TABLE}_", RESERVED_PREFIX))
    ]


def columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def quoted(model: type[models.Model], connection: BaseDatabaseWrapper) -> tuple[str, str]:
    """Its table and the list of its columns, as SQL of this database names them."""
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(field.column) for field in columns(model))


def rows_of(model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[list[Any]]:
    """Rows with Python's values, a batch in memory at a time."""
    table, names = quoted(model, connection)
    readers = [readers_of(field, connection) for field in columns(model)]
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table}")  # noqa: S608 - names of our own models
        while batch := cursor.fetchmany(BATCH):
            for row in batch:
                yield [read(value) for read, value in zip(readers, row, strict=True)]


def readers_of(field: models.Field, connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """What Django does with a column between the database and a model."""
    expression = Col(field.model._meta.db_table, field)
    converters = [
        *connection.ops.get_db_converters(expression),
        *expression.get_db_converters(connection),
    ]

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, expression, connection)
        return value

    return read


def write_rows(
    model: type[models.Model], rows: Iterable[Sequence[Any]], connection: BaseDatabaseWrapper
) -> None:
    """Insert ``rows``, values as they are."""
    fields = columns(model)
    table, names = quoted(model, connection)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - the same
    batch: list[list[Any]] = []
    with connection.cursor() as cursor:
        for row in rows:
            batch.append(
                [
                    field.get_db_prep_save(value, connection)
                    for field, value in zip(fields, row, strict=True)
                ]
            )
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                batch.clear()
        if batch:
            cursor.executemany(statement, batch)


class Sum:
    """Adds up rows that pass by."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def passing(self, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        for row in rows:
            self.rows += 1
            text = json.dumps([plain(value) for value in row], sort_keys=True, ensure_ascii=False)
            digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            self._sum = (self._sum + int.from_bytes(digest, "big")) % 2**64
            yield row

    def content(self) -> Content:
        return Content(self.rows, f"{self._sum:016x}")


def plain(value: Any) -> Any:
    """The same for a value whichever database it came from."""
    match value:
        case None | bool() | int() | str() | list() | dict():
            return value
        case float() | Decimal():
            return f"{Decimal(str(value)).normalize():f}"
        case datetime():
            return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
        case date():
            return value.isoformat()
        case bytes() | memoryview() | bytearray():
            return bytes(value).hex()
    return str(value)


def content_of(model: type[models.Model], connection: BaseDatabaseWrapper) -> Content:
    """Read the whole table once."""
    total = Sum()
    for _row in total.passing(rows_of(model, connection)):
        pass
    return total.content()


def copy_table(
    model: type[models.Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper
) -> tuple[Content, Content]:
    """What was read there, and what can be read here afterwards."""
    total = Sum()
    write_rows(model, total.passing(rows_of(model, source)), target)
    return total.content(), content_of(model, target)


def clear(tables: Sequence[type[models.Model]], connection: BaseDatabaseWrapper) -> None:
    """Take out what migrations put in, those first that point to others."""
    with connection.cursor() as cursor:
        for model in reversed(tables):
            table, _names = quoted(model, connection)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the same


def reset_sequences(tables: Sequence[type[models.Model]], connection: BaseDatabaseWrapper) -> None:
    """The next new row gets a number after the highest that came."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
