"""``{% picture %}``: a picture in the best format and size the browser can use."""

from typing import Any

from django import template

from core.languages import translated
from library.models import Document, Format, Image, Licence, Rendition

register = template.Library()

#: Browsers without AVIF take this one; it is also what "save picture" gives.
PLAIN_WIDTH = 960
#: The strict CSP forbids inline positions, so the style sheet has a class for each tenth.
FOCAL_STEP = 10


@register.inclusion_tag("library/_picture.html")
def picture(
    image: Image | None, sizes: str = "100vw", css_class: str = "", priority: bool = False
) -> dict[str, Any]:
    """``{% picture post.image sizes="(min-width: 60rem) 50vw, 100vw" %}``; nothing for None.

    ``sizes`` says how wide the picture will be shown. ``priority`` is for the one large picture
    at the top of a page. One query, none if the renditions were prefetched (``with_renditions``).
    """
    if image is None or not image.file:
        return {"image": None}
    renditions = sorted(image.renditions.all(), key=lambda rendition: rendition.width)
    by_format = {
        image_format: [row for row in renditions if row.format == image_format]
        for image_format in Format
    }
    alt = translated(image, "alt")
    plain = plain_rendition(by_format[Format.WEBP])
    return {
        "image": image,
        "sources": [
            {"mime": image_format.mime, "srcset": srcset(rows)}
            for image_format, rows in by_format.items()
            if rows
        ],
        "sizes": sizes,
        "src": plain.file.url if plain else image.file.url,
        "alt": "" if image.is_decorative else alt.value,
        "alt_language": alt.html_language if alt.is_fallback and not image.is_decorative else "",
        "css_class": css_class,
        "focal_class": focal_class(image),
        "priority": priority,
    }


@register.inclusion_tag("library/_credit.html")
def picture_credit(image: Image | None) -> dict[str, Any]:
    """``{% picture_credit post.image %}``: author and licence, for a caption; may be nothing."""
    if image is None:
        return {}
    licence = Licence(image.licence)
    return {
        "credit": image.credit,
        "licence": "" if licence == Licence.OWN else licence.label,
        "licence_url": licence.url,
        "source_url": image.source_url,
    }


@register.inclusion_tag("library/_document_link.html")
def document_link(document: Document) -> dict[str, Any]:
    """``{% document_link document %}``: a link that says what it downloads and how large it is."""
    title = translated(document, "title")
    return {"document": document, "title": title}


def srcset(renditions: list[Rendition]) -> str:
    """``"/media/a-480.avif 480w, /media/a-960.avif 960w"``."""
    return ", ".join(f"{row.file.url} {row.width}w" for row in renditions)


def plain_rendition(renditions: list[Rendition]) -> Rendition | None:
    """The largest that is not wider than 960 pixels; all are sorted by width."""
    small = [row for row in renditions if row.width <= PLAIN_WIDTH]
    return (small or renditions or [None])[-1]


def focal_class(image: Image) -> str:
    """The classes of the point that must stay visible; none in the middle, where CSS starts."""
    classes = []
    for axis, value in (("x", image.focal_x), ("y", image.focal_y)):
        tenth = (value + FOCAL_STEP // 2) // FOCAL_STEP * FOCAL_STEP
        if tenth != 50:
            classes.append(f"focal-{axis}{tenth}")
    return " ".join(classes)
