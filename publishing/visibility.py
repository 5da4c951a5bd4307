"""The one rule of what a visitor sees, for records and for the search index alike."""

from datetime import datetime
from typing import Protocol

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Editorial state of a record."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Scheduled(Protocol):
    """What decides whether a visitor sees a record."""

    status: str
    publish_at: datetime | None
    unpublish_at: datetime | None


def is_public_at(record: Scheduled, at: datetime) -> bool:
    """The same rule as ``public_q`` for a record already at hand."""
    return (
        record.status == Status.PUBLISHED
        and (record.publish_at is None or record.publish_at <= at)
        and (record.unpublish_at is None or record.unpublish_at > at)
    )


def public_q(at: datetime) -> Q:
    """Published, and inside its schedule at ``at``.

    The schedule is part of the query, so it holds to the second even if no worker runs.
    """
    return (
        Q(status=Status.PUBLISHED)
        & (Q(publish_at=None) | Q(publish_at__lte=at))
        & (Q(unpublish_at=None) | Q(unpublish_at__gt=at))
    )
