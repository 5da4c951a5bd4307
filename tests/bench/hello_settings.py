"""The portal's settings with one more address: a page of thirteen bytes behind all middleware."""

from cluster_site.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.hello_urls"
PAGE_CACHE = False
