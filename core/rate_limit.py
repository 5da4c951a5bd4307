"""How often something may happen: counted in the cache, never waved through.

A window of fixed length, counted per subject. When the cache fails or forgets (a dummy cache, a
Redis that answers with errors), the memory of the process counts instead: slower robots get more
than one share, nobody gets an unlimited one. Subjects are hashed, so that no address of a visitor
stands in the cache.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

#: Stands in when the cache does not count. Larger than Django's 300 entries, which a robot with
#: many addresses could push out.
_memory = LocMemCache("rate limits", {"max_entries": 20_000})

#: An IPv6 visitor owns at least a /64: each address in it is the same visitor.
IPV6_NETWORK = 64


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``count`` times in ``seconds`` for each subject."""

    name: str
    count: int
    seconds: int

    def hit(self, subject: str = "") -> int:
        """Count once. 0 if it is within the limit, else the seconds until the window ends."""
        key, wait = self._window(subject)
        return wait if _increment(key, self.seconds) > self.count else 0

    def peek(self, subject: str = "") -> int:
        """The same answer without counting: was the limit passed already?"""
        key, wait = self._window(subject)
        return wait if _read(key) > self.count else 0

    def _window(self, subject: str) -> tuple[str, int]:
        """Key of the window that is open now, and the seconds it has left (at least 1)."""
        now = time.time()
        number = int(now // self.seconds)
        digest = salted_hmac("core.rate_limit", subject, algorithm="sha256").hexdigest()[:32]
        left = math.ceil((number + 1) * self.seconds - now)
        return f"rate:{self.name}:{number}:{digest}", max(left, 1)


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


def first_time(key: str, seconds: int) -> bool:
    """Whether ``key`` was not seen in the last ``seconds``. Notes it."""
    return _ask("add", f"once:{key}", 1, seconds)


def forget(key: str) -> None:
    """Let ``first_time`` answer True once more."""
    _ask("delete", f"once:{key}")


def _increment(key: str, seconds: int) -> int:
    """Add one and return the sum; the key ends by itself a little after its window."""
    for store in (cache, _memory):
        try:
            store.add(key, 0, seconds + 60)
            return store.incr(key)
        except Exception as error:
            _warn(store, error)
    # Memory itself threw the key out between two lines: count as the first.
    return 1


def _read(key: str) -> int:
    return max(_ask("get", key, 0), _memory.get(key, 0))


def _ask(method: str, *arguments: object) -> object:
    try:
        return getattr(cache, method)(*arguments)
    except Exception as error:
        _warn(cache, error)
        return getattr(_memory, method)(*arguments)


def _warn(store: BaseCache, error: Exception) -> None:
    """Only the kind of error: messages of cache clients may hold keys and hosts."""
    if store is not _memory:
        logger.warning("The cache does not count (%s): using memory", type(error).__name__)
