"""How often something may happen: counted in the database, never waved through.

A window of fixed length, counted per subject, in a row that all processes and machines share and
that a restart leaves alone. When the database does not take the count (a full disk, a read-only
mode), the memory of the process counts instead: slower robots get more than one share, nobody
gets an unlimited one. Subjects are hashed, so that no address of a visitor is kept.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.cache.backends.locmem import LocMemCache
from django.db import Error, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.models import RateWindow

logger = logging.getLogger(__name__)

#: Stands in when the database does not count. Larger than Django's 300 entries, which a robot
#: with many addresses could push out.
_memory = LocMemCache("rate limits", {"max_entries": 20_000})

#: An IPv6 visitor owns at least a /64: each address in it is the same visitor.
IPV6_NETWORK = 64
IPV4 = 4


#: Neighbours of an address that usually belong to one owner.
WIDER_IPV4, WIDER_IPV6 = 24, 48


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``count`` times in ``seconds`` for each subject."""

    name: str
    count: int
    seconds: int

    def hit(self, subject: str = "") -> int:
        """Count once. 0 if it is within the limit, else the seconds until the window ends."""
        window = self.window(subject)
        return window.wait if _add_somewhere(window) > self.count else 0

    def peek(self, subject: str = "") -> int:
        """The same answer without counting: was the limit passed already?"""
        window = self.window(subject)
        return window.wait if _counts([window.key])[window.key] > self.count else 0

    def window(self, subject: str) -> Window:
        """The window that is open now."""
        now = time.time()
        number = int(now // self.seconds)
        digest = salted_hmac("core.rate_limit", subject, algorithm="sha256").hexdigest()[:32]
        end = (number + 1) * self.seconds
        return Window(f"{self.name}:{number}:{digest}", end, max(math.ceil(end - now), 1))


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of time of one limit for one subject, and how many seconds it has left."""

    key: str
    ends_at: float  # seconds since 1970
    wait: int


def count_once(once: str, seconds: int, uses: Iterable[tuple[RateLimit, str]]) -> int:
    """Count one use of each limit and subject, unless ``once`` was counted in ``seconds``.

    Returns the seconds to wait if one of the limits is reached; then nothing is counted, so that
    who is over his own limit uses up nothing of everybody's. Raises what the database raises
    when it cannot count: then it cannot store the form either. Two queries.
    """
    windows = [(limit, limit.window(subject)) for limit, subject in uses]
    mark = RateLimit("once", 1, seconds).window(once)
    earlier = _counts([mark.key, *(window.key for _limit, window in windows)])
    is_again = earlier[mark.key] > 0
    # What was counted already may come again as long as nobody is over the limit.
    full = [w.wait for limit, w in windows if earlier[w.key] >= limit.count + is_again]
    if full or is_again:
        return max(full, default=0)
    ends = {window.key: window.ends_at for _limit, window in windows}
    now = _add(ends | {mark.key: mark.ends_at})
    if now[mark.key] > 1:
        # A second click was faster between the two statements: it has counted for both.
        _take_back(list(ends))
        return 0
    return max((w.wait for limit, w in windows if now[w.key] > limit.count), default=0)


def clear_windows() -> int:
    """Delete windows that are over. Returns how many. One query."""
    return RateWindow.objects.filter(ends_at__lt=timezone.now()).delete()[0]


def client_network(request: HttpRequest) -> str:
    """Who asks, as limits see it: an IPv4 address or an IPv6 network.

    Only from ``REMOTE_ADDR``, which ``core.proxies`` sets; headers are the visitor's own words.
    Behind a unix socket without a proxy it is empty, and all visitors are one.
    """
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


def wider_network(address: str) -> str:
    """The network around what ``client_network`` returned: a /24 or a /48; else the same."""
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return address
    length = WIDER_IPV4 if network.version == IPV4 else WIDER_IPV6
    return str(network.supernet(new_prefix=length)) if network.prefixlen > length else str(network)


def _add_somewhere(window: Window) -> int:
    """Add one to the window in the database, or in memory when it is away; the sum."""
    try:
        return _add({window.key: window.ends_at})[window.key]
    except Error as error:
        _warn(error)
    _memory.add(window.key, 0, window.wait + 60)
    return _memory.incr(window.key)


def _add(ends: Mapping[str, float]) -> dict[str, int]:
    """Add one to each key; the sums. One statement, so that two processes never count the same."""
    with _apart():
        return _upsert(ends)


def _apart() -> AbstractContextManager:
    """A savepoint where a transaction is open: a refused count must not break what follows.

    Elsewhere nothing, because on SQLite even a read would queue for the right to write.
    """
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _upsert(ends: Mapping[str, float]) -> dict[str, int]:
    """Django's ``bulk_create`` can replace a count but not add to it, so this is written out.

    In the order of the keys: two processes that lock the same rows never wait for each other in
    a circle.
    """
    table = connection.ops.quote_name(RateWindow._meta.db_table)
    rows = sorted(ends.items())
    places = ", ".join(["(%s, 1, %s)"] * len(rows))
    values = [
        value
        for key, end in rows
        for value in (
            key,
            connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(end, UTC)),
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, count, ends_at) VALUES {places} "  # noqa: S608 - our own table
            f"ON CONFLICT (key) DO UPDATE SET count = {table}.count + 1 RETURNING key, count",
            values,
        )
        return dict(cursor.fetchall())


def _take_back(keys: list[str]) -> None:
    """Undo one count of each key."""
    try:
        with _apart():
            RateWindow.objects.filter(key__in=keys).update(count=F("count") - 1)
    except Error as error:
        _warn(error)


def _counts(keys: list[str]) -> dict[str, int]:
    """What was counted so far, 0 for what was not; the larger of database and memory."""
    counts = {key: _memory.get(key, 0) for key in keys}
    try:
        with _apart():
            rows = dict(RateWindow.objects.filter(key__in=keys).values_list("key", "count"))
    except Error as error:
        _warn(error)
        rows = {}
    return {key: max(count, rows.get(key, 0)) for key, count in counts.items()}


def _warn(error: Exception) -> None:
    """Only the kind of error: messages of drivers may hold keys and hosts."""
    logger.warning("The database does not count (%s): using memory", type(error).__name__)
