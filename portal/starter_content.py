"""Loads the starter content, again and again, without doubling or overwriting anybody's work.

For every record two fingerprints are kept: of the text in the file, and of the record as it was
written. A record whose own fingerprint has changed belongs to the editors from then on; one that
an editor deleted stays deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from core.languages import column, columns, translated_fields
from core.models import Citation, SiteSettings
from core.partial_dates import PartialDate
from parks.models import District
from portal.models import StarterRecord
from portal.starter_files import (
    STARTER_FILES,
    STARTER_FOLDER,
    Inline,
    StarterError,
    StarterFile,
    YamlLoader,
    yaml,
)
from publishing.models import Publishable, Status
from publishing.traditional import to_traditional
from publishing.versions import one_renewal

MACHINE = frozenset({"zh-hant"})
#: Columns that say nothing about what an editor wrote.
IGNORED = frozenset(
    {
        "id",
        "created_at",
        "updated_at",
        "created_by_id",
        "updated_by_id",
        "content_version",
        "content_moments",
        "content_tables",
    }
)


def fingerprint(value: object) -> str:
    """Short digest of anything that can be written as JSON."""
    text = json.dumps(value, sort_keys=True, cls=StarterEncoder)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class StarterEncoder(DjangoJSONEncoder):
    """Also writes partial dates and countries, as their text."""

    def default(self, o: object) -> object:
        if isinstance(o, PartialDate):
            return str(o)
        try:
            return super().default(o)
        except TypeError:
            return str(o)


@transaction.atomic
def load_starter_content() -> Counter[str]:
    """Load all files; all or nothing. Returns how many were created, updated, kept, unchanged.

    Raises ``StarterError`` naming file and record if a value does not fit.
    """
    known = {(row.file, row.key): row for row in StarterRecord.objects.all()}
    with one_renewal():
        return _load_files(known)


def _load_files(known: dict[tuple[str, str], StarterRecord]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for starter_file in STARTER_FILES:
        loader = RecordLoader(starter_file)
        for row in starter_file.rows():
            counts[loader.load(row, known)] += 1
    counts[_load_site_settings(known)] += 1
    return counts


class RecordLoader:
    """Writes the records of one file."""

    def __init__(self, starter_file: StarterFile) -> None:
        self.file = starter_file
        self.model = starter_file.model
        self.content_type = ContentType.objects.get_for_model(self.model)
        self.outlines = read_outlines() if self.model is District else {}

    def load(self, row: dict[str, Any], known: dict[tuple[str, str], StarterRecord]) -> str:
        """Write one record if it is new, or changed in the file and untouched by editors."""
        key = self.file.key(row)
        content = fingerprint([row, self.outlines.get(str(row.get("code")))])
        starter = known.get((self.file.name, key))
        if starter is not None and starter.content == content:
            return "unchanged"
        record = self._existing(row, starter)
        if starter is None and record is not None:
            return "kept"
        if starter is not None and (record is None or self.state_of(record) != starter.digest):
            return "kept"
        try:
            record = self._write(record or self.model(), row)
        except (ValidationError, FieldDoesNotExist, models.ObjectDoesNotExist, ValueError) as error:
            raise StarterError(f"{self.file.name}.yaml, {key}: {error}") from error
        StarterRecord.objects.update_or_create(
            file=self.file.name,
            key=key,
            defaults={
                "content_type": self.content_type,
                "object_id": record.pk,
                "digest": self.state_of(type(record)._base_manager.get(pk=record.pk)),
                "content": content,
            },
        )
        return "updated" if starter else "created"

    def _existing(self, row: dict[str, Any], starter: StarterRecord | None) -> models.Model | None:
        rows = self.model._base_manager
        if starter is not None:
            return rows.filter(pk=starter.object_id).first()
        if self.file.lookup is None:
            return None
        return rows.filter(**{self.file.lookup: row[self.file.lookup]}).first()

    def _write(self, record: models.Model, row: dict[str, Any]) -> models.Model:
        row = dict(row)
        citations = row.pop("citations", {})
        inlines = {name: row.pop(name, []) for name in self.file.inlines}
        many = assign(record, row)
        if isinstance(record, Publishable):
            record.status = Status.PUBLISHED
        if str(row.get("code")) in self.outlines:
            record.outline = self.outlines[str(row["code"])]
        record.full_clean(exclude={"translation_states"})
        if isinstance(record, Publishable):
            record.save(machine_languages=MACHINE)
        else:
            record.save()
        for name, slugs in many.items():
            getattr(record, name).set(_find_all(self.model, name, slugs))
        for name, rows in inlines.items():
            _write_inline(record, self.file.inlines[name], rows)
        self._write_citations(record, citations)
        return record

    def _write_citations(self, record: models.Model, rows: dict[str, dict[str, Any]]) -> None:
        mine = Citation.objects.filter(content_type=self.content_type, object_id=record.pk)
        mine.delete()
        for name, row in rows.items():
            record._meta.get_field(name)
            citation = Citation(record=record, field=name)
            assign(citation, row)
            citation.full_clean()
            citation.save()

    def state_of(self, record: models.Model) -> str:
        """Fingerprint of a record as it stands in the database, with all that belongs to it."""
        state = [_values(record)]
        for field in self.model._meta.many_to_many:
            state.append(sorted(getattr(record, field.name).values_list("pk", flat=True)))
        for inline in self.file.inlines.values():
            rows = inline.model._base_manager.filter(**{inline.link: record}).order_by("pk")
            state.append([_values(item) for item in rows])
        citations = Citation.objects.filter(
            content_type=self.content_type, object_id=record.pk
        ).order_by("field")
        state.append([_values(item) for item in citations])
        return fingerprint(state)


def _values(record: models.Model) -> dict[str, object]:
    return {
        field.attname: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if field.attname not in IGNORED
    }


def assign(record: models.Model, row: dict[str, Any]) -> dict[str, list[str]]:
    """Put the values of ``row`` into ``record``; returns the many-to-many ones for later.

    ``{en: …, zh_hans: …}`` fills the columns of the languages, Traditional converted from
    Simplified. A reference is the slug or key of the other record. Raises
    ``FieldDoesNotExist`` for a field the model does not have.
    """
    many: dict[str, list[str]] = {}
    for name, value in row.items():
        field = record._meta.get_field(name)
        if field.many_to_many:
            many[name] = value
        elif isinstance(field, models.ForeignKey):
            setattr(record, name, find(field.related_model, value) if value else None)
        elif name in translated_fields(type(record)):
            _assign_texts(record, name, value)
        else:
            setattr(record, name, Decimal(str(value)) if isinstance(value, float) else value)
    return many


def _assign_texts(record: models.Model, name: str, texts: dict[str, str]) -> None:
    texts = {key: text.strip() for key, text in texts.items()}
    if "zh_hans" in texts:
        texts.setdefault("zh_hant", to_traditional(texts["zh_hans"]))
    for _code, attribute in columns(name):
        setattr(record, attribute, texts.get(attribute.removeprefix(f"{name}_")))
    setattr(record, name, getattr(record, column(name, "en")) or "")


def find(model: type[models.Model], key: str) -> models.Model:
    """The record a file refers to. Raises ``ObjectDoesNotExist`` naming the key."""
    name = "key" if any(field.name == "key" for field in model._meta.fields) else "slug"
    try:
        return model._base_manager.get(**{name: key})
    except model.DoesNotExist as error:
        raise model.DoesNotExist(f"no {model._meta.model_name} with {name} {key!r}") from error


def _find_all(model: type[models.Model], name: str, slugs: list[str]) -> list[models.Model]:
    related = model._meta.get_field(name).related_model
    return [find(related, slug) for slug in slugs]


def _write_inline(record: models.Model, inline: Inline, rows: list[dict[str, Any]]) -> None:
    inline.model._base_manager.filter(**{inline.link: record}).delete()
    has_order = any(field.name == "order" for field in inline.model._meta.fields)
    for place, row in enumerate(rows, start=1):
        item = inline.model(**{inline.link: record})
        assign(item, row)
        if has_order and "order" not in row:
            item.order = place
        item.full_clean()
        item.save()


def read_outlines() -> dict[str, dict[str, Any]]:
    """Schematic outlines of the districts by division code."""
    text = (STARTER_FOLDER / "districts.geojson").read_text(encoding="utf-8")
    return {
        str(feature["properties"]["code"]): feature["geometry"]
        for feature in json.loads(text)["features"]
    }


def _load_site_settings(known: dict[tuple[str, str], StarterRecord]) -> str:
    row = yaml.load((STARTER_FOLDER / "site.yaml").read_text(encoding="utf-8"), Loader=YamlLoader)
    content = fingerprint(row)
    starter = known.get(("site", "site"))
    if starter is not None and starter.content == content:
        return "unchanged"
    settings = SiteSettings.current()
    if starter is not None and fingerprint(_values(settings)) != starter.digest:
        return "kept"
    assign(settings, row)
    settings.full_clean()
    settings.save()
    StarterRecord.objects.update_or_create(
        file="site",
        key="site",
        defaults={
            "content_type": ContentType.objects.get_for_model(SiteSettings),
            "object_id": settings.pk,
            "digest": fingerprint(_values(SiteSettings.objects.get(pk=settings.pk))),
            "content": content,
        },
    )
    return "updated" if starter else "created"
