"""Which state of the content is current, so that whatever is stored is never stale.

Any change to any content gives the content a new version in the same transaction. Scheduled
moments change what is public without a change in the database: they are noted with the version,
and each one that has passed counts as another state. Readers get both from the site settings
in one small query, the only one of a page that is stored as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from core.models import SiteSettings, new_version
from publishing.generation import announce_change
from publishing.search_models import SearchEntry

#: Apps whose rows are shown on public pages.
CONTENT_APPS = frozenset({"core", "library", "parks", "investment", "news", "portal"})

State = tuple[str, int, str]

#: Models changed inside ``one_renewal``; None outside.
_changed_models: ContextVar[set[type[models.Model]] | None] = ContextVar(
    "changed_models", default=None
)


class Version(NamedTuple):
    """The two columns of the site settings that tell one state from another."""

    content_version: str
    content_moments: list[str]


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


def next_change(version: Version, now: datetime) -> tuple[datetime | None, datetime]:
    """When the state of ``now`` ends although nothing is edited: next schedule, and midnight."""
    moments = (datetime.fromisoformat(moment) for moment in version.content_moments)
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return min((moment for moment in moments if moment > now), default=None), midnight


@transaction.atomic
def renew_content_version() -> None:
    """Say that content has changed. Three queries, in the transaction of the change.

    The row is locked before the schedule is read: otherwise the later of two editors, who does
    not see the other's schedule yet, would write over it.
    """
    now = timezone.now()
    list(SiteSettings.objects.select_for_update().values_list("pk"))
    scheduled = SearchEntry.objects.filter(
        Q(publish_at__gt=now) | Q(unpublish_at__gt=now)
    ).values_list("publish_at", "unpublish_at")
    moments = {moment for pair in scheduled for moment in pair if moment and moment > now}
    SiteSettings.objects.update(
        content_version=new_version(),
        content_moments=sorted(moment.isoformat() for moment in moments),
    )
    transaction.on_commit(announce_change)


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
            renew_content_version()


def _content_changed(
    sender: type[models.Model], instance: models.Model, created: bool = False, **kwargs: object
) -> None:
    # Migrations save rows of historical models, when other tables may not be there yet.
    if sender._meta.apps is not apps or sender._meta.app_label not in CONTENT_APPS:
        return
    is_shown = getattr(instance, "changes_public_pages", None)
    if is_shown is not None and not is_shown(created=created):
        return
    changed = _changed_models.get()
    if changed is None:
        renew_content_version()
    else:
        changed.add(sender)


def connect_versions() -> None:
    """Renew the version whenever a row of a content app is saved, deleted or linked.

    A model may say that a change concerns no visitor, by ``changes_public_pages(created)``.
    """
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_content_changed, dispatch_uid="publishing.versions")
