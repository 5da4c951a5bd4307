"""The desk for places: districts, industries and parks, in the order of their pages."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import CitationInline
from core.desk import TranslatedModelAdmin, TranslatedTabularInline
from parks.models import ChainLink, District, Industry, Park, ParkImage, ParkPoint, TransportLink
from publishing.admin import PublishableAdmin


@admin.register(District)
class DistrictAdmin(TranslatedModelAdmin):
    """Areas that parks lie in and figures are reported for."""

    list_display = ("__str__", "kind", "code", "order")
    list_filter = ("kind",)
    search_fields = ("name", "slug", "code")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = [CitationInline]
    fieldsets = [
        (None, {"fields": ["name", "summary", ("kind", "code"), "area"]}),
        (
            _("On the schematic map"),
            {"fields": [("longitude", "latitude"), "outline"], "classes": ["collapse"]},
        ),
        (_("In the portal"), {"fields": ["slug", "order"]}),
    ]


class ChainLinkInline(TranslatedTabularInline):
    model = ChainLink
    fields = ("name", "state", "note", "source", "order")
    autocomplete_fields = ("source",)
    classes = ("desk-wide",)


@admin.register(Industry)
class IndustryAdmin(PublishableAdmin):
    """What is made here, who is here, and which links of the chain are missing."""

    inlines = [ChainLinkInline]
    content = [
        (_("What the page says"), {"fields": ["name", "summary", "body"]}),
        (_("How it looks"), {"fields": [("illustration", "order")]}),
    ]


class ParkPointInline(TranslatedTabularInline):
    model = ParkPoint
    fields = ("kind", "text", "source", "order")
    autocomplete_fields = ("source",)
    classes = ("desk-wide",)


class TransportLinkInline(TranslatedTabularInline):
    model = TransportLink
    fields = ("mode", "name", "distance_km", "minutes", "measure", "as_of", "source", "order")
    autocomplete_fields = ("source",)
    classes = ("desk-wide",)


class ParkImageInline(admin.TabularInline):
    model = ParkImage
    fields = ("image", "order")
    autocomplete_fields = ("image",)
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("image")


@admin.register(Park)
class ParkAdmin(PublishableAdmin):
    """The same facts for every park; what no source states stays empty."""

    list_display = ("headline", "status_badge", "kind", "district", "languages", "changed")
    list_filter = (*PublishableAdmin.list_filter, "kind", "district", "industries")
    list_select_related = ("district",)
    autocomplete_fields = ("district", "industries", "officer")
    inlines = [ParkPointInline, TransportLinkInline, ParkImageInline]
    content = [
        (
            _("What the page says"),
            {"fields": ["name", "short_name", "kind", "summary", "body"]},
        ),
        (
            _("Facts"),
            {
                "fields": [
                    ("planned_area", "developed_area", "available_area"),
                    "founded",
                    "industries",
                ],
                "description": _(
                    "Leave a figure empty if no source states it: the page then says so. "
                    "Name the source of each figure at the end of this form."
                ),
            },
        ),
        (
            _("Where it is"),
            {"fields": [("district", "precision"), "location", ("longitude", "latitude")]},
        ),
        (_("Who answers"), {"fields": ["officer"]}),
        (_("How it looks"), {"fields": [("illustration", "order")]}),
    ]
