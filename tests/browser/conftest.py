"""Chromium of the system, a running portal, and a watch on everything a page must not do."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from tests.browser import running_portal
from tests.browser.running_portal import RunningPortal

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


def find_tool(name: str, remedy: str) -> str:
    """Path of a program of the system. Without it a developer's run skips, and CI's fails."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not installed: {remedy}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM") or find_tool("chromium", "apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="session")
def portal(tmp_path_factory, worker_id) -> Iterator[RunningPortal]:
    """The portal with starter content; what a test writes into it, other tests may find."""
    folder = tmp_path_factory.mktemp("portal")
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw"))
    shared = folder.parent if worker_id == "master" else folder.parent.parent
    prepared = shared / "prepared"
    # Of parallel processes the first prepares, and each runs a copy of its own.
    with open(shared / "prepared.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prepared.exists():
            making = shared / "preparing"
            running_portal.prepare(making)
            making.rename(prepared)
    # All tests send their forms from one address.
    more = {"FORM_LIMIT_HOUR": "1000", "FORM_LIMIT_DAY": "1000", "FORM_LIMIT_NETWORK_HOUR": "1000"}
    with running_portal.running(prepared, folder / "var", number, **more) as found:
        yield found


@dataclass
class Misdeeds:
    """What pages did that they must not: filled while a test runs, asserted at its end."""

    errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note what any page of ``context`` does from now on."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._note_message)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        context.on("response", self._note_response)

    def forget(self) -> None:
        """For the test that proves the watch is awake."""
        self.errors.clear()
        self.foreign_requests.clear()
        self.failed_requests.clear()

    def _note_message(self, message: ConsoleMessage) -> None:
        # The browser says this of each answer of 400 and above; see `_note_response`.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.errors.append(str(error.error))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.foreign_requests.append(request.url)

    def _note_response(self, response: Response) -> None:
        # Pages with an error status may be what a test is about; what they load must be there.
        if response.status >= 400 and response.request.resource_type != "document":
            self.failed_requests.append(f"{response.status} {response.url}")


@pytest.fixture
def misdeeds() -> Iterator[Misdeeds]:
    """No page may break the CSP, log an error or ask another host, whatever is being tested."""
    found = Misdeeds()
    yield found
    assert found == Misdeeds()


@pytest.fixture
def new_context(new_context, misdeeds):
    """Browser contexts, all of them watched."""

    def watched(**options: object) -> BrowserContext:
        context = new_context(**options)
        misdeeds.watch(context)
        return context

    return watched
