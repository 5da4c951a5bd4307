"""Chromium of the system, watched for everything a page of ours must not do."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

#: Chromium calls home otherwise, and refuses to run as root.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": FLAGS,
    }


@dataclass
class Misdeeds:
    """What pages did that they must not: filled while a test runs, asserted at its end."""

    errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)


@pytest.fixture(autouse=True)
def misdeeds(page: Page) -> Iterator[Misdeeds]:
    """No page may break the CSP, log an error or ask another host, whatever is being tested."""
    found = Misdeeds()

    def note_message(message: ConsoleMessage) -> None:
        # The browser reports every answer of 400 and above; tests of those pages want them.
        if message.type == "error" and "Failed to load resource" not in message.text:
            found.errors.append(message.text)

    def note_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            found.foreign_requests.append(request.url)

    page.add_init_script(REPORT_VIOLATIONS)
    page.on("console", note_message)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("request", note_request)
    yield found
    assert found.errors == []
    assert found.foreign_requests == []
