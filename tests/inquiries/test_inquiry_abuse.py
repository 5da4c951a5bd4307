"""What is wrong gets a clear answer, and nothing that was typed is lost."""

import re

import pytest
from django.core import mail
from django.test import Client

from core.rate_limit import RateLimit
from inquiries.forms import InquiryForm
from inquiries.models import MESSAGE_LENGTH, Inquiry
from tests.inquiries.samples import FORM, answers, cluster_desk, token
from tests.reading import LANGUAGES, soup, text

pytestmark = pytest.mark.django_db

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=limit"


def errors(response) -> str:
    found = soup(response).select_one(".error-summary")
    return " ".join(found.get_text(" ").split()) if found else ""


def typed(response) -> dict[str, str]:
    """What stands in the form that came back."""
    form = soup(response).find("form", method="post")
    found = {box["name"]: box.get("value", "") for box in form.select("input[name]")}
    found |= {box["name"]: box.get_text().strip() for box in form.select("textarea")}
    for box in form.select("select"):
        chosen = box.select_one("option[selected]")
        found[box["name"]] = chosen["value"] if chosen else ""
    return found


# --- missing and wrong answers


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ("name", "Write your name"),
        ("email", "Write your e-mail address"),
        ("country", "Choose the country or region"),
        ("subject", "Choose what your inquiry is about"),
        ("message", "Write your message"),
    ],
)
def test_a_missing_answer_is_named_with_its_remedy(client, field, remedy):
    response = client.post(FORM, answers(**{field: None}))
    assert response.status_code == 422
    assert remedy in errors(response)
    assert soup(response).select_one(f'.error-summary a[href="#id_{field}"]')
    assert not Inquiry.objects.exists()


def test_everything_typed_is_kept_when_something_is_wrong(client):
    sent = answers(email="ada@", organisation="Engines & <Sons>", land_amount="12", start="year")
    kept = typed(client.post(FORM, sent))
    for field in ("name", "email", "country", "subject", "message", "organisation", "start"):
        assert kept[field] == sent[field]
    assert kept["guard_token"] == sent["guard_token"]


def test_an_error_in_the_optional_part_unfolds_it(client):
    response = client.post(FORM, answers(phone="call me"))
    assert "Write digits" in errors(response)
    assert soup(response).find("form", method="post").find("details").has_attr("open")


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_answered_in_every_language(client, language):
    response = client.post(f"/{language}/inquiry/", answers(name=None))
    assert response.status_code == 422
    assert response["Content-Language"] == language
    assert errors(response)


def test_an_empty_post_names_all_five(client):
    response = client.post(FORM, {})
    assert response.status_code == 422
    for field in ("name", "email", "country", "subject", "message"):
        assert soup(response).select_one(f'.error-summary a[href="#id_{field}"]'), field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 101),
        ("email", "x" * 250 + "@example.com"),
        ("message", "x" * (MESSAGE_LENGTH + 1)),
        ("organisation", "x" * 161),
        ("phone", "1" * 41),
        ("country", "ZZ"),
        ("subject", "party"),
        ("industry", "nothing"),
        ("investment_band", "all"),
        ("start", "never"),
        ("land_unit", "acre"),
        ("land_amount", "-1"),
        ("land_amount", "much"),
        ("land_amount", "1e400"),
        ("land_amount", "NaN"),
        ("land_amount", "9999999999"),
    ],
)
def test_too_long_and_impossible_answers_are_refused_in_words(client, field, value):
    response = client.post(FORM, answers(**{field: value}))
    assert response.status_code == 422
    assert soup(response).select_one(f'.error-summary a[href="#id_{field}"]')
    assert not Inquiry.objects.exists()


def test_the_error_says_how_long_the_message_may_be_and_is(client):
    response = client.post(FORM, answers(message="x" * (MESSAGE_LENGTH + 7)))
    assert "Shorten your message to 5000 characters; it has 5007." in errors(response)
    assert len(typed(response)["message"]) == MESSAGE_LENGTH + 7


def test_line_ends_count_once_as_they_do_in_the_browser(client):
    message = ("x" * 99 + "\r\n") * 50
    assert client.post(FORM, answers(message=message)).status_code == 303
    assert "\r" not in Inquiry.objects.get().message


