"""Keeping the index in step with the records, in the transaction that changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.signals import post_delete, post_save
from django.utils.translation import override

from core.addresses import without_language
from core.languages import LANGUAGE_CODES
from publishing.search.backends import backend_for
from publishing.search.backends.base import MAX_BESIDE, Tokens
from publishing.search.documents import Searchable, field_text
from publishing.search.places import Shelf, place_of
from publishing.search.tokens import index_tokens, title_marks, triples
from publishing.search_models import SearchEntry, SearchText

BATCH = 200
#: Raise it when other texts are indexed than before: the next start writes the index anew.
EDITION = 3
COPIED_FIELDS = (
    "kind", "status", "publish_at", "unpublish_at", "date", "path",
)  # fmt: skip


def searchable_models() -> list[type[models.Model]]:
    """All models that search covers, in the order of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Searchable)]


def connect_search() -> None:
    """Keep the index up to date from now on. Called once, when all apps are ready."""
    for model in searchable_models():
        label = model._meta.label_lower
        post_save.connect(_after_save, sender=model, dispatch_uid=f"search.save.{label}")
        post_delete.connect(_after_delete, sender=model, dispatch_uid=f"search.delete.{label}")
        for name in model.search_rows:
            relation = model._meta.get_field(name)
            index_owner = partial(_after_row_change, owner=model, link=relation.field.attname)
            for signal in (post_save, post_delete):
                signal.connect(
                    index_owner,
                    sender=relation.related_model,
                    weak=False,
                    dispatch_uid=f"search.row.{label}.{name}",
                )


def _after_save(sender: type, instance: models.Model, raw: bool, using: str, **kwargs) -> None:
    # A fixture may name rows that are not there yet; ``rebuild_search`` follows ``loaddata``.
    if not raw:
        index_records([instance], using=using)


def _after_delete(sender: type, instance: models.Model, using: str, **kwargs) -> None:
    remove_records(sender, [instance.pk], using=using)


def _after_row_change(
    instance: models.Model,
    using: str,
    owner: type[models.Model],
    link: str,
    raw: bool = False,
    **kwargs,
) -> None:
    # Read anew: the owner at hand may hold changes that nobody has saved.
    if not raw:
        key = getattr(instance, link)
        index_records(owner._base_manager.using(using).filter(pk=key), using=using)


def texts_of(record: models.Model, rows: dict[str, list[str]]) -> list[SearchText]:
    """Unsaved texts and entries of a record, one for each language that has a title.

    ``rows`` are the texts of its related rows by language.
    """
    content_type = ContentType.objects.get_for_model(record)
    found = []
    for language in LANGUAGE_CODES:
        # Labels of choices within the texts are in the language of the entry.
        with override(language):
            texts = record.search_texts(language)
            if not texts.title:
                continue
            path = without_language(record.get_absolute_url())
        entry = SearchEntry(
            content_type=content_type,
            object_id=record.pk,
            language=language,
            kind=record.search_kind,
            status=record.status,
            publish_at=record.publish_at,
            unpublish_at=record.unpublish_at,
            date=record.search_moment(),
            path=path,
        )
        found.append(
            SearchText(
                entry=entry,
                title=texts.title,
                summary=texts.summary,
                body=" ".join(filter(None, [texts.body, *rows.get(language, ())])),
            )
        )
    return found


def _row_texts(
    model: type[models.Model], keys: Sequence[int], using: str
) -> dict[int, dict[str, list[str]]]:
    """Texts of the related rows by record and language. One query for each relation."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, field in model.search_rows.items():
        relation = model._meta.get_field(name)
        link = relation.field.attname
        rows = relation.related_model._base_manager.using(using).filter(**{f"{link}__in": keys})
        for row in rows.order_by("pk"):
            for language in LANGUAGE_CODES:
                found[getattr(row, link)][language].append(field_text(row, field, language))
    return found


def index_records(records: Iterable[models.Model], using: str = DEFAULT_DB_ALIAS) -> int:
    """Write what search knows of ``records``; returns the number of entries.

    For every change that sends no ``post_save``: ``update()``, ``bulk_create()``. Three or four
    queries for each batch of one model, and one for each of its ``search_rows``.
    """
    written = 0
    for batch in _batches(records):
        with transaction.atomic(using=using):
            written += _index_batch(batch, using)
    return written


def _batches(records: Iterable[models.Model]) -> Iterator[list[models.Model]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _index_batch(records: Sequence[models.Model], using: str) -> int:
    keys = {
        model: [record.pk for record in records if type(record) is model]
        for model in {type(record) for record in records}
    }
    rows = {model: _row_texts(model, found, using) for model, found in keys.items()}
    texts = [
        text
        for record in records
        for text in texts_of(record, rows[type(record)].get(record.pk, {}))
    ]
    stored = [entry for model, found in keys.items() for entry in _entries(model, found, using)]
    # A new date is a new place.
    backend_for(connections[using]).remove([_place(entry) for entry in stored])
    write_texts(texts, using)
    kept = {text.entry_id for text in texts}
    _remove([entry for entry in stored if entry.pk not in kept], using)
    return len(texts)


def write_texts(texts: Sequence[SearchText], using: str = DEFAULT_DB_ALIAS) -> None:
    """Store texts, their entries and their tokens, replacing what there was. Three queries.

    Tokens of an entry that had another place are to be removed before.
    """
    entries = [text.entry for text in texts]
    SearchEntry.objects.using(using).bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "language"],
        update_fields=COPIED_FIELDS,
    )
    for text in texts:
        text.entry_id = text.entry.pk
    SearchText.objects.using(using).bulk_create(
        texts,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["title", "summary", "body"],
    )
    backend_for(connections[using]).write(list(map(_tokens, texts, entries)))


def _tokens(text: SearchText, entry: SearchEntry) -> Tokens:
    written = (text.title, text.summary, text.body)
    return Tokens(
        entry.pk,
        *map(index_tokens, written),
        beside=[*title_marks(text.title), *triples("\n".join(written))][:MAX_BESIDE],
        shelf=Shelf(entry.kind, entry.language),
        place=_place(entry),
    )


def _place(entry: SearchEntry) -> int:
    return place_of(Shelf(entry.kind, entry.language), entry.date, entry.pk)


def remove_records(
    model: type[models.Model], keys: Sequence[int], using: str = DEFAULT_DB_ALIAS
) -> None:
    """Forget records of a model by their primary keys. Two or three queries."""
    with transaction.atomic(using=using):
        _remove(list(_entries(model, keys, using)), using)


def _entries(
    model: type[models.Model], keys: Sequence[int], using: str
) -> models.QuerySet[SearchEntry]:
    return SearchEntry.objects.using(using).filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=keys
    )


def _remove(entries: Sequence[SearchEntry], using: str) -> None:
    if entries:
        backend_for(connections[using]).remove([_place(entry) for entry in entries])
        SearchEntry.objects.using(using).filter(pk__in=[entry.pk for entry in entries]).delete()


def shelves() -> list[Shelf]:
    """Every kind in every language."""
    kinds = sorted({model.search_kind for model in searchable_models()})
    return [Shelf(kind, language) for kind in kinds for language in LANGUAGE_CODES]


def rebuild_index(using: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Write the whole index anew; returns the number of entries for each model.

    Visitors see the old index until the transaction ends.
    """
    with transaction.atomic(using=using):
        backend_for(connections[using]).clear()
        SearchEntry.objects.using(using).all().delete()
        return {
            model._meta.label: index_records(
                model._base_manager.using(using).order_by("pk").iterator(chunk_size=BATCH), using
            )
            for model in searchable_models()
        }
