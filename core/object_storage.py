"""Uploaded files in an S3-compatible storage that may hang without holding up a page.

No page asks it: sizes of pictures stand in the database, and addresses stay ``/media/…`` on our own
host, from where the portal hands the files on. So the bucket needs no public access, and files of
inquirers can lie in it beside the others. A storage that fails is left alone for five seconds, and
only some of a process's threads may wait for it, so that there is always one for pages.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation, SuspiciousOperation
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from core.cache import CircuitBreaker
from core.storage_away import StorageAwayError

CONNECT_TIMEOUT = 2  # seconds
READ_TIMEOUT = 3  # seconds between two pieces of an answer
ATTEMPTS = 2
LONGEST_READ = 15.0  # seconds for a whole file, however it trickles
LONGEST_WAIT = 1.0  # seconds for a turn, while others wait for the storage
PIECE = 256 * 1024
NOT_FOUND = {"404", "NoSuchKey", "NotFound"}

# Media and private files lie in the same storage: what one finds out holds for both.
_breaker = CircuitBreaker()
_turns = BoundedSemaphore(max(1, settings.SERVER_THREADS - 1))


def is_missing(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in NOT_FOUND


@contextmanager
def asking() -> Iterator[None]:
    """Around each question: what the storage does wrong becomes one kind of error."""
    if _breaker.is_open:
        raise StorageAwayError("The storage did not answer a moment ago.")
    try:
        yield
    except ClientError as error:
        if is_missing(error):
            raise FileNotFoundError("There is no such file.") from None
        _breaker.failed()
        raise StorageAwayError("The storage refuses.") from error
    except (BotoCoreError, Boto3Error, OSError) as error:
        _breaker.failed()
        raise StorageAwayError("The storage does not answer.") from error
    _breaker.succeeded()


class ObjectStorage(S3Storage):
    """django-storages' S3 storage with short timeouts and addresses on our own host."""

    def __init__(self, *, base_url: str | None = None, **options: Any) -> None:
        """``base_url``: where a view hands the files out; None for files without an address."""
        self.base_url = base_url
        super().__init__(
            # Names are fingerprints of the content: two records may share one by chance.
            file_overwrite=False,
            client_config=Config(
                connect_timeout=CONNECT_TIMEOUT,
                read_timeout=READ_TIMEOUT,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                # Newer checksums are unknown to many servers that are not Amazon's.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        if self.base_url is None:
            raise ValueError("This file is not accessible via a URL.")
        return f"{self.base_url}{filepath_to_uri(name)}"

    def _normalize_name(self, name: str) -> str:
        try:
            return super()._normalize_name(name)
        except SuspiciousOperation:
            raise SuspiciousFileOperation("The name leads out of the folder.") from None

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole file: what is sent later must not wait for the storage any more."""
        if mode != "rb":
            raise ValueError("Files of the object storage are read only; use save().")
        key = self._normalize_name(name)
        if not _turns.acquire(timeout=LONGEST_WAIT):
            raise StorageAwayError("Others wait for the storage already.")
        try:
            with asking():
                return ContentFile(self._read(key), name)
        finally:
            _turns.release()

    def _read(self, key: str) -> bytes:
        ends = time.monotonic() + LONGEST_READ
        pieces = []
        body = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)["Body"]
        try:
            for piece in body.iter_chunks(PIECE):
                pieces.append(piece)
                if time.monotonic() > ends:
                    raise TimeoutError("The storage is too slow.")
        finally:
            body.close()
        return b"".join(pieces)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        with asking():
            # One request, where the library would begin threads and attempts of its own.
            self.connection.meta.client.put_object(
                Bucket=self.bucket_name,
                Key=self._normalize_name(name),
                Body=content.read(),
                **self._get_write_parameters(name, content),
            )
        return name

    def exists(self, name: str) -> bool:
        try:
            with asking():
                self._head(name)
        except FileNotFoundError:
            return False
        return True

    def delete(self, name: str) -> None:
        with asking():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with asking():
            return super().listdir(path)

    def size(self, name: str) -> int:
        with asking():
            return self._head(name)["ContentLength"]

    def get_modified_time(self, name: str) -> datetime:
        with asking():
            return self._head(name)["LastModified"]

    def _head(self, name: str) -> dict[str, Any]:
        return self.connection.meta.client.head_object(
            Bucket=self.bucket_name, Key=self._normalize_name(name)
        )