@pytest.mark.parametrize("field", ["name", "organisation", "phone", "email"])
@pytest.mark.parametrize("ending", ["\r\nBcc: all@example.com", "\nBcc: all@example.com", "\x0bx"])
def test_a_forged_header_is_refused(client, field, ending):
    response = client.post(FORM, answers(**{field: f"12345678{ending}"}))
    assert response.status_code == 422
    assert mail.outbox == []


def test_nothing_typed_reaches_a_header_but_the_address(client):
    cluster_desk()
    client.post(FORM, answers(name="Bcc: x@example.com", message="Subject: hello\n\nBcc: y@z.org"))
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        headers = message.message().as_string().partition("\n\n")[0]
        assert "Bcc" not in headers
        assert "hello" not in headers


def test_markup_in_answers_is_shown_as_it_was_written(client):
    canary = """"'><svg onload=x>{{7*7}}${7}%0d%0aX:1"""
    response = client.post(FORM, answers(name=canary, message=canary), follow=True)
    page = response.content.decode()
    assert "<svg onload" not in page
    assert "{{7*7}}" in text(response)


# --- broken requests


def post_raw(client: Client, body: bytes, content_type: str = URLENCODED):
    return client.generic("POST", FORM, body, content_type=content_type)


def part(name: str, value: bytes, header: str = "") -> bytes:
    start = f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n{header}\r\n'
    return start.encode() + value + b"\r\n"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("name=四会".encode("gbk"), URLENCODED),
        (b"name=%FF%FE", URLENCODED),
        (b"name=%ED%A0%80", URLENCODED),  # half of a surrogate pair
        (b"name=a%00b", URLENCODED),
        (b"a%00b=name", URLENCODED),
        (b"name=x", f"{URLENCODED}; charset=utf-7"),
        (b"name=x", f"{URLENCODED}; charset=no-such-thing"),
        (part("name", b"\xff\xfe") + b"--limit--\r\n", MULTIPART),
        (part("name", b"a\0b") + b"--limit--\r\n", MULTIPART),
        (part("name", b"+2AA-") + b"--limit--\r\n", f"{MULTIPART}; charset=utf-7"),
        (
            part("name", b"YQBi", "Content-Transfer-Encoding: base64\r\n") + b"--limit--\r\n",
            MULTIPART,
        ),
        (b"--limit\r\nbroken", "multipart/form-data"),
        ("&".join(f"field{number}=1" for number in range(1001)).encode(), URLENCODED),
        (b"message=" + b"x" * 3_000_000, URLENCODED),
    ],
)
def test_broken_bodies_are_bad_requests(client, body, content_type):
    response = post_raw(client, body, content_type)
    assert response.status_code in {400, 413}
    assert not Inquiry.objects.exists()


def test_a_body_of_another_kind_is_an_empty_form(client):
    response = post_raw(client, b'{"name": "Ada"}', "application/json")
    assert response.status_code == 422


def test_doubled_fields_take_the_last(client):
    body = answers()
    response = client.post(FORM, {**body, "name": ["First", "Last"]})
    assert response.status_code == 303
    assert Inquiry.objects.get().name == "Last"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(client, method):
    response = client.generic(method, FORM)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"


def test_the_form_is_never_stored_by_anybody(client):
    assert "no-store" in client.get(FORM)["Cache-Control"]
    assert "no-store" in client.post(FORM, answers(name=None))["Cache-Control"]


# --- robots


def test_a_filled_trap_is_refused_politely_and_emptied(client):
    response = client.post(FORM, answers(website="http://buy.example"))
    assert response.status_code == 422
    assert "A field that people cannot see was filled in" in errors(response)
    kept = typed(response)
    assert (kept["website"], kept["name"]) == ("", "Ada Lovelace")
    assert client.post(FORM, kept).status_code == 303


def test_what_comes_too_fast_may_be_sent_again(client, clock):
    page = soup(client.get(FORM))
    sent = answers(guard_token=page.find(id="id_guard_token")["value"])
    response = client.post(FORM, sent)
    assert response.status_code == 422
    assert "faster than people write" in errors(response)
    clock.shift(4)
    assert client.post(FORM, typed(response)).status_code == 303


def test_an_expired_page_comes_back_with_a_new_token_and_everything_typed(client, clock):
    sent = answers(guard_token=token(age=13 * 3600))
    response = client.post(FORM, sent)
    assert response.status_code == 422
    assert "open for more than 12 hours" in errors(response)
    kept = typed(response)
    assert kept["message"] == sent["message"]
    assert kept["guard_token"] != sent["guard_token"]
    clock.shift(5)
    assert client.post(FORM, kept).status_code == 303


