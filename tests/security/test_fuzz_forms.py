"""Whatever is sent to a public form, nothing breaks, and nothing that is broken is stored."""

import time

import pytest

from core.form_guard import GuardedForm
from inquiries import consent, status_page
from inquiries.forms import InquiryForm
from inquiries.models import Inquiry
from inquiries.reports import ReportForm
from inquiries.status_forms import AddForm, DataForm, LookupForm, RateForm
from news.forms import QuestionForm
from tests.inquiries.samples import stored_inquiry
from tests.security.door import EXPECTED
from tests.security.nasty import CASES, body, generator
from tests.security.test_fuzz_addresses import report
from tests.staff.people import member

pytestmark = pytest.mark.django_db

#: A browser that has been here: cookie and field hold the same word.
SECRET = "s" * 32
COMMON = {"csrfmiddlewaretoken": SECRET, "website": ""}

FORMS: dict[str, tuple[type[GuardedForm] | None, dict[str, str]]] = {
    "/en/inquiry/": (
        InquiryForm,
        {
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "country": "GB",
            "subject": "invest",
            "message": "We look for 20 hectares.",
            "organisation": "Engines",
            "phone": "+44 20 7946 0000",
            "industry": "vehicles",
            "investment_band": "over_1bn",
            "land_amount": "20",
            "land_unit": "hectare",
            "start": "year",
            "news": "on",
            "for_client": "on",
            "page": "/en/parks/lingang/",
            "consent_version": consent.CURRENT,
        },
    ),
    "/zh-hans/report/": (
        ReportForm,
        {
            "page": "/en/parks/?q=1",
            "figure": "76 km²",
            "message": "It is 80.",
            "email": "a@b.cn",
            "consent_version": consent.CURRENT,
        },
    ),
    "/en/news/opening/ask/": (QuestionForm, {"text": "When?", "author_name": "Ada"}),
    "/en/inquiry/status/": (LookupForm, {"reference": "INQ-2026-7F3K9M", "code": "x" * 32}),
    "/en/inquiry/status/add/": (AddForm, {"text": "More.", "files": "%PDF-1.7\n%%EOF"}),
    "/en/inquiry/status/rate/": (RateForm, {"rating": "4", "text": "Thanks"}),
    "/en/inquiry/status/data/": (DataForm, {"wish": DataForm.COPY, "sure": "on"}),
    "/accounts/login/": (None, {"login": "editor", "password": "wrong", "next": "/admin/"}),
    "/accounts/password/reset/": (None, {"email": "editor@example.org"}),
    "/accounts/language/": (None, {"language": "zh-hans", "next": "/admin/"}),
    "/accounts/2fa/authenticate/": (None, {"code": "123456"}),
    "/admin/login/": (None, {"username": "editor", "password": "x", "next": "/admin/"}),
}

#: Behind a guess (log in, look up) lies nothing.
GUARDED = [address for address, (form, _good) in FORMS.items() if form not in {None, LookupForm}]


@pytest.fixture(autouse=True)
def files_away(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    # What guessing costs is tested with the login.
    settings.AXES_ENABLED = False
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.mark.parametrize("address", FORMS)
def test_no_body_breaks_a_form(door, content, without_limits, address):
    form, good = FORMS[address]
    member("Editor", email="editor@example.org")
    inquiry = stored_inquiry()
    secret = f"r={inquiry.secret}" if "/status/" in address and form is not LookupForm else ""
    rng = generator("form", address)
    wrong, accepted = [], 0
    for case in range(CASES):
        answers = {**good, **COMMON}
        if form:
            answers["guard_token"] = form.new_token(at=time.time() - 60)
        content_bytes, content_type = body(rng, answers)
        reply = door.knock(
            address,
            secret,
            method="POST",
            body=content_bytes,
            headers={"Content-Type": content_type, "Cookie": f"csrf={SECRET}"},
            address=f"192.0.2.{case % 250}",
        )
        accepted += reply.status in {302, 303}
        if reply.status not in EXPECTED or b"<svg onload" in reply.body:
            wrong.append((reply.status, content_type[:60], content_bytes[:400]))
    report(door, wrong)


@pytest.mark.parametrize("address", GUARDED)
def test_the_generator_gets_behind_the_guard(door, content, without_limits, address):
    """Else the test above would try nothing but the refusal of the token."""
    form, good = FORMS[address]
    inquiry = stored_inquiry()
    Inquiry.objects.update(first_reply_at=inquiry.created_at)
    secret = f"r={inquiry.secret}" if "/status/" in address else ""
    answers = {**good, **COMMON, "guard_token": form.new_token(at=time.time() - 60)}
    answers.pop("files", None)
    sent = "&".join(f"{name}={text}" for name, text in answers.items()).replace("+", "%2B")
    reply = door.knock(
        address,
        secret,
        method="POST",
        body=sent.replace(" ", "+").encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrf={SECRET}",
        },
    )
    assert reply.status in {302, 303}, reply.text[-3000:]


def test_what_was_stored_can_be_shown(door, content, without_limits):
    """Whatever got through is text that the page of the inquirer and both databases can hold."""
    form, good = FORMS["/en/inquiry/"]
    rng = generator("stored")
    for _case in range(CASES):
        answers = {**good, **COMMON, "guard_token": form.new_token(at=time.time() - 60)}
        content_bytes, _type = body(rng, answers)
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrf={SECRET}"}
        door.knock("/en/inquiry/", method="POST", body=content_bytes, headers=sent)
    for inquiry in Inquiry.objects.all()[:50]:
        address, _mark, query = status_page.status_address(inquiry).partition("?")
        reply = door.knock(address, query)
        assert reply.status == 200
        assert "<svg onload" not in reply.text
