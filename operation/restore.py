"""Putting a backup back into an empty place: everything is checked before anything is written."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.db import DEFAULT_DB_ALIAS, connections

from core.pending_migrations import known_migrations
from operation.archive import (
    BLOCK,
    MANIFEST,
    Manifest,
    Refused,
    members,
    plain_words,
    state,
    verified,
)
from operation.database_copies import copies_for
from operation.rotation import CHECKSUM
from operation.stored_files import is_empty, state_of, storages, store
from publishing.generation import announce_change

IN_MEMORY = 16 * 1024 * 1024
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def checked(path: Path, key: str) -> Manifest:
    """The manifest of a whole archive that this code understands. Writes nothing."""
    if not path.is_file():
        raise Refused(f"There is no archive at {path}.")
    _compare_checksum(path)
    manifest = verified(path, key)
    if newer := {tuple(row) for row in manifest.migrations} - known_migrations():
        raise Refused(
            f"The archive is newer than this code: it knows nothing of {'.'.join(min(newer))}. "
            "Take the code that made it"
            + (f" ({manifest.commit[:12]})." if manifest.commit else ".")
        )
    return manifest


def _compare_checksum(path: Path) -> None:
    """With the file beside the archive, if it came along."""
    with suppress(FileNotFoundError):
        said = path.with_name(path.name + CHECKSUM).read_text(encoding="utf-8").split()
        with path.open("rb") as file:
            if said[:1] != [hashlib.file_digest(file, "sha256").hexdigest()]:
                raise Refused(f"The archive is damaged: {path.name}{CHECKSUM} says otherwise.")


def refuse_unless_empty(using: str) -> None:
    """Nothing is ever overwritten, so no mistake in typing can cost a portal."""
    connection = connections[using]
    remedy = "Restore into an empty place: set DATA_DIR and DATABASE_URL to a new one."
    if not copies_for(connection).is_empty():
        raise Refused(f"The database {connection.settings_dict['NAME']} has tables. {remedy}")
    for kind, storage in storages().items():
        if not is_empty(storage):
            raise Refused(f"There are {kind} files already. {remedy}")


def restore(path: Path, key: str, using: str = DEFAULT_DB_ALIAS) -> Manifest:
    """Everything in the archive into the configured place, or nothing and ``Refused``."""
    refuse_unless_empty(using)
    manifest = checked(path, key)
    copies = copies_for(connections[using])
    if manifest.engine != copies.connection.vendor:
        raise Refused(
            f"The archive is of {ENGINES.get(manifest.engine, manifest.engine)}, DATABASE_URL is "
            f"{ENGINES[copies.connection.vendor]}: restore it there, then manage.py copy_database."
        )
    room = copies.room()
    room.mkdir(parents=True, exist_ok=True)
    _refuse_without_space(manifest, room)
    written: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=room) as work:
        copy = Path(work) / "database"
        try:
            _unpack(path, key, copies.member, copy, written)
            _verify(manifest, copies.member, copy)
            copies.put_back(copy, manifest.tables)
        except BaseException:
            for kind, name in written:
                with suppress(OSError):
                    storages()[kind].delete(name)
            raise
    os.sync()
    announce_change()
    return manifest


def _refuse_without_space(manifest: Manifest, room: Path) -> None:
    folders = [s.location for s in storages().values() if isinstance(s, FileSystemStorage)]
    places = {room, *map(Path, folders)}
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        if (free := shutil.disk_usage(place).free) < manifest.size:
            raise Refused(
                f"The disk of {place} is too full: {manifest.size // 1_000_000 + 1} MB are needed, "
                f"{free // 1_000_000} MB are free."
            )


def _unpack(path: Path, key: str, member: str, copy: Path, written: list[tuple[str, str]]) -> None:
    """Files into their storages, the copy of the database beside its place."""
    with plain_words():
        for name, content in members(path, key):
            kind, _slash, rest = name.partition("/")
            if name == member:
                with copy.open("xb") as file:
                    shutil.copyfileobj(content, file, BLOCK)
                    file.flush()
                    os.fsync(file.fileno())
            elif name != MANIFEST:
                written.append((kind, rest))
                # Storages go back to the beginning of what they store; an archive cannot.
                with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(copy.parent)) as file:
                    shutil.copyfileobj(content, file, BLOCK)
                    file.seek(0)
                    store(storages()[kind], rest, file)


def _verify(manifest: Manifest, member: str, copy: Path) -> None:
    """What is on the disk now, read again, against the manifest."""
    with copy.open("rb") as file:
        found = {member: state(file)}
    for name in manifest.files:
        kind, _slash, rest = name.partition("/")
        if name != member:
            found[name] = state_of(storages()[kind], rest)
    if found != manifest.files:
        raise Refused("What was written is not what the archive holds: is the disk in order?")
