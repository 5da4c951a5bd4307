"""Making a backup: database first, then files, into one archive that is read back before it counts.

In this order, because a file is stored before the row that names it: whatever the copied rows name
is still there when the files are read. The other way round, an inquiry of those seconds would come
back without its file.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from operation import erasures, rotation
from operation.archive import ArchiveWriter, Manifest, Refused, verified
from operation.database_copies import copies_for
from operation.database_copies.base import DatabaseCopies
from operation.stored_files import names_in, storages


@dataclass(frozen=True)
class Backup:
    """What was made."""

    path: Path
    size: int
    manifest: Manifest


def make_backup(folder: Path, key: str, using: str = DEFAULT_DB_ALIAS) -> Backup:
    """One more archive in ``folder``, or nothing at all and an error."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder) as work:
        now = datetime.now(UTC)
        path = folder / rotation.name_for(now, is_encrypted=bool(key))
        if path.exists():
            raise Refused(f"{path} is there already: try again in a second.")
        unfinished = path.with_name(f".{path.name}.part")
        try:
            manifest, rows = _write(unfinished, key, work, copies_for(connections[using]), now)
            # Trusted only when it was read to its end, with the key, as a restore would.
            if verified(unfinished, key) != manifest:
                raise Refused("The new archive could not be read back: nothing was kept.")
            erasures.add_to_list(folder, rows)
            _write_checksum(path, unfinished)
            unfinished.rename(path)
            _reach_the_disk(folder)
        finally:
            unfinished.unlink(missing_ok=True)
    return Backup(path, path.stat().st_size, manifest)


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """A folder for what must not lie about, for one backup at a time.

    It is in DATA_DIR, beside the database: BACKUP_DIR may be a place that may only see what is
    encrypted. What a killed backup left behind is removed.
    """
    with (settings.DATA_DIR / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("Another backup is being made.") from None
        work = settings.DATA_DIR / "backup.work"
        shutil.rmtree(work, ignore_errors=True)
        for left in folder.glob(".portal-*.part"):
            left.unlink()
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _write(
    target: Path, key: str, work: Path, copies: DatabaseCopies, now: datetime
) -> tuple[Manifest, list[list[str]]]:
    """The archive, on the disk. Returns its manifest and all erasures so far."""
    copy = work / "database"
    tables = copies.take(copy)
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        engine=copies.connection.vendor,
        commit=current_commit(settings.BASE_DIR),
        secret_key=secret_key_mark(settings.SECRET_KEY),
        migrations=copies.migrations,
        tables=tables,
    )
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        writer = ArchiveWriter(file, key)
        with copy.open("rb") as content:
            writer.add(copies.member, content, copy.stat().st_size)
        for kind, storage in storages().items():
            for name in names_in(storage):
                try:
                    with storage.open(name, "rb") as content:
                        writer.add(f"{kind}/{name}", content, content.size)
                except FileNotFoundError:
                    # Deleted since it was listed, with the row that named it.
                    continue
        writer.finish(manifest)
        file.flush()
        os.fsync(file.fileno())
    return manifest, copies.erasures


def _write_checksum(path: Path, archive: Path) -> None:
    """Beside the archive, as ``sha256sum --check`` reads it."""
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    beside = path.with_name(path.name + rotation.CHECKSUM)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{digest}  {path.name}\n")
        file.flush()
        os.fsync(file.fileno())


def _reach_the_disk(folder: Path) -> None:
    """A new name outlives a power cut only when its folder has been written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def secret_key_mark(key: str) -> str:
    """Tells two keys apart and says nothing of them."""
    return hmac.digest(key.encode(), b"portal backup", "sha256").hex()[:16]


def current_commit(project: Path) -> str:
    """The commit of this code, read without running git; "" outside of a checkout."""
    try:
        head = (project / ".git/HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        loose = project / ".git" / name
        if loose.exists():
            return loose.read_text(encoding="ascii").strip()
        packed = (project / ".git/packed-refs").read_text(encoding="ascii").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except (OSError, ValueError):
        return ""
