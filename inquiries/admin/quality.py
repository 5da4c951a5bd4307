"""Judging the month's test inquiry: for chiefs only, officers do not learn which one it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from inquiries.models import MysteryShop
from inquiries.mystery import observed


class MysteryShopForm(forms.ModelForm):
    """Filled in beforehand with what the portal itself knows; people judge."""

    class Meta:
        model = MysteryShop
        fields = (*MysteryShop.QUESTIONS, "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        shop = kwargs.get("instance")
        if shop is not None and shop.scored_at is None:
            known = {
                name: value
                for name, value in observed(shop.inquiry).items()
                if getattr(shop, name) is None
            }
            kwargs["initial"] = {**known, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


@admin.register(MysteryShop)
class MysteryShopAdmin(admin.ModelAdmin):
    """Newest first. The worker makes them."""

    form = MysteryShopForm
    list_display = ("month_shown", "score_shown", "scored_at", "scored_by")
    list_select_related = ("scored_by",)
    fields = ("month_shown", "inquiry_link", *MysteryShop.QUESTIONS, "notes")
    readonly_fields = ("month_shown", "inquiry_link")
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inquiries.oversee_inquiry")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.oversee_inquiry")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("inquiries.oversee_inquiry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: MysteryShop, form: forms.ModelForm, change: bool
    ) -> None:
        """Who judged and when, once all five questions are answered."""
        if obj.score is not None:
            obj.scored_by = request.user
            obj.scored_at = timezone.now()
        else:
            obj.scored_by = obj.scored_at = None
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("month"), ordering="month")
    def month_shown(self, shop: MysteryShop) -> str:
        return f"{shop.month:%Y-%m}"

    @admin.display(description=gettext_lazy("points of five"))
    def score_shown(self, shop: MysteryShop) -> str:
        return "–" if shop.score is None else str(shop.score)

    @admin.display(description=gettext_lazy("inquiry"))
    def inquiry_link(self, shop: MysteryShop) -> str:
        address = reverse("admin:inquiries_inquiry_change", args=[shop.inquiry_id])
        return format_html('<a href="{}">{}</a>', address, shop.inquiry.reference)
