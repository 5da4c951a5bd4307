"""Files of inquirers: known by content, cleaned, scanned, and kept from everybody but the desk."""

import io
import random
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inquiries import files, virus_scan
from inquiries.files import check_file, shown_name
from inquiries.models import InquiryFile

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
Scan = InquiryFile.Scan


def upload(content: bytes, name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def office(part: str = "xl/workbook.xml", types: bytes = b"<Types/>", **more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, "<x/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return packed.getvalue()


def picture(image_format: str) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (40, 30), "red").save(made, image_format, exif=exif)
    return made.getvalue()


def refusal(content: bytes, name: str = "plan.pdf") -> str:
    with pytest.raises(ValidationError) as caught:
        check_file(upload(content, name))
    return " ".join(caught.value.messages)


# --- what is taken


@pytest.mark.parametrize(
    ("content", "name", "ending", "content_type"),
    [
        (PDF, "plan.PDF", "PDF", "application/pdf"),
        (PDF, "plan.docx", "pdf", "application/pdf"),
        (office(), "table.xlsx", "xlsx", files.OFFICE_TYPES["xl/workbook.xml"][1]),
        (office("word/document.xml"), "a.docx", "docx", files.OFFICE_TYPES["word/document.xml"][1]),
        (picture("JPEG"), "photo.jpeg", "jpeg", "image/jpeg"),
        (picture("PNG"), "photo.jpg", "png", "image/png"),
        (picture("WEBP"), "photo", "webp", "image/webp"),
    ],
)
def test_the_content_says_what_a_file_is(content, name, ending, content_type):
    checked = check_file(upload(content, name))
    assert checked.name.rpartition(".")[2] == ending
    assert checked.content_type == content_type
    assert len(checked.sha256) == 64


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_nothing_but_its_pixels(image_format):
    content = picture(image_format)
    assert b"secret place" in content
    checked = check_file(upload(content, "photo.png"))
    assert b"secret place" not in checked.content
    assert Image.open(io.BytesIO(checked.content)).size == (40, 30)


# --- what is refused, in words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"MZ\x90\0", "none of the files"),
        (b"<html><script>alert(1)</script>", "none of the files"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of the files"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "none of the files"),
        (b"%PDF-1.7 without an end", "none of the files"),
        (b"GIF89a;%PDF-1.7 %%EOF", "none of the files"),
        (b"\x89PNG\r\n\x1a\n broken", "plan.pdf"),
        (b"PK\x03\x04 broken", "no XLSX or DOCX"),
        (office("readme.txt"), "no XLSX or DOCX"),
        (office()[:-20], "no XLSX or DOCX"),
    ],
)
def test_anything_else_is_refused_with_its_name_and_the_remedy(content, words):
    said = refusal(content)
    assert words in said
    assert "plan.pdf" in said


@pytest.mark.parametrize(
    "content",
    [
        office(**{"xl/vbaProject.bin": b"x"}),
        office(**{"XL/VBAPROJECT.BIN": b"x"}),
        office(**{"xl/activeX/activeX1.xml": b"x"}),
        office(**{"xl/macrosheets/sheet1.xml": b"x"}),
        office(types=b'<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled"/>'),
    ],
)
def test_macros_are_refused_whatever_the_file_is_called(content):
    assert "macros" in refusal(content, "table.xlsx")


def test_an_archive_that_unpacks_to_something_huge_is_refused_unopened():
    bomb = office(**{"xl/sheet.xml": b"\0" * 30_000_000})
    assert len(bomb) < 100_000
    assert "far too large" in refusal(bomb, "bomb.xlsx")


def test_a_content_list_that_is_far_too_long_is_not_read_to_its_end():
    long = random.Random(1).randbytes(600_000).hex().encode()
    assert "no XLSX or DOCX" in refusal(office(types=long))


def test_an_archive_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MOST_ENTRIES", 1)
    assert "far too large" in refusal(office())


def test_a_locked_file_is_refused():
    content = bytearray(office())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        content[place + offset] |= 1
    assert "password" in refusal(bytes(content))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\plan.pdf", "plan.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u061cb\u00adc\u2060d\ufeff.pdf", "abcd.pdf"),
        ("line\r\nbreak.pdf", "linebreak.pdf"),
        ("计划.pdf", "计划.pdf"),
        ("...", "file"),
        ("x" * 400 + ".pdf", "x" * 149 + ".pdf"),
    ],
)
def test_names_mislead_nobody(name, shown):
    assert shown_name(name) == shown


# --- the scanner


@contextmanager
def clamd(answer: bytes, settings) -> Iterator[list[bytes]]:
    """A scanner that takes one file by the INSTREAM protocol and gives ``answer``."""
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listener.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", stream.read(4))[0]:
                received.append(stream.read(size))
            if answer:
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.CLAMD_URL = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield received
    finally:
        thread.join(5)
        listener.close()


def test_a_clean_file_is_marked_as_scanned(settings):
    content = PDF.replace(b"endobj", b"x" * 200_000)
    with clamd(b"stream: OK\0", settings) as received:
        assert check_file(upload(content)).scan == Scan.CLEAN
    assert b"".join(received) == content
    assert len(received) > 1


def test_an_infected_file_is_refused_in_words(settings):
    with clamd(b"stream: Eicar-Test-Signature FOUND\0", settings):
        assert "holds a virus" in refusal(PDF)


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"nonsense\0"])
def test_a_scanner_without_a_verdict_stops_nobody(settings, caplog, answer):
    with clamd(answer, settings):
        assert check_file(upload(PDF)).scan == Scan.NOT_SCANNED
    assert "virus scanner" in caplog.text


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_stops_nobody(settings, caplog, address):
    settings.CLAMD_URL = address
    assert check_file(upload(PDF)).scan == Scan.NOT_SCANNED
    assert "virus scanner" in caplog.text


def test_a_scanner_that_hangs_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(virus_scan, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert check_file(upload(PDF)).scan == Scan.NOT_SCANNED


def test_a_scanner_at_a_unix_socket_is_asked(settings, tmp_path):
    path = tmp_path / "clamd.ctl"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _address = listener.accept()
            with connection:
                while not connection.recv(65536).endswith(b"\0\0\0\0"):
                    pass
                connection.sendall(b"stream: OK\0")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings.CLAMD_URL = f"unix://{path}"
        assert check_file(upload(PDF)).scan == Scan.CLEAN
        thread.join(5)


def test_without_a_scanner_nothing_is_asked(settings):
    settings.CLAMD_URL = ""
    assert check_file(upload(PDF)).scan == Scan.NOT_SCANNED
