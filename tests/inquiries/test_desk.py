"""Inquiries at the desk: list, take over, note, state, mails, tables to take away."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from inquiries import exports
from inquiries.admin.rows import event_words
from inquiries.models import Absence, Inquiry, InquiryEvent, Look, OutgoingMail
from inquiries.privacy import erase
from inquiries.services import InquiryContext
from staff.models import User
from tests.factories import IndustryFactory, ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import soup
from tests.staff.people import member, superuser

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def officer():
    return member("Inquiry officer")


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def change(inquiry: Inquiry) -> str:
    return reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])


def form_data(**changes):
    """The form as the browser sends it: of the rows of events and mails only their number."""
    rows = {
        f"{prefix}-{name}_FORMS": "0"
        for prefix in ("files", "events", "mails")
        for name in ("TOTAL", "INITIAL")
    }
    form = {"status": "new", "kind": "investor", "country": "GB"}
    return {**form, **rows, **changes}


def run_action(desk, action: str, *inquiries: Inquiry):
    data = {"action": action, "_selected_action": [item.pk for item in inquiries]}
    return desk.post(LIST, data)


def page_of(response) -> str:
    return response.content.decode()


def test_the_list_shows_what_an_officer_needs(desk):
    cluster_desk()
    park = ParkFactory(name_en="Lingang Industrial Park")
    inquiry = stored_inquiry(InquiryContext(park=park))
    page = page_of(desk.get(LIST))
    assert "Lovelace" not in page
    for words in (
        "A… L…",
        inquiry.reference,
        "Lingang Industrial Park",
        "Investing or looking",
        "Kingdom",
    ):
        assert words in page
    assert "desk-state--overdue" not in page


def test_what_is_late_is_marked_and_can_be_listed(client, officer, clock):
    late = stored_inquiry()
    clock.shift(timedelta(days=3))
    fresh = stored_inquiry()
    desk = client
    desk.force_login(officer)
    assert page_of(desk.get(LIST)).count("desk-state--overdue") == 1
    page = page_of(desk.get(LIST, {"clock": "overdue"}))
    assert late.reference in page
    assert fresh.reference not in page
    assert list(Inquiry.objects.overdue()) == [late]
    late.first_reply_at = timezone.now()
    late.save()
    assert not Inquiry.objects.overdue().exists()


@pytest.mark.parametrize("words", ["Lovelace", "ada@example.com", "hectares near", "INQ-"])
def test_inquiries_are_found_by_what_is_in_them(desk, words):
    inquiry = stored_inquiry()
    assert inquiry.reference in page_of(desk.get(LIST, {"q": words}))
    assert inquiry.reference not in page_of(desk.get(LIST, {"q": "nothing like it"}))


def test_the_form_shows_everything_and_lets_nobody_change_what_was_written(desk):
    cluster_desk()
    inquiry = stored_inquiry(message="<b>Two</b> lines\nof text", phone="+44 20 7946 0000")
    page = page_of(desk.get(change(inquiry)))
    assert "&lt;b&gt;Two&lt;/b&gt; lines<br>of text" in page
    assert "+44 20 7946 0000" in page
    desk.post(change(inquiry), form_data(message="changed", name="changed", email="x@y.org"))
    inquiry.refresh_from_db()
    assert inquiry.message.startswith("<b>Two</b>")
    assert inquiry.name == "Ada Lovelace"


def test_a_note_a_state_and_an_owner_each_leave_an_event(desk, officer):
    inquiry = stored_inquiry(subject="press")
    response = desk.post(
        change(inquiry),
        form_data(
            status="answered", kind="press", assigned_to=officer.pk, note="Called, sent the map."
        ),
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.assigned_to) == ("answered", officer)
    events = inquiry.events.exclude(kind__in=["received", "mail_sent"])
    assert [(event.kind, event.text, event.actor) for event in events] == [
        ("assigned", "inquiry-officer", officer),
        ("status", "answered", officer),
        ("note", "Called, sent the map.", officer),
    ]


def test_saving_without_a_change_leaves_no_event(desk):
    inquiry = stored_inquiry()
    before = inquiry.events.count()
    desk.post(change(inquiry), form_data())
    assert inquiry.events.count() == before


def test_taking_an_inquiry_of_a_queue_over_opens_it(desk, officer):
    inquiry = stored_inquiry(subject="supplier")
    run_action(desk, "assign_to_me", inquiry)
    inquiry.refresh_from_db()
    assert (inquiry.assigned_to, inquiry.status) == (officer, Inquiry.Status.OPEN)
    assert inquiry.reference in page_of(desk.get(LIST, {"assigned": "me"}))
    assert inquiry.reference not in page_of(desk.get(LIST, {"assigned": "nobody"}))


def test_an_erasure_is_told_in_words_at_the_desk(desk):
    inquiry = stored_inquiry()
    erase(inquiry, kind="withdrawal")
    assert event_words(inquiry.events.get(kind="erased")) == "Consent withdrawn"


def test_events_are_written_once():
    event = stored_inquiry().events.first()
    event.text = "changed"
    with pytest.raises(TypeError, match="never changed"):
        event.save()


def test_mails_are_shown_with_their_state_and_can_be_sent_again(desk):
    cluster_desk()
    inquiry = stored_inquiry()
    receipt = inquiry.mails.get(kind="receipt")
    OutgoingMail.objects.filter(pk=receipt.pk).update(status="failed", last_error="Timeout")
    page = page_of(desk.get(change(inquiry)))
    assert "Given up" in page
    assert "Timeout" in page
    desk.post(change(inquiry), form_data(again=[receipt.pk]))
    receipt.refresh_from_db()
    assert receipt.status == OutgoingMail.Status.SENT
    assert inquiry.events.filter(kind=InquiryEvent.Kind.MAIL_AGAIN).count() == 1


def test_given_up_mails_have_a_list_of_their_own(desk):
    mail = stored_inquiry().mails.get()
    OutgoingMail.objects.update(status="failed")
    address = reverse("admin:inquiries_outgoingmail_changelist")
    assert mail.inquiry.reference in page_of(desk.get(address, {"status__exact": "failed"}))
    desk.post(address, {"action": "send_again", "_selected_action": [mail.pk]})
    mail.refresh_from_db()
    assert mail.status == OutgoingMail.Status.SENT


def test_without_a_page_mails_cannot_be_deleted(rf):
    request = rf.get("/")
    request.user = superuser()
    mails = admin.site.get_model_admin(OutgoingMail)

    assert request.resolver_match is None
    assert not mails.has_delete_permission(request)


def test_a_name_is_shown_to_those_who_answer(client, officer):
    inquiry = stored_inquiry(organisation="Analytical Engines")
    client.force_login(officer)
    assert "A… E…" in page_of(client.get(LIST))
    for field in ("assigned_to", "backup"):
        Inquiry.objects.update(**{"assigned_to": None, "backup": None, field: officer})
        assert "Analytical Engines" in page_of(client.get(LIST))
    Inquiry.objects.update(backup=None)
    client.force_login(member("Chief of inquiries"))
    assert "Analytical Engines" in page_of(client.get(LIST))
    assert inquiry.reference in page_of(client.get(LIST))


@pytest.mark.parametrize("page", ["/en/parks/", "//elsewhere.example/"])
def test_the_page_of_a_report_is_opened_from_the_desk(desk, settings, page):
    settings.PUBLIC_URL = "https://portal.example"
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(kind="report", page=page, figure="Land: 7 km²")
    shown = page_of(desk.get(change(inquiry)))
    assert f'<a href="https://portal.example{page}">{page}</a>' in shown
    assert "Land: 7 km²" in shown


def test_an_owner_is_replaced_not_taken_away(desk, officer):
    inquiry = stored_inquiry()
    Inquiry.objects.update(assigned_to=officer)
    response = desk.post(change(inquiry), form_data(note="Not mine"))
    assert response.status_code == 200
    assert "Choose another owner" in page_of(response)
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == officer


def test_officers_are_shown_by_the_names_that_colleagues_know(desk, officer):
    User.objects.update(first_name="Hai", last_name="Lin")
    inquiry = stored_inquiry()
    desk.post(change(inquiry), form_data(assigned_to=officer.pk))
    assert "Hai Lin" in soup(desk.get(LIST)).select_one(".field-assigned_to").get_text()
    owner = soup(desk.get(change(inquiry))).select_one("#id_assigned_to option[selected]")
    assert owner.get_text() == "Hai Lin"
    assert inquiry.events.get(kind="assigned").text == "Hai Lin"


def test_only_who_may_work_on_inquiries_can_be_made_owner(desk, officer):
    member("Editor")
    chief = member("Chief of inquiries")
    member("Inquiry officer", username="left", is_active=False)
    form = desk.get(change(stored_inquiry())).context["adminform"].form
    offered = {
        str(person.pk)
        for name in ("assigned_to", "backup")
        for person in form.fields[name].queryset
    }
    assert offered == {str(officer.pk), str(chief.pk)}


def test_a_confidential_inquiry_is_there_for_owner_backup_and_chief_only(client, officer):
    inquiry = stored_inquiry(organisation="Analytical Engines")
    Inquiry.objects.update(is_confidential=True, code_name="Project Heron")
    client.force_login(officer)
    assert inquiry.reference not in page_of(client.get(LIST))
    assert client.get(change(inquiry)).status_code == 302
    assert inquiry.mails.get().inquiry.reference not in page_of(
        client.get(reverse("admin:inquiries_outgoingmail_changelist"))
    )
    assert run_action(client, "assign_to_me", inquiry).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.assigned_to is None
    Inquiry.objects.update(assigned_to=officer)
    assert "Project Heron" in page_of(client.get(LIST))
    client.force_login(member("Chief of inquiries"))
    page = page_of(client.get(LIST))
    assert "Project Heron" in page
    assert "Analytical Engines" not in page


def test_every_look_at_a_record_is_noted(desk, officer):
    inquiry = stored_inquiry()
    desk.get(change(inquiry))
    run_action(desk, "export_csv", inquiry)
    looks = Look.objects.order_by("pk").values_list("inquiry", "user", "kind")
    assert list(looks) == [
        (inquiry.pk, officer.pk, "view"),
        (inquiry.pk, officer.pk, "export"),
    ]


@pytest.mark.parametrize(
    ("address", "is_listed"),
    [
        ({"kind": "investor"}, True),
        ({"kind": "press"}, False),
        ({"stage": "new"}, True),
        ({"stage": "closed"}, False),
        ({"channel": "web"}, True),
        ({"channel": "fair"}, False),
        ({"country": "GB"}, True),
        ({"language": "zh-hans"}, False),
        ({"assigned": "me"}, False),
        ({"clock": "waiting"}, True),
    ],
)
def test_the_list_can_be_narrowed(desk, address, is_listed):
    inquiry = stored_inquiry()
    assert (inquiry.reference in page_of(desk.get(LIST, address))) is is_listed


def test_quarantine_is_listed_on_purpose_only(desk):
    inquiry = stored_inquiry()
    Inquiry.objects.update(status="spam")
    assert inquiry.reference not in page_of(desk.get(LIST))
    assert inquiry.reference in page_of(desk.get(LIST, {"stage": "spam"}))
    assert inquiry.reference in page_of(desk.get(LIST, {"q": inquiry.reference}))


def test_a_test_looks_like_any_other_to_an_officer_and_is_apart_for_a_chief(client, officer):
    inquiry = stored_inquiry()
    Inquiry.objects.update(is_synthetic=True)
    client.force_login(officer)
    page = page_of(client.get(LIST))
    assert inquiry.reference in page
    assert "Only tests" not in page
    other = stored_inquiry(message="Another")
    assert other.reference in page_of(client.get(LIST, {"tests": "only"}))
    client.force_login(member("Chief of inquiries"))
    assert inquiry.reference not in page_of(client.get(LIST))
    assert inquiry.reference in page_of(client.get(LIST, {"tests": "only"}))
    assert inquiry.reference in page_of(client.get(LIST, {"q": inquiry.reference}))


def test_several_are_given_to_an_officer_by_way_of_a_page(desk):
    first, second = stored_inquiry(), stored_inquiry(message="Another")
    colleague = member("Inquiry officer", username="colleague")
    page = page_of(run_action(desk, "assign_to", first, second))
    assert "2 inquiries are chosen" in page
    chosen = {"_selected_action": [first.pk, second.pk], "action": "assign_to"}
    answer = desk.post(LIST, {**chosen, "owner": colleague.pk, "apply": "1"}, follow=True)
    assert "2 changed." in page_of(answer)
    assert Inquiry.objects.filter(assigned_to=colleague).count() == 2
    assert first.events.filter(kind="assigned", text="colleague").count() == 1
    outsider = member(username="outsider", is_active=False)
    refused = desk.post(LIST, {**chosen, "owner": outsider.pk, "apply": "1"})
    assert refused.context["form"].errors


def give(desk, way: str, inquiry: Inquiry, owner: User) -> str:
    """What the desk says after ``inquiry`` was given to ``owner`` by its form or by the list."""
    address, data = change(inquiry), form_data(assigned_to=owner.pk)
    if way == "list":
        chosen = {"_selected_action": inquiry.pk, "action": "assign_to"}
        address, data = LIST, {**chosen, "owner": owner.pk, "apply": "1"}
    return " ".join(map(str, desk.post(address, data, follow=True).context["messages"]))


@pytest.mark.parametrize("way", ["form", "list"])
def test_who_gives_by_hand_is_told_that_the_officer_is_away(desk, way, time_machine):
    time_machine.move_to(datetime(2026, 11, 9, 2, tzinfo=UTC), tick=False)
    away = member("Inquiry officer", username="away")
    there = member("Inquiry officer", username="there")
    Absence.objects.create(user=away, first_day=date(2026, 11, 2), last_day=date(2026, 11, 13))
    Absence.objects.create(user=there, first_day=date(2026, 11, 2), last_day=date(2026, 11, 6))
    inquiry = stored_inquiry()
    assert "away is away until 13 November 2026." in give(desk, way, inquiry, away)
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == away
    assert "is away" not in give(desk, way, inquiry, there)


def test_several_are_moved_and_each_closed_gate_is_said(desk):
    ready = stored_inquiry()
    Inquiry.objects.update(role="decides", industry=IndustryFactory())
    bare = stored_inquiry(message="Another")
    chosen = {"_selected_action": [ready.pk, bare.pk], "action": "move_to_stage", "apply": "1"}
    page = page_of(desk.post(LIST, {**chosen, "stage": "screened"}, follow=True))
    assert "1 changed." in page
    assert f"{bare.reference}: “Screened” still needs: role and industry." in page
    ready.refresh_from_db()
    bare.refresh_from_db()
    assert (ready.status, bare.status) == ("screened", "new")
    page = page_of(desk.post(LIST, {**chosen, "stage": "closed"}, follow=True))
    assert page.count("still needs: why closed") == 2
    desk.post(LIST, {**chosen, "stage": "closed", "close_reason": "lost", "lost_to": "Foshan"})
    assert Inquiry.objects.filter(status="closed", lost_to="Foshan").count() == 2


@pytest.mark.parametrize("role", ["Editor", "Publisher", None])
def test_others_see_no_inquiry(client, role):
    inquiry = stored_inquiry()
    client.force_login(member(role))
    for address in (LIST, change(inquiry)):
        assert client.get(address).status_code == 403
    assert run_action(client, "export_csv", inquiry).status_code == 403


def test_an_administrator_erases_an_inquiry_with_everything_about_it(client):
    client.force_login(member("Administrator"))
    inquiry = stored_inquiry()
    address = reverse("admin:inquiries_inquiry_delete", args=[inquiry.pk])
    assert client.post(address, {"post": "yes"}).status_code == 302
    for model in (Inquiry, InquiryEvent, OutgoingMail):
        assert not model.objects.exists()


def queries_of_the_list(desk, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(30) as captured:
        desk.get(LIST)
    return len(captured)


def test_the_list_costs_the_same_with_one_and_with_three(desk, django_assert_max_num_queries):
    stored_inquiry(InquiryContext(park=ParkFactory()))
    queries_of_the_list(desk, django_assert_max_num_queries)
    one = queries_of_the_list(desk, django_assert_max_num_queries)
    for _number in range(2):
        stored_inquiry(InquiryContext(park=ParkFactory()))
    assert queries_of_the_list(desk, django_assert_max_num_queries) == one


# --- tables


@pytest.mark.parametrize("start", list("=+-@\t\r\n|%＝＋－＠"))
def test_what_begins_like_a_formula_is_made_harmless(start):
    for text in (f"{start}cmd()", f"  {start}cmd()"):
        assert exports.neutralised(text).startswith("'")


@pytest.mark.parametrize("text", ["Ada", "1+1=2", "2026-11-24", "", "招商引资", "(555) 12"])
def test_other_text_stays_as_it_is(text):
    assert exports.neutralised(text) == text


def test_the_csv_has_every_answer_and_no_formula(desk):
    inquiry = stored_inquiry(
        name="=HYPERLINK(1)", phone="+44 20 7946 0000", message="@SUM(1)\n四会", organisation="-x"
    )
    response = run_action(desk, "export_csv", inquiry)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    row = dict(zip(table[0], table[1], strict=True))
    assert row["reference"] == inquiry.reference
    assert row["name"] == "'=HYPERLINK(1)"
    assert row["telephone"] == "'+44 20 7946 0000"
    assert row["message"] == "'@SUM(1)\n四会"
    assert not [cell for cell in table[1] if cell.startswith(exports.DANGEROUS)]


def test_the_xlsx_holds_text_only(desk):
    inquiry = stored_inquiry(name="=1+1", message="Bell \x07 and\nlines", phone="0086 758 1")
    response = run_action(desk, "export_xlsx", inquiry)
    sheet = load_workbook(io.BytesIO(response.content)).active
    header, row = [list(line) for line in sheet.iter_rows()]
    assert len(header) == len(row) == len(exports.header())
    assert {cell.data_type for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    values = dict(zip([cell.value for cell in header], [cell.value for cell in row], strict=True))
    assert (values["name"], values["telephone"]) == ("'=1+1", "0086 758 1")


def test_a_table_costs_one_query(django_assert_num_queries):
    for _number in range(3):
        stored_inquiry(InquiryContext(park=ParkFactory()))
    with django_assert_num_queries(1):
        assert len(list(exports.rows(Inquiry.objects.all()))) == 3
