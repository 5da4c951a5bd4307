"""Visitors who read pages and send inquiries through nginx while something breaks.

They try nothing twice: whatever fails for them counts as failed.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.cluster.nodes import Cluster, until
from tests.faults.visitors import filled_form, post_through

READERS, WRITERS = 3, 4
TIMEOUT = 60  # seconds a visitor waits
#: Seconds between two pages of one visitor, and while forms, which take longer, lag behind.
PAUSE, LONG_PAUSE = 0.004, 0.1
LONGEST = 600.0  # seconds of one run, whatever happens
#: A body that ended early: nginx had sent its beginning when the node died.
TRUNCATED = http.client.IncompleteRead.__name__
#: The form has a token for each visitor: no copy of it can stand in while nothing can be stored.
REFUSED_FORM = "503, the form"
HTML = {"Accept-Encoding": "gzip"}


@dataclass
class Traffic:
    """What all visitors of one run were answered."""

    pages: Counter[str] = field(default_factory=Counter)
    posts: Counter[str] = field(default_factory=Counter)
    #: How many there shall be at least.
    wanted_pages: int = 0
    wanted_posts: int = 0
    #: Submission key → address of the receipt.
    acknowledged: dict[str, str] = field(default_factory=dict)
    #: Seconds that single requests took.
    slowest_page: float = 0.0
    slowest_post: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def requests(self) -> int:
        return self.pages.total() + self.posts.total()

    @property
    def failed(self) -> int:
        return self.requests - self.pages["200"] - self.posts["303"]

    @property
    def truncated(self) -> int:
        return self.pages[TRUNCATED]

    def wait_for(self, share: float) -> None:
        """Until this share of all requests was answered: faults spread over the whole run."""
        until(lambda: min(self.shares()) >= share, LONGEST)

    def wait_for_more(self, pages: int, posts: int) -> None:
        """Until so many more were answered."""
        pages, posts = self.pages.total() + pages, self.posts.total() + posts
        until(lambda: self.pages.total() >= pages and self.posts.total() >= posts, LONGEST)

    def shares(self) -> tuple[float, float]:
        """How much of the wanted pages and forms was asked for."""
        return (
            self.pages.total() / self.wanted_pages if self.wanted_pages else 1.0,
            self.posts.total() / self.wanted_posts if self.wanted_posts else 1.0,
        )

    def counted(self) -> str:
        return f"{self.pages.total():,} GET, {self.posts.total():,} POST"

    def lost(self, cluster: Cluster) -> int:
        """Acknowledged inquiries that are not stored exactly once under their reference."""
        rows = cluster.rows("SELECT submission_key, secret FROM inquiries_inquiry")
        times = Counter(key for key, _secret in rows)
        secrets_of = dict(rows)
        return sum(
            times[key] != 1 or secrets_of[key] not in address
            for key, address in self.acknowledged.items()
        )

    def said(self) -> str:
        return f"pages {dict(self.pages)}, posts {dict(self.posts)}"


@contextlib.contextmanager
def visitors(cluster: Cluster, pages: int, posts: int) -> Iterator[Traffic]:
    """Visitors come until the block has ended and there were so many requests at least."""
    traffic = Traffic(wanted_pages=pages, wanted_posts=posts)
    addresses = itertools.cycle(cluster.addresses)
    numbers = itertools.count()
    begun = time.monotonic()

    def is_over(counted: Counter[str], wanted: int) -> bool:
        if time.monotonic() - begun > LONGEST:
            return True
        return traffic.done.is_set() and counted.total() >= wanted

    def read() -> None:
        connection = http.client.HTTPConnection(cluster.url[7:], timeout=TIMEOUT)
        while not is_over(traffic.pages, pages):
            with traffic.lock:
                address = next(addresses)
            asked = time.monotonic()
            word = ask(connection, address)
            with traffic.lock:
                traffic.pages[word] += 1
                traffic.slowest_page = max(traffic.slowest_page, time.monotonic() - asked)
            share_of_pages, share_of_posts = traffic.shares()
            time.sleep(LONG_PAUSE if share_of_pages > share_of_posts else PAUSE)
        connection.close()

    def write() -> None:
        connection = http.client.HTTPConnection(cluster.url[7:], timeout=TIMEOUT)
        while not is_over(traffic.posts, posts):
            key = secrets.token_urlsafe(16)
            body, headers = filled_form(cluster.key_folder, key, next(numbers))
            asked = time.monotonic()
            word, location = send(connection, body, headers)
            with traffic.lock:
                traffic.posts[word] += 1
                traffic.slowest_post = max(traffic.slowest_post, time.monotonic() - asked)
                if word == "303":
                    traffic.acknowledged[key] = location
        connection.close()

    threads = [threading.Thread(target=read) for _number in range(READERS if pages else 0)]
    threads += [threading.Thread(target=write) for _number in range(WRITERS if posts else 0)]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        traffic.done.set()
        for thread in threads:
            thread.join()
    assert min(traffic.shares()) >= 1, f"too few requests in {LONGEST:.0f} s: {traffic.said()}"


def ask(connection: http.client.HTTPConnection, address: str) -> str:
    """The status, or what went wrong, in a word."""
    try:
        connection.request("GET", address, headers=HTML)
        response = connection.getresponse()
        response.read()
        is_refused_form = response.status == 503 and address.endswith("/inquiry/")
        return REFUSED_FORM if is_refused_form else str(response.status)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return type(error).__name__


def send(
    connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]
) -> tuple[str, str]:
    """The status or what went wrong, and where the receipt is."""
    try:
        status, location, _page = post_through(connection, body, headers)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return type(error).__name__, ""
    return str(status), location
