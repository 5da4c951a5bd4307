"""How fast inquiries are answered, in public: from ten answers on, without tests and spam."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from inquiries.choices import CloseReason, Status
from inquiries.models import Inquiry
from inquiries.scoreboard import FEWEST_ANSWERS, public_scoreboard
from inquiries.working_days import deadline
from tests.factories import ContactFactory
from tests.inquiries.samples import cluster_desk

pytestmark = pytest.mark.django_db


def answered(count: int, *, after: timedelta = timedelta(hours=2), **values) -> None:
    """``count`` inquiries of last week (Tuesday, 10:10), answered ``after`` that."""
    sent = timezone.now() - timedelta(days=7)
    first = Inquiry.objects.count()
    Inquiry.objects.bulk_create(
        Inquiry(
            **{
                "reference": f"INQ-{first + number}",
                "submission_key": f"key-{first + number}",
                "created_at": sent,
                "due_at": deadline(sent, 1),
                "first_reply_at": sent + after,
                "language": "en",
                "name": "Ada",
                "subject": "invest",
                "message": "x",
                **values,
            }
        )
        for number in range(count)
    )


def test_nine_answers_are_too_few_and_ten_are_enough():
    answered(FEWEST_ANSWERS - 1)
    assert public_scoreboard() is None
    answered(1)
    cache.clear()
    board = public_scoreboard()
    assert (board.answers, board.median_hours, board.share_in_time) == (10, 2.0, 100)
    assert board.as_of == timezone.localdate()


def test_tests_and_quarantine_do_not_count():
    answered(9)
    answered(5, is_synthetic=True)
    answered(5, status=Status.SPAM)
    assert public_scoreboard() is None


def test_late_answers_and_silence_count_against_the_desk():
    answered(10)
    answered(5, after=timedelta(days=3))
    answered(5, first_reply_at=None)
    board = public_scoreboard()
    assert (board.answers, board.share_in_time) == (15, 50)


def test_what_needs_no_answer_does_not_count_against_the_desk():
    answered(10)
    answered(3, first_reply_at=None, status=Status.CLOSED, close_reason=CloseReason.DUPLICATE)
    answered(3, first_reply_at=None, paused_at=timezone.now(), pause_reason="inquirer")
    assert public_scoreboard().share_in_time == 100


def test_answers_in_no_working_time_are_within_half_an_hour():
    answered(10, after=timedelta(0))
    assert public_scoreboard().median_hours == 0.5


def test_what_is_older_than_ninety_days_is_forgotten():
    answered(10)
    Inquiry.objects.update(created_at=timezone.now() - timedelta(days=91))
    assert public_scoreboard() is None


def test_it_is_counted_once_in_ten_minutes(django_assert_num_queries):
    answered(10)
    with django_assert_num_queries(1):
        public_scoreboard()
    with django_assert_num_queries(0):
        public_scoreboard()


def test_that_there_is_none_is_remembered_too(django_assert_num_queries):
    public_scoreboard()
    with django_assert_num_queries(0):
        assert public_scoreboard() is None


@pytest.mark.parametrize("address", ["/en/contact/", "/en/inquiry/"])
def test_visitors_see_it_beside_the_promise(client, address):
    cluster_desk()
    ContactFactory()
    answered(10)
    page = client.get(address).content.decode()
    assert "In the last 90 days 10 inquiries were answered" in page
    assert "within 2 working hours" in page


@pytest.mark.parametrize("address", ["/en/contact/", "/en/inquiry/"])
def test_visitors_see_nothing_of_too_few(client, address):
    cluster_desk()
    answered(3)
    assert "How fast we answer" not in client.get(address).content.decode()
