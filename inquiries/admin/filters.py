"""Filters of the list of inquiries at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries import filters
from inquiries.choices import Status


class DeskFilter(admin.SimpleListFilter):
    """One of ``inquiries.filters`` beside the list."""

    source: filters.Filter
    title = ""
    parameter_name = "-"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return self.source.choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        return self.source.narrow(queryset, value, request.user) if value else queryset


def shown(source: filters.Filter, base: type[DeskFilter] = DeskFilter) -> type[DeskFilter]:
    """A class for ``list_filter``."""
    values = {"source": source, "title": source.title, "parameter_name": source.name}
    return type(f"{source.name.title()}Filter", (base,), values)


class StageFilter(DeskFilter):
    """All stages but the quarantine, which is looked for on purpose or by searching."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() or request.GET.get("q"):
            return super().queryset(request, queryset)
        return queryset.exclude(status=Status.SPAM)


class TestFilter(admin.SimpleListFilter):
    """A chief sees test inquiries on purpose only, an officer cannot tell them from others."""

    title = gettext_lazy("test inquiries")
    parameter_name = "tests"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        if not request.user.has_perm("inquiries.oversee_inquiry"):
            return []
        return [("only", _("Only tests")), ("with", _("Tests too"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not request.user.has_perm("inquiries.oversee_inquiry"):
            return queryset
        if self.value() == "only":
            return queryset.filter(is_synthetic=True)
        if self.value() == "with" or request.GET.get("q"):
            return queryset
        return filters.without_tests(queryset, request.user)


LIST_FILTERS = (
    *(shown(one, StageFilter if one is filters.STAGE else DeskFilter) for one in filters.ALL),
    TestFilter,
)
