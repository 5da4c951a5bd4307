"""Nothing outside is ever waited for without an end: every call that reaches out says how long."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import get_connection

from cluster_site import settings as portal_settings
from core.cache import TIMEOUT, FailOpenRedisCache
from core.checks import LONGEST_WAIT_FOR_REDIS
from inquiries import mailbox

ROOT = Path(__file__).resolve().parents[2]
PROJECT = (
    "cluster_site", "core", "publishing", "library", "parks", "investment", "news", "inquiries",
    "portal", "staff", "operation",
)  # fmt: skip

#: What opens a connection → at which place it takes the timeout, counted from 0.
REACHES_OUT = {
    "create_connection": 1,
    "urlopen": 2,
    "IMAP4": 2,
    "IMAP4_SSL": 4,
    "SMTP": 3,
    "SMTP_SSL": 5,
    "HTTPConnection": 2,
    "HTTPSConnection": 2,
    "get_connection": None,
}
#: A socket that is made by hand gets its timeout in the same function.
BY_HAND = "socket"


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for app in PROJECT:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def has_timeout(call: ast.Call) -> bool:
    place = REACHES_OUT[name_of(call)]
    # ``**options`` is looked at by the tests below.
    named = {keyword.arg for keyword in call.keywords}
    return bool(named & {"timeout", None}) or (place is not None and len(call.args) > place)


def test_every_connection_says_how_long_it_waits():
    wrong = [
        f"{place} {name_of(call)}"
        for place, function in functions()
        for call in calls(function)
        # Django's own takes EMAIL_TIMEOUT.
        if name_of(call) in REACHES_OUT.keys() - {"get_connection"} and not has_timeout(call)
    ]
    assert wrong == []


def test_every_socket_made_by_hand_gets_a_timeout():
    wrong = []
    for place, function in functions():
        names = {name_of(call) for call in calls(function)}
        if BY_HAND in names and "connect" in names and "settimeout" not in names:
            wrong.append(place)
    assert wrong == []


def test_mail_servers_get_the_setting(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert get_connection().timeout == portal_settings.EMAIL_TIMEOUT == 5


def test_mailboxes_get_the_setting(monkeypatch):
    given = []

    def refuse(**options):
        given.append(options["timeout"])
        raise OSError

    monkeypatch.setattr(mailbox.imaplib, "IMAP4_SSL", refuse)
    access = {"host": "mail.example.org", "port": 993, "encryption": "ssl"}
    with pytest.raises(mailbox.MailboxError), mailbox.open_mailbox(access):
        pass
    assert given == [settings.EMAIL_TIMEOUT]


def test_redis_is_waited_for_less_than_a_second():
    cache = FailOpenRedisCache("redis://127.0.0.1:1/0", {})
    pool = cache.redis._cache.get_client(None).connection_pool
    waits = [pool.connection_kwargs[name] for name in ("socket_timeout", "socket_connect_timeout")]
    assert waits == [TIMEOUT, TIMEOUT]
    assert TIMEOUT < LONGEST_WAIT_FOR_REDIS
