"""Coming in and going out: only staff, throttled, with a second factor where it is asked for."""

import datetime
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.test import Client
from django.urls import reverse

from staff.models import User
from tests.staff.people import PASSWORD, member, superuser

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
#: Needs a login like any page of the desk and asks the database for nothing else.
QUICK_PAGE = "/admin/jsi18n/"
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


SECRET = "JBSWY3DPEHPK3PXP"


def right_code() -> str:
    """One that a telephone with ``SECRET`` showed just now."""
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def log_in(client: Client, name: str, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": name, "password": password}, **extra)


def test_staff_come_in_and_land_on_the_desk(client):
    member("Editor")

    answer = log_in(client, "editor")

    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_the_desk_sends_strangers_to_the_log_in_page_and_back(client):
    member("Editor")

    asked = client.get("/admin/news/post/", follow=True)

    assert unquote(asked.redirect_chain[-1][0]) == f"{LOGIN}?next=/admin/news/post/"
    answer = client.post(
        LOGIN, {"login": "editor", "password": PASSWORD, "next": "/admin/news/post/"}
    )
    assert answer.url == "/admin/news/post/"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_host(client, target):
    member("Editor")

    answer = client.post(LOGIN, {"login": "editor", "password": PASSWORD, "next": target})

    assert answer.url == "/admin/"


def test_wrong_password_unknown_name_and_no_staff_read_the_same(client):
    member("Editor")
    User.objects.create_user("reader", password=PASSWORD)
    pages = [
        log_in(client, "editor", "wrong"),
        log_in(client, "unknown"),
        log_in(client, "reader"),
    ]

    errors = [page.context["form"].non_field_errors() for page in pages]
    assert errors[0]
    assert errors[0] == errors[1] == errors[2]
    assert client.get("/admin/").status_code == 302


def test_taking_away_staff_ends_the_session(client):
    editor = member("Editor")
    client.force_login(editor, "staff.backends.StaffBackend")
    User.objects.filter(pk=editor.pk).update(is_staff=False)

    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/email/"])
def test_nobody_signs_up(client, address):
    assert client.get(address).status_code == 404
    assert client.post(address, {"username": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Too many attempts"), ("zh-hans", ""), ("zh-hant", "")],
)
def test_five_wrong_passwords_shut_out_that_address_only(language, words):
    member("Editor")
    guesser = Client(headers={"accept-language": language}, REMOTE_ADDR="192.0.2.7")
    for _attempt in range(5):
        answer = log_in(guesser, "Editor ", "wrong")
    assert answer.status_code == 429
    assert words in answer.content.decode()
    assert f'<html lang="{language}">' in answer.content.decode()

    assert log_in(guesser, "editor").status_code == 429
    owner = Client(REMOTE_ADDR="192.0.2.8")
    assert log_in(owner, "editor").status_code == 302


def test_the_lockout_ends_by_itself(client):
    member("Editor")
    with time_machine.travel(NOON, tick=False) as clock:
        for _attempt in range(5):
            log_in(client, "editor", "wrong")
        assert log_in(client, "editor").status_code == 429
        clock.shift(datetime.timedelta(minutes=16))
        assert log_in(client, "editor").status_code == 302


def test_half_an_hour_without_a_request_ends_the_session(client):
    member("Editor")
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(client, "editor")
        client.get("/admin/")
        clock.shift(datetime.timedelta(minutes=29))
        assert client.get("/admin/").status_code == 200
        clock.shift(datetime.timedelta(minutes=29))
        assert client.get("/admin/").status_code == 200
        clock.shift(datetime.timedelta(minutes=31))
        assert client.get("/admin/").status_code == 302


def test_twelve_hours_end_the_session_however_busy(client):
    member("Editor")
    with time_machine.travel(NOON, tick=False) as clock:
        log_in(client, "editor")
        for _time in range(24):
            clock.shift(datetime.timedelta(minutes=29))
            assert client.get(QUICK_PAGE).status_code == 200
        clock.shift(datetime.timedelta(minutes=25))
        assert client.get(QUICK_PAGE).status_code == 302


def test_a_new_password_ends_the_other_sessions():
    member("Editor")
    here, elsewhere = Client(), Client()
    log_in(here, "editor")
    log_in(elsewhere, "editor")

    answer = here.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "seven-star-crags",
            "password2": "seven-star-crags",
        },
    )

    assert answer.status_code == 302
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_logging_out_ends_the_session_and_pages_are_never_stored(client):
    member("Editor")
    log_in(client, "editor")
    assert "no-store" in client.get("/admin/")["Cache-Control"]
    cookie = client.cookies["session"].value

    client.post("/accounts/logout/")

    client.cookies["session"] = cookie
    assert client.get("/admin/").status_code == 302


def test_the_session_gets_a_new_key_at_log_in(client):
    member("Editor")
    client.get(LOGIN)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key

    log_in(client, "editor")

    assert client.session.session_key != before


@pytest.mark.parametrize("who", ["Administrator", "superuser"])
def test_administrators_set_up_a_second_factor_first(client, settings, who):
    settings.REQUIRE_MFA = True
    user = superuser() if who == "superuser" else member(who)
    client.force_login(user, "staff.backends.StaffBackend")

    for address in ("/admin/", "/admin/news/post/", "/admin/staff/user/"):
        assert client.get(address).url == reverse("mfa_index")

    TOTP.activate(user, "A" * 32)
    assert client.get("/admin/").status_code == 200


