"""Each project rule is a system check: silent when kept, with id and hint when broken."""

import copy

import pytest
from django.conf import settings
from django.core.checks import CheckMessage

from core import checks

pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")

ALL_CHECKS = (
    checks.check_doors,
    checks.check_policy,
    checks.check_database,
    checks.check_cache,
    checks.check_storage,
    checks.check_mail,
    checks.check_machine_addresses,
)

GOOD_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        ),
    },
}


@pytest.fixture(autouse=True)
def good_settings(settings):
    """A deployment that no check has anything to say about."""
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    settings.PUBLIC_URL = "https://portal.example.org"
    settings.DATABASES = {"default": copy.deepcopy(GOOD_SQLITE)}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@example.org>"
    return settings


def found() -> list[CheckMessage]:
    return [message for check in ALL_CHECKS for message in check(None)]


def test_a_good_deployment_is_silent():
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("ALLOWED_HOSTS", ["*"], "core.E001"),
        ("USE_X_FORWARDED_HOST", True, "core.E002"),
        ("PUBLIC_URL", "http://portal.example.org", "core.W001"),
        ("SESSION_COOKIE_SAMESITE", "None", "core.E003"),
        ("CSRF_COOKIE_SAMESITE", False, "core.E003"),
        ("CONTENT_SECURITY_POLICY", {"DIRECTIVES": {"default-src": ["'self'"]}}, "core.E004"),
        (
            "CONTENT_SECURITY_POLICY",
            {"DIRECTIVES": {"default-src": ["'none'"], "script-src": ["'unsafe-inline'"]}},
            "core.E005",
        ),
        ("DATABASES", {"default": {**GOOD_SQLITE, "ATOMIC_REQUESTS": True}}, "core.E006"),
        ("DATABASES", {"default": {**GOOD_SQLITE, "OPTIONS": {}}}, "core.E007"),
        ("DATABASES", {"default": {**GOOD_SQLITE, "OPTIONS": {}}}, "core.E008"),
        ("DATABASES", {"default": {"ENGINE": "core.postgresql"}}, "core.E009"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.postgresql"}}, "core.E014"),
        ("DATABASES", {"default": {"ENGINE": "core.postgresql"}}, "core.E015"),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
            "core.E010",
        ),
        (
            "CACHES",
            {
                "default": {
                    "BACKEND": "core.cache.FailOpenRedisCache",
                    "OPTIONS": {"socket_timeout": None},
                }
            },
            "core.E016",
        ),
        ("STORAGES", {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}, "core.E017"),
        ("EMAIL_TIMEOUT", None, "core.E011"),
        ("DEFAULT_FROM_EMAIL", "portal@localhost", "core.E013"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "core.W002"),
    ],
)
def test_a_broken_rule_is_named_with_a_remedy(good_settings, name, value, identifier):
    setattr(good_settings, name, value)
    messages = found()
    assert identifier in {message.id for message in messages}
    assert all(message.hint for message in messages)


def test_a_missing_health_address_is_an_error(settings):
    settings.ROOT_URLCONF = "tests.core.no_urls"
    assert {message.id for message in checks.check_machine_addresses(None)} == {"core.E012"}


def test_the_portals_own_policy_is_strict():
    assert checks.check_policy(None) == []
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-ancestors"] == ["'none'"]
