"""Which state of the content is current, so that whatever is stored is never stale.

Any change to any content gives the content a new version in the same transaction. Scheduled
moments change what is public without a change in the database: they are noted with the version,
and each one that has passed counts as another state. Readers get both with the site settings,
which every page reads anyway, so knowing the state costs no query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.apps import apps
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from core.models import SiteSettings, new_version
from publishing.search_models import SearchEntry

#: Apps whose rows are shown on public pages.
CONTENT_APPS = frozenset({"core", "library", "parks", "investment", "news", "portal"})

State = tuple[str, int, str]

_renewing_later: ContextVar[bool] = ContextVar("renewing_later", default=False)


def content_state(site: SiteSettings, now: datetime | None = None) -> State:
    """Name of the state that a visitor sees at ``now``. No query.

    The day belongs to it, because the age of a figure ("review overdue") changes at midnight.
    """
    now = now or timezone.now()
    passed = sum(datetime.fromisoformat(moment) <= now for moment in site.content_moments)
    return site.content_version, passed, timezone.localdate(now).isoformat()


def renew_content_version() -> None:
    """Say that content has changed. Two queries, in the transaction of the change."""
    now = timezone.now()
    scheduled = SearchEntry.objects.filter(
        Q(publish_at__gt=now) | Q(unpublish_at__gt=now)
    ).values_list("publish_at", "unpublish_at")
    moments = {moment for pair in scheduled for moment in pair if moment and moment > now}
    SiteSettings.objects.update(
        content_version=new_version(),
        content_moments=sorted(moment.isoformat() for moment in moments),
    )


@contextmanager
def one_renewal() -> Iterator[None]:
    """Renew the version once at the end of the block, not for each row: for imports."""
    token = _renewing_later.set(True)
    try:
        yield
    finally:
        _renewing_later.reset(token)
    renew_content_version()


def _content_changed(sender: type, **kwargs: object) -> None:
    # Migrations save rows of historical models, when other tables may not be there yet.
    is_content = sender._meta.apps is apps and sender._meta.app_label in CONTENT_APPS
    if is_content and not _renewing_later.get():
        renew_content_version()


def connect_versions() -> None:
    """Renew the version whenever a row of a content app is saved, deleted or linked."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_content_changed, dispatch_uid="publishing.versions")
