"""Public pages choose rows; everything else is in querysets and templates."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar, TypeVar
from urllib.parse import urlencode

from django import forms
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import DetailView, ListView

from core.widgets import LongSelect
from publishing.fragments import counts
from publishing.models import Publishable
from publishing.pages import PageMeta, PublicPage, RecordPage
from publishing.stored_pages import visitor_content

Counted = TypeVar("Counted")


class PublicDetailView(RecordPage, DetailView):
    """The page of one public record; 404 for any other, as if it did not exist.

    ``object`` is what the head of the page needs, in a small query. ``record`` is the same with
    everything that the page shows, and costs its query only if the page is not stored.
    """

    def get_queryset(self) -> QuerySet:
        return self.model.objects.public()

    def get_page_queryset(self) -> QuerySet:
        """Rows with all that the page shows. That the record is public is decided by then."""
        return self.model.objects.with_citation_rows()

    @cached_property
    def record(self) -> Publishable:
        """The record with all that its page shows. One query, when first used."""
        return self.get_page_queryset().get(pk=self.object.pk)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**later(record=lambda: self.record), **kwargs)


class ForgivingPaginator(Paginator):
    """A page number that makes no sense shows the nearest page: Django shows the last for 0."""

    def get_page(self, number: int | str) -> Page:
        try:
            return self.page(number)
        except PageNotAnInteger:
            return self.page(1)
        except EmptyPage:
            return self.page(self.num_pages if int(number) > 1 else 1)

    def page(self, number: int | str) -> Page:
        """The rows of the page, found by their keys from the nearer end of the list."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        stop = min(start + self.per_page, self.count)
        if start > self.count // 2:
            backwards = self.object_list.reverse()
            rows = backwards.stretch(self.count - stop, self.count - start)
        else:
            rows = self.object_list.stretch(start, stop)
        return self._get_page(rows, number, self)


def choices_later(
    empty_label: object, make: Callable[[], Iterable[tuple[str, object]]]
) -> Callable[[], list[tuple[str, object]]]:
    """Choices for a filter that cost a query: made once, and only if they are shown or checked."""

    @cache
    def choices() -> list[tuple[str, object]]:
        return [("", empty_label), *make()]

    return choices


def filter_field(label: Promise) -> forms.ChoiceField:
    """A filter that need not be chosen. Its choices are set by the form."""
    return forms.ChoiceField(label=label, required=False, widget=LongSelect)


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
    def chosen(self) -> Sequence[tuple[str, Hashable]]:
        """(field name, value) of every filter that narrows the list."""
        self.is_valid()
        values = ((name, self.cleaned_data.get(name)) for name in self.lookups)
        return [(name, value) for name, value in values if value]

    @property
    def active(self) -> Sequence[tuple[str, str, str]]:
        """(field name, label, value in words) of every filter that narrows the list."""
        return [
            (name, str(self.fields[name].label), self._in_words(name))
            for name, _value in self.chosen
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
    stored_name: str | None = None
    page_number: int = 1
    request: HttpRequest

    def get_base_queryset(self) -> QuerySet:
        """All rows of the list before filtering."""
        return self.model.objects.public()

    def with_shown(self, rows: QuerySet) -> QuerySet:
        """``rows``, those of one page, with all that the page shows of them."""
        return rows

    def make_filter_form(self) -> FilterForm | None:
        """The filters of this list, from its query string. None: the list has no filters."""
        return None

    def get_queryset(self) -> QuerySet:
        self.filter_form = self.make_filter_form()
        queryset = self.get_base_queryset()
        return self.filter_form.apply(queryset) if self.filter_form else queryset

    def narrowed_by(self) -> tuple[Hashable, ...]:
        """All that tells the rows of this list from other lists of its model."""
        chosen = self.filter_form.chosen if self.filter_form else ()
        return (*sorted(self.kwargs.items()), *chosen)

    def counted(self, name: str, count: Callable[[], Counted], *key: Hashable) -> Counted:
        """What ``count`` finds by looking at all rows; asked once for each state of the content."""
        whole_key = (self.model._meta.label, name, *key)
        return counts.get_or_render(visitor_content(self.request), whole_key, count)

    def get_count(self, queryset: QuerySet) -> int:
        """How many rows the list has on all its pages."""
        return self.counted("count", queryset.count, *self.narrowed_by())

    def paginate_queryset(self, queryset: QuerySet, page_size: int):
        """As Django does, but a wrong page number is no error."""
        paginator = self.get_paginator(queryset, page_size)
        paginator.count = self.get_count(queryset)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg, 1))
        page.object_list = self.with_shown(page.object_list)
        self.page_number = page.number
        return paginator, page, page.object_list, page.has_other_pages()

    def get_meta(self) -> PageMeta:
        """The title names the filters and the page, so that no two lists are called the same."""
        meta = super().get_meta()
        title = meta.title
        words = [
            words for _name, _label, words in (self.filter_form.active if self.filter_form else ())
        ]
        if words:
            title += pgettext("punctuation", ": ") + pgettext("between items", ", ").join(words)
        if self.page_number > 1:
            title = _("%(title)s (page %(number)d)") % {
                "title": title,
                "number": self.page_number,
            }
        return replace(meta, title=title)

    def stored_as(self, page: Page) -> str | None:
        """Name of the list under which it may be stored, or None if it may not.

        Made of what was understood, so that there is an end of names: an unknown word, a page
        number beyond the last or an empty list is answered, but adds nothing to the store.
        """
        names, chosen = {self.page_kwarg}, ()
        if self.filter_form is not None:
            if self.filter_form.errors:
                return None
            names |= set(self.filter_form.fields)
            chosen = self.filter_form.chosen
        asked = self.request.GET.get(self.page_kwarg, "1")
        if set(self.request.GET) - names or asked != str(page.number) or not page.paginator.count:
            return None
        return urlencode([*chosen, (self.page_kwarg, page.number)])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(filter_form=self.filter_form, **kwargs)
        context["stored_as"] = self.stored_name = self.stored_as(context["page_obj"])
        return context

    def may_be_stored(self) -> bool:
        return self.stored_name is not None


def later(**makers: Callable[[], object]) -> dict[str, object]:
    """Values for a template that are made only if it uses them: a stored page does not."""
    return {name: SimpleLazyObject(maker) for name, maker in makers.items()}
