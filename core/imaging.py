"""Pictures from people: checked before they are decoded, re-encoded before they are kept.

A picture of 20 kB can need gigabytes once decoded, and one that is a picture at the front can be
a program at the back. So format, pixels and frames are read from the header first, and only
the pixels are copied into a new file: place and time of the photograph, thumbnails, comments and
whatever else was attached stay behind.
"""

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, UnidentifiedImageError

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 16_000
READABLE_FORMATS = ("JPEG", "PNG", "WEBP")
#: What a file becomes. MPO is the JPEG of telephones that add a second view; the first is kept.
STORED_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}
ENCODER_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "optimize": True, "progressive": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 90, "method": 4},
}
EXIF_ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

EMPTY = _("This file is empty. Choose the picture again.")
TOO_HEAVY = _("This picture is larger than 15 MB. Save a smaller copy and upload that.")
IS_SVG = _("SVG drawings are not accepted here. Save the drawing as PNG and upload that.")
NOT_A_PICTURE = _(
    "This is not a picture that can be read. Save it as JPEG, PNG or WebP and upload that."
)
TOO_MANY_PIXELS = _(
    "This picture has more than 50 million pixels. Make it smaller, for example 4000 pixels wide."
)
TOO_LONG = _("This picture is longer than 16,000 pixels on one side. Crop it or make it smaller.")
IS_ANIMATED = _("Moving pictures are not accepted. Save one frame as JPEG or PNG and upload that.")
IS_DAMAGED = _("This picture is damaged or incomplete. Save it again and upload that.")


class Readable(Protocol):
    """Any file that was opened for reading bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class CleanPicture:
    """A re-encoded picture: nothing but pixels in sRGB, upright. Sizes in pixels."""

    content: bytes
    format: str
    width: int
    height: int

    @cached_property
    def digest(self) -> str:
        """Names the content: equal pictures have equal digests, so file names cannot collide."""
        return hashlib.sha256(self.content).hexdigest()[:32]

    @property
    def file_name(self) -> str:
        return f"{self.digest}.{EXTENSIONS[self.format]}"

    def as_file(self) -> ContentFile:
        """The content under its own name, ready for a storage."""
        return ContentFile(self.content, name=self.file_name)


def clean_picture(upload: Readable) -> CleanPicture:
    """Check and re-encode a JPEG, PNG or WebP; a JPEG stays a JPEG, and so on.

    Raises ``ValidationError`` that says what is wrong and what to do: empty, over 15 MB, SVG, no
    picture, over 50 megapixels or 16,000 pixels a side, animated, damaged. Reads the upload once
    and at most one byte more than allowed.
    """
    content = upload.read(MAX_BYTES + 1)
    if not content:
        raise ValidationError(EMPTY, code="empty")
    if len(content) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY, code="too_heavy")
    if looks_like_svg(content):
        raise ValidationError(IS_SVG, code="svg")
    pixels, stored_format, turn = _read(content)
    if turn is not None:
        pixels = pixels.transpose(turn)
    if stored_format == "JPEG" and pixels.mode == "RGBA":
        pixels = _bare(pixels, "RGB")
    encoded = encode(pixels, stored_format, **ENCODER_OPTIONS[stored_format])
    return CleanPicture(encoded, stored_format, *pixels.size)


def encode(pixels: Image.Image, image_format: str, **options: Any) -> bytes:
    """The bytes of a picture in ``image_format`` ("JPEG", "PNG", "WEBP", "AVIF")."""
    buffer = io.BytesIO()
    pixels.save(buffer, image_format, **options)
    return buffer.getvalue()


def mime_type(image_format: str) -> str:
    """ "JPEG" → "image/jpeg"."""
    return f"image/{image_format.lower()}"


def looks_like_svg(content: bytes) -> bool:
    """Whether a file starts as an XML drawing does; in UTF-16 too."""
    start = content[:2048].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith(b"<") and b"<svg" in start


class PictureFormField(forms.FileField):
    """File box for a picture; cleans to an uploaded file that holds the re-encoded picture.

    The ``CleanPicture`` itself is at ``file.picture``. Stands in for Django's ``ImageField``, which
    lets Pillow try every format it knows on the raw upload.
    """

    widget = forms.ClearableFileInput

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None:
            return None
        picture = clean_picture(upload)
        clean = SimpleUploadedFile(
            picture.file_name, picture.content, content_type=mime_type(picture.format)
        )
        clean.picture = picture
        return clean

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ",".join(mime_type(name) for name in READABLE_FORMATS)}


def _open_checked(content: bytes) -> Image.Image:
    """An undecoded picture whose header promises nothing dangerous."""
    try:
        picture = Image.open(io.BytesIO(content), formats=READABLE_FORMATS)
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise ValidationError(NOT_A_PICTURE, code="not_a_picture") from error
    except Exception as error:  # Pillow's readers let almost anything through on hostile headers
        raise ValidationError(IS_DAMAGED, code="damaged") from error
    if picture.format not in STORED_FORMATS:
        raise ValidationError(NOT_A_PICTURE, code="not_a_picture")
    if picture.width * picture.height > MAX_PIXELS:
        raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels")
    if max(picture.size) > MAX_SIDE:
        raise ValidationError(TOO_LONG, code="too_long")
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise ValidationError(IS_ANIMATED, code="animated")
    return picture


def _read(content: bytes) -> tuple[Image.Image, str, Image.Transpose | None]:
    """Pixels in sRGB, RGB or RGBA, in an image that never knew the file; format; turn to upright.

    The decoded original is let go on return: one copy of 50 megapixels takes 200 MB.
    """
    with _open_checked(content) as picture:
        try:
            picture.load()
        except Exception as error:  # as above: the decoders' errors have no common ancestor
            raise ValidationError(IS_DAMAGED, code="damaged") from error
        pixels = _to_srgb(_eight_bit(picture), picture.info.get("icc_profile"))
        stored_format = STORED_FORMATS[picture.format or ""]
        return _bare(pixels, pixels.mode), stored_format, TURNS.get(_orientation(picture))


def _orientation(picture: Image.Image) -> int:
    """How the camera was held; a broken EXIF block is no reason to refuse the picture."""
    try:
        return int(picture.getexif().get(EXIF_ORIENTATION, 1))
    except Exception:
        return 1


def _eight_bit(picture: Image.Image) -> Image.Image:
    """16-bit grey pictures would be clipped to white by a plain conversion."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return picture


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert by the embedded colour profile; one that cannot be read is ignored."""
    alpha = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
        picture = picture.convert("RGB")
        if alpha.getextrema() == (255, 255):
            alpha = None
    elif picture.mode not in {"RGB", "L", "CMYK"}:
        picture = picture.convert("RGB")
    colours = _by_profile(picture, profile) if profile else None
    pixels = colours or (picture if picture.mode == "RGB" else picture.convert("RGB"))
    if alpha is not None:
        pixels.putalpha(alpha)
    return pixels


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _bare(pixels: Image.Image, mode: str) -> Image.Image:
    """A new image with the same pixels and nothing else; transparency becomes white in RGB."""
    bare = Image.new(mode, pixels.size, "white" if mode == "RGB" else (0, 0, 0, 0))
    if mode == "RGB" and pixels.mode == "RGBA":
        bare.paste(pixels, mask=pixels.getchannel("A"))
    else:
        bare.paste(pixels)
    return bare