def test_others_need_no_second_factor(client, settings):
    settings.REQUIRE_MFA = True
    client.force_login(member("Publisher"), "staff.backends.StaffBackend")

    assert client.get("/admin/").status_code == 200


def test_with_a_second_factor_the_password_alone_is_not_enough(client):
    TOTP.activate(member("Editor"), "A" * 32)

    answer = log_in(client, "editor")

    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Too many failed login attempts."),
        ("zh-hans", "登录失败次数过多"),
        ("zh-hant", "登入嘗試失敗次數過多"),
    ],
)
def test_codes_of_one_account_cannot_be_guessed_from_many_addresses(language, words):
    editor = member("Editor")
    TOTP.activate(editor, SECRET)
    asked = reverse("mfa_authenticate")
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(10):
            guesser = Client(REMOTE_ADDR=f"192.0.2.{number}")
            log_in(guesser, "editor")
            assert "Incorrect code" in guesser.post(asked, {"code": "000000"}).content.decode()

        late = Client(headers={"accept-language": language}, REMOTE_ADDR="198.51.100.1")
        log_in(late, "editor")
        refused = late.post(asked, {"code": right_code()})
        assert words in refused.content.decode()
        assert late.get("/admin/").status_code == 302

        clock.shift(datetime.timedelta(hours=1))
        log_in(late, "editor")
        assert late.post(asked, {"code": right_code()}).url == "/admin/"


def test_codes_that_confirm_who_is_logged_in_are_counted_too(client):
    editor = member("Editor")
    TOTP.activate(editor, SECRET)
    client.force_login(editor, "staff.backends.StaffBackend")
    asked = reverse("mfa_reauthenticate")
    answers = []
    with time_machine.travel(NOON, tick=False) as clock:
        for _attempt in range(11):
            answers.append(client.post(asked, {"code": "000000"}).content.decode())
            clock.shift(datetime.timedelta(minutes=1))

    assert "Incorrect code" in answers[9]
    assert "Too many failed login attempts." in answers[10]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Too many attempts"), ("zh-hans", "尝试次数过多"), ("zh-hant", "嘗試次數過多")],
)
def test_too_many_requests_at_once_are_told_so_in_a_page_of_the_desk(language, words):
    client = Client(headers={"accept-language": language})
    answers = [
        client.post("/accounts/password/reset/", {"email": "x@example.org"}) for _ in range(30)
    ]

    assert answers[-1].status_code == 429
    assert words in answers[-1].content.decode()
    assert f'<html lang="{language}">' in answers[-1].content.decode()


def test_wrong_codes_of_one_account_leave_the_others_alone(client):
    guessed = member("Editor")
    TOTP.activate(guessed, "A" * 32)
    log_in(client, "editor")
    for _attempt in range(11):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    TOTP.activate(member("Publisher"), "B" * 32)
    other = Client()
    log_in(other, "publisher")

    answer = other.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "Incorrect code" in answer.content.decode()


def test_secrets_of_second_factors_are_stored_encrypted_and_outlive_a_new_key(settings):
    editor = member("Editor")
    factor = TOTP.activate(editor, SECRET)
    assert SECRET not in str(factor.instance.data)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-" + "y" * 50

    stored = Authenticator.objects.get(user=editor)
    assert decrypt(stored.data["secret"]) == SECRET


def test_an_administrator_helps_who_lost_the_telephone(client):
    editor = member("Editor")
    TOTP.activate(editor, "A" * 32)
    client.force_login(member("Administrator"), "staff.backends.StaffBackend")

    client.post(
        reverse("admin:staff_user_changelist"),
        {"action": "forget_second_factor", "_selected_action": [editor.pk]},
    )

    assert log_in(Client(), "editor").url == "/admin/"


def test_the_desk_speaks_the_language_of_its_reader(client):
    editor = member("Editor")
    client.force_login(editor, "staff.backends.StaffBackend")

    answer = client.post("/accounts/language/", {"language": "zh-hans", "next": "/admin/"})

    assert answer.url == "/admin/"
    editor.refresh_from_db()
    assert editor.language == "zh-hans"
    assert 'lang="zh-hans"' in client.get("/admin/").content.decode()


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/"])
def test_the_language_switch_stays_on_the_site(client, target):
    answer = client.post("/accounts/language/", {"language": "xx", "next": target})

    assert answer.url == "/admin/"


@pytest.mark.parametrize("path", ["/adminfoo", "/administrator/index.php", "/admin-x/"])
def test_an_address_that_only_looks_like_the_desk_is_not_found(client, settings, path):
    settings.REQUIRE_MFA = True
    assert client.get(path).status_code == 404


def test_an_address_that_cannot_be_read_leads_nowhere(client):
    client.force_login(member("Editor"), "staff.backends.StaffBackend")

    answer = client.post(
        "/accounts/reauthenticate/?next=http://[::1", {"password": PASSWORD, "next": "http://[::1"}
    )

    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_a_mail_address_that_no_server_can_have_is_refused_in_words(client):
    answer = client.post("/accounts/password/reset/", {"email": "editor@examp\ufffde.org"})

    assert answer.status_code == 200
    assert "Enter a valid email address" in answer.content.decode()
