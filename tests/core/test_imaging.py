"""What comes out of a picture that somebody uploaded, and what is turned away."""

import io
import struct
import zlib

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from core import imaging
from core.imaging import PictureFormField, clean_picture

GPS_BLOCK = 0x8825


def encoded(picture: Image.Image, image_format: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return buffer.getvalue()


def reopened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def cleaned(content: bytes) -> imaging.CleanPicture:
    return clean_picture(io.BytesIO(content))


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        cleaned(content)
    assert len(caught.value.messages[0]) > 20, "an editor needs words"
    return caught.value.code


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that unfold into ``width`` × ``height`` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" * (1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _line in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_format_and_size(image_format):
    picture = cleaned(encoded(Image.new("RGB", (64, 48), "teal"), image_format))
    assert (picture.format, picture.width, picture.height) == (image_format, 64, 48)
    assert reopened(picture.content).size == (64, 48)
    assert reopened(picture.content).format == image_format


def test_equal_pictures_have_equal_names_and_different_ones_do_not():
    first, again, other = (
        cleaned(encoded(Image.new("RGB", (8, 8), colour), "PNG"))
        for colour in ("red", "red", "blue")
    )
    assert first.file_name == again.file_name != other.file_name
    assert first.file_name.endswith(".png")
    assert first.as_file().name == first.file_name


def test_place_camera_and_comments_are_left_behind():
    exif = Image.Exif()
    exif[0x010F] = "SecretCameraMaker"
    exif.get_ifd(GPS_BLOCK)[2] = (23.0, 3.0, 12.0)
    raw = encoded(
        Image.new("RGB", (32, 32), "green"),
        "JPEG",
        exif=exif,
        comment=b"a private comment",
        xmp=b"<x:xmpmeta>who took it</x:xmpmeta>",
    )
    assert b"SecretCameraMaker" in raw
    assert b"private comment" in raw
    assert GPS_BLOCK in reopened(raw).getexif()
    picture = reopened(cleaned(raw).content)
    assert not picture.getexif()
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)


def test_texts_inside_a_png_are_left_behind():
    info = imaging.Image.Exif()
    info[0x010E] = "hidden words"
    raw = encoded(Image.new("RGB", (8, 8)), "PNG", exif=info)
    assert b"hidden words" in raw
    assert b"hidden words" not in cleaned(raw).content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_comes_out_upright(orientation):
    upright = Image.new("RGB", (40, 20), "white")
    upright.paste("red", (0, 0, 20, 10))  # a red mark at the top left
    stored = upright
    if orientation in imaging.TURNS:
        # The camera stored the inverse turn: a quarter to the left undoes one to the right.
        quarter = {6: imaging.TURNS[8], 8: imaging.TURNS[6]}
        stored = upright.transpose(quarter.get(orientation, imaging.TURNS[orientation]))
    exif = Image.Exif()
    exif[imaging.EXIF_ORIENTATION] = orientation
    picture = cleaned(encoded(stored, "JPEG", exif=exif, quality=95))
    assert (picture.width, picture.height) == (40, 20)
    red, green, _blue = reopened(picture.content).getpixel((4, 4))
    assert red > 200 > 60 > green
    assert reopened(picture.content).getpixel((36, 16)) > (230, 230, 230)


def test_colours_are_converted_to_srgb_by_the_embedded_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken = b"no profile at all"
    grey = Image.new("RGB", (8, 8), (90, 120, 150))
    for icc in (profile, broken):
        picture = cleaned(encoded(grey, "PNG", icc_profile=icc))
        assert reopened(picture.content).getpixel((0, 0)) == (90, 120, 150)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = cleaned(encoded(grey, "PNG", icc_profile=srgb))
    found = reopened(picture.content)
    assert "icc_profile" not in found.info
    assert all(abs(a - b) <= 1 for a, b in zip(found.getpixel((0, 0)), (90, 120, 150), strict=True))


def test_print_colours_become_screen_colours():
    picture = cleaned(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = reopened(picture.content).getpixel((4, 4))
    assert red > 200
    assert max(green, blue) < 60


def test_transparency_is_kept_where_the_format_has_it():
    half = Image.new("RGBA", (8, 8), (10, 20, 30, 128))
    assert reopened(cleaned(encoded(half, "PNG")).content).getpixel((0, 0)) == (10, 20, 30, 128)
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0] * 256)
    kept = reopened(cleaned(encoded(palette, "PNG", transparency=0)).content)
    assert kept.getpixel((0, 0))[3] == 0
    opaque = reopened(cleaned(encoded(Image.new("RGBA", (8, 8), "red"), "PNG")).content)
    assert opaque.mode == "RGB"


