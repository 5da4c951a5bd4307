"""All files of a storage, whichever it is: a folder, or a bucket of an object store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from inquiries.models.privacy import private_files
from operation.archive import Refused, StoredFile, state


def storages() -> dict[str, Storage]:
    """Where the portal keeps files, by the folder they have in an archive."""
    return {"media": default_storage, "private": private_files()}


def names_in(storage: Storage, folder: str = "") -> Iterator[str]:
    """Names of all files, in order. A folder that was never made is an empty one."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    yield from (f"{start}{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        if name:
            yield from names_in(storage, f"{start}{name}")


def is_empty(storage: Storage) -> bool:
    return next(names_in(storage), None) is None


def state_of(storage: Storage, name: str) -> StoredFile:
    """Size and checksum of a stored file, read from its beginning to its end."""
    with storage.open(name, "rb") as file:
        return state(file)


def store(storage: Storage, name: str, content: BinaryIO) -> None:
    """Store under exactly this name: rows of the database know the file by it."""
    stored = storage.save(name, File(content, name=name))
    if stored != name:
        storage.delete(stored)
        raise Refused(f"{name} is there already: nothing is overwritten.")