@pytest.mark.parametrize("forged", [None, "", "nonsense", "WzEsImEiXQ:x", "x" * 10_000])
def test_a_missing_or_forged_token_is_an_expired_one(client, forged):
    response = client.post(FORM, answers(guard_token=forged))
    assert response.status_code == 422
    assert "Nothing you wrote is lost" in errors(response)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("age", [-590, 12 * 3600 + 590])
def test_clocks_ten_minutes_apart_drop_nothing(client, age):
    assert client.post(FORM, answers(guard_token=token(age=age))).status_code == 303


def test_a_token_of_another_form_is_worth_nothing(client):
    class OtherForm(InquiryForm):
        pass

    sent = answers(guard_token=OtherForm.new_token(at=1))
    assert client.post(FORM, sent).status_code == 422


@pytest.fixture
def tight_limits(monkeypatch):
    monkeypatch.setattr(InquiryForm, "limits", (RateLimit("test-one", 2, 3600),))
    monkeypatch.setattr(InquiryForm, "global_limits", (RateLimit("test-all", 4, 3600),))


def send(client: Client, address: str = "203.0.113.9", **changes):
    changes.setdefault("guard_token", token())
    return client.post(FORM, answers(**changes), REMOTE_ADDR=address)


def test_too_many_from_one_address_are_answered_politely(client, tight_limits):
    cluster_desk(phone="0086-758-7654321")
    assert [send(client).status_code for _time in range(3)] == [303, 303, 429]
    response = send(client, message="What I wrote")
    assert 0 < int(response["Retry-After"]) <= 3600
    assert typed(response)["message"] == "What I wrote"
    assert "0086-758-7654321" in text(response)
    assert send(client, "203.0.113.10").status_code == 303


def test_an_address_that_a_visitor_writes_himself_changes_nothing(client, tight_limits):
    for _time in range(2):
        send(client)
    response = client.post(
        FORM,
        answers(guard_token=token()),
        REMOTE_ADDR="203.0.113.9",
        headers={"x-forwarded-for": "198.51.100.1", "x-real-ip": "198.51.100.1"},
    )
    assert response.status_code == 429


def test_all_addresses_together_have_a_limit_too(client, tight_limits):
    found = [send(client, f"203.0.113.{number}").status_code for number in range(5)]
    assert found == [303, 303, 303, 303, 429]


def test_mistakes_do_not_count(client, tight_limits):
    for _time in range(5):
        assert send(client, name=None).status_code == 422
    assert send(client).status_code == 303


def test_after_the_window_it_may_be_sent_again(client, tight_limits, clock):
    for _time in range(2):
        send(client)
    refused = send(client)
    assert refused.status_code == 429
    clock.shift(int(refused["Retry-After"]) + 1)
    assert client.post(FORM, typed(refused), REMOTE_ADDR="203.0.113.9").status_code == 303


def test_refused_tokens_cannot_be_saved_up(client, tight_limits, clock):
    tokens = [token() for _number in range(8)]
    for saved in tokens:
        send(client, guard_token=saved)
    clock.shift(3600)
    found = [send(client, guard_token=saved).status_code for saved in tokens[2:]]
    assert found == [303, 303, 429, 429, 429, 429]


# --- forged requests


def test_a_post_without_the_cookie_is_refused_with_everything_typed(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(FORM, answers())
    assert response.status_code == 403
    assert "your browser sent no cookie" in errors(response)
    assert typed(response)["message"] == answers()["message"]
    assert not Inquiry.objects.exists()

    kept = typed(response)
    assert strict.post(FORM, kept).status_code == 303


def test_a_post_from_another_site_is_refused(client):
    strict = Client(enforce_csrf_checks=True)
    secret = typed(strict.get(FORM))["csrfmiddlewaretoken"]
    sent = answers(csrfmiddlewaretoken=secret)
    foreign = strict.post(FORM, sent, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert strict.post(FORM, sent).status_code == 303


def test_the_log_names_the_kind_of_refusal_and_nobody(client, caplog):
    caplog.set_level("INFO")
    client.post(FORM, answers(website="spam", name="Secret Name"))
    assert "InquiryForm refused: trap" in caplog.text
    assert not re.search("Secret Name|ada@example|hectares", caplog.text)