def test_deep_grey_is_not_clipped_to_white():
    deep = Image.new("I;16", (8, 8), 0x8000)
    assert reopened(cleaned(encoded(deep, "PNG")).content).getpixel((0, 0)) == (128, 128, 128)


def test_a_bomb_is_refused_from_its_header():
    bomb = png_claiming(10_000, 5_001)
    assert len(bomb) < 20_000
    assert refusal(bomb) == "too_many_pixels"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [10_000, 15_000])
def test_a_bomb_beyond_pillows_own_limits_is_refused_alike(side):
    assert refusal(png_claiming(side, side)) == "too_many_pixels"


def test_fifty_megapixels_are_not_too_many():
    assert imaging.MAX_PIXELS == 50_000_000
    assert cleaned(png_claiming(1_000, 1_000)).width == 1_000


def test_a_ribbon_too_long_for_the_encoders_is_refused():
    assert refusal(png_claiming(16_001, 2)) == "too_long"


def test_a_file_that_is_too_heavy_is_refused_before_it_is_read_whole():
    class Endless:
        asked = 0

        def read(self, size=-1):
            self.asked = size
            return b"\xff" * size

    source = Endless()
    with pytest.raises(ValidationError, match="15 MB"):
        clean_picture(source)
    assert source.asked == imaging.MAX_BYTES + 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello, this is only text", "not_a_picture"),
        (b"%PDF-1.7 not a picture", "not_a_picture"),
        (b"PK\x03\x04 a spreadsheet", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "svg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><SVG></SVG>", "svg"),
        ('<?xml version="1.0"?><svg/>'.encode("utf-16"), "svg"),
        (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
        (b"\xff\xd8\xff", "not_a_picture"),
    ],
)
def test_what_is_no_picture_is_refused(content, code):
    assert refusal(content) == code


@pytest.mark.parametrize("image_format", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_are_refused_although_pillow_could_read_them(image_format):
    assert refusal(encoded(Image.new("RGB", (16, 16)), image_format)) == "not_a_picture"


@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(image_format):
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    moving = encoded(frames[0], image_format, save_all=True, append_images=frames[1:])
    assert refusal(moving) == "animated"


def test_a_telephone_photograph_with_a_second_view_keeps_the_first():
    first, second = Image.new("RGB", (16, 16), "red"), Image.new("RGB", (16, 16), "blue")
    picture = cleaned(encoded(first, "MPO", save_all=True, append_images=[second]))
    assert picture.format == "JPEG"
    assert reopened(picture.content).getpixel((8, 8))[0] > 200


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_file_is_refused(image_format):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    content = encoded(noise, image_format)
    assert refusal(content[: len(content) // 2]) in {"damaged", "not_a_picture"}


def test_a_file_that_is_also_a_program_loses_the_program():
    payload = b"<?php system($_GET['c']); ?><script>alert(1)</script>PK\x03\x04"
    raw = encoded(Image.new("RGB", (16, 16), "red"), "JPEG", comment=payload) + payload
    content = cleaned(raw).content
    assert b"<script>" not in content
    assert b"<?php" not in content
    assert b"PK\x03\x04" not in content
    assert reopened(content).size == (16, 16)


def test_a_broken_exif_block_is_no_reason_to_refuse():
    raw = encoded(Image.new("RGB", (16, 16)), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff broken")
    assert cleaned(raw).width == 16


class PictureForm(forms.Form):
    file = PictureFormField()


def test_the_form_field_hands_over_the_clean_file():
    raw = encoded(Image.new("RGB", (16, 16), "red"), "PNG") + b"<script>"
    form = PictureForm(files={"file": SimpleUploadedFile("../evil name.php", raw)})
    assert form.is_valid(), form.errors
    file = form.cleaned_data["file"]
    assert file.name == file.picture.file_name
    assert b"<script>" not in file.read()


def test_the_form_field_shows_the_reason_of_a_refusal():
    form = PictureForm(files={"file": SimpleUploadedFile("drawing.png", b"<svg/>")})
    assert not form.is_valid()
    assert "Save the drawing as PNG" in form.errors["file"][0]
    assert 'accept="image/jpeg,image/png,image/webp"' in str(form)
