"""Public pages choose rows; everything else is in querysets and templates."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import ClassVar

from django import forms
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import SimpleLazyObject
from django.views.generic import DetailView, ListView

from publishing.pages import PublicPage, RecordPage

LONGEST_STORED_QUERY = 200


class PublicDetailView(RecordPage, DetailView):
    """The page of one public record; 404 for any other, as if it did not exist."""

    context_object_name = "record"

    def get_queryset(self) -> QuerySet:
        return self.model.objects.public()


class ForgivingPaginator(Paginator):
    """A page number that makes no sense shows the nearest page: Django shows the last for 0."""

    def get_page(self, number: int | str) -> Page:
        try:
            return self.page(number)
        except PageNotAnInteger:
            return self.page(1)
        except EmptyPage:
            return self.page(self.num_pages if int(number) > 1 else 1)


def choices_later(
    empty_label: object, make: Callable[[], Iterable[tuple[str, object]]]
) -> Callable[[], list[tuple[str, object]]]:
    """Choices for a filter that cost a query: made once, and only if they are shown or checked."""

    @cache
    def choices() -> list[tuple[str, object]]:
        return [("", empty_label), *make()]

    return choices


class FilterForm(forms.Form):
    """Query string of a list page. What it does not understand is no filter, and says so."""

    #: Fields whose value narrows the list, with the lookup each stands for.
    lookups: ClassVar[dict[str, str]] = {}

    def apply(self, queryset: QuerySet) -> QuerySet:
        """``queryset`` narrowed by every field that was filled in and understood."""
        self.is_valid()
        for name, lookup in self.lookups.items():
            if value := self.cleaned_data.get(name):
                queryset = queryset.filter(**{lookup: value})
        return queryset

    @property
    def ignored(self) -> list[str]:
        """Labels of the fields whose value was not understood and was left out."""
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]

    @property
    def active(self) -> Sequence[tuple[str, str, str]]:
        """(field name, label, value in words) of every filter that narrows the list."""
        self.is_valid()
        return [
            (name, str(self.fields[name].label), self._in_words(name))
            for name in self.lookups
            if self.cleaned_data.get(name)
        ]

    def _in_words(self, name: str) -> str:
        value = self.cleaned_data[name]
        choices = getattr(self.fields[name], "choices", ())
        if isinstance(self.fields[name], forms.ModelChoiceField):
            return str(value)
        return str(dict(choices).get(value, value))


class PublicListView(PublicPage, ListView):
    """A paginated list of public records, narrowed by a filter form if there is one."""

    paginate_by = 12
    paginator_class = ForgivingPaginator
    context_object_name = "records"
    filter_form: FilterForm | None = None
    request: HttpRequest

    def get_base_queryset(self) -> QuerySet:
        """All rows of the list before filtering."""
        return self.model.objects.public()

    def make_filter_form(self) -> FilterForm | None:
        """The filters of this list, from its query string. None: the list has no filters."""
        return None

    def get_queryset(self) -> QuerySet:
        self.filter_form = self.make_filter_form()
        queryset = self.get_base_queryset()
        return self.filter_form.apply(queryset) if self.filter_form else queryset

    def paginate_queryset(self, queryset: QuerySet, page_size: int):
        """As Django does, but a wrong page number is no error."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg, 1))
        return paginator, page, page.object_list, page.has_other_pages()

    @property
    def stored_as(self) -> str | None:
        """The query string, if the list it asks for may be stored, else None.

        Unknown names and values that were not understood are answered, but not stored: there is
        no end of them.
        """
        query: QueryDict = self.request.GET
        known = {self.page_kwarg, *(self.filter_form.fields if self.filter_form else ())}
        if set(query) - known or (self.filter_form and self.filter_form.errors):
            return None
        text = query.urlencode()
        return text if len(text) <= LONGEST_STORED_QUERY else None

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            filter_form=self.filter_form, stored_as=self.stored_as, **kwargs
        )


def later(**makers: Callable[[], object]) -> dict[str, object]:
    """Values for a template that are made only if it uses them: a stored page does not."""
    return {name: SimpleLazyObject(maker) for name, maker in makers.items()}
