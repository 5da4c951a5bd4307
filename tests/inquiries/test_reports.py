"""Reporting an error: at the foot of every page, tracked, answered in three working days."""

import time
from datetime import date

import pytest
from django.core import mail

from core.models import BlockedSender
from inquiries import consent
from inquiries.models import Inquiry
from inquiries.reports import ReportForm
from inquiries.status_page import status_address
from tests.factories import (
    CitationFactory,
    PageFactory,
    ParkFactory,
    SourceFactory,
    StatisticFactory,
    TransportLinkFactory,
)
from tests.inquiries.samples import cluster_desk
from tests.reading import LANGUAGES, queries, soup, text

pytestmark = pytest.mark.django_db

REPORT = "/en/report/"


def answers(**changes):
    return {
        "page": "/en/parks/",
        "figure": "Planned area: 76 km²",
        "message": "The statute says 67.",
        "email": "ada@example.com",
        "website": "",
        "guard_token": ReportForm.new_token(at=time.time() - 60),
        "consent_version": consent.CURRENT,
        **changes,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_leads_to_the_form(client, language):
    for path in ("", "parks/", "contact/", "inquiry/", "nowhere/"):
        page = soup(client.get(f"/{language}/{path}"))
        assert page.footer.find("a", href=f"/{language}/report/"), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_from_which_one_comes_is_filled_in(client, language):
    referer = f"http://testserver/{language}/parks/?page=2"
    response = client.get(f"/{language}/report/", headers={"referer": referer})
    assert soup(response).find("input", {"name": "page"})["value"] == f"/{language}/parks/"


def figure_shown(client, address: str) -> str:
    return soup(client.get(address)).find("input", {"name": "figure"}).get("value", "")


def test_every_figure_of_a_park_leads_to_the_form_with_its_own_words(client):
    park = ParkFactory(slug="lingang", planned_area=47_330_000)
    CitationFactory(record=park, field="planned_area")
    TransportLinkFactory(park=park, name_en="Port of Zhaoqing", source=SourceFactory())
    links = soup(client.get("/en/parks/lingang/")).select(".source__body a[href*=report]")
    assert [link["rel"] for link in links] == [["nofollow"]] * 2
    assert len({link.get_text() for link in links}) == 2
    shown = [figure_shown(client, link["href"]) for link in links]
    assert shown == ["Planned area: 47.33 km²", "Port of Zhaoqing"]


def test_every_statistic_leads_to_the_form_with_place_and_period(client):
    statistics = [StatisticFactory(period_start=date(year, 1, 1)) for year in (2021, 2022)]
    links = soup(client.get("/en/statistics/")).select(".source__body a[href*=report]")
    shown = {figure_shown(client, link["href"]) for link in links}
    assert shown == {
        f"{row.indicator.name}, {row.place.name}, {row.period_end.year}" for row in statistics
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("%20Planned%0aarea%07:%2076%20", "Planned area: 76"),
        ("x" * 300, "x" * 200),
        ("%22%3E%3Csvg%3E", '"><svg>'),
        ("", ""),
    ],
)
def test_whatever_the_address_names_is_one_line_of_text(client, query, shown):
    assert figure_shown(client, f"{REPORT}?figure={query}") == shown


@pytest.mark.parametrize(
    "referer",
    ["http://elsewhere.example/en/parks/", "http://testserver/en/inquiry/status/?r=x", "http://["],
)
def test_other_hosts_and_private_pages_are_not_carried_in(client, referer):
    response = client.get(REPORT, headers={"referer": referer})
    assert soup(response).find("input", {"name": "page"}).get("value", "") == ""


def test_a_report_is_stored_mailed_and_tracked(client):
    cluster_desk()
    answer = client.post(REPORT, answers())
    assert answer.status_code == 303
    report = Inquiry.objects.get()
    assert (report.kind, report.page, report.figure) == (
        "report",
        "/en/parks/",
        "Planned area: 76 km²",
    )
    assert (report.name, report.country.code) == ("", None) or report.country.code == ""
    # Tuesday morning; three working days later.
    assert report.due_at.strftime("%Y-%m-%d") == "2026-11-27"
    receipt = text(client.get(answer["Location"]))
    assert "Your report has arrived" in receipt
    assert "3 working days" in receipt
    assert "Planned area: 76 km²" in receipt
    tracked = text(client.get(status_address(report)))
    assert "We have your report" in tracked
    assert {message.to[0] for message in mail.outbox} == {"ada@example.com", "cluster@example.org"}
    assert "Dear reader," in next(m.body for m in mail.outbox if m.to == ["ada@example.com"])


def test_without_an_address_only_the_desk_is_written_to(client):
    cluster_desk()
    answer = client.post(REPORT, answers(email=""))
    assert [message.to for message in mail.outbox] == [["cluster@example.org"]]
    assert "You gave no e-mail address" in text(client.get(answer["Location"]))


def test_sent_twice_it_is_stored_once(client):
    sent = answers()
    assert client.post(REPORT, sent)["Location"] == client.post(REPORT, sent)["Location"]
    assert Inquiry.objects.count() == 1


def test_a_blocked_sender_gets_the_same_receipt_and_nobody_a_mail(client):
    BlockedSender.objects.create(kind=BlockedSender.Kind.EMAIL, value="ada@example.com")
    answer = client.post(REPORT, answers())
    assert Inquiry.objects.get().status == Inquiry.Status.SPAM
    assert "Your report has arrived" in text(client.get(answer["Location"]))
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"message": ""}, "Write what is wrong"),
        ({"email": "ada@"}, "Write an e-mail address"),
        ({"figure": "x" * 201}, "Shorten it"),
        ({"consent_version": "2020-01"}, "have changed"),
        ({"website": "x"}, "people cannot see"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, changes, words):
    response = client.post(REPORT, answers(**changes))
    assert response.status_code == 422
    assert words in text(response)
    kept = soup(response).find("input", {"name": "page"})["value"]
    assert kept == "/en/parks/"
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("https://example.org/en/parks/?x=1", "/en/parks/"),
        ("http://[", ""),
        ("", ""),
        ("the home page", ""),
    ],
)
def test_only_a_path_is_kept_of_the_page(client, page, kept):
    client.post(REPORT, answers(page=page))
    assert Inquiry.objects.get().page == kept


def test_other_methods_are_refused(client):
    assert client.put(REPORT).status_code == 405


def test_search_engines_leave_the_form_out(client):
    response = client.get(REPORT)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"].count("no-store") == 1


def test_it_costs_few_queries(client):
    PageFactory(slug="privacy")
    assert len(queries(client, REPORT)) <= 4
