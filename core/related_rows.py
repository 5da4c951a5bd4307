"""Rows of a related table inside the query of their parent.

A page that shows one record with five kinds of related rows would need five more queries. Here
each becomes a correlated subquery that returns a JSON list, so the page stays at one::

    Park.objects.annotate(
        point_rows=RelatedRows(ParkPoint, "park", ["kind", *texts("text")]),
    )

Every element is a namespace with the named columns; ``{% text row "text" %}`` reads it like a
record. Dates and decimals arrive as JSON has them: strings and numbers.
"""

import json
from collections.abc import Iterable
from types import SimpleNamespace

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from core.languages import columns


def texts(*fields: str) -> list[str]:
    """Column names of translated ``fields`` in all languages, for ``RelatedRows``."""
    return [name for field in fields for _code, name in columns(field)]


class RowsField(models.JSONField):
    """Turns the JSON list of a subquery into namespaces."""

    def from_db_value(self, value, expression, connection) -> list[SimpleNamespace]:
        rows = value if isinstance(value, list) else json.loads(value or "[]")
        return [SimpleNamespace(**row) for row in rows]


class RelatedRows(Subquery):
    """All rows of ``rows`` whose ``link`` is the outer record, as a list of namespaces.

    ``rows`` is a model or a queryset (for an order or a condition of its own); ``fields`` are
    column names, or pairs of a name and the path it is read from (``("publisher",
    "source__publisher_en")``).
    """

    def __init__(
        self,
        rows: type[models.Model] | models.QuerySet,
        link: str,
        fields: Iterable[str | tuple[str, str]],
    ) -> None:
        queryset = rows if isinstance(rows, models.QuerySet) else rows._default_manager.all()
        pairs = [(field, field) if isinstance(field, str) else field for field in fields]
        item = JSONObject(**{name: F(path) for name, path in pairs})
        super().__init__(
            queryset.filter(**{link: OuterRef("pk")}).annotate(item_=item).values("item_"),
            output_field=RowsField(),
        )

    def as_sqlite(self, compiler, connection):
        return self.as_sql(
            compiler,
            connection,
            template="(SELECT json_group_array(json(item_)) FROM (%(subquery)s) AS related_rows)",
        )

    def as_postgresql(self, compiler, connection):
        return self.as_sql(
            compiler,
            connection,
            template=(
                "(SELECT coalesce(json_agg(item_), '[]'::json) FROM (%(subquery)s) AS related_rows)"
            ),
        )
