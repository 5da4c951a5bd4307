"""Figures: medians with their number, shares, stages; who sees what; files; the printed month."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from inquiries.choices import CloseReason, Kind, Status
from inquiries.events import note_event
from inquiries.figures import Period, Summary, figures, month_of, percent, percentile
from inquiries.models import Inquiry, InquiryEvent, MysteryShop
from inquiries.privacy import erase
from inquiries.working_days import deadline
from tests.factories import ParkFactory
from tests.staff.people import member

pytestmark = pytest.mark.django_db

PAGE = "/admin/inquiries/inquiry/figures/"
REPORT = "/admin/inquiries/inquiry/figures/report/"


def somebody(*codenames: str, username: str = "officer"):
    user = member(username=username)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="inquiries", codename__in=codenames)
    )
    return user


@pytest.fixture
def chief():
    return somebody("view_inquiry", "oversee_inquiry", username="chief")


def inquiry_with(*, hours: float | None = None, days_ago: int = 7, **values) -> Inquiry:
    """Received at 10:10 on a working day, answered after so many hours."""
    sent = timezone.now() - timedelta(days=days_ago)
    number = Inquiry.objects.count()
    return Inquiry.objects.create(
        **{
            "reference": f"INQ-{number}",
            "submission_key": f"key-{number}",
            "created_at": sent,
            "due_at": deadline(sent, 1),
            "first_reply_at": None if hours is None else sent + timedelta(hours=hours),
            "language": "en",
            "name": "Ada",
            "subject": "invest",
            "message": "x",
            **values,
        }
    )


def last_weeks() -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=30), today)


def row(tables: list, title: str, label: str) -> Summary:
    return next(
        item
        for table in tables
        if table.title == title
        for item in table.rows
        if item.label == label
    )


def test_the_median_stands_with_its_number(chief):
    for hours in (1, 2, 6):
        inquiry_with(hours=hours)
    inquiry_with(hours=None)
    total = figures(last_weeks(), chief).total
    assert (total.received, total.answers, total.median_hours) == (4, 3, 2.0)
    assert total.slow_hours is None
    assert (total.in_time, total.judged, total.past_due) == (75, 4, 1)


def test_hours_are_working_hours(chief):
    """Tuesday 10:10 to Thursday 10:10 are 18 hours of work."""
    inquiry_with(hours=48)
    assert figures(last_weeks(), chief).total.median_hours == 18.0


def test_the_slow_tenth_is_shown_from_ten_answers_on(chief):
    for number in range(10):
        inquiry_with(hours=1 if number < 9 else 7)
    total = figures(last_weeks(), chief).total
    assert total.slow_hours == 1.0
    assert percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 90) == 10
    assert percent(1, 0) is None


def test_tests_quarantine_and_other_days_do_not_count(chief):
    inquiry_with(hours=1, is_synthetic=True)
    inquiry_with(hours=1, status=Status.SPAM)
    inquiry_with(hours=1, days_ago=40)
    assert figures(last_weeks(), chief).total.received == 0


def test_it_is_cut_by_officer_kind_park_source_and_language(chief):
    park = ParkFactory(name_en="Lingang")
    owner = somebody(username="mei")
    inquiry_with(hours=2, park=park, assigned_to=owner, kind=Kind.PRESS, channel="phone")
    inquiry_with(hours=4, language="zh-hans")
    tables = figures(last_weeks(), chief).tables
    assert row(tables, "By officer", "mei").median_hours == 2.0
    assert row(tables, "By officer", "Nobody yet").received == 1
    assert row(tables, "By kind", "Press").answers == 1
    assert row(tables, "By park", "Lingang").answers == 1
    assert row(tables, "By park", "No park named").answers == 1
    assert row(tables, "By source", "Telephone").answers == 1
    assert row(tables, "By language", "Simplified Chinese").median_hours == 4.0


def test_officers_see_themselves_and_the_totals(chief):
    officer = somebody("view_inquiry")
    inquiry_with(hours=1, assigned_to=officer)
    inquiry_with(hours=1, assigned_to=chief)
    seen = figures(last_weeks(), officer)
    assert seen.total.received == 2
    assert [item.label for item in seen.tables[0].rows] == ["officer"]
    assert len(figures(last_weeks(), chief).tables[0].rows) == 2


def test_stages_count_how_far_each_came_at_any_time(chief):
    came_far = inquiry_with(hours=1, status=Status.CLOSED, close_reason=CloseReason.NO_REPLY)
    for stage in ("screened", "contacted"):
        note_event(came_far, InquiryEvent.Kind.STATUS, text=stage)
    inquiry_with(hours=1, status=Status.VISIT)
    inquiry_with(hours=1)
    inquiry_with(hours=1, kind=Kind.PRESS)
    steps = {step.label: step for step in figures(last_weeks(), chief).steps}
    assert steps["New"].count == 3
    assert steps["Contacted"].count == 2
    assert steps["Dialogue" if "Dialogue" in steps else "In dialogue"].count == 1
    assert (steps["Site visit"].count, steps["Negotiation"].count) == (1, 0)
    assert (steps["Contacted"].share, steps["In dialogue"].of_previous) == (67, 50)
    assert steps["Contract signed"].of_previous is None


def test_reasons_name_where_it_went_but_not_of_what_is_confidential(chief):
    closed = {"status": Status.CLOSED, "close_reason": CloseReason.LOST}
    inquiry_with(lost_to="Foshan", **closed)
    inquiry_with(lost_to="Jiangmen", is_confidential=True, code_name="Heron", **closed)
    assert figures(last_weeks(), chief).reasons == [("Went elsewhere", 2)]
    assert dict(figures(last_weeks(), chief).lost_to) == {"Foshan": 1, "Jiangmen": 1}
    assert figures(last_weeks(), somebody("view_inquiry")).lost_to == [("Foshan", 1)]


def test_an_erasure_changes_no_figure(chief):
    park = ParkFactory()
    for stage in (Status.ANSWERED, Status.LANDED, Status.SIGNED):
        inquiry = inquiry_with(hours=3, status=stage, park=park, assigned_to=chief)
        note_event(inquiry, InquiryEvent.Kind.STATUS, text="screened")
    lost = inquiry_with(
        hours=2, status=Status.CLOSED, close_reason=CloseReason.LOST, lost_to="Foshan"
    )
    before = figures(last_weeks(), chief)
    for inquiry in Inquiry.objects.all():
        erase(inquiry)
    lost.refresh_from_db()
    assert lost.erased_at
    assert figures(last_weeks(), chief) == before


def test_figures_cost_the_same_for_one_and_many(chief):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures(last_weeks(), chief)
        return len(captured)

    inquiry_with(hours=1, park=ParkFactory(), assigned_to=chief)
    queries()  # permissions are read once
    before = queries()
    for number in range(3):
        officer = somebody(username=f"officer-{number}")
        inquiry_with(hours=1, park=ParkFactory(), assigned_to=officer)
    assert queries() == before <= 5


# --- the page


def test_the_page_shows_it_and_offers_periods(client, chief):
    client.force_login(chief)
    for hours in (1, 2, 6):
        inquiry_with(hours=hours)
    page = client.get(PAGE).content.decode()
    for words in ("working hours, of 3 answers", "By officer", "Last 30 days", "How far investors"):
        assert words in page


def test_days_can_be_chosen_and_wrong_ones_are_named(client, chief):
    client.force_login(chief)
    inquiry_with(hours=1, days_ago=200)
    first = (timezone.localdate() - timedelta(days=201)).isoformat()
    assert "of 1 answer<" in client.get(PAGE, {"first": first}).content.decode()
    page = client.get(PAGE, {"first": "2026-11-20", "last": "2026-11-01"}).content.decode()
    assert "The first day is after the last." in page
    assert client.get(PAGE, {"first": "x", "last": "' OR 1=1"}).status_code == 200


def test_tables_can_be_taken_away(client, chief):
    client.force_login(chief)
    inquiry_with(hours=2, status=Status.CLOSED, close_reason=CloseReason.LOST, lost_to="=1+1")
    content = client.get(PAGE, {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0][:3] == ["table", "row", "inquiries"]
    assert rows[1][:5] == ["", "All", "1", "1", "2.0"]
    assert ["Lost to", "'=1+1", "1"] in [row[:3] for row in rows]
    assert {len(row) for row in rows} == {9}
    book = load_workbook(io.BytesIO(client.get(PAGE, {"format": "xlsx"}).content))
    assert book.active["B2"].value == "All"


@pytest.mark.parametrize("page", [PAGE, REPORT])
def test_only_who_may_read_inquiries_sees_figures(client, page):
    assert client.get(page).status_code == 302
    client.force_login(somebody())
    assert client.get(page).status_code == 403
    client.force_login(somebody("view_inquiry", username="reader"))
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 405


def test_the_report_is_of_the_month_before_and_of_any_other(client, chief):
    client.force_login(chief)
    assert "October 2026" in client.get(REPORT).content.decode()
    page = client.get(REPORT, {"month": "2026-11"}).content.decode()
    assert "November 2026" in page
    assert "The month is not over." in page
    assert client.get(REPORT, {"month": "soon"}).status_code == 200


def test_a_month_has_all_its_days():
    assert month_of(date(2026, 12, 5)) == Period(date(2026, 12, 1), date(2026, 12, 31))
    assert month_of(date(2028, 2, 29)).last == date(2028, 2, 29)


def test_judged_tests_are_shown_and_others_kept_quiet(client, chief):
    client.force_login(chief)
    test = inquiry_with(is_synthetic=True)
    shop = MysteryShop.objects.create(month=date(2026, 10, 1), inquiry=test)
    assert "Mystery shopping, of five" not in client.get(PAGE).content.decode()
    for name in MysteryShop.QUESTIONS:
        setattr(shop, name, name != "named")
    shop.scored_at = timezone.now()
    shop.save()
    page = client.get(PAGE).content.decode()
    assert "2026-10" in page
    assert 'value="4"' in page


def test_the_page_costs_the_same_for_one_and_many(client, chief):
    client.force_login(chief)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    inquiry_with(hours=1, park=ParkFactory(), assigned_to=chief)
    queries()
    before = queries()
    for _number in range(3):
        inquiry_with(hours=1, park=ParkFactory(), assigned_to=chief)
    assert queries() == before


def test_addresses_are_those_of_the_desk():
    assert reverse("admin:inquiries_figures") == PAGE
    assert reverse("admin:inquiries_report") == REPORT
