"""Which state of the content is current, so that whatever is stored is never stale.

Any change to any content gives a new version to its table, and to the content as a whole, in the
same transaction. Scheduled moments change what is public without a change in the database: they
are noted with the version, and each one that has passed counts as another state. Readers get all
of this from the site settings in one small query, the only one of a page that is stored whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from core.models import Contact, SiteSettings, new_version
from publishing.generation import announce_change
from publishing.search_models import SearchEntry

#: Apps whose rows are shown on public pages.
CONTENT_APPS = frozenset({"core", "library", "parks", "investment", "news", "portal"})

#: Stands for all tables at once.
EVERYTHING = "*"
#: Repeats the version of the whole beside those of the tables: who changes one without the other
#: (an older release, while both run) knows nothing of tables, and everything may have changed.
WHOLE = "whole"
#: The frame of every page shows these, and a stale copy of the site settings that is saved brings
#: old versions back. So a change of one of them renews everything.
SHOWN_EVERYWHERE = frozenset({SiteSettings, Contact})

State = tuple[str, int, str]
#: What must be the same for something stored to be good still.
Stamp = tuple[Any, ...]

#: Models changed inside ``one_renewal``; None outside.
_changed_models: ContextVar[set[type[models.Model]] | None] = ContextVar(
    "changed_models", default=None
)


class Version(NamedTuple):
    """The columns of the site settings that tell one state from another.

    ``content_tables`` has the version of each table that changed since everything was renewed,
    and under ``EVERYTHING`` when that was.
    """

    content_version: str
    content_moments: list[str]
    content_tables: Mapping[str, str] = MappingProxyType({})


def read_version() -> Version | None:
    """What the site settings say of the content; None before they exist. One small query."""
    row = SiteSettings.objects.values_list(*Version._fields).first()
    return Version(*row) if row else None


def content_state(site: SiteSettings | Version, now: datetime | None = None) -> State:
    """Name of the state that a visitor sees at ``now``. No query.

    The day belongs to it, because the age of a figure ("review overdue") changes at midnight.
    """
    now = now or timezone.now()
    passed = sum(datetime.fromisoformat(moment) <= now for moment in site.content_moments)
    return site.content_version, passed, timezone.localdate(now).isoformat()


class Content(NamedTuple):
    """The content as one visitor sees it."""

    state: State
    tables: Mapping[str, str]

    @classmethod
    def of(cls, version: SiteSettings | Version) -> Content:
        """What is seen now. No query."""
        tables = version.content_tables
        if tables.get(WHOLE) != version.content_version:
            tables = {EVERYTHING: version.content_version}
        return cls(content_state(version), tables)

    def stamp(self, tables: Iterable[str]) -> Stamp:
        """What something made from ``tables`` is stored under; they come in a fixed order."""
        if EVERYTHING in tables:
            return self.state
        _version, *time_of_day = self.state
        return (self.tables.get(EVERYTHING), *time_of_day, *map(self.tables.get, tables))


def next_change(version: Version, now: datetime) -> tuple[datetime | None, datetime]:
    """When the state of ``now`` ends although nothing is edited: next schedule, and midnight."""
    moments = (datetime.fromisoformat(moment) for moment in version.content_moments)
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return min((moment for moment in moments if moment > now), default=None), midnight


@transaction.atomic
def renew_content_version(changed: Iterable[type[models.Model]] = SHOWN_EVERYWHERE) -> None:
    """Say that rows of ``changed`` have changed; by default, that everything may have.

    Three queries, in the transaction of the change. The row is locked before the schedule is read:
    otherwise the later of two editors, who does not see the other's schedule yet, would write over
    it.
    """
    now = timezone.now()
    versions = SiteSettings.objects.select_for_update().values_list(*Version._fields)
    earlier = [Version(*row) for row in versions]
    scheduled = SearchEntry.objects.filter(
        Q(publish_at__gt=now) | Q(unpublish_at__gt=now)
    ).values_list("publish_at", "unpublish_at")
    moments = {moment for pair in scheduled for moment in pair if moment and moment > now}
    version = new_version()
    SiteSettings.objects.update(
        content_version=version,
        content_moments=sorted(moment.isoformat() for moment in moments),
        content_tables=_renewed(earlier, set(changed), version, now),
    )
    transaction.on_commit(announce_change)


def _renewed(
    earlier: list[Version], changed: set[type[models.Model]], version: str, now: datetime
) -> dict[str, str]:
    """The versions of tables after a change.

    A moment that has passed leaves the list of moments with this change. Its number would no
    longer tell what was stored before that moment from what is seen after it.
    """
    if changed & SHOWN_EVERYWHERE or any(content_state(row, now)[1] for row in earlier):
        return {EVERYTHING: version, WHOLE: version}
    known = {table: name for row in earlier for table, name in row.content_tables.items()}
    return known | {model._meta.db_table: version for model in changed} | {WHOLE: version}


@contextmanager
def one_renewal() -> Iterator[None]:
    """One transaction that renews the version once, at its end: for imports.

    A block that changed nothing renews nothing.
    """
    changed: set[type[models.Model]] = set()
    with transaction.atomic():
        token = _changed_models.set(changed)
        try:
            yield
        finally:
            _changed_models.reset(token)
        if changed:
            renew_content_version(changed)


def _content_changed(
    sender: type[models.Model], instance: models.Model, created: bool = False, **kwargs: object
) -> None:
    # Migrations save rows of historical models, when other tables may not be there yet.
    if sender._meta.apps is not apps or sender._meta.app_label not in CONTENT_APPS:
        return
    is_shown = getattr(instance, "changes_public_pages", None)
    if is_shown is not None and not is_shown(created=created):
        return
    changed = {sender, *(_let_go_by(sender) if kwargs.get("signal") is post_delete else ())}
    renewed_later = _changed_models.get()
    if renewed_later is None:
        renew_content_version(changed)
    else:
        renewed_later |= changed


def _let_go_by(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """Models whose rows lose a link, without a signal, when a row of ``model`` is deleted."""
    for field in model._meta.get_fields(include_hidden=True):
        if getattr(field, "on_delete", None) is models.SET_NULL and field.auto_created:
            yield field.related_model


def connect_versions() -> None:
    """Renew the version whenever a row of a content app is saved, deleted or linked.

    A model may say that a change concerns no visitor, by ``changes_public_pages(created)``.
    """
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_content_changed, dispatch_uid="publishing.versions")
