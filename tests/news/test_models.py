"""Posts, topics and readers' questions keep their rules."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from news.models import Post, Question
from tests.factories import PostFactory, QuestionFactory, TopicFactory
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db


def test_a_post_needs_title_topic_and_date():
    assert_accepted(PostFactory.build(topic=TopicFactory()))


@pytest.mark.parametrize("slug", ["feed", "2024", "0"])
def test_a_post_does_not_take_the_address_of_a_feed_or_a_year(slug):
    with pytest.raises(ValidationError, match="The portal uses this address itself"):
        PostFactory.build(topic=TopicFactory(), slug=slug).full_clean()


def test_the_newest_post_comes_first():
    older, newer = PostFactory(date=date(2022, 1, 1)), PostFactory(date=date(2024, 1, 1))
    latest = PostFactory(date=date(2024, 1, 1))

    assert list(Post.objects.all()) == [latest, newer, older]


def test_a_topic_with_posts_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        PostFactory().topic.delete()


def test_a_topic_has_an_address_of_its_own():
    assert TopicFactory(slug="cluster").get_absolute_url() == "/en/news/topic/cluster/"
    assert_refused(TopicFactory.build(slug="cluster"), "Topic with this Address already exists.")


def test_years_are_those_with_posts_the_newest_first(django_assert_num_queries):
    for year in (2022, 2024, 2022):
        PostFactory(date=date(year, 6, 1))

    with django_assert_num_queries(1):
        assert Post.objects.years() == [2024, 2022]


def test_a_question_waits_until_it_is_answered():
    question = Question(post=PostFactory(), text="Is there a railway?", language="en")

    assert_accepted(question)
    assert question.status == Question.Status.PENDING


def test_a_question_is_published_with_its_answer():
    assert_accepted(QuestionFactory.build(post=PostFactory()))


def test_a_question_without_answer_cannot_be_published():
    assert_refused(
        QuestionFactory.build(post=PostFactory(), answered_at=None, answer_en=""),
        "Write an answer before publishing the question.",
    )


@pytest.mark.parametrize("missing", [{"answered_at": None}, {"answer_en": ""}])
def test_an_answer_is_published_with_its_moment_and_its_words(missing):
    question = QuestionFactory.build(post=PostFactory(), **missing)

    assert_refused(question, "Write an answer before publishing the question.")
    name = "published_question_is_answered"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        question.save()


def test_only_published_questions_are_public():
    published = QuestionFactory()
    QuestionFactory(status="pending")
    QuestionFactory(status="refused")

    assert list(Question.objects.public()) == [published]


def test_questions_go_with_their_post():
    QuestionFactory().post.delete()

    assert not Question.objects.exists()


def test_a_question_is_called_by_its_beginning():
    assert str(QuestionFactory.build(post=None, text="x" * 80)) == "x" * 60
