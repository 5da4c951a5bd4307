"""The inquiry form: what is asked, what is answered, what is stored."""

import re
import threading
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from core.models import SiteSettings
from inquiries import consent
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail
from tests.factories import ContactFactory, IndustryFactory, ParkFactory, ProjectFactory
from tests.inquiries.samples import FORM, answers, cluster_desk, token
from tests.reading import LANGUAGES, notices, queries, soup, text

pytestmark = pytest.mark.django_db


def test_an_inquiry_is_stored_mailed_and_acknowledged(client):
    cluster_desk()
    response = client.post(FORM, answers())
    inquiry = Inquiry.objects.get()

    assert response.status_code == 303
    assert response["Location"] == f"/en/inquiry/thanks/?r={inquiry.secret}"
    assert (inquiry.name, inquiry.email, inquiry.country.code) == (
        "Ada Lovelace",
        "ada@example.com",
        "GB",
    )
    assert inquiry.status == Inquiry.Status.NEW
    assert re.fullmatch(r"INQ-\d{4}-[2-9A-Z]{6}", inquiry.reference)
    assert inquiry.due_at > inquiry.created_at
    assert inquiry.events.filter(kind=InquiryEvent.Kind.RECEIVED, is_public=True).count() == 1
    assert {message.to[0] for message in mail.outbox} == {
        "ada@example.com",
        "cluster@example.org",
    }


def test_the_words_agreed_to_are_kept_by_version_and_language(client):
    client.post("/zh-hans/inquiry/", answers())
    inquiry = Inquiry.objects.get()
    assert (inquiry.consent_version, inquiry.consent_language) == (consent.CURRENT, "zh-hans")
    assert inquiry.consent_at == inquiry.created_at


def test_every_version_of_the_consent_has_every_language():
    for version, texts in consent.CONSENT_TEXTS.items():
        assert set(texts) == set(LANGUAGES), version


def test_optional_answers_are_stored_in_the_units_of_the_portal(client):
    industry = IndustryFactory(slug="batteries")
    client.post(
        FORM,
        answers(
            organisation="Analytical Engines Ltd",
            phone="+44 20 7946 0000",
            industry="batteries",
            investment_band="100m_500m",
            land_amount="1.5",
            land_unit="hectare",
            start="year",
        ),
    )
    inquiry = Inquiry.objects.get()
    assert inquiry.land_needed == Decimal("15000.00")
    assert (inquiry.organisation, inquiry.industry) == ("Analytical Engines Ltd", industry)


def test_land_in_mu_is_stored_in_square_metres(client):
    client.post(FORM, answers(land_amount="150", land_unit="mu"))
    assert Inquiry.objects.get().land_needed == Decimal("100000.00")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_and_who_answers_stand_before_the_form(client, language):
    cluster_desk()
    response = client.get(f"/{language}/inquiry/")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index("promise-box") < page.index("<form method=")
    assert "Cluster office" in page
    assert consent.consent_text(consent.CURRENT, language) in page


def test_only_five_questions_stand_open_and_the_rest_is_folded(client):
    page = soup(client.get(FORM))
    form = page.find("form", method="post")
    folded = form.find("details")
    labels = [label["for"] for label in form.select(".field__label")]
    inside = [label["for"] for label in folded.select(".field__label")]
    # The box for news is no question but an agreement, and stands with the others at the end.
    assert [name for name in labels if name not in (*inside, "id_news")] == [
        "id_name",
        "id_email",
        "id_country",
        "id_subject",
        "id_message",
    ]
    assert not folded.has_attr("open")


def test_browsers_are_told_what_to_fill_in(client):
    page = soup(client.get(FORM))
    wanted = {
        "id_name": "name",
        "id_email": "email",
        "id_country": "country",
        "id_organisation": "organization",
        "id_phone": "tel",
    }
    assert {name: page.find(id=name)["autocomplete"] for name in wanted} == wanted
    assert page.find(id="id_email")["type"] == "email"
    assert page.find(id="id_phone")["inputmode"] == "tel"


# --- what it is about


def test_park_and_industry_in_the_address_are_shown_and_stored(client):
    officer = ContactFactory(organisation_en="Lingang office", email="lingang@example.org")
    park = ParkFactory(slug="lingang", name_en="Lingang Industrial Park", officer=officer)
    project = ProjectFactory(slug="cells", name_en="Cell plant")
    IndustryFactory(slug="batteries", name_en="Batteries")
    address = f"{FORM}?park=lingang&project=cells&industry=batteries"

    page = text(client.get(address))
    assert "About the park Lingang Industrial Park" in page
    assert "About the project Cell plant" in page
    assert "Lingang office" in page

    client.post(address, answers())
    inquiry = Inquiry.objects.get()
    assert (inquiry.park, inquiry.project, inquiry.officer) == (park, project, officer)
    notice = OutgoingMail.objects.get(kind=OutgoingMail.Kind.NOTICE)
    assert notice.recipient == "lingang@example.org"


def test_the_officer_of_the_projects_park_answers_for_a_project(client):
    officer = ContactFactory(email="zone@example.org")
    ProjectFactory(slug="cells", park=ParkFactory(officer=officer))
    client.post(f"{FORM}?project=cells", answers())
    assert Inquiry.objects.get().officer == officer


