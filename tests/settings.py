"""The portal's settings with what tests need otherwise: no worker, no slow hashing, no traces."""

import os
import re
import tempfile
from pathlib import Path

# Whatever the developer's own .env says, tests run on the same settings everywhere.
_folder = tempfile.TemporaryDirectory(prefix="portal-test-")
os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ["DATA_DIR"] = _folder.name

from cluster_site.settings import *  # noqa: F403
from cluster_site.settings import CACHES, DATABASES, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES = {
    **STORAGES,
    # Hashing and compressing takes long and tests nothing of ours.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because browser tests and their server use it from two threads at once.
    DATABASES["default"]["TEST"] = {"NAME": Path(_folder.name) / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
elif "TEST_TEMPLATE" in os.environ:
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_TEMPLATE"]}

# Each process of a parallel run has a Redis database of its own, so that it may clear it.
_worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
for _cache in CACHES.values():
    if _cache.get("LOCATION", "").startswith("redis"):
        _cache["LOCATION"] = re.sub(r"/\d*$", f"/{_worker + 1}", _cache["LOCATION"])
