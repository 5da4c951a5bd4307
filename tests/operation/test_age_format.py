"""Encryption that other programs read, and that notices every change."""

import base64
import io

import pytest

from operation.age_format import (
    PIECE_BYTES,
    Damaged,
    DecryptingReader,
    EncryptingWriter,
    WrongKey,
)

KEY = "a long pass phrase for the test vector"
#: Made by age 1.1.1: ``age -p``.
BY_AGE = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBFZExTMXROOWJMSk9Sc3JyaVg2UTJBIDE4ClZKVHpXQitteF"
    "dDaklmcHBZWnRGcmo0azYxaGRjRi9nK3R0MVdjRXFVZkEKLS0tIEZRWVVXbmdzQm9TVjhrT3ZONmE4R091M1pTOXdp"
    "TnRIck5Vd05WVnduWk0KyLEa57s2NW6QIAdhn0x3xqYEHm8opC4HCxMFrdAF8Y9I8t+TxXIQ4qGDi1Pn"
)


def sealed(plain: bytes, key: str = KEY) -> bytes:
    target = io.BytesIO()
    writer = EncryptingWriter(target, key)
    for start in range(0, len(plain), 50_000):
        writer.write(plain[start : start + 50_000])
    writer.finish()
    return target.getvalue()


def opened(data: bytes, key: str = KEY) -> bytes:
    return io.BufferedReader(DecryptingReader(io.BytesIO(data), key)).read()


def test_a_file_of_the_age_program_is_read():
    assert opened(base64.b64decode(BY_AGE)).decode() == "园区 parks\n"


@pytest.mark.parametrize(
    "size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]
)
def test_what_was_sealed_is_read_again(size):
    plain = bytes(number % 251 for number in range(size))
    assert opened(sealed(plain)) == plain


def test_two_files_of_the_same_have_nothing_in_common():
    first, second = sealed(b"words" * 20), sealed(b"words" * 20)
    assert first[-100:] != second[-100:]
    assert b"words" not in first


def test_another_key_is_told_from_damage():
    with pytest.raises(WrongKey):
        opened(sealed(b"words"), KEY + "x")


def test_no_byte_can_be_changed_cut_off_or_added():
    whole = sealed(b"a" * (2 * PIECE_BYTES + 10))
    for place in (0, 30, 60, 100, 180, 200, PIECE_BYTES, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises((Damaged, WrongKey)):
            opened(bytes(changed))
    piece = PIECE_BYTES + 16
    header = len(whole) - 2 * piece - 26
    first, second = whole[header : header + piece], whole[header + piece : header + 2 * piece]
    for forged in (
        whole[:-1],
        whole[: header + 2 * piece],
        whole[:header],
        whole[:20],
        b"",
        whole + b"x",
        whole[:header] + second + first + whole[header + 2 * piece :],
    ):
        with pytest.raises(Damaged):
            opened(forged)
