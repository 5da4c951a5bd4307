"""What all tests share."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.utils import translation

from publishing.fragments import forget_everything


@pytest.fixture(autouse=True)
def fresh_start() -> Iterator[None]:
    """No test sees the cache (rate limits!), stored pieces or the language of the one before."""
    for cache in caches.settings:
        caches[cache].clear()
    forget_everything()
    with translation.override("en"):
        yield
