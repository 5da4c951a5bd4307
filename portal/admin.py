"""The desk for pages, menus and the cluster's history."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.desk import TranslatedModelAdmin
from portal.models import HistoryEvent, MenuItem, Page
from publishing.admin import PublishableAdmin


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    """Standing pages: about, privacy, accessibility, terms of use."""

    citations = False
    autocomplete_fields = ("documents",)
    content = [
        (_("What the page says"), {"fields": ["title", "summary", "body"]}),
        (_("Downloads"), {"fields": ["documents"]}),
    ]


@admin.register(MenuItem)
class MenuItemAdmin(TranslatedModelAdmin):
    """Entries of the main menu and of the footer, in their order."""

    list_display = ("__str__", "menu", "target", "order")
    list_display_links = ("__str__",)
    list_editable = ("order",)
    list_filter = ("menu",)
    list_select_related = ("page",)
    search_fields = ("label", "address")
    autocomplete_fields = ("page",)
    fieldsets = [
        (_("What it says"), {"fields": ["label"]}),
        (
            _("Where it leads"),
            {
                "fields": ["page", "address"],
                "description": _("Choose a page, or write an address of this site: one of both."),
            },
        ),
        (_("Where it stands"), {"fields": [("menu", "order")]}),
    ]

    def get_changelist_form(self, request: HttpRequest, **kwargs: object) -> type[ModelForm]:
        # In the list the head of the column is no label that a screen reader would read.
        number = AdminIntegerFieldWidget(attrs={"aria-label": _("order")})
        return super().get_changelist_form(request, widgets={"order": number}, **kwargs)

    @admin.display(description=_("leads to"))
    def target(self, item: MenuItem) -> str:
        return item.address or str(item.page or "–")


@admin.register(HistoryEvent)
class HistoryEventAdmin(PublishableAdmin):
    """Dated steps in the development of the cluster."""

    list_display = ("date_shown", "headline", "status_badge", "is_major", "languages", "changed")
    list_display_links = ("headline",)
    list_filter = (*PublishableAdmin.list_filter, "is_major", "park")
    autocomplete_fields = ("source", "park", "project")
    citations = False
    content = [
        (_("What happened"), {"fields": [("date", "is_major"), "title", "summary"]}),
        (_("From where"), {"fields": ["source"]}),
        (_("What it is about"), {"fields": [("park", "project")]}),
    ]

    @admin.display(description=_("date"), ordering="date")
    def date_shown(self, event: HistoryEvent) -> str:
        return event.date.display(short=True) if event.date else "–"
