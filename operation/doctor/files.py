"""Files: uploads can be written, what is built is built, backups are young."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.management.commands.compile_translations import is_current
from operation.doctor.finding import Finding, fail, ok, warn
from portal.management.commands.bootstrap import Mark, static_fingerprint

TRIAL = "doctor.txt"
DAY = 24 * 3600
#: A nightly backup that takes its time is not late.
YOUNG = DAY + 2 * 3600


def look_at_storage() -> Iterator[Finding]:
    """Writes and deletes one small file in each place for uploads."""
    try:
        name = default_storage.save(TRIAL, ContentFile(b"Written by manage.py doctor.\n"))
        default_storage.delete(name)
    except Exception as error:  # each kind of storage has errors of its own
        yield fail(
            f"Uploads: nothing can be written ({type(error).__name__}).",
            "Look at owner and rights of the media folder, or at the object storage.",
        )
    else:
        yield ok("Uploads: can be written.")
    try:
        Path(settings.PRIVATE_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.PRIVATE_ROOT) as trial:
            trial.write(b"x")
    except OSError as error:
        yield fail(
            f"Files of inquirers: nothing can be written ({error.strerror}).",
            f"The portal's user must own {settings.PRIVATE_ROOT}.",
        )


def look_at_static() -> Iterator[Finding]:
    """Collected since they last changed."""
    if settings.DEBUG:
        yield ok("Static files: not needed with DEBUG.")
        return
    if Mark(Path(settings.STATIC_ROOT) / ".fingerprint", static_fingerprint()).is_set():
        yield ok("Static files: collected.")
    else:
        yield fail(
            "Static files: not collected, or older than this code.",
            "Run manage.py bootstrap, then restart.",
        )


def look_at_translations() -> Iterator[Finding]:
    """Compiled since they last changed."""
    sources = [
        source
        for folder in settings.LOCALE_PATHS
        for source in Path(folder).glob("*/LC_MESSAGES/*.po")
    ]
    if all(is_current(source.with_suffix(".mo"), source) for source in sources):
        yield ok("Translations: compiled.")
    else:
        yield warn(
            "Translations: not compiled, or older than their texts.",
            "Run manage.py compile_translations, then restart.",
        )


def look_at_backup() -> Iterator[Finding]:
    """Age of the newest file in BACKUP_DIR; nothing is said where there is no such folder."""
    folder = getattr(settings, "BACKUP_DIR", None)
    if not folder or not Path(folder).is_dir():
        yield warn(
            "Backup: this machine keeps none.",
            "Set BACKUP_DIR and run manage.py backup each night, unless copies are made elsewhere.",
        )
        return
    times = [file.stat().st_mtime for file in Path(folder).iterdir() if file.is_file()]
    if not times:
        yield fail("Backup: the folder is empty.", "Run manage.py backup, then each night.")
        return
    hours = (time.time() - max(times)) / 3600
    if hours * 3600 > YOUNG:
        yield fail(
            f"Backup: the newest is {hours:.0f} hours old.",
            "Look at the timer that runs manage.py backup, and at its log.",
        )
    else:
        yield ok(f"Backup: the newest is {hours:.0f} hours old.")
