"""Clocks run in working time, stop for a reason, and say what is pressing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from inquiries import clocks
from inquiries.choices import PauseReason
from inquiries.models import Inquiry, InquiryEvent
from inquiries.working_hours import add_working_time, working_hours_between
from tests.inquiries.samples import stored_inquiry
from tests.staff.people import member

pytestmark = pytest.mark.django_db

#: Monday, 9 November 2026, 10:00 in Zhaoqing.
MONDAY = datetime(2026, 11, 9, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def officer():
    return member("Inquiry officer")


def fresh(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def events(inquiry: Inquiry) -> list[str]:
    return [event.kind for event in inquiry.events.all()]


# --- working time


def china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (china(2026, 11, 9, 10), 2, china(2026, 11, 9, 12)),
        (china(2026, 11, 9, 17), 2, china(2026, 11, 10, 10)),  # over night
        (china(2026, 11, 13, 17), 2, china(2026, 11, 16, 10)),  # over a weekend
        (china(2026, 9, 30, 17), 2, china(2026, 10, 8, 10)),  # over the National Day holidays
        (china(2026, 11, 9, 6), 1, china(2026, 11, 9, 10)),  # before opening
    ],
)
def test_working_time_passes_only_while_the_bureau_is_open(start, hours, end):
    assert add_working_time(start, timedelta(hours=hours)) == end
    assert working_hours_between(start, end) == hours


# --- replies and follow-ups


def test_the_first_reply_counts_for_the_promise_and_each_for_the_follow_up(officer, clock):
    inquiry = stored_inquiry()
    clocks.replied(inquiry, MONDAY, officer)
    clock.shift(timedelta(days=2))
    clocks.replied(inquiry, MONDAY + timedelta(days=2), officer)
    found = fresh(inquiry)
    assert found.first_reply_at == MONDAY
    assert found.follow_up_due == MONDAY + timedelta(days=5)


def test_follow_ups_come_three_ten_and_thirty_days_after_the_reply(officer, clock):
    inquiry = stored_inquiry()
    clocks.replied(inquiry, MONDAY, officer)
    found = []
    while (due := fresh(inquiry).follow_up_due) is not None:
        found.append((due - MONDAY).days)
        clock.move_to(due, tick=False)
        assert clocks.followed_up(inquiry, "Wrote again", officer)
    assert found == [3, 10, 30]
    assert not clocks.followed_up(inquiry, "Once more", officer)
    assert events(inquiry).count("follow_up") == 3


def test_a_talk_counts_as_the_reply(officer):
    inquiry = stored_inquiry()
    clocks.talked(inquiry, "Called, wants 10 ha", officer)
    assert fresh(inquiry).first_reply_at == MONDAY
    assert inquiry.events.get(kind=InquiryEvent.Kind.CALL).actor == officer


# --- pause


def test_a_pause_moves_deadlines_by_the_working_time_it_lasted(officer, clock):
    inquiry = stored_inquiry()
    due = inquiry.due_at
    assert clocks.pause(inquiry, PauseReason.INQUIRER, officer)
    clock.move_to(china(2026, 11, 10, 11), tick=False)  # 8 hours on Monday, 2 on Tuesday
    assert clocks.resume(inquiry, officer)
    assert fresh(inquiry).due_at == add_working_time(due, timedelta(hours=10))
    assert events(inquiry)[-2:] == ["paused", "resumed"]


def test_a_paused_inquiry_is_not_overdue(officer, clock):
    inquiry = stored_inquiry()
    clocks.pause(inquiry, PauseReason.THIRD_PARTY, officer)
    clock.shift(timedelta(days=30))
    assert not Inquiry.objects.overdue().exists()
    assert clocks.clock_state(fresh(inquiry)).code == "paused"


def test_what_stands_still_is_not_paused_twice(officer):
    inquiry = stored_inquiry()
    assert clocks.pause(inquiry, PauseReason.INQUIRER, officer)
    assert not clocks.pause(inquiry, PauseReason.INQUIRER, officer)
    assert clocks.resume(inquiry, officer)
    assert not clocks.resume(inquiry, officer)


# --- what it says


def test_the_clock_says_what_is_most_pressing(officer, clock):
    inquiry = stored_inquiry()
    assert clocks.clock_state(inquiry).code == "running"
    clock.move_to(inquiry.due_at - timedelta(hours=1), tick=False)
    assert clocks.clock_state(inquiry).code == "today"
    clock.move_to(inquiry.due_at + timedelta(minutes=1), tick=False)
    assert clocks.clock_state(inquiry).code == "overdue"
    clocks.replied(inquiry, inquiry.due_at, officer)
    state = clocks.clock_state(fresh(inquiry))
    assert (state.code, state.words) == ("running", "Follow-up")


# --- the page at the desk


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def address(inquiry: Inquiry) -> str:
    return reverse("admin:inquiries_clock", args=[inquiry.pk])


def test_the_next_step_is_planned_at_the_desk(desk):
    inquiry = stored_inquiry()
    sent = {
        "next_step": "1",
        "next_step-words": "Send the plot plan",
        "next_step-day": "2026-11-11",
    }
    assert desk.post(address(inquiry), sent).status_code == 302
    found = fresh(inquiry)
    assert found.next_action == "Send the plot plan"
    assert found.next_action_due == china(2026, 11, 11, 18)


@pytest.mark.parametrize("day", ["2026-11-08", "soon", ""])
def test_a_day_that_is_over_or_none_is_refused_in_words(desk, day):
    inquiry = stored_inquiry()
    sent = {"next_step": "1", "next_step-words": "Send it", "next_step-day": day}
    response = desk.post(address(inquiry), sent)
    assert response.status_code == 422
    assert b"errorlist" in response.content
    assert fresh(inquiry).next_action == ""


def test_it_is_paused_and_runs_again_at_the_desk(desk):
    inquiry = stored_inquiry()
    pause = {"pause": "1", "pause-reason": "inquirer"}
    page = desk.post(address(inquiry), pause, follow=True).content.decode()
    assert fresh(inquiry).paused_at
    assert "The clock is paused." in page
    assert "Let it run again" in page
    page = desk.post(address(inquiry), {"resume": "1"}, follow=True).content.decode()
    assert fresh(inquiry).paused_at is None
    assert "The clock runs again." in page


def test_a_talk_is_noted_at_the_desk(desk):
    inquiry = stored_inquiry()
    desk.post(address(inquiry), {"talk": "1", "talk-words": "Called"})
    assert fresh(inquiry).first_reply_at == MONDAY


def test_a_post_without_a_known_button_changes_nothing(desk):
    inquiry = stored_inquiry()
    assert desk.post(address(inquiry), {"explode": "1"}).status_code == 422


@pytest.mark.parametrize("role", ["Editor", "Publisher"])
def test_others_have_no_clock(client, role):
    client.force_login(member(role))
    assert client.get(address(stored_inquiry())).status_code == 403


def test_a_confidential_inquiry_of_others_is_not_found(desk):
    inquiry = stored_inquiry()
    inquiry.is_confidential, inquiry.code_name = True, "Falcon"
    inquiry.save()
    assert desk.get(address(inquiry)).status_code == 404


def test_the_year_has_its_make_up_days():
    # Sunday, 4 January 2026, was worked for New Year.
    assert working_hours_between(china(2026, 1, 4, 9), china(2026, 1, 4, 18)) == 9
    assert date(2026, 1, 4).weekday() == 6


def test_a_reply_ends_a_pause_and_its_follow_up_comes_three_days_later(officer, clock):
    inquiry = stored_inquiry()
    clocks.pause(inquiry, PauseReason.INQUIRER, officer)
    clock.shift(timedelta(days=2))
    now = MONDAY + timedelta(days=2)
    clocks.replied(fresh(inquiry), now, officer)
    found = fresh(inquiry)
    assert found.paused_at is None
    assert found.follow_up_due == now + timedelta(days=3)
