"""A portal with something in it, and somebody at its door."""

from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType

from core.form_guard import GuardedForm
from core.models import SiteSettings
from core.rate_limit import RateLimit
from tests.factories import (
    HistoryEventFactory,
    IndustryFactory,
    MenuItemFactory,
    MilestoneFactory,
    PageFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
    QuestionFactory,
    StatisticFactory,
    TopicFactory,
)
from tests.inquiries.samples import cluster_desk
from tests.security.door import Door, front_door


@pytest.fixture
def door(db, tmp_path, monkeypatch) -> Iterator[Door]:
    with front_door(tmp_path, monkeypatch) as opened:
        yield opened


@pytest.fixture
def content(db) -> None:
    """One public record of each kind, by the names that the generator knows."""
    ContentType.objects.clear_cache()
    SiteSettings.current()
    cluster_desk()
    park = ParkFactory(slug="lingang", name_en="Lingang", longitude="112.6", latitude="23.1")
    industry = IndustryFactory(slug="vehicles")
    park.industries.add(industry)
    project = ProjectFactory(slug="plant", park=park, industry=industry)
    MilestoneFactory(project=project)
    post = PostFactory(slug="opening", topic=TopicFactory(slug="cluster"))
    MenuItemFactory(page=PageFactory(slug="about"), address="")
    StatisticFactory(headline_order=1)
    HistoryEventFactory(park=park, project=project)
    QuestionFactory(post=post)


@pytest.fixture
def without_limits(monkeypatch) -> None:
    """As if each form came from somebody else, so that what lies behind the limits is tried."""
    monkeypatch.setattr(RateLimit, "hit", lambda _self, _subject="": 0)
    monkeypatch.setattr(RateLimit, "peek", lambda _self, _subject="": 0)
    for name in ("limits", "network_limits", "global_limits"):
        monkeypatch.setattr(GuardedForm, name, ())
