"""What ``manage.py check --deploy`` should tell an operator beyond Django's own checks."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import NoReverseMatch, reverse

LONGEST_WAIT_FOR_REDIS = 1  # seconds


@register(Tags.security, deploy=True)
def check_doors(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Hosts, forwarded headers, cookies."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS accepts every host name.",
                hint="Name the portal's own host: a made-up one gets into links and caches.",
                id="core.E001",
            )
        )
    if settings.USE_X_FORWARDED_HOST:
        found.append(
            Error(
                "USE_X_FORWARDED_HOST is on.",
                hint="Let the proxy set Host itself; a visitor could poison caches.",
                id="core.E002",
            )
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        found.append(
            Warning(
                f"PUBLIC_URL is {settings.PUBLIC_URL!r}.",
                hint="Links in mails and feeds should begin with https://.",
                id="core.W001",
            )
        )
    for name in ("SESSION_COOKIE", "CSRF_COOKIE"):
        if getattr(settings, f"{name}_SAMESITE") not in {"Lax", "Strict"}:
            found.append(
                Error(
                    f"{name}_SAMESITE lets other sites send the cookie.",
                    hint="Set it to 'Lax'.",
                    id="core.E003",
                )
            )
    return found


@register(Tags.security, deploy=True)
def check_policy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The content security policy allows nothing by default and no inline code."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    found: list[CheckMessage] = []
    if list(directives.get("default-src", [])) != ["'none'"]:
        found.append(
            Error(
                "The content security policy allows things by default.",
                hint="Keep default-src at 'none' and name what is needed.",
                id="core.E004",
            )
        )
    unsafe = [name for name, sources in directives.items() if "'unsafe" in " ".join(sources)]
    if unsafe:
        found.append(
            Error(
                f"The content security policy has unsafe sources: {', '.join(unsafe)}.",
                hint="Put the code into a file of ours, or use a nonce.",
                id="core.E005",
            )
        )
    return found


@register(Tags.database, deploy=True)
def check_database(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The options without which acknowledged rows were lost in measured power cuts."""
    database = settings.DATABASES["default"]
    options = database.get("OPTIONS", {})
    found: list[CheckMessage] = []
    if database.get("ATOMIC_REQUESTS"):
        found.append(
            Error(
                "ATOMIC_REQUESTS holds SQLite's one write lock for whole requests.",
                hint="Take it out; services open their own transactions.",
                id="core.E006",
            )
        )
    if database["ENGINE"] == "django.db.backends.sqlite3":
        commands = options.get("init_command", "").replace(" ", "").upper()
        for wanted in ("JOURNAL_MODE=WAL", "SYNCHRONOUS=FULL", "SECURE_DELETE=ON"):
            if wanted not in commands:
                found.append(
                    Error(
                        f"SQLite runs without {wanted.lower()}.",
                        hint="See docs/decisions/0004-sqlite-options.md.",
                        id="core.E007",
                    )
                )
        if options.get("transaction_mode") != "IMMEDIATE":
            found.append(
                Error(
                    "SQLite's writers do not queue.",
                    hint="Set OPTIONS['transaction_mode'] to 'IMMEDIATE'.",
                    id="core.E008",
                )
            )
    else:
        found += check_postgresql(database)
    return found


def check_postgresql(database: dict[str, Any]) -> list[CheckMessage]:
    """Nobody waits for a server that hangs, nor meets a connection that was lost meanwhile."""
    found: list[CheckMessage] = []
    if "connect_timeout" not in database.get("OPTIONS", {}):
        found.append(
            Error(
                "A database that hangs would hang every page.",
                hint="Set OPTIONS['connect_timeout'] to a few seconds.",
                id="core.E009",
            )
        )
    if database["ENGINE"] != "core.postgresql":
        found.append(
            Error(
                "A database that hangs in a statement would hang every page.",
                hint="Set ENGINE to 'core.postgresql'.",
                id="core.E014",
            )
        )
    if not database.get("CONN_HEALTH_CHECKS"):
        found.append(
            Error(
                "A database that was restarted would break pages.",
                hint="Set CONN_HEALTH_CHECKS to True.",
                id="core.E015",
            )
        )
    return found


@register(Tags.caches, deploy=True)
def check_cache(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No page depends on Redis."""
    if settings.CACHES["default"]["BACKEND"].endswith(".RedisCache"):
        return [
            Error(
                "A Redis that is gone would break pages.",
                hint="Use core.cache.FailOpenRedisCache.",
                id="core.E010",
            )
        ]
    options = settings.CACHES["default"].get("OPTIONS", {})
    waits = [options.get(name, 0) for name in ("socket_timeout", "socket_connect_timeout")]
    if any(wait is None or wait > LONGEST_WAIT_FOR_REDIS for wait in waits):
        return [
            Error(
                "A Redis that hangs would hang pages.",
                hint="Leave socket_timeout and socket_connect_timeout to core.cache.",
                id="core.E016",
            )
        ]
    return []


@register(Tags.files, deploy=True)
def check_storage(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Files lie on a disk, or in a storage that nobody waits for."""
    return [
        Error(
            f"The storage {name!r} may hang without an end: {storage['BACKEND']}.",
            hint="Use core.object_storage.ObjectStorage, which has short timeouts.",
            id="core.E017",
        )
        for name, storage in settings.STORAGES.items()
        if storage["BACKEND"].startswith("storages.")
    ]


@register(deploy=True)
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Mail leaves, in bounded time, from an address that exists."""
    found: list[CheckMessage] = []
    if not settings.EMAIL_TIMEOUT or settings.EMAIL_TIMEOUT > 60:
        found.append(
            Error(
                "A mail server that hangs would hang the worker.",
                hint="Set EMAIL_TIMEOUT to 5 seconds.",
                id="core.E011",
            )
        )
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        found.append(
            Warning(
                "Mail is written down here and never sent.",
                hint="Set EMAIL_URL to a mail server: smtp+tls://user:password@host:587.",
                id="core.W002",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        found.append(
            Error(
                f"Mail would come from {settings.DEFAULT_FROM_EMAIL}.",
                hint="Set DEFAULT_FROM_EMAIL to an address of the bureau that is read.",
                id="core.E013",
            )
        )
    return found


@register(Tags.urls)
def check_machine_addresses(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Load balancers and service managers ask these."""
    found: list[CheckMessage] = []
    for name in ("healthz", "readyz"):
        try:
            reverse(name)
        except NoReverseMatch:
            found.append(
                Error(
                    f"There is no address named {name!r}.",
                    hint="Include it in cluster_site/urls.py.",
                    id="core.E012",
                )
            )
    return found
