"""The newest featured post leads; the others follow by date."""

import datetime

import pytest

from news.models import Post
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime.date:
    return datetime.date(2026, 1, number)


def test_only_one_featured_post_stands_before_the_newest():
    old = [PostFactory(is_featured=True, date=day(number)) for number in (1, 2, 3, 4, 5)]
    newest = PostFactory(date=day(9))
    lead, second, third, *_rest = Post.objects.public().with_lead(4)
    assert (lead, second, third) == (old[-1], newest, old[-2])


def test_without_a_featured_post_the_newest_leads():
    PostFactory(date=day(1))
    newest = PostFactory(date=day(2))
    assert Post.objects.public().with_lead(4)[0] == newest


def test_a_draft_never_leads():
    shown = PostFactory(date=day(1))
    PostFactory(is_featured=True, status="draft", date=day(2))
    assert list(Post.objects.public().with_lead(4)) == [shown]
