"""Every inquiry is somebody's: by park, industry, language and rota, absent or not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inquiries import clocks, ownership, reminders
from inquiries.models import Absence, Inquiry, OfficerProfile, OutgoingMail
from inquiries.services import InquiryContext
from tests.factories import ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.staff.people import member

pytestmark = pytest.mark.django_db

#: Monday, 9 November 2026, 10:00 in Zhaoqing.
MONDAY = datetime(2026, 11, 9, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    cluster_desk()
    return time_machine


def officer(name: str, role: str = "Inquiry officer", **fields: object):
    user = member(role, username=name)
    user.email = f"{name}@example.org"
    user.save()
    parks = fields.pop("parks", [])
    profile = OfficerProfile.objects.create(user=user, **fields)
    profile.parks.set(parks)
    return user


def fresh(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


# --- routing


def test_the_rota_gives_each_his_turn(clock):
    first, second = officer("li"), officer("wang")
    owners = []
    for _number in range(4):
        owners.append(stored_inquiry().assigned_to)
        clock.shift(60)
    assert owners == [first, second, first, second]
    assert mails("assigned") == ["li@example.org"] * 2 + ["wang@example.org"] * 2


def test_who_names_the_park_comes_first():
    park = ParkFactory()
    officer("li")
    wang = officer("wang", parks=[park])
    assert stored_inquiry(InquiryContext(park=park)).assigned_to == wang
    assert stored_inquiry(InquiryContext(park=park)).assigned_to == wang


def test_who_looks_after_another_park_is_left_alone():
    officer("li", parks=[ParkFactory()])
    wang = officer("wang")
    assert stored_inquiry(InquiryContext(park=ParkFactory())).assigned_to == wang


def test_languages_and_kinds_decide():
    officer("li", languages=["zh-hans"])
    officer("chen", kinds=["press"])
    wang = officer("wang", languages=["en"], kinds=["investor"])
    assert stored_inquiry().assigned_to == wang


def test_when_nobody_fits_somebody_gets_it():
    li = officer("li", languages=["zh-hant"])
    assert stored_inquiry().assigned_to == li


def test_an_absent_officer_is_stood_in_for():
    wang = officer("wang", is_in_rota=False)
    li = officer("li")
    Absence.objects.create(
        user=li, first_day=date(2026, 11, 9), last_day=date(2026, 11, 9), stand_in=wang
    )
    assert stored_inquiry().assigned_to == wang


def test_the_backup_is_named_with_the_owner():
    wang = officer("wang", is_in_rota=False)
    officer("li", backup=wang)
    assert stored_inquiry().backup == wang


def test_without_officers_it_is_stored_all_the_same():
    assert stored_inquiry().assigned_to is None


# --- absence and leaving


def test_what_belongs_to_an_absent_officer_is_handed_over():
    li, wang = officer("li"), officer("wang", is_in_rota=False)
    inquiry = stored_inquiry()
    assert inquiry.assigned_to == li
    day = date(2026, 11, 9)
    Absence.objects.create(user=li, first_day=day, last_day=day, stand_in=wang)
    assert ownership.cover_absences() == 1
    assert fresh(inquiry).assigned_to == wang
    assert ownership.cover_absences() == 0


def test_what_belongs_to_somebody_who_left_is_handed_over():
    li, wang = officer("li"), officer("wang")
    inquiry = stored_inquiry()
    li.is_active = False
    li.save()
    assert ownership.cover_absences() == 1
    assert fresh(inquiry).assigned_to == wang


# --- reminders and escalation


def test_the_owner_is_reminded_before_and_after_the_deadline_once_each(clock):
    officer("li")
    inquiry = stored_inquiry()
    assert reminders.remind() == 0
    clock.move_to(inquiry.due_at - timedelta(hours=1), tick=False)
    assert [reminders.remind(), reminders.remind()] == [1, 0]
    clock.move_to(inquiry.due_at + timedelta(minutes=1), tick=False)
    assert [reminders.remind(), reminders.remind()] == [1, 0]
    assert mails("reminder") == ["li@example.org"] * 2


def test_the_chief_is_told_of_what_is_late_by_half_a_day(clock):
    officer("li")
    officer("zhang", "Chief of inquiries", is_in_rota=False)
    inquiry = stored_inquiry()
    clock.move_to(inquiry.due_at + timedelta(hours=16), tick=False)  # 10:00 on the next day
    assert reminders.escalate() == 0
    clock.shift(timedelta(hours=4))
    assert [reminders.escalate(), reminders.escalate()] == [1, 0]
    assert mails("escalation") == ["zhang@example.org"]
    assert fresh(inquiry).escalated_at


def test_the_chief_is_told_of_what_has_been_nobodys_for_two_working_hours(clock):
    officer("zhang", "Chief of inquiries", is_in_rota=False)
    stored_inquiry()
    clock.shift(timedelta(hours=1))
    assert reminders.escalate() == 0
    clock.shift(timedelta(hours=1))
    assert reminders.escalate() == 1


def test_two_workers_send_one_reminder(clock):
    officer("li")
    inquiry = stored_inquiry()
    now = inquiry.due_at - timedelta(hours=1)
    clock.move_to(now, tick=False)
    seen_by_both = [Inquiry.objects.select_related("assigned_to").get() for _worker in range(2)]
    assert [reminders._remind(found, now) for found in seen_by_both] == [True, False]


def test_answered_and_paused_ones_are_left_in_peace(clock):
    officer("li")
    answered, paused = stored_inquiry(), stored_inquiry()
    Inquiry.objects.filter(pk=answered.pk).update(first_reply_at=MONDAY)
    Inquiry.objects.filter(pk=paused.pk).update(paused_at=MONDAY, pause_reason="inquirer")
    clock.shift(timedelta(days=9))
    assert (reminders.remind(), reminders.escalate()) == (0, 0)


def test_a_round_of_the_worker_does_all_of_it(clock):
    officer("li")
    officer("zhang", "Chief of inquiries", is_in_rota=False)
    inquiry = stored_inquiry()
    clock.move_to(inquiry.due_at + timedelta(days=3), tick=False)
    reminders.watch.call()
    kinds = [event.kind for event in inquiry.events.all()]
    assert "reminded" in kinds
    assert "escalated" in kinds


# --- at the desk


def test_saving_an_absence_hands_over_at_once(admin_client):
    li, wang = officer("li"), officer("wang", is_in_rota=False)
    inquiry = stored_inquiry()
    sent = {
        "user": li.pk,
        "first_day": "2026-11-09",
        "last_day": "2026-11-10",
        "stand_in": wang.pk,
    }
    assert admin_client.post("/admin/inquiries/absence/add/", sent).status_code == 302
    assert fresh(inquiry).assigned_to == wang


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_day": "2026-11-08"}, "The last day is before the first."),
        ({"stand_in": "self"}, "Choose somebody else as stand-in."),
    ],
)
def test_an_impossible_absence_is_refused_in_words(admin_client, changes, words):
    li = officer("li")
    sent = {"user": li.pk, "first_day": "2026-11-09", "last_day": "2026-11-10", "stand_in": ""}
    sent |= {name: li.pk if value == "self" else value for name, value in changes.items()}
    response = admin_client.post("/admin/inquiries/absence/add/", sent)
    assert words in response.content.decode()
    assert not Absence.objects.exists()


def test_the_list_of_officers_shows_how_much_each_has_open(admin_client):
    officer("li")
    stored_inquiry()
    page = admin_client.get("/admin/inquiries/officerprofile/").content.decode()
    assert '<td class="field-open_inquiries">1</td>' in page


# --- what must not fall between two chairs


def test_a_next_step_that_is_over_is_reminded_of_and_told_to_the_chief(clock):
    li = officer("li")
    officer("zhang", "Chief of inquiries", is_in_rota=False)
    inquiry = stored_inquiry()
    clocks.replied(inquiry, MONDAY, li)
    clocks.plan_next_step(inquiry, "Send the plan", MONDAY + timedelta(hours=1), li)
    assert reminders.remind() == 0
    clock.shift(timedelta(hours=2))
    assert [reminders.remind(), reminders.remind()] == [1, 0]
    assert mails("reminder") == ["li@example.org"]
    assert reminders.escalate() == 0
    clock.shift(timedelta(hours=3))
    assert [reminders.escalate(), reminders.escalate()] == [1, 0]


def test_a_follow_up_that_is_over_is_reminded_of_once(clock):
    li = officer("li")
    inquiry = stored_inquiry()
    clocks.replied(inquiry, MONDAY, li)
    clock.shift(timedelta(days=3, minutes=1))
    assert [reminders.remind(), reminders.remind()] == [1, 0]


def test_what_was_nobodys_is_told_again_when_it_is_late(clock):
    zhang = officer("zhang", "Chief of inquiries", is_in_rota=False)
    inquiry = stored_inquiry()
    clock.shift(timedelta(hours=2))
    assert reminders.escalate() == 1
    Inquiry.objects.update(assigned_to=zhang)
    clock.move_to(inquiry.due_at + timedelta(days=1), tick=False)
    assert [reminders.escalate(), reminders.escalate()] == [1, 0]


def test_while_no_chief_can_be_written_to_nothing_counts_as_told(clock, caplog):
    inquiry = stored_inquiry()
    clock.shift(timedelta(hours=3))
    assert reminders.escalate() == 0
    assert fresh(inquiry).escalated_at is None
    assert "No chief has an e-mail address" in caplog.text
    officer("zhang", "Chief of inquiries", is_in_rota=False)
    assert reminders.escalate() == 1


def test_two_workers_tell_the_chief_once(clock):
    zhang = officer("zhang", "Chief of inquiries", is_in_rota=False)
    stored_inquiry()
    now = MONDAY + timedelta(hours=3)
    seen_by_both = [Inquiry.objects.get() for _worker in range(2)]
    told = [reminders._escalate(found, [zhang], now) for found in seen_by_both]
    assert told == [True, False]


def test_who_left_without_a_successor_leaves_nothing_behind():
    li = officer("li")
    inquiry = stored_inquiry()
    li.is_active = False
    li.save()
    assert ownership.cover_absences() == 1
    assert fresh(inquiry).assigned_to is None


def test_what_is_nobodys_finds_an_owner_as_soon_as_there_is_a_rota():
    inquiry = stored_inquiry()
    assert ownership.adopt() == 0
    li = officer("li")
    assert ownership.adopt() == 1
    assert fresh(inquiry).assigned_to == li
