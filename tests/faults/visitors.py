"""Visitors who send the inquiry form and try again when they get no answer, as people do."""

from __future__ import annotations

import http.client
import math
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.core.signing import Signer

PATH = "/en/inquiry/"
TIMEOUT = 40  # seconds: longer than SQLite waits for its lock
LONGEST = 180  # seconds a visitor goes on trying


@dataclass
class Outcome:
    """What all visitors of one run were answered."""

    #: Submission key → address of the receipt, for what was acknowledged.
    acknowledged: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    #: Connections that broke before an answer came.
    broken: int = 0
    pages: list[bytes] = field(default_factory=list)
    seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, other: Outcome) -> None:
        """What a later run was answered belongs to this one."""
        self.acknowledged |= other.acknowledged
        self.statuses += other.statuses
        self.broken += other.broken
        self.pages += other.pages
        self.seconds += other.seconds


@dataclass(frozen=True, slots=True)
class FilledForm:
    """One showing of the form, filled in and ready to be sent."""

    key: str
    body: bytes
    headers: dict[str, str]


def token(folder: Path, key: str) -> str:
    """The token of a page that was made a minute ago, signed with the portal's own key."""
    key_of_portal = (folder / "secret_key").read_text().strip()
    salt = "core.form_guard.InquiryForm"
    # Without fallback keys, which would be those of this process's own settings.
    signer = Signer(key=key_of_portal, salt=salt, fallback_keys=[])
    return signer.sign_object([int(time.time()) - 60, key])


def filled_form(folder: Path, key: str, number: int) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one inquiry."""
    csrf = secrets.token_hex(16)
    answers = {
        "name": f"Visitor {number}",
        "email": f"visitor-{number}-{key[:6].lower()}@example.org".replace("_", "x"),
        "country": "DE",
        "subject": "invest",
        "message": f"We plan a plant, number {number}, and need 10 hectares. Key {key}",
        "consent_version": consent_version(),
        "guard_token": token(folder, key),
        "csrfmiddlewaretoken": csrf,
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrf={csrf}",
    }
    return urlencode(answers).encode(), headers


def filled_forms(folder: Path, count: int) -> list[FilledForm]:
    """``count`` inquiries, made before the clock starts."""
    keys = [secrets.token_urlsafe(16) for _number in range(count)]
    return [FilledForm(key, *filled_form(folder, key, number)) for number, key in enumerate(keys)]


@cache
def consent_version() -> str:
    """The newest text, without loading the portal's settings."""
    source = Path(__file__).resolve().parents[2] / "inquiries" / "consent.py"
    line = next(
        line for line in source.read_text(encoding="utf-8").splitlines() if "CURRENT =" in line
    )
    return line.split('"')[1]


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
    """Status, Location and body of one POST. Raises OSError or HTTPException if it breaks."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)
    try:
        return post_through(connection, body, headers)
    finally:
        connection.close()


def post_through(
    connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]
) -> tuple[int, str, bytes]:
    """The same through a connection that stays open, as a proxy in front keeps them."""
    connection.request("POST", PATH, body, headers)
    response = connection.getresponse()
    return response.status, response.headers.get("Location", ""), response.read()


def send_many(
    url: str, forms: Iterable[FilledForm], clients: int, seconds: float = math.inf
) -> Outcome:
    """``forms`` by ``clients`` at once, each sent until it is acknowledged.

    A visitor whose connection breaks, or who is told that nothing was stored (503), sends the
    same page again. After ``seconds`` nobody begins a new one.
    """
    outcome = Outcome()
    waiting = list(forms)
    begun = time.monotonic()

    def visit() -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)
        while True:
            with outcome.lock:
                if not waiting or time.monotonic() - begun > seconds:
                    break
                form = waiting.pop()
            send_until_acknowledged(connection, form, outcome)
        connection.close()

    threads = [threading.Thread(target=visit) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - begun
    return outcome


def send_until_acknowledged(
    connection: http.client.HTTPConnection, form: FilledForm, outcome: Outcome
) -> None:
    """Send one form; what came of it is noted in ``outcome``."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            status, location, page = post_through(connection, form.body, form.headers)
        except (OSError, http.client.HTTPException):
            connection.close()  # the next request opens it again
            with outcome.lock:
                outcome.broken += 1
            time.sleep(random.uniform(0.1, 0.4))
            continue
        with outcome.lock:
            outcome.statuses[status] += 1
            if status == 303:
                outcome.acknowledged[form.key] = location
                return
            outcome.pages.append(page)
        if status != 503:
            return
        time.sleep(random.uniform(0.2, 0.6))
