"""The board, moving a card, and views that are kept under a name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from inquiries.desk import board as board_page
from inquiries.models import Inquiry, SavedView
from inquiries.services import InquiryContext
from tests.factories import IndustryFactory, ParkFactory, ProjectFactory
from tests.inquiries.samples import stored_inquiry
from tests.staff.people import member

pytestmark = pytest.mark.django_db

BOARD = "/admin/inquiries/inquiry/board/"
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def officer():
    return member("Inquiry officer")


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def page_of(response) -> str:
    return response.content.decode()


def column(response, stage: str):
    return next(one for one in response.context["columns"] if one.stage == stage)


def move(desk, inquiry: Inquiry, stage: str, **data):
    address = reverse("admin:inquiries_move", args=[inquiry.pk])
    return desk.post(address, {"stage": stage, **data}, follow=True)


def fresh(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def test_the_board_shows_investors_by_stage(desk, clock):
    inquiry = stored_inquiry(
        InquiryContext(park=ParkFactory(name_en="Lingang")), organisation="Analytical Engines"
    )
    clock.shift(timedelta(days=3))
    desk.force_login(member("Inquiry officer", username="later"))
    answer = desk.get(BOARD)
    page = page_of(answer)
    assert next(one.stage for one in answer.context["columns"]) == "new"
    assert column(answer, "new").count == 1
    for words in (inquiry.reference, "A… E…", "United Kingdom", "Lingang", "No owner", "Overdue"):
        assert words in page
    assert "Analytical" not in page
    assert "Lovelace" not in page


@pytest.mark.parametrize("subject", ["press", "citizen", "supplier"])
def test_nobody_else_is_on_the_board(desk, subject):
    inquiry = stored_inquiry(subject=subject)
    assert inquiry.reference not in page_of(desk.get(BOARD))
    move(desk, inquiry, "nurture")
    inquiry.refresh_from_db()
    assert inquiry.status == "new"


def test_the_months_test_is_on_the_board_of_officers_not_of_the_chief(client, officer):
    inquiry = stored_inquiry()
    Inquiry.objects.update(is_synthetic=True)
    client.force_login(officer)
    assert inquiry.reference in page_of(client.get(BOARD))
    client.force_login(member("Chief of inquiries"))
    assert inquiry.reference not in page_of(client.get(BOARD))


@pytest.mark.parametrize(
    "values",
    [
        {"status": "spam"},
        {"is_confidential": True, "code_name": "Heron"},
    ],
)
def test_quarantine_and_what_is_confidential_are_not_on_the_board(desk, values):
    inquiry = stored_inquiry()
    Inquiry.objects.update(**values)
    answer = desk.get(BOARD)
    assert inquiry.reference not in page_of(answer)
    assert column(answer, "new").count == 0


def test_the_owner_sees_the_code_name_of_what_is_confidential(desk, officer):
    stored_inquiry(organisation="Analytical Engines")
    Inquiry.objects.update(is_confidential=True, code_name="Heron", assigned_to=officer)
    page = page_of(desk.get(BOARD))
    assert "Heron" in page
    assert "Analytical" not in page


def test_a_card_is_moved_when_its_gate_is_open(desk, officer):
    inquiry = stored_inquiry()
    asked = move(desk, inquiry, "screened", query="country=GB&evil=1")
    assert list(asked.context["form"].fields) == ["role", "industry"]
    assert fresh(inquiry).status == "new"
    Inquiry.objects.update(role="decides", industry=IndustryFactory())
    answer = move(desk, inquiry, "screened", query="country=GB&evil=1")
    assert answer.redirect_chain[-1][0] == f"{BOARD}?country=GB"
    inquiry.refresh_from_db()
    assert inquiry.status == "screened"
    assert inquiry.events.get(kind="status").actor == officer


def test_what_a_gate_needs_is_asked_for_and_kept(desk):
    inquiry, industry = stored_inquiry(), IndustryFactory()
    given = {"apply": "1", "role": "decides", "industry": industry.pk, "query": "country=GB"}
    answer = move(desk, inquiry, "screened", **given)
    assert answer.redirect_chain[-1][0] == f"{BOARD}?country=GB"
    found = fresh(inquiry)
    assert (found.status, found.role, found.industry) == ("screened", "decides", industry)
    assert found.events.get(kind="details").text == "role industry"


def test_a_card_is_closed_with_its_reason(desk):
    inquiry = stored_inquiry()
    asked = move(desk, inquiry, "closed")
    assert list(asked.context["form"].fields) == ["close_reason", "lost_to"]
    assert "Needed for this stage" not in page_of(asked)
    assert fresh(inquiry).status == "new"
    move(desk, inquiry, "closed", apply="1", close_reason="no_reply")
    found = fresh(inquiry)
    assert (found.status, found.close_reason, bool(found.closed_at)) == ("closed", "no_reply", True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "This field is required."),
        ({"close_reason": "lost"}, "Needed for this stage."),
        ({"close_reason": "bored"}, "Select a valid choice."),
        ({"close_reason": "lost", "lost_to": "x" * 121}, "at most 120 characters"),
    ],
)
def test_a_card_is_not_closed_without_its_reason(desk, given, words):
    inquiry = stored_inquiry()
    answer = move(desk, inquiry, "closed", apply="1", **given)
    assert answer.status_code == 422
    assert words in page_of(answer)
    assert fresh(inquiry).status == "new"


def test_a_lost_card_says_to_whom(desk):
    inquiry = stored_inquiry()
    move(desk, inquiry, "closed", apply="1", close_reason="lost", lost_to="Foshan")
    assert (fresh(inquiry).status, fresh(inquiry).lost_to) == ("closed", "Foshan")


def test_a_card_is_kept_in_touch_without_a_question(desk):
    inquiry = stored_inquiry()
    assert move(desk, inquiry, "nurture").redirect_chain[-1][0] == BOARD
    assert fresh(inquiry).status == "nurture"


def test_what_no_field_can_answer_is_said_with_the_way_to_the_form(desk):
    project = ProjectFactory()
    inquiry = stored_inquiry(InquiryContext(park=ParkFactory()))
    Inquiry.objects.update(role="decides", industry=IndustryFactory(), signed_project=project)
    page = page_of(move(desk, inquiry, "landed"))
    assert "milestone “In production”" in page
    assert fresh(inquiry).status == "new"


def test_a_card_that_stands_there_already_asks_nothing(desk):
    inquiry = stored_inquiry()
    Inquiry.objects.update(status="closed", close_reason="answered")
    assert move(desk, inquiry, "closed").redirect_chain[-1][0] == BOARD


@pytest.mark.parametrize("stage", ["", "nowhere", "spam", "answered"])
def test_a_card_goes_to_no_stage_that_is_not_on_the_board(desk, stage):
    inquiry = stored_inquiry()
    assert "Choose a stage." in page_of(move(desk, inquiry, stage))
    inquiry.refresh_from_db()
    assert inquiry.status == "new"


def test_moving_is_for_those_who_may_change(client, officer):
    inquiry = stored_inquiry()
    address = reverse("admin:inquiries_move", args=[inquiry.pk])
    client.force_login(member("Editor"))
    assert client.get(BOARD).status_code == 403
    assert client.post(address, {"stage": "nurture"}).status_code == 403
    client.force_login(officer)
    assert client.get(address).status_code == 405
    Inquiry.objects.update(is_confidential=True, code_name="Heron")
    assert client.post(address, {"stage": "nurture"}).status_code == 404


def test_a_move_from_another_site_is_refused(client_with_csrf, officer):
    inquiry = stored_inquiry()
    client_with_csrf.force_login(officer)
    address = reverse("admin:inquiries_move", args=[inquiry.pk])
    assert client_with_csrf.post(address, {"stage": "nurture"}).status_code == 403


def test_the_board_is_narrowed_and_leads_to_the_same_list(desk, monkeypatch):
    monkeypatch.setattr(board_page, "CARDS_SHOWN", 1)
    first, second = stored_inquiry(), stored_inquiry(message="Another", country="DE")
    third = stored_inquiry(message="A third")
    answer = desk.get(BOARD, {"country": "GB"})
    cards = [card.inquiry for card in column(answer, "new").cards]
    assert (column(answer, "new").count, cards) == (2, [third])
    assert "All 2" in page_of(answer)
    listed = page_of(desk.get(column(answer, "new").address))
    assert first.reference in listed
    assert second.reference not in listed


@pytest.mark.parametrize("address", [{"park": "x"}, {"assigned": "x"}, {"clock": "x"}])
def test_nonsense_in_the_address_breaks_nothing(desk, address):
    stored_inquiry()
    assert desk.get(BOARD, address).status_code == 200
    assert desk.get(LIST, address).status_code == 200


def test_the_board_costs_the_same_with_one_and_with_three(desk, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as captured:
            desk.get(BOARD)
        return len(captured)

    stored_inquiry(InquiryContext(park=ParkFactory()))
    queries()
    one = queries()
    for number in range(2):
        stored_inquiry(InquiryContext(park=ParkFactory()), message=f"Text {number}")
    assert queries() == one


# --- saved views


def keep(desk, **data):
    return desk.post(reverse("admin:inquiries_view_save"), {"query": "kind=press", **data})


def test_a_view_is_kept_shown_and_thrown_away(desk, officer):
    answer = keep(desk, name="Press", query="kind=press&evil=1&p=3", page="admin:inquiries_board")
    assert answer.url == f"{BOARD}?kind=press"
    view = SavedView.objects.get()
    assert (view.user, view.query, view.is_shared) == (officer, "kind=press", False)
    assert f'href="{LIST}?kind=press"' in page_of(desk.get(LIST))
    assert f'href="{BOARD}?kind=press"' in page_of(desk.get(BOARD))
    desk.post(reverse("admin:inquiries_view_delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_same_name_again_replaces_the_view(desk):
    keep(desk, name="Mine")
    keep(desk, name="Mine", query="kind=citizen", is_shared="on")
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("kind=citizen", True)


@pytest.mark.parametrize("data", [{"name": ""}, {"name": "x", "query": ""}, {"name": "x" * 61}])
def test_a_view_needs_a_name_and_a_filter(desk, data):
    keep(desk, **data)
    assert not SavedView.objects.exists()


def test_only_shared_views_are_seen_by_others_and_only_own_ones_go(client, officer):
    colleague = member("Inquiry officer", username="colleague")
    own = SavedView.objects.create(user=colleague, name="Hidden view", query="kind=press")
    SavedView.objects.create(user=colleague, name="Open view", query="kind=citizen", is_shared=True)
    client.force_login(officer)
    page = page_of(client.get(LIST))
    assert "Open view" in page
    assert "Hidden view" not in page
    address = reverse("admin:inquiries_view_delete", args=[own.pk])
    assert client.post(address).status_code == 404
    assert client.get(address).status_code == 405
    client.force_login(member("Editor"))
    assert client.post(address).status_code == 403
