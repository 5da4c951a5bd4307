"""Putting pictures and documents into the library; the same way for forms, commands and imports."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Pillow

from core.imaging import CleanPicture, Readable, clean_picture, encode
from library.files import remove_files
from library.models import Document, Format, Image, Rendition
from library.pdf import clean_pdf

#: A telephone, a card on a large screen or a telephone with a dense screen, a full-width picture.
WIDTHS = (480, 960, 1600)
ENCODER_OPTIONS = {
    Format.AVIF: {"quality": 55, "speed": 8},
    Format.WEBP: {"quality": 78, "method": 4},
}


def store_image(image: Image, upload: Readable | CleanPicture) -> Image:
    """Give ``image`` its picture, new or in place of an old one, and save it with renditions.

    Raises ``ValidationError`` for a picture that is refused and for a record that breaks a rule.
    The old files go after the commit; if anything fails, the new ones go and nothing has changed.
    """
    picture = upload if isinstance(upload, CleanPicture) else clean_picture(upload)
    previous = Image.objects.filter(pk=image.pk).values_list("file", flat=True).first()
    with transaction.atomic(), _files_undone_on_error() as written:
        image.width, image.height = picture.width, picture.height
        image.file.save(picture.file_name, picture.as_file(), save=False)
        written.append(image.file.name)
        image.full_clean()
        image.save()
        make_renditions(image)
        if previous != image.file.name:
            remove_files([previous])
    return image


def make_renditions(image: Image) -> list[Rendition]:
    """Write the smaller copies of a stored picture anew, in place of those it had.

    Never larger than the picture itself: a small one has a single size. Takes about a second for
    a large photograph.
    """
    with transaction.atomic(), _files_undone_on_error() as written:
        image.renditions.all().delete()
        renditions = []
        with default_storage.open(image.file.name) as file:
            pixels = Pillow.open(io.BytesIO(file.read()), formats=("JPEG", "PNG", "WEBP"))
            pixels.load()
        for width in rendition_widths(pixels.width):
            height = max(1, round(pixels.height * width / pixels.width))
            smaller = pixels.resize((width, height), Pillow.Resampling.LANCZOS, reducing_gap=3)
            for image_format in Format:
                rendition = Rendition(image=image, format=image_format, width=width, height=height)
                content = encode(smaller, image_format.name, **ENCODER_OPTIONS[image_format])
                name = f"{_digest(content)}-{width}.{image_format}"
                rendition.file.save(name, ContentFile(content), save=False)
                written.append(rendition.file.name)
                rendition.save()
                renditions.append(rendition)
    return renditions


def rendition_widths(width: int) -> list[int]:
    """Which widths a picture of ``width`` pixels gets: smaller ones, and its own up to 1600."""
    return sorted({*(step for step in WIDTHS if step < width), min(width, WIDTHS[-1])})


def store_document(document: Document, upload: Readable) -> Document:
    """Give ``document`` its PDF, new or in place of an old one, and save it.

    Raises ``ValidationError`` for a file that is refused and for a record that breaks a rule.
    """
    file = clean_pdf(upload)
    previous = Document.objects.filter(pk=document.pk).values_list("file", flat=True).first()
    with transaction.atomic(), _files_undone_on_error() as written:
        document.size = file.size
        document.file.save(file.name, file, save=False)
        written.append(document.file.name)
        document.full_clean()
        document.save()
        if previous != document.file.name:
            remove_files([previous])
    return document


@contextmanager
def _files_undone_on_error() -> Iterator[list[str]]:
    """Collects names of files written inside; deletes them if the block fails."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