def test_an_officer_without_mail_address_is_told_through_the_cluster(client):
    cluster_desk()
    officer = ContactFactory(email="", phone="0086-758-1234567")
    ParkFactory(slug="lingang", officer=officer)
    client.post(f"{FORM}?park=lingang", answers())
    assert Inquiry.objects.get().officer == officer
    notice = OutgoingMail.objects.get(kind=OutgoingMail.Kind.NOTICE)
    assert notice.recipient == "cluster@example.org"


@pytest.mark.parametrize("slug", ["nowhere", "Linga ng", "../../etc", "x" * 500, "%F0%9F"])
def test_a_park_that_is_not_there_is_ignored_with_a_note(client, slug):
    response = client.get(FORM, {"park": slug})
    assert response.status_code == 200
    assert "names a park that is not on this site" in notices(response)[0]
    assert client.post(f"{FORM}?park=nowhere", answers()).status_code == 303
    assert Inquiry.objects.get().park is None


def test_a_draft_park_is_as_unknown_as_none(client):
    ParkFactory(slug="secret", name_en="Secret park", status="draft")
    page = text(client.get(FORM, {"park": "secret"}))
    assert "Secret park" not in page


def test_the_page_one_came_from_is_noted_without_its_query(client):
    referer = "http://testserver/en/parks/lingang/?from=mail"
    page = soup(client.get(FORM, headers={"referer": referer}))
    assert page.find(id="id_page")["value"] == "/en/parks/lingang/"
    client.post(FORM, answers(page="/en/parks/lingang/"))
    assert Inquiry.objects.get().page == "/en/parks/lingang/"


@pytest.mark.parametrize(
    "referer", ["http://evil.example/en/", "http://[::1", "", "http://testserver/admin/"]
)
def test_other_sites_are_not_noted(client, referer):
    page = soup(client.get(FORM, headers={"referer": referer}))
    assert not page.find(id="id_page").get("value")


# --- sent once


def test_a_second_click_leads_to_the_same_receipt(client):
    sent = answers()
    first, second = client.post(FORM, sent), client.post(FORM, sent)
    assert first["Location"] == second["Location"]
    assert (first.status_code, second.status_code) == (303, 303)
    assert Inquiry.objects.count() == 1
    assert OutgoingMail.objects.filter(kind=OutgoingMail.Kind.RECEIPT).count() == 1


def test_a_reload_after_the_page_has_expired_still_finds_the_receipt(client, clock):
    sent = answers()
    first = client.post(FORM, sent)
    clock.shift(20 * 3600)
    assert client.post(FORM, sent)["Location"] == first["Location"]


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_inquiry():
    cluster_desk()
    sent = answers()
    barrier = threading.Barrier(20)
    found = []

    def click() -> None:
        barrier.wait()
        try:
            response = Client().post(FORM, sent)
            found.append((response.status_code, response.get("Location")))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    inquiry = Inquiry.objects.get()
    assert found == [(303, inquiry.get_absolute_url())] * 20
    assert OutgoingMail.objects.count() == 2


def test_two_showings_of_the_form_are_two_inquiries(client):
    client.post(FORM, answers())
    client.post(FORM, answers(guard_token=token()))
    assert Inquiry.objects.count() == 2


# --- the deadline


def test_the_deadline_follows_the_promise(client, clock):
    SiteSettings.objects.create(response_days=1)
    # A Friday evening in Zhaoqing, still Friday in London.
    clock.move_to("2026-11-20T12:00:00+00:00", tick=True)
    client.post(FORM, answers())
    assert Inquiry.objects.get().due_at.isoformat() == "2026-11-23T10:00:00+00:00"


def test_the_form_costs_the_same_queries_with_one_industry_and_with_three(client):
    cluster_desk()
    ParkFactory(slug="lingang")
    IndustryFactory()
    one = len(queries(client, f"{FORM}?park=lingang"))
    IndustryFactory()
    IndustryFactory()
    assert len(queries(client, f"{FORM}?park=lingang")) == one <= 8


# --- the questions are kept, what belongs to one visitor is not


def test_a_new_industry_can_be_chosen_at_once_though_the_questions_are_kept(client):
    before = soup(client.get(FORM)).find(id="id_industry").find_all("option")
    IndustryFactory(slug="batteries")
    after = soup(client.get(FORM)).find(id="id_industry").find_all("option")
    assert [option["value"] for option in after] == [
        *(option["value"] for option in before),
        "batteries",
    ]


def test_the_kept_questions_suggest_only_what_this_visitor_looked_at(client):
    ParkFactory(slug="lingang")
    chosen = [
        [option["value"] for option in soup(client.get(address)).select("option[selected]")]
        for address in (FORM, f"{FORM}?park=lingang", FORM)
    ]
    assert "invest" in chosen[1]
    assert "invest" not in chosen[0]
    assert chosen[2] == chosen[0]


def test_what_one_visitor_typed_is_not_in_the_form_of_the_next(client):
    refused = client.post(FORM, answers(email="not an address", name="Grace Hopper"))
    assert "Grace Hopper" in refused.content.decode()
    page = client.get(FORM).content.decode()
    assert "Grace Hopper" not in page
    assert "field--wrong" not in page


def test_every_showing_of_the_kept_form_has_tokens_of_its_own(client):
    def tokens():
        page = soup(Client().get(FORM))
        return {
            page.find("input", attrs={"name": name})["value"]
            for name in ("guard_token", "csrfmiddlewaretoken")
        }

    assert not tokens() & tokens()
