"""Files and records for the tests of the library."""

import io

from PIL import Image as Pillow

from library.models import Image


def picture_bytes(width: int = 40, height: int = 30, colour: str = "teal", kind: str = "JPEG"):
    """An encoded plain picture, opened for reading."""
    buffer = io.BytesIO()
    Pillow.new("RGB", (width, height), colour).save(buffer, kind)
    buffer.seek(0)
    return buffer


def pdf_bytes(body: bytes = b"hello") -> io.BytesIO:
    """What our checks take for a PDF."""
    return io.BytesIO(b"%PDF-1.7\n" + body + b"\n%%EOF\n")


def new_image(**fields) -> Image:
    """An unsaved record that breaks no rule."""
    return Image(**{"title": "Crags", "alt_en": "Crags above a lake", **fields})
