"""Every inquiry is somebody's: by park, industry, language and rota, absent or not."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from inquiries import clocks, ownership, reminders
from inquiries.mail import message_for
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


# --- somebody goes


def delete_by_list(client, model: str, *keys: int):
    """As the list of the desk does it, confirmed."""
    address = reverse(f"admin:{model}_changelist")
    chosen = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    return client.post(address, chosen, follow=True)


def remove_profile(client, user):
    key = user.officer_profile.pk
    address = reverse("admin:inquiries_officerprofile_delete", args=[key])
    return client.post(address, {"post": "yes"}, follow=True)


def remove_profile_by_list(client, user):
    return delete_by_list(client, "inquiries_officerprofile", user.officer_profile.pk)


def delete_account(client, user):
    address = reverse("admin:staff_user_delete", args=[user.pk])
    return client.post(address, {"post": "yes"}, follow=True)


def delete_account_by_list(client, user):
    return delete_by_list(client, "staff_user", user.pk)


def close_account(client, user):
    address = reverse("admin:staff_user_change", args=[user.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if name != "password"}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    data |= {"groups": [group.pk for group in user.groups.all()]}
    del data["is_active"]
    return client.post(address, data, follow=True)


GOING = [
    *(remove_profile, remove_profile_by_list),
    *(delete_account, delete_account_by_list, close_account),
]


@pytest.mark.parametrize("go", GOING)
def test_who_goes_hands_over_at_once_what_is_open(admin_client, go):
    li, wang = officer("li"), officer("wang", is_in_rota=False)
    first, second, closed = (stored_inquiry() for _number in range(3))
    Inquiry.objects.filter(pk=closed.pk).update(status="closed", close_reason="answered")
    OfficerProfile.objects.filter(user=wang).update(is_in_rota=True)
    response = go(admin_client, li)
    assert "2 inquiries were handed over." in response.content.decode()
    assert fresh(first).assigned_to == fresh(second).assigned_to == wang
    assert fresh(closed).assigned_to != wang
    assert mails("digest") == ["wang@example.org"]
    assert fresh(first).events.filter(kind="assigned").last().text == "wang"
    assert not Inquiry.objects.filter(backup__username="li").exists()


@pytest.mark.parametrize("go", GOING)
def test_who_goes_last_leaves_it_as_nobodys_only_with_the_account(admin_client, go):
    li = officer("li")
    inquiry = stored_inquiry()
    go(admin_client, li)
    keeps = go in {remove_profile, remove_profile_by_list}
    assert fresh(inquiry).assigned_to == (li if keeps else None)


def test_two_who_go_together_do_not_hand_over_to_one_another(admin_client):
    li, chen = officer("li"), officer("chen")
    inquiries = [stored_inquiry() for _number in range(2)]
    wang = officer("wang")
    delete_by_list(admin_client, "staff_user", li.pk, chen.pk)
    assert {fresh(inquiry).assigned_to for inquiry in inquiries} == {wang}


def test_what_one_leaves_behind_is_shared_out(clock):
    li = officer("li")
    inquiries = [stored_inquiry() for _number in range(4)]
    chen, wang = officer("chen"), officer("wang")
    clock.move_to(MONDAY + timedelta(minutes=1), tick=True)
    assert ownership.hand_over_all(li, None) == 4
    owners = [fresh(inquiry).assigned_to for inquiry in inquiries]
    assert sorted(owner.username for owner in owners) == ["chen", "chen", "wang", "wang"]
    assert mails("digest") == ["chen@example.org", "wang@example.org"]
    assert {chen, wang} == set(owners)


def test_whose_other_data_change_keeps_his_inquiries(admin_client):
    li = officer("li")
    officer("wang")
    inquiry = stored_inquiry()
    address = reverse("admin:staff_user_change", args=[li.pk])
    form = admin_client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if name != "password"}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    assert admin_client.post(address, {**data, "last_name": "Li"}).status_code == 302
    assert fresh(inquiry).assigned_to == li


# --- many at once


def test_many_at_once_are_one_mail_to_each_owner(clock):
    officer("li"), officer("wang")
    inquiries = [stored_inquiry() for _number in range(3)]
    OutgoingMail.objects.all().delete()
    ownership.tell_owners([fresh(inquiry) for inquiry in inquiries])
    kinds = OutgoingMail.objects.order_by("recipient").values_list("recipient", "kind")
    counts = Counter(fresh(inquiry).assigned_to.email for inquiry in inquiries)
    assert dict(kinds) == {
        address: "assigned" if count == 1 else "digest" for address, count in counts.items()
    }


def test_the_one_mail_counts_what_is_open_and_leads_to_the_list():
    li = officer("li")
    inquiries = [stored_inquiry() for _number in range(3)]
    ownership.tell_owners([fresh(inquiry) for inquiry in inquiries])
    Inquiry.objects.filter(pk=inquiries[2].pk).update(status="closed", close_reason="answered")
    message = message_for(OutgoingMail.objects.get(kind="digest"))
    assert message.to == [li.email]
    assert "2 of yours are open now." in message.body
    assert "promised an answer by Tuesday, 10 November 2026" in message.body
    assert "承诺在2026年11月10日（星期二）前答复" in message.body
    assert "/admin/inquiries/inquiry/?assigned=me" in message.body
    assert "Several inquiries are yours to answer" in message.subject
    assert not [word for word in ("Ada", "hectares", "INQ-") if word in message.body]


def test_the_one_mail_can_come_when_nothing_is_left():
    officer("li")
    inquiries = [stored_inquiry() for _number in range(2)]
    ownership.tell_owners([fresh(inquiry) for inquiry in inquiries])
    Inquiry.objects.update(status="closed", close_reason="answered")
    message = message_for(OutgoingMail.objects.get(kind="digest"))
    assert "0 of yours are open now." in message.body
    assert "promised" not in message.body
