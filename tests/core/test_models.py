"""Who runs the portal, whom to ask, and where figures come from."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from core.models import Citation, SiteSettings
from core.partial_dates import PartialDate
from core.provenance import FactState, ValueKind
from parks.models import Park
from tests.factories import CitationFactory, ContactFactory, ParkFactory, SourceFactory
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db


def test_an_empty_portal_makes_its_settings_by_itself():
    site = SiteSettings.current()

    assert site.name
    assert site.response_days == 1
    assert SiteSettings.objects.count() == 1


def test_settings_come_with_their_contact_in_one_query(django_assert_num_queries):
    site = SiteSettings.current()
    site.contact = ContactFactory(organisation_en="Bureau")
    site.save()

    with django_assert_num_queries(1):
        assert SiteSettings.current().contact.organisation_en == "Bureau"


def test_settings_outlive_their_contact():
    site = SiteSettings.current()
    site.contact = ContactFactory()
    site.save()

    site.contact.delete()

    assert SiteSettings.current().contact is None


@pytest.mark.parametrize("days", [0, 31])
def test_the_response_promise_is_between_one_day_and_thirty(days):
    site = SiteSettings.current()
    site.response_days = days

    with pytest.raises(ValidationError) as refusal:
        site.full_clean()

    assert "response_days" in refusal.value.message_dict


@pytest.mark.parametrize(
    "ways", [{"phone": "0086-758-3611228", "email": ""}, {"phone": "", "email": "a@example.org"}]
)
def test_a_contact_needs_one_way_to_be_reached(ways):
    assert_accepted(ContactFactory.build(**ways))


def test_a_contact_that_cannot_be_reached_is_refused():
    assert_refused(
        ContactFactory.build(phone="", email=""), "Give a telephone number or an e-mail address."
    )


@pytest.mark.parametrize(
    ("phone", "dial"),
    [
        ("0086-758-3611228", "+867583611228"),
        ("+86 758 361 1228", "+867583611228"),
        ("(0758) 361-1228", "07583611228"),
        ("", ""),
    ],
)
def test_a_number_can_be_dialled(phone, dial):
    assert ContactFactory.build(phone=phone).dial == dial


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"organisation_en": "Bureau", "desk_en": "Foreign desk"}, "Bureau, Foreign desk"),
        ({"organisation_en": "Bureau"}, "Bureau"),
    ],
)
def test_a_contact_is_called_by_office_and_desk(values, name):
    assert str(ContactFactory.build(**values)) == name


def test_a_source_with_an_address_may_be_linked():
    source = SourceFactory.build(url="https://example.org/report", may_link=True)

    assert_accepted(source)
    assert source.link == "https://example.org/report"


def test_a_source_that_may_not_be_linked_gives_no_address():
    assert SourceFactory.build(url="https://example.org/", may_link=False).link == ""


def test_a_linked_source_without_address_is_refused():
    assert_refused(
        SourceFactory.build(may_link=True, url=""), "A source that may be linked needs an address."
    )


def test_a_source_key_is_used_once():
    SourceFactory(key="report")

    assert_refused(SourceFactory.build(key="report"), "Source with this Key already exists.")


@pytest.mark.parametrize(
    ("title", "name"), [("Report 2022", "Bureau: Report 2022"), ("", "Bureau")]
)
def test_a_source_is_called_by_publisher_and_title(title, name):
    assert str(SourceFactory.build(publisher_en="Bureau", title_en=title)) == name


def test_a_source_that_is_cited_cannot_be_deleted():
    citation = CitationFactory(record=ParkFactory(), field="planned_area")

    with pytest.raises(ProtectedError):
        citation.source.delete()


def test_a_field_has_one_source():
    park = ParkFactory()
    CitationFactory(record=park, field="planned_area")

    assert_refused(
        CitationFactory.build(record=park, field="planned_area", source=SourceFactory()),
        "This field already has a source.",
    )
    assert_accepted(
        CitationFactory.build(record=park, field="developed_area", source=SourceFactory())
    )


def test_citations_go_with_their_record():
    citation = CitationFactory(record=ParkFactory(), field="planned_area")

    citation.record.delete()

    assert not Citation.objects.exists()


def test_a_record_knows_the_source_of_each_field():
    park = ParkFactory()
    citation = CitationFactory(
        record=park, field="planned_area", as_of=PartialDate(2022, 9), kind=ValueKind.TARGET
    )

    assert park.citation_for("planned_area") == citation
    assert park.citation_for("developed_area") is None


@pytest.mark.parametrize(
    ("field", "name"),
    [("planned_area", "planned area"), ("summary", "summary"), ("gone_since", "gone_since")],
)
def test_a_citation_is_called_after_its_field_and_source(field, name):
    source = SourceFactory(publisher_en="Daily", title_en="Nine months")
    citation = CitationFactory(record=ParkFactory(), source=source, field=field)

    assert str(citation) == f"{name}: Daily: Nine months"


def test_citations_of_many_records_are_read_with_one_query(django_assert_num_queries):
    for _number in range(3):
        CitationFactory(record=ParkFactory(), field="planned_area")

    with django_assert_num_queries(2):
        names = [
            park.citation_for("planned_area").source.publisher_en
            for park in Park.objects.with_citations()
        ]

    assert names == ["Bureau of Statistics"] * 3


def test_the_review_is_due_so_many_days_after_the_verification():
    citation = CitationFactory(
        record=ParkFactory(), field="area", verified_on=date(2026, 1, 1), review_every_days=90
    )

    assert citation.review_due == date(2026, 4, 1)


@pytest.mark.parametrize(
    "values", [{"verified_on": date(2026, 1, 1)}, {"review_every_days": 90}, {}]
)
def test_without_verification_or_interval_no_review_is_due(values):
    citation = CitationFactory(record=ParkFactory(), field="area", **values)

    assert citation.review_due is None
    assert citation.state() is FactState.CURRENT


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-03-01", FactState.CURRENT),
        ("2026-03-02", FactState.DUE),
        ("2026-04-01", FactState.DUE),
        ("2026-04-02", FactState.OVERDUE),
    ],
)
def test_a_figure_is_due_thirty_days_before_and_overdue_after_its_review(today, state):
    citation = CitationFactory(
        record=ParkFactory(), field="area", verified_on=date(2026, 1, 1), review_every_days=90
    )

    with time_machine.travel(f"{today}T04:00:00+00:00", tick=False):
        assert citation.state() is state


def test_today_is_the_day_in_zhaoqing():
    citation = CitationFactory(
        record=ParkFactory(), field="area", verified_on=date(2026, 1, 1), review_every_days=90
    )

    with time_machine.travel("2026-04-01T17:00:00+00:00", tick=False):
        assert citation.state() is FactState.OVERDUE
