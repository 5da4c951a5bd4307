"""Personal data goes when its time is over, once, and no figure changes by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from inquiries import consent, daily, retention
from inquiries.checks import check_retention
from inquiries.choices import Kind, Status
from inquiries.models import DataRequest, InboundMail, Inquiry
from inquiries.retention import due_for_erasure, months_before, purge
from tests.inquiries.samples import stored_inquiry
from tests.reading import LANGUAGES

pytestmark = pytest.mark.django_db


def inquiry_of(kind: Kind, months: int, *, days: int = 1, **values) -> Inquiry:
    """An inquiry whose last event was ``days`` more than ``months`` ago."""
    inquiry = stored_inquiry()
    last = months_before(timezone.now(), months) - timedelta(days=days)
    Inquiry.objects.filter(pk=inquiry.pk).update(kind=kind, last_event_at=last, **values)
    inquiry.refresh_from_db()
    return inquiry


def erased() -> set[int]:
    return set(Inquiry.objects.exclude(erased_at=None).values_list("pk", flat=True))


@pytest.mark.parametrize(("kind", "months"), retention.MONTHS.items())
def test_each_kind_is_kept_as_long_as_the_table_says(kind, months):
    over = inquiry_of(kind, months)
    inquiry_of(kind, months, days=-1)
    assert purge()[kind] == 1
    assert erased() == {over.pk}
    assert DataRequest.objects.get().kind == DataRequest.Kind.RETENTION


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_kind_is_kept_longer_than_the_sender_was_told(language):
    words = consent.consent_text(consent.CURRENT, language)
    told = [int(number) for number in re.findall(r"\d+", words)]
    assert set(retention.MONTHS) == set(Kind)
    assert told == sorted(set(retention.MONTHS.values()), reverse=True)


def test_words_that_somebody_agreed_to_stay_as_they_were():
    texts = {version: consent.consent_text(version, "en") for version in consent.CONSENT_TEXTS}
    assert "kept for 24 months" in texts["2026-11"]
    assert "news goes only" in texts["2026-11b"]
    assert "at most 12" in texts["2026-11c"]


def test_a_setting_changes_single_kinds(settings):
    settings.RETENTION_MONTHS = ["press=6"]
    over = inquiry_of(Kind.PRESS, 6)
    inquiry_of(Kind.CITIZEN, 6)
    purge()
    assert erased() == {over.pk}


@pytest.mark.parametrize(
    "pairs", [["press=13"], ["investor=25"], ["press=0"], ["press"], ["queen=6"]]
)
def test_a_setting_that_makes_no_sense_is_refused(pairs):
    with pytest.raises(ValueError, match=r"."):
        retention.parse_months(pairs)


def test_purged_twice_is_purged_once():
    inquiry_of(Kind.PRESS, 12)
    assert sum(purge().values()) == 1
    assert sum(purge().values()) == 0
    assert DataRequest.objects.count() == 1


def test_what_was_added_after_an_erasure_goes_in_its_time():
    inquiry = inquiry_of(Kind.PRESS, 12)
    purge()
    Inquiry.objects.filter(pk=inquiry.pk).update(
        erased_at=months_before(timezone.now(), 30), message="Added later", email="a@example.com"
    )
    Inquiry.objects.filter(pk=inquiry.pk).update(last_event_at=months_before(timezone.now(), 13))
    assert purge()[Kind.PRESS] == 1
    inquiry.refresh_from_db()
    assert inquiry.message == ""


def test_quarantine_and_unfiled_mails_go_sooner():
    inquiry_of(Kind.INVESTOR, 3, status=Status.SPAM)
    InboundMail.objects.create(
        message_id="<1@x>", text="x", received_at=timezone.now() - timedelta(days=400)
    )
    counts = purge()
    assert (counts[retention.QUARANTINE], counts[retention.UNFILED]) == (1, 1)
    assert not InboundMail.objects.exists()


def test_the_command_counts_and_a_dry_run_erases_nothing(capsys):
    inquiry_of(Kind.PRESS, 12)
    call_command("purge_inquiries", "--dry-run")
    assert "press (kept 12 months): 1" in capsys.readouterr().out
    assert erased() == set()
    call_command("purge_inquiries")
    assert "1 erased" in capsys.readouterr().out
    assert len(erased()) == 1


def test_looking_for_what_is_over_costs_the_same_for_one_and_many(django_assert_num_queries):
    for _number in range(3):
        inquiry_of(Kind.PRESS, 12)
    with django_assert_num_queries(len(Kind) + 1):
        assert dict(due_for_erasure())[Kind.PRESS.value]


def test_the_worker_does_it_every_night():
    inquiry_of(Kind.PRESS, 12)
    daily.nightly.call()
    assert len(erased()) == 1
    at_noon = datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert daily.next_night(at_noon).isoformat() == "2026-11-25T03:30:00+08:00"
    at_one = datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert daily.next_night(at_one).isoformat() == "2026-11-24T03:30:00+08:00"


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-01", 24, "2024-12-01"),
        ("2028-02-29", 12, "2027-02-28"),
    ],
)
def test_months_are_counted_by_the_calendar(moment, months, expected):
    start = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert months_before(start, months).date().isoformat() == expected


def test_a_wrong_setting_is_found_at_the_start(settings):
    assert check_retention(None) == []
    settings.RETENTION_MONTHS = ["press=99"]
    assert [error.id for error in check_retention(None)] == ["inquiries.E001"]
