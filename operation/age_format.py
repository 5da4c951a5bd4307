"""Encryption of archives in the format of age (age-encryption.org/v1), with a passphrase.

A published format with programs for every system: a backup can be opened by ``age -d`` when
nothing of this portal is left. The text is sealed in pieces of 64 KiB, each numbered and the last
one marked, so that neither a changed nor a missing nor an added byte goes unnoticed, and archives
of any size pass through little memory.
"""

from __future__ import annotations

import base64
import hmac
import io
import os
import re
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FIRST_LINE = b"age-encryption.org/v1\n"
PIECE_BYTES = 64 * 1024
KEY_BYTES = TAG_BYTES = 16
#: Memory and time of a guess at the passphrase, as a power of two: 16 MB and 50 ms. The setting
#: demands a passphrase that nobody guesses; age takes 18 for those that people think up.
WORK = 14
MOST_WORK = 20
STANZA = re.compile(rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)")
LONGEST_LINE = 100


class WrongKey(Exception):
    """The passphrase does not open this file."""


class Damaged(Exception):
    """Something is missing from the file, was added to it, or was changed."""


class EncryptingWriter(io.RawIOBase):
    """Takes plain bytes and writes an age file into ``target``, which stays open."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        self._target = target
        file_key, salt, nonce = (os.urandom(KEY_BYTES) for _part in range(3))
        wrapped = ChaCha20Poly1305(_wrap_key(passphrase, salt, WORK)).encrypt(
            bytes(12), file_key, None
        )
        header = (
            FIRST_LINE
            + b"-> scrypt %s %d\n%s\n---" % (_base64(salt), WORK, _base64(wrapped))
        )  # fmt: skip
        target.write(b"%s %s\n%s" % (header, _base64(_header_mac(file_key, header)), nonce))
        self._pieces = _Pieces(file_key, nonce)
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._waiting += data
        # The last piece is marked as such, so a full one waits until more is known to follow.
        while len(self._waiting) > PIECE_BYTES:
            self._target.write(self._pieces.seal(bytes(self._waiting[:PIECE_BYTES]), is_last=False))
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def finish(self) -> None:
        """Seal what is left. Without it the file counts as cut off, which it then is."""
        self._target.write(self._pieces.seal(bytes(self._waiting), is_last=True))


class DecryptingReader(io.RawIOBase):
    """Plain bytes of the age file ``source``. Raises ``WrongKey`` at once, ``Damaged`` any time."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        file_key = self._open_header(passphrase)
        nonce = source.read(KEY_BYTES)
        self._pieces = _Pieces(file_key, nonce)
        self._next = source.read(PIECE_BYTES + TAG_BYTES)
        # Even of nothing there is one piece, the last.
        if not self._next:
            raise Damaged
        self._plain = b""

    def _open_header(self, passphrase: str) -> bytes:
        lines = [self._source.readline(LONGEST_LINE) for _number in range(4)]
        stanza = STANZA.fullmatch(lines[1].rstrip(b"\n"))
        if lines[0] != FIRST_LINE or not stanza or int(stanza[2]) > MOST_WORK:
            raise Damaged
        wrapped = _from_base64(lines[2])
        if len(wrapped) != KEY_BYTES + TAG_BYTES:
            raise Damaged
        wrap_key = _wrap_key(passphrase, _from_base64(stanza[1]), int(stanza[2]))
        try:
            file_key = ChaCha20Poly1305(wrap_key).decrypt(bytes(12), wrapped, None)
        except InvalidTag:
            raise WrongKey from None
        header = b"".join(lines[:3]) + b"---"
        mac = b"--- %s\n" % _base64(_header_mac(file_key, header))
        if not hmac.compare_digest(mac, lines[3]):
            raise Damaged
        return file_key

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._plain and self._next:
            piece, self._next = self._next, self._source.read(PIECE_BYTES + TAG_BYTES)
            self._plain = self._pieces.open(piece, is_last=not self._next)
        taken = self._plain[: len(buffer)]
        self._plain = self._plain[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


class _Pieces:
    """The one key of a file and the number of the next piece."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
        self._number = 0

    def _nonce(self, is_last: bool) -> bytes:
        self._number += 1
        return (self._number - 1).to_bytes(11, "big") + bytes([is_last])

    def seal(self, plain: bytes, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(is_last), plain, None)

    def open(self, sealed: bytes, *, is_last: bool) -> bytes:
        try:
            plain = self._cipher.decrypt(self._nonce(is_last), sealed, None)
        except InvalidTag:
            raise Damaged from None
        if not plain and self._number > 1:
            raise Damaged
        return plain


def _wrap_key(passphrase: str, salt: bytes, work: int) -> bytes:
    labelled = b"age-encryption.org/v1/scrypt" + salt
    return Scrypt(salt=labelled, length=32, n=2**work, r=8, p=1).derive(passphrase.encode())


def _derived(file_key: bytes, salt: bytes | None, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(file_key)


def _header_mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, None, b"header"), header, "sha256")


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _from_base64(text: bytes) -> bytes:
    text = text.rstrip(b"\n")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Damaged from None
