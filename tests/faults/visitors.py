"""Visitors who send the inquiry form and try again when they get no answer, as people do."""

from __future__ import annotations

import http.client
import random
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
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
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", ""), response.read()
    finally:
        connection.close()


def send_many(url: str, folder: Path, count: int, clients: int) -> Outcome:
    """``count`` inquiries by ``clients`` at once, each sent until it is acknowledged.

    A visitor whose connection breaks, or who is told that nothing was stored (503), sends the
    same page again.
    """
    outcome = Outcome()
    waiting = list(range(count))
    begun = time.monotonic()

    def visit() -> None:
        while True:
            with outcome.lock:
                if not waiting:
                    return
                number = waiting.pop()
            key = secrets.token_urlsafe(16)
            body, headers = filled_form(folder, key, number)
            until = time.monotonic() + LONGEST
            while time.monotonic() < until:
                try:
                    status, location, page = post(url, body, headers)
                except (OSError, http.client.HTTPException):
                    with outcome.lock:
                        outcome.broken += 1
                    time.sleep(random.uniform(0.1, 0.4))
                    continue
                with outcome.lock:
                    outcome.statuses[status] += 1
                    if status == 303:
                        outcome.acknowledged[key] = location
                        break
                    outcome.pages.append(page)
                if status != 503:
                    break
                time.sleep(random.uniform(0.2, 0.6))

    threads = [threading.Thread(target=visit) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - begun
    return outcome
