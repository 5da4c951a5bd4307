"""The library in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.desk import TranslatedModelAdmin, TranslatedModelForm
from core.imaging import PictureFormField
from library.models import Document, Image, ImageQuerySet
from library.pdf import PdfFormField
from library.services import store_document, store_image
from library.templatetags.pictures import plain_rendition


class ImageForm(TranslatedModelForm):
    """Refuses dangerous pictures in the form already, with the reason beside the file box."""

    file = PictureFormField(
        label=_("Picture"), help_text=_("JPEG, PNG or WebP, at most 15 MB and 50 million pixels.")
    )

    class Meta:
        model = Image
        fields = "__all__"


class DocumentForm(TranslatedModelForm):
    """Refuses what is no PDF in the form already."""

    file = PdfFormField(label=_("File"), help_text=_("PDF, at most 20 MB."))

    class Meta:
        model = Document
        fields = "__all__"


class DescribedFilter(admin.SimpleListFilter):
    """Pictures whose description is still missing in a language."""

    title = _("description")
    parameter_name = "described"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("missing", _("Missing in a language")), ("complete", _("Complete or decoration"))]

    def queryset(self, request: HttpRequest, queryset: ImageQuerySet) -> ImageQuerySet:
        if self.value() == "missing":
            return queryset.lacking_description()
        if self.value() == "complete":
            return queryset.exclude(pk__in=queryset.lacking_description().values("pk"))
        return queryset


@admin.register(Image)
class ImageAdmin(TranslatedModelAdmin):
    """Pictures: what they show, where they come from, what must stay visible."""

    form = ImageForm
    list_display = ("thumbnail", "title", "dimensions", "credit", "licence", "created_at")
    list_display_links = ("title",)  # a link around a picture without words has no name
    list_filter = ("licence", DescribedFilter, "is_decorative", "created_at")
    search_fields = ("title", "alt", "credit")
    date_hierarchy = "created_at"
    readonly_fields = ("preview", "dimensions")
    fieldsets = (
        (None, {"fields": ("title", "file", "preview", "dimensions")}),
        (
            _("For people who cannot see it"),
            {
                "fields": ("alt", "is_decorative"),
                "description": _(
                    "Write what matters in the picture, not “picture of”. Names of machines, places"
                    " and people that a caption gives need not be repeated."
                ),
            },
        ),
        (_("Where it comes from"), {"fields": ("credit", "licence", "source_url")}),
        (_("What must stay visible"), {"fields": (("focal_x", "focal_y"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> ImageQuerySet:
        return super().get_queryset(request).with_renditions()

    def save_model(
        self, request: HttpRequest, obj: Image, form: forms.ModelForm, change: bool
    ) -> None:
        if "file" in form.changed_data:
            store_image(obj, form.cleaned_data["file"].picture)
        else:
            super().save_model(request, obj, form, change)

    @admin.display(description=_("Preview"))
    def thumbnail(self, image: Image) -> SafeString | str:
        """A small copy in the list. The renditions came with the list: no query per row."""
        return preview_tag(image, height=48)

    @admin.display(description=_("Preview"))
    def preview(self, image: Image) -> SafeString | str:
        return preview_tag(image, height=240)

    @admin.display(description=_("Size"))
    def dimensions(self, image: Image) -> str:
        return f"{image.width} × {image.height}" if image.width else "–"


@admin.register(Document)
class DocumentAdmin(TranslatedModelAdmin):
    """PDF files for download."""

    form = DocumentForm
    list_display = ("title", "language", "file_size", "created_at")
    list_filter = ("language", "created_at")
    search_fields = ("title",)
    date_hierarchy = "created_at"
    readonly_fields = ("file_size",)
    fieldsets = (
        (None, {"fields": ("title", "file", "file_size", "language")}),
        (_("Where it comes from"), {"fields": ("source_url",)}),
    )

    def save_model(
        self, request: HttpRequest, obj: Document, form: forms.ModelForm, change: bool
    ) -> None:
        if "file" in form.changed_data:
            store_document(obj, form.cleaned_data["file"])
        else:
            super().save_model(request, obj, form, change)

    @admin.display(description=_("Size"), ordering="size")
    def file_size(self, document: Document) -> str:
        return filesizeformat(document.size) if document.size else "–"


def preview_tag(image: Image, height: int) -> SafeString | str:
    """The picture at most ``height`` pixels high, keeping its shape; a dash before the upload."""
    if not image.pk or not image.file or not image.height:
        return "–"
    rendition = plain_rendition([row for row in image.renditions.all() if row.format == "webp"])
    shown = min(height, image.height)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="" loading="lazy">',
        rendition.file.url if rendition else image.file.url,
        max(1, round(image.width * shown / image.height)),
        shown,
    )
