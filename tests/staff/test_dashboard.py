"""The first page of the desk: what waits, for whom, at what cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.heartbeat import WORKER, beat
from inquiries.models import InboundMail, Inquiry, OutgoingMail
from staff.dashboard import dashboard
from staff.models import User
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import soup
from tests.staff import records
from tests.staff.people import member

pytestmark = pytest.mark.django_db


def fill(times: int) -> None:
    """Some of everything."""
    for _round in range(times):
        for make in records.MAKERS.values():
            make()


def counts(board) -> dict[str, int]:
    return {task.words: task.count for task in board.tasks}


def test_it_names_what_waits(client, rf):
    records.question()
    records.question(status="refused")
    records.post(status="in_review")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    records.statistic(verified_on=yesterday - datetime.timedelta(days=9), review_every_days=9)
    request = rf.get("/admin/")
    request.user = member("Publisher")

    board = dashboard(request)

    found = counts(board)
    assert found["reader's question waits"] == 1
    assert found["figure is overdue for review"] == 1
    assert found["in review"] == 1
    titles = [item.title for item in board.waiting]
    assert "项目开工" in titles


def test_it_counts_missing_translations(rf):
    records.post(title_zh_hans="项目开工", title_en="Start", summary_zh_hans="摘要")
    request = rf.get("/admin/")
    request.user = member("Editor")

    posts = dashboard(request).coverage[0]

    assert posts.total == 1
    assert [missing.count for missing in posts.missing] == [1, 0, 1]


def test_an_officer_sees_no_drafts_of_posts(rf):
    records.post()
    request = rf.get("/admin/")
    request.user = member("Inquiry officer")

    board = dashboard(request)

    assert {row.kind for row in board.coverage} == {"parks", "projects"}
    assert board.waiting == []
    assert "drafts" in counts(board)
    assert board.add_links == []


@pytest.mark.parametrize("role", ["Editor", "Publisher", "Administrator"])
def test_it_costs_at_most_twelve_queries_however_much_there_is(client, role):
    client.force_login(member(role), "staff.backends.StaffBackend")
    fill(1)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as one:
        assert client.get("/admin/").status_code == 200
    fill(2)
    with CaptureQueriesContext(connection) as three:
        assert client.get("/admin/").status_code == 200

    assert len(one) == len(three) <= 12


# --- inquiries


def tasks_of(client, role: str = "Inquiry officer") -> str:
    client.force_login(member(role), "staff.backends.StaffBackend")
    return client.get("/admin/").content.decode()


def test_an_officer_sees_what_is_late_nobodys_and_due_today(client, time_machine):
    cluster_desk()
    inquiry = stored_inquiry()
    page = tasks_of(client)
    assert "inquiry of nobody" in page
    assert "overdue inquir" not in page
    time_machine.move_to(inquiry.due_at + datetime.timedelta(minutes=1))
    user = User.objects.get(username="inquiry-officer")
    Inquiry.objects.filter(pk=inquiry.pk).update(assigned_to=user)
    client.force_login(user, "staff.backends.StaffBackend")  # a day later the session is over
    page = client.get("/admin/").content.decode()
    assert "overdue inquiry" in page
    assert "of mine due today" in page
    assert "inquiry of nobody" not in page


def test_each_number_leads_to_as_many_rows(client):
    cluster_desk()
    user = member("Inquiry officer")
    late, planned, follow_up, report, closed, _nobodys = (
        stored_inquiry(email=f"{number}@example.com") for number in range(6)
    )
    now = timezone.now()
    update = {
        late: {"due_at": now, "created_at": now - datetime.timedelta(days=9)},
        planned: {"first_reply_at": now, "next_action": "Call", "next_action_due": now},
        follow_up: {"first_reply_at": now, "follow_up_due": now},
        report: {"kind": "report"},
        closed: {"status": "closed", "close_reason": "answered", "follow_up_due": now},
    }
    for inquiry, values in update.items():
        Inquiry.objects.filter(pk=inquiry.pk).update(assigned_to=user, **values)
    client.force_login(user, "staff.backends.StaffBackend")
    tasks = soup(client.get("/admin/")).select(".desk-task a")
    shown = {task.span.get_text(): task for task in tasks if "/inquiry/" in task["href"]}
    assert {words: int(task.strong.get_text()) for words, task in shown.items()} == {
        "overdue inquiry": 1,
        "inquiry of nobody": 1,
        "of mine due today": 2,
        "follow-up to do": 1,
        "report of an error": 1,
        "inquiries are open": 5,
    }
    for words, task in shown.items():
        rows = client.get(task["href"]).context["cl"].result_count
        assert rows == int(task.strong.get_text()), words


def test_a_confidential_inquiry_of_others_is_not_even_counted(client):
    cluster_desk()
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(is_confidential=True, code_name="Falcon")
    assert "inquiry of nobody" not in tasks_of(client)


def test_messages_to_be_filed_are_counted_when_there_are_any(client):
    assert "to be filed" not in tasks_of(client)
    InboundMail.objects.create(message_id="<1@x>", source="imap", text="Is there land?")
    page = client.get("/admin/").content.decode()
    assert "message to be filed" in page
    assert 'href="/admin/inquiries/inquiry/inbox/"' in page


def test_a_silent_worker_is_shown(client, time_machine):
    time_machine.move_to("2026-11-24T02:00:00+00:00")
    beat(WORKER)
    assert "task worker is silent" not in tasks_of(client)
    time_machine.move_to("2026-11-24T02:05:00+00:00")
    assert "task worker is silent" in client.get("/admin/").content.decode()


def test_a_mail_that_was_given_up_is_shown(client):
    cluster_desk()
    stored_inquiry()
    OutgoingMail.objects.filter(kind="receipt").update(status="failed")
    assert "mail was given up" in tasks_of(client)


def test_an_editor_is_told_nothing_of_inquiries(client):
    cluster_desk()
    stored_inquiry()
    assert "inquir" not in tasks_of(client, "Editor").lower()


def test_what_is_nobodys_turns_red_after_two_working_hours(client, rf, time_machine):
    time_machine.move_to("2026-11-09T02:00:00+00:00", tick=False)  # a Monday, 10:00
    cluster_desk()
    stored_inquiry()
    request = rf.get("/admin/")
    request.user = member("Inquiry officer")

    def is_red() -> bool:
        tasks = {task.words: task for task in dashboard(request).tasks}
        return tasks["inquiry of nobody"].is_urgent

    time_machine.move_to("2026-11-09T03:59:00+00:00", tick=False)
    assert not is_red()
    time_machine.move_to("2026-11-09T04:00:00+00:00", tick=False)
    assert is_red()
