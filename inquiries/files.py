"""Files from inquirers: known by their content, never by name or by what the browser says.

Pictures are re-encoded, which leaves nothing but pixels. Office files are read as the zip
archives they are, without unpacking more than one small list, and refused when they carry
programs or unpack to something huge. Nothing is ever shown or run here: the desk may download
what was kept, and no more.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from threading import Lock

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.imaging import clean_picture, mime_type
from inquiries.models import Inquiry, InquiryFile
from inquiries.virus_scan import scan

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
NAME_LENGTH = 160

MOST_ENTRIES = 5000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
LONGEST_CONTENT_LIST = 1024 * 1024
CONTENT_LIST = "[Content_Types].xml"
#: What tells an office file from any other archive, and what it is called then.
OFFICE_TYPES = {
    "xl/workbook.xml": (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "word/document.xml": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
#: What Python's reader raises at broken archives.
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(EOFError, OSError, ValueError, struct.error),
)
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "/activex/", "/macrosheets/")

PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
#: Signs of paths, and characters that nobody sees and that turn the others about.
NOT_IN_A_NAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\\/:*?\"<>|]"
)

#: A picture of 50 megapixels takes 200 MB while it is read: one at a time in each process.
_one_picture = Lock()


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept."""

    name: str
    content: bytes
    content_type: str
    scan: InquiryFile.Scan

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_file(upload: UploadedFile) -> CheckedFile:
    """Check, clean and scan. Raises ``ValidationError`` that names the file and the remedy."""
    name = shown_name(upload.name or "")
    content = upload.read(MOST_BYTES + 1)
    if not content:
        raise _refusal(name, _("%(name)s is empty. Choose the file again."), "empty")
    if len(content) > MOST_BYTES:
        raise _refusal(name, _("%(name)s is larger than 10 MB. Send a smaller copy."), "heavy")
    if content.startswith(PICTURE_STARTS):
        name, content, content_type = _picture(name, content)
    elif content.startswith(b"PK\x03\x04"):
        name, content_type = _office(name, content)
    elif content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        name, content_type = _ending(name, "pdf"), "application/pdf"
    else:
        raise _refusal(
            name,
            _(
                "%(name)s is none of the files we can take. Save it as PDF, XLSX, DOCX, JPEG, PNG "
                "or WebP and send that."
            ),
            "type",
        )
    found = scan(content)
    if found == InquiryFile.Scan.INFECTED:
        raise _refusal(
            name,
            _("%(name)s holds a virus and was not kept. Check your computer before you go on."),
            "infected",
        )
    return CheckedFile(name, content, content_type, found)


def keep_file(inquiry: Inquiry, checked: CheckedFile, key: str) -> InquiryFile:
    """Store file and row; call it in a transaction. Without the row no file stays behind."""
    row = InquiryFile(
        inquiry=inquiry,
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=checked.sha256,
        scan=checked.scan,
        submission_key=key,
    )
    row.file.save("", ContentFile(checked.content), save=False)
    try:
        row.save(force_insert=True)
    except BaseException:
        row.file.storage.delete(row.file.name)
        raise
    return row


def shown_name(name: str) -> str:
    """The sender's name of a file, without what misleads a reader or a file system."""
    plain = NOT_IN_A_NAME.sub("", name.rpartition("/")[2].rpartition("\\")[2]).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:NAME_LENGTH] or "file"
    return f"{stem[: NAME_LENGTH - 11]}.{ending[:10]}"


def _ending(name: str, ending: str) -> str:
    """``name`` with the ending that its content has."""
    stem, dot, found = name.rpartition(".")
    if dot and found.lower() == ending:
        return name
    return f"{(stem if dot else name)[: NAME_LENGTH - 11]}.{ending}"


def _picture(name: str, content: bytes) -> tuple[str, bytes, str]:
    try:
        with _one_picture:
            picture = clean_picture(io.BytesIO(content))
    except ValidationError as error:
        raise ValidationError(
            [ValidationError(f"{name}: {message}", code="picture") for message in error.messages]
        ) from error
    if len(picture.content) > MOST_BYTES:
        raise _refusal(name, _("%(name)s is larger than 10 MB. Send a smaller copy."), "heavy")
    ending = "jpg" if picture.format == "JPEG" else picture.format.lower()
    if not (ending == "jpg" and name.lower().endswith(".jpeg")):
        name = _ending(name, ending)
    return name, picture.content, mime_type(picture.format)


def _office(name: str, content: bytes) -> tuple[str, str]:
    """The name and type of an XLSX or DOCX. Reads the archive's list, unpacks one small file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(name, entries)
            names = {entry.filename for entry in entries}
            kind = next((OFFICE_TYPES[part] for part in OFFICE_TYPES if part in names), None)
            if kind is None or CONTENT_LIST not in names:
                raise _not_office(name)
            with archive.open(CONTENT_LIST) as parts:
                listed = parts.read(LONGEST_CONTENT_LIST + 1).lower()
    except UNREADABLE as error:
        raise _not_office(name) from error
    if len(listed) > LONGEST_CONTENT_LIST:
        raise _not_office(name)
    if b"macroenabled" in listed or b"vbaproject" in listed:
        raise _has_programs(name)
    ending, content_type = kind
    return _ending(name, ending), content_type


def _check_entries(name: str, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    is_bomb = (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or unpacked > MOST_RATIO * max(packed, 1)
    )
    if is_bomb:
        raise _refusal(
            name, _("%(name)s unpacks to something far too large. Send it as PDF."), "bomb"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refusal(
            name, _("%(name)s is locked with a password. Send it without one."), "locked"
        )
    paths = [f"/{entry.filename.lower()}" for entry in entries]
    if any(program in path for path in paths for program in PROGRAMS):
        raise _has_programs(name)


def _has_programs(name: str) -> ValidationError:
    return _refusal(
        name, _("%(name)s holds macros. Save it without them, or as PDF, and send that."), "macros"
    )


def _not_office(name: str) -> ValidationError:
    return _refusal(
        name,
        _("%(name)s is no XLSX or DOCX that can be read. Save it again, or as PDF, and send that."),
        "archive",
    )


def _refusal(name: str, words: object, code: str) -> ValidationError:
    return ValidationError(words, code=code, params={"name": name})
