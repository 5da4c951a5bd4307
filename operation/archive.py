"""The form of a backup: one tar file, compressed, encrypted if there is a key, manifest at its end.

``tar`` and ``age`` open it without this portal. It is written from the beginning to the end and
read the same way, so its size does not matter. Members are "database/…", "media/…" and
"private/…"; whoever reads takes no other name, no link and no second member of the same name.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from operation.age_format import (
    FIRST_LINE,
    Damaged,
    DecryptingReader,
    EncryptingWriter,
    WrongKey,
)

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("database", "media", "private")
BLOCK = 1024 * 1024
#: Pictures do not shrink, and of a database the first level saves nearly all there is to save.
COMPRESSION = 1
LONGEST_MANIFEST = 512 * 1024 * 1024
#: What Python's readers raise at files that are cut off or changed.
UNREADABLE = (Damaged, EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError)


class Refused(Exception):
    """The archive cannot be used; the text is one line for the operator."""


class StoredFile(NamedTuple):
    """What the manifest says of a file."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What is in an archive, written at its end. Names nobody."""

    made_at: str
    engine: str  # "sqlite" or "postgresql"
    commit: str = ""
    #: Tells whether a portal has the same SECRET_KEY; says nothing of the key.
    secret_key: str = ""
    migrations: list[list[str]] = field(default_factory=list)
    #: Rows of each table, and their checksum where the database computes it.
    tables: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(vars(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise Refused(
                    f"This archive has the format {data['format']}; this portal reads {FORMAT}: "
                    "restore it with the portal that made it."
                )
            manifest = cls(**data)
            manifest.files = {name: StoredFile(*row) for name, row in manifest.files.items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Refused("The archive is damaged: its manifest is not understood.") from None
        return manifest

    @property
    def rows(self) -> int:
        return sum(rows for rows, *_sum in self.tables.values())

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(stored.size for stored in self.files.values())


class ArchiveWriter:
    """Adds members to ``target``, an open file; ``finish`` writes the manifest and all ends."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        self._encrypted = EncryptingWriter(target, key) if key else None
        self._compressed = gzip.GzipFile(
            filename="", mode="wb", fileobj=self._encrypted or target, compresslevel=COMPRESSION
        )
        self._tar = tarfile.open(  # noqa: SIM115 - ``finish`` closes it
            fileobj=self._compressed, mode="w|", format=tarfile.PAX_FORMAT
        )
        self.files: dict[str, StoredFile] = {}

    def add(self, name: str, source: BinaryIO, size: int) -> None:
        """Add ``size`` bytes. Raises ``EOFError`` if ``source`` ends before."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashed = _Hashed(source)
        try:
            self._tar.addfile(member, hashed)
        except OSError as error:
            # tarfile's own word for "shorter than was said"; a real one has a number.
            if error.errno is None:
                raise EOFError(name) from None
            raise
        self.files[name] = StoredFile(size, hashed.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        manifest.files = self.files
        content = manifest.to_json()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))
        self._tar.close()
        self._compressed.close()
        if self._encrypted:
            self._encrypted.finish()


class _Hashed(io.RawIOBase):
    """Reads from ``source`` and hashes what passes."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


def state(content: BinaryIO) -> StoredFile:
    """Size and checksum of what is left to read."""
    hashed, size = _Hashed(content), 0
    while data := hashed.read(BLOCK):
        size += len(data)
    return StoredFile(size, hashed.digest.hexdigest())


def members(path: Path, key: str) -> Iterator[tuple[str, BinaryIO]]:
    """Names and contents in order, the manifest last. Each content is read before the next.

    Use it in ``plain_words``: whatever the archive is not may show while a content is read.
    """
    with (
        path.open("rb") as file,
        gzip.GzipFile(fileobj=_plain(file, key), mode="rb") as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as tar,
    ):
        seen: set[str] = set()
        for member in tar:
            _check_member(member, seen)
            yield member.name, tar.extractfile(member)
        # To the very end: only then the checksums of all three layers were looked at.
        while unpacked.read(BLOCK):
            pass
    if MANIFEST not in seen:
        raise Refused("The archive is cut off: it has no manifest.")


@contextmanager
def plain_words() -> Iterator[None]:
    """``Refused`` for everything that is not a whole, trustworthy archive."""
    try:
        yield
    except WrongKey:
        raise Refused("BACKUP_KEY does not open this archive: it was made with another.") from None
    except UNREADABLE:
        raise Refused("The archive is damaged or cut off: take another one.") from None


def _plain(file: BinaryIO, key: str) -> BinaryIO | DecryptingReader:
    is_encrypted = file.read(len(FIRST_LINE)) == FIRST_LINE
    file.seek(0)
    if is_encrypted and not key:
        raise Refused("The archive is encrypted: set BACKUP_KEY to the key it was made with.")
    return DecryptingReader(file, key) if is_encrypted else file


def _check_member(member: tarfile.TarInfo, seen: set[str]) -> None:
    """Whatever could land outside its folder is no archive of ours."""
    parts = member.name.split("/")
    is_ours = member.name == MANIFEST or (
        len(parts) > 1
        and parts[0] in FOLDERS
        and not {"", ".", ".."} & set(parts)
        and not set("\\\0") & set(member.name)
        and str(PurePosixPath(member.name)) == member.name
    )
    if not (is_ours and member.isreg() and member.name not in seen and MANIFEST not in seen):
        raise Refused("The archive holds names or links that no backup has: nothing is unpacked.")
    if member.name == MANIFEST and member.size > LONGEST_MANIFEST:
        raise Refused("The archive is damaged: its manifest is too long.")
    seen.add(member.name)


def verified(path: Path, key: str) -> Manifest:
    """Read the whole archive without writing anything; its manifest, if everything fits."""
    found: dict[str, StoredFile] = {}
    manifest = None
    with plain_words():
        for name, content in members(path, key):
            if name == MANIFEST:
                manifest = Manifest.from_json(content.read())
            else:
                found[name] = state(content)
    if manifest is None or found != manifest.files:
        raise Refused("The archive is damaged: its files are not those of its manifest.")
    return manifest
