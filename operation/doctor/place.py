"""The settings: whether this place is safe for visitors."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import ERROR, WARNING, run_checks

from core import read_only
from operation.doctor.finding import Finding, fail, ok, warn


def look_at_settings() -> Iterator[Finding]:
    """All system checks, those for a deployment only where there is one."""
    is_production = settings.DEPLOYMENT == "production"
    found = [
        message
        for message in run_checks(include_deployment_checks=is_production)
        if message.level >= WARNING and not message.is_silenced()
    ]
    for message in found:
        say = fail if message.level >= ERROR else warn
        yield say(str(message.msg).partition("\n")[0], str(message.hint or "See the settings."))
    if not found:
        yield ok("Settings: nothing to complain about.")


def look_at_place() -> Iterator[Finding]:
    """What kind of place it is, by which name, in which mode."""
    if settings.DEPLOYMENT == "production":
        yield ok(f"Place: production at {settings.PUBLIC_URL}.")
        if not settings.BEHIND_PROXY and settings.SECURE_SSL_REDIRECT:
            yield warn(
                "HTTPS: visitors are sent to https, but no proxy is told to provide it.",
                "Set BEHIND_PROXY=true when nginx or another proxy stands in front.",
            )
    elif settings.DEBUG:
        yield warn("Place: DEBUG is on; error pages show everything.", "Set DEBUG=false.")
    else:
        yield warn(
            f"Place: local, at {settings.PUBLIC_URL}; no https is demanded.",
            "Where visitors come, set DEPLOYMENT=production.",
        )
    if read_only.is_on():
        yield warn(
            "Mode: read-only; forms and the desk take nothing.",
            "When maintenance is over: manage.py read_only off, and no READ_ONLY in the settings.",
        )
