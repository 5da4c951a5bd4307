"""A shared cache that may disappear without a visitor noticing.

Django's own Redis backend answers 500 when Redis is gone and waits ten seconds when it hangs.
Here a Redis that does not answer in 0.2 seconds is left alone for five, and meanwhile the memory
of the process stands in. So pages go on, and rate limits go on counting (per process) instead of
letting everyone through.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT = 0.2  # seconds to connect, and to wait for an answer
PAUSE = 5.0  # seconds without a question after a failure


class CircuitBreaker:
    """Remembers until when a server is to be left alone; one per server and process."""

    def __init__(self) -> None:
        self.open_until = 0.0
        self.is_failing = False

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.open_until

    def failed(self) -> bool:
        """Begin a pause. True at the first failure after a success."""
        is_first, self.is_failing = not self.is_failing, True
        self.open_until = time.monotonic() + PAUSE
        return is_first

    def succeeded(self) -> None:
        self.open_until, self.is_failing = 0.0, False


# Django makes one cache object per thread; what one thread found out holds for all.
_breakers: dict[str, CircuitBreaker] = {}


class FailOpenRedisCache(BaseCache):
    """Django's Redis cache behind short timeouts, with local memory as the stand-in."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            # redis-py would try again by itself, with seconds in between.
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        self.redis = RedisCache(server, {**params, "OPTIONS": options})
        self.memory = LocMemCache(f"stand-in for {server}", params)
        self.breaker = _breakers.setdefault(server, CircuitBreaker())

    def is_reachable(self) -> bool:
        """Ask Redis now, pause or not, whether it answers."""
        try:
            self.redis._cache.get_client(None).ping()
        except (RedisError, OSError) as error:
            self._failed(error)
            return False
        self.breaker.succeeded()
        return True

    def _failed(self, error: Exception) -> None:
        if self.breaker.failed():
            # What memory held from an earlier failure is too old to be shown now.
            self.memory.clear()
            logger.warning("Redis does not answer (%s): using memory", type(error).__name__)

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if not self.breaker.is_open:
            try:
                answer = getattr(self.redis, method)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._failed(error)
            else:
                self.breaker.succeeded()
                return answer
        return getattr(self.memory, method)(*args, **kwargs)

    def add(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._ask("add", key, value, timeout, version=version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._ask("set", key, value, timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask("touch", key, timeout, version=version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask("delete", key, version=version)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        return self._ask("get_many", list(keys), version=version)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._ask("has_key", key, version=version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError for a key that is not there, as all of Django's caches do."""
        return self._ask("incr", key, delta, version=version)

    def set_many(
        self,
        data: Mapping[str, Any],
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[str]:
        return self._ask("set_many", data, timeout, version=version) or []

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        self._ask("delete_many", list(keys), version=version)

    def clear(self) -> None:
        self._ask("clear")
