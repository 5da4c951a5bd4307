"""Asking clamd whether a file is harmful, when the operator has one (``CLAMD_URL``).

Its INSTREAM command: the file in pieces, each with its length in front, then one line of answer.
A scanner that is away, slow or full never stops an inquirer: the file is kept as "not scanned".
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings

from inquiries.models import InquiryFile

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2
ANSWER_SECONDS = 10
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


def scan(content: bytes) -> InquiryFile.Scan:
    """What the scanner says; ``NOT_SCANNED`` without one or without an answer."""
    if not settings.CLAMD_URL:
        return InquiryFile.Scan.NOT_SCANNED
    try:
        answer = _ask(content)
    except OSError as error:
        logger.error("The virus scanner did not answer: %s", type(error).__name__)
        return InquiryFile.Scan.NOT_SCANNED
    if answer.endswith(b"FOUND"):
        return InquiryFile.Scan.INFECTED
    if answer.endswith(b"OK"):
        return InquiryFile.Scan.CLEAN
    logger.error("The virus scanner answered with an error")
    return InquiryFile.Scan.NOT_SCANNED


def _ask(content: bytes) -> bytes:
    with closing(_connect()) as connection:
        connection.settimeout(ANSWER_SECONDS)
        connection.sendall(b"zINSTREAM\0")
        for piece in _pieces(content):
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
            received = connection.recv(LONGEST_ANSWER)
            if not received:
                break
            answer += received
        return answer.rstrip(b"\0\n ")


def _connect() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(address.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((address.hostname, address.port), timeout=CONNECT_SECONDS)


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]
