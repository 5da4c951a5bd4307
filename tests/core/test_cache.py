"""Redis may refuse, hang or come back: callers get an answer at once, and never an error."""

import socket
import time
import uuid

import pytest
from django.core.cache import caches

from core import cache as cache_module
from core.cache import CircuitBreaker, FailOpenRedisCache


@pytest.fixture
def refusing():
    """Address of a server that refuses connections."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def hanging():
    """Address of a server that takes connections and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        yield f"redis://127.0.0.1:{silent.getsockname()[1]}/0"


def fail_open(server: str) -> FailOpenRedisCache:
    return FailOpenRedisCache(server, {"KEY_PREFIX": uuid.uuid4().hex})


def test_a_refusing_server_is_replaced_by_memory(refusing):
    cache = fail_open(refusing)
    cache.set("name", "value", 60)
    assert cache.get("name") == "value"
    assert cache.get("absent", "default") == "default"
    assert cache.has_key("name")
    assert cache.add("name", "other") is False
    assert cache.touch("name", 60) is True
    assert cache.delete("name") is True
    assert cache.set_many({"a": 1, "b": 2}) == []
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    cache.delete_many(["a"])
    assert cache.get("a") is None
    assert cache.get_or_set("made", lambda: "once") == "once"
    cache.clear()
    assert cache.get("made") is None


def test_counting_goes_on_while_the_server_is_away(refusing):
    cache = fail_open(refusing)
    assert cache.add("tries", 0) is True
    assert [cache.incr("tries") for _try in range(3)] == [1, 2, 3]
    assert cache.decr("tries") == 2


def test_counting_what_is_not_there_raises_as_in_every_cache(refusing):
    with pytest.raises(ValueError, match="absent"):
        fail_open(refusing).incr("absent")


def test_a_hanging_server_costs_one_short_wait_and_then_none(hanging):
    cache = fail_open(hanging)
    begin = time.monotonic()
    for number in range(200):
        cache.get(f"key-{number}")
    # 200 questions at 0.2 s each would be 40 s. The bound is wide: machines are busy.
    assert time.monotonic() - begin < 5


def test_all_threads_share_what_one_found_out(hanging):
    fail_open(hanging).get("anything")
    assert fail_open(hanging).breaker.is_open


def test_the_server_is_asked_again_after_the_pause(refusing, monkeypatch):
    cache = fail_open(refusing)
    cache.get("anything")
    assert cache.breaker.is_open
    asked = []
    monkeypatch.setattr(cache.redis, "get", lambda *a, **k: asked.append(a) or "from redis")
    assert cache.get("anything") is None
    assert asked == []
    cache.breaker.open_until = 0.0
    assert cache.get("anything") == "from redis"
    assert not cache.breaker.is_failing


def test_memory_of_an_earlier_failure_is_not_shown_again(refusing, monkeypatch):
    cache = fail_open(refusing)
    cache.set("page", "old")
    assert cache.get("page") == "old"
    cache.breaker.succeeded()
    assert cache.get("page") is None


def test_it_can_be_asked_in_spite_of_the_pause(refusing, monkeypatch):
    cache = fail_open(refusing)
    assert cache.is_reachable() is False
    assert cache.breaker.is_open
    monkeypatch.setattr(cache.redis._cache, "get_client", lambda key: FakeClient())
    assert cache.is_reachable() is True
    assert not cache.breaker.is_open


class FakeClient:
    """A Redis that is back."""

    def ping(self) -> bool:
        return True


def test_a_breaker_tells_the_first_failure_from_the_next(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(cache_module.time, "monotonic", lambda: now[0])
    breaker = CircuitBreaker()
    assert not breaker.is_open
    assert breaker.failed() is True
    assert breaker.failed() is False
    assert breaker.is_open
    now[0] += cache_module.PAUSE
    assert not breaker.is_open
    breaker.succeeded()
    assert breaker.failed() is True


def test_the_cache_of_this_run_keeps_counts_and_forgets():
    # Memory by default, a real Redis under `make test-postgres`.
    cache = caches["default"]
    cache.set("word", {"list": [1, 2]}, 60)
    assert cache.get("word") == {"list": [1, 2]}
    assert cache.add("word", "other", 60) is False
    cache.set("tries", 1, 60)
    assert cache.incr("tries") == 2
    assert cache.get_many(["tries", "absent"]) == {"tries": 2}
    cache.delete_many(["word", "tries"])
    assert cache.get("word") is None
    if isinstance(cache, FailOpenRedisCache):
        assert cache.is_reachable()
