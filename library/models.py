"""Pictures and documents, with what a page must say about them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.languages import any_language, columns


class Licence(models.TextChoices):
    """Under what terms a picture may be shown. Licence names are names: not translated."""

    OWN = "own", _("Our own picture")
    PERMISSION = "permission", _("Used with written permission")
    PUBLIC_DOMAIN = "public_domain", _("Public domain")
    CC0 = "cc0", "CC0 1.0"
    CC_BY = "cc_by", "CC BY 4.0"
    CC_BY_SA = "cc_by_sa", "CC BY-SA 4.0"

    @property
    def url(self) -> str:
        """Where the text of a public licence stands; empty for the others."""
        return LICENCE_ADDRESSES.get(self, "")

    @property
    def needs_credit(self) -> bool:
        """Whether the terms demand that the author is named beside the picture."""
        return self in {Licence.CC_BY, Licence.CC_BY_SA, Licence.PERMISSION}


LICENCE_ADDRESSES = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
}


class Format(models.TextChoices):
    """What a rendition is encoded as, the best first: pages offer them in this order."""

    AVIF = "avif", "AVIF"
    WEBP = "webp", "WebP"

    @property
    def mime(self) -> str:
        return f"image/{self.value}"


def image_path(instance: models.Model, name: str) -> str:
    """Pictures are named by their content; two letters of it keep folders small."""
    return f"images/{name[:2]}/{name}"


def rendition_path(instance: models.Model, name: str) -> str:
    return f"renditions/{name[:2]}/{name}"


def document_path(instance: models.Model, name: str) -> str:
    return f"documents/{name[:2]}/{name}"


class ImageQuerySet(models.QuerySet):
    """Which pictures, and what comes with them."""

    def with_renditions(self) -> ImageQuerySet:
        """Ready for ``{% picture %}``: one query more, however many pictures.

        From another record: ``select_related("image").prefetch_related("image__renditions")``.
        """
        return self.prefetch_related("renditions")

    def lacking_description(self) -> ImageQuerySet:
        """Pictures that say something, but not to blind readers of every language."""
        missing = models.Q()
        for _code, name in columns("alt"):
            missing |= models.Q(**{f"{name}__isnull": True}) | models.Q(**{name: ""})
        return self.filter(missing, is_decorative=False)


class Image(models.Model):
    """A picture, re-encoded on upload. ``library.services.store_image`` is the way in."""

    title = models.CharField(
        _("title"), max_length=160, help_text=_("For finding it again; visitors do not see it.")
    )
    file = models.FileField(
        _("picture"),
        upload_to=image_path,
        max_length=160,
        help_text=_("JPEG, PNG or WebP, at most 15 MB and 50 million pixels."),
    )
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)
    alt = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, in a sentence, for people who cannot see it."),
    )
    is_decorative = models.BooleanField(
        _("decoration only"),
        default=False,
        help_text=_("Tick only if nothing is lost when the picture is not seen."),
    )
    focal_x = models.PositiveSmallIntegerField(
        _("focus from the left"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent. This point stays visible when a narrow page crops the picture."),
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focus from the top"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent: 0 is the top edge, 100 the bottom edge."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=160,
        blank=True,
        help_text=_("Who made it, as it should stand beside the picture."),
    )
    licence = models.CharField(
        _("licence"), max_length=15, choices=Licence.choices, default=Licence.OWN
    )
    source_url = models.URLField(
        _("found at"), blank=True, help_text=_("The page it was taken from.")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_decorative=True) | any_language("alt"),
                name="image_described_or_decorative",
                violation_error_message=_(
                    "Describe the picture in one language at least, or mark it as decoration only."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100),
                name="image_focus_inside",
                violation_error_message=_("The focus lies between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    licence__in=[licence for licence in Licence if licence.needs_credit]
                )
                | ~models.Q(credit=""),
                name="image_credited_where_needed",
                violation_error_message=_("Under this licence the author must be named: add it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Rendition(models.Model):
    """A smaller copy of a picture in a modern format. Rows are made by ``make_renditions``."""

    image = models.ForeignKey(
        Image, verbose_name=_("picture"), on_delete=models.CASCADE, related_name="renditions"
    )
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    file = models.FileField(_("file"), upload_to=rendition_path, max_length=160)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["format", "width"]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "format", "width"],
                name="one_rendition_per_format_and_width",
                violation_error_message=_("This size exists already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.width} × {self.height} {self.format}"


def images_of(renditions: models.QuerySet[Rendition]) -> list[Image]:
    """The pictures that ``renditions`` belong to, in the order they come, in one query.

    As good as ``with_renditions()`` where a page has no second query to spare. A picture without
    renditions is not found this way; every stored picture has some.
    """
    images: dict[int, Image] = {}
    for rendition in renditions.select_related("image"):
        image = images.setdefault(rendition.image_id, rendition.image)
        fetched = image.__dict__.setdefault("_prefetched_objects_cache", {})
        fetched.setdefault("renditions", []).append(rendition)
    return list(images.values())


class Document(models.Model):
    """A PDF for download. ``library.services.store_document`` is the way in."""

    title = models.CharField(
        _("title"), max_length=200, help_text=_("The words of the link that downloads it.")
    )
    file = models.FileField(
        _("file"), upload_to=document_path, max_length=160, help_text=_("PDF, at most 20 MB.")
    )
    size = models.PositiveIntegerField(_("size"), default=0, editable=False)
    language = models.CharField(
        _("language of the document"),
        max_length=7,
        choices=settings.LANGUAGES,
        blank=True,
    )
    source_url = models.URLField(
        _("found at"), blank=True, help_text=_("The page it was taken from.")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title or self.file.name
