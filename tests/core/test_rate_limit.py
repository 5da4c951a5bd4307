"""Limits that count in the cache, and in memory when the cache does not."""

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import RequestFactory

from core import rate_limit
from core.rate_limit import RateLimit, client_network, first_time, forget

LIMIT = RateLimit("test", 2, 60)


@pytest.fixture(autouse=True)
def clock(time_machine):
    """In the middle of a minute."""
    time_machine.move_to("2026-11-24T02:10:20+00:00", tick=False)
    rate_limit._memory.clear()
    return time_machine


def test_the_third_of_two_waits_for_the_end_of_the_window(clock):
    assert [LIMIT.hit("a") for _time in range(3)] == [0, 0, 40]
    assert LIMIT.peek("a") == 40
    clock.shift(40)
    assert LIMIT.hit("a") == 0


def test_each_subject_has_its_own_count():
    for _time in range(3):
        LIMIT.hit("a")
    assert LIMIT.hit("b") == 0


def test_looking_does_not_count():
    assert [LIMIT.peek("a") for _time in range(5)] == [0] * 5
    LIMIT.hit("a")
    LIMIT.hit("a")
    assert LIMIT.peek("a") == 0


def test_once_is_once_until_forgotten():
    assert first_time("key", 60)
    assert not first_time("key", 60)
    forget("key")
    assert first_time("key", 60)


def test_no_address_stands_in_the_cache(monkeypatch):
    memory = LocMemCache("rate-limit-test", {})
    monkeypatch.setattr(rate_limit, "cache", memory)
    LIMIT.hit("203.0.113.9")
    assert memory._cache
    assert not [key for key in memory._cache if "203.0.113.9" in key]


class BrokenCache:
    """Every question ends in an error, or as a dummy cache answers."""

    def __init__(self, answers: dict | None = None) -> None:
        self.answers = answers

    def __getattr__(self, name: str):
        def ask(*arguments, **options):
            if self.answers is None or name not in self.answers:
                raise ConnectionError("redis://secret-host refused")
            return self.answers[name]

        return ask


@pytest.mark.parametrize("answers", [None, {"add": True, "get": 0, "delete": True}])
def test_a_broken_cache_lets_nobody_through_without_counting(monkeypatch, caplog, answers):
    monkeypatch.setattr(rate_limit, "cache", BrokenCache(answers))
    assert [LIMIT.hit("a") for _time in range(3)] == [0, 0, 40]
    assert LIMIT.peek("a") == 40
    assert "secret-host" not in caplog.text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_a_visitor_is_an_address_or_an_ipv6_network(address, network):
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert client_network(request) == network
