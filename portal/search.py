"""The search page: one box for everything that is public, in all three languages."""

from __future__ import annotations

from typing import NamedTuple

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from publishing.fragments import searches
from publishing.pages import PublicPage
from publishing.search.query import Query, parse_query
from publishing.search.results import PAGE_SIZE, Group, Results, Sort, find
from publishing.views import FilterForm

#: Every ``search_kind`` there is, as the page calls it (a test compares).
KINDS: dict[str, str | Promise] = {
    "park": gettext_lazy("Parks"),
    "industry": gettext_lazy("Industries"),
    "project": gettext_lazy("Projects"),
    "indicator": gettext_lazy("Statistics"),
    "post": gettext_lazy("News"),
    "history": pgettext_lazy("of the cluster", "History"),
    "page": gettext_lazy("Pages"),
}


class QueryField(forms.CharField):
    """Text that a visitor typed. It cleans to a ``Query`` and refuses nothing."""

    def clean(self, value: str | None) -> Query:
        return parse_query(value or "")


class SearchForm(FilterForm):
    """Query string of the search page; an unknown kind or order is left out, and says so."""

    q = QueryField(label=gettext_lazy("Search this site"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of page"), choices=list(KINDS.items()), required=False
    )
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=Sort.choices, required=False)


class KindLink(NamedTuple):
    """A choice above the results: everything, or one kind; how many there are, at least."""

    kind: str
    label: str | Promise
    total: str
    is_current: bool


class Section(NamedTuple):
    """Results of one kind, with its heading."""

    label: str | Promise
    group: Group
    count: str
    has_more: bool


class SearchPage(PublicPage, TemplateView):
    """Results by kind; two queries of its own, three if nothing fits exactly."""

    template_name = "portal/search.html"
    store = searches
    page_description = gettext_lazy(
        "Search parks, industries, projects, news, history and statistics in English and Chinese."
    )

    @cached_property
    def form(self) -> SearchForm:
        form = SearchForm(self.request.GET)
        form.is_valid()
        return form

    @cached_property
    def query(self) -> Query:
        return self.form.cleaned_data["q"]

    def may_be_stored(self) -> bool:
        """A search that is asked again, by anybody or for its next page, costs one query."""
        return self.request.GET.keys() <= {*self.form.fields, "page"}

    def get_title(self) -> str:
        if not self.query:
            return _("Search")
        return _("Search results for “%(query)s”") % {"query": self.query.text}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        kind = self.form.cleaned_data.get("kind", "")
        sort = Sort(self.form.cleaned_data.get("sort") or Sort.RELEVANCE)
        results = find(self.query, get_language(), kind=kind, sort=sort, page=self.asked_page())
        context = super().get_context_data(
            query=self.query.text,
            has_words=bool(self.query),
            notes=[note.label for note in self.query.notes],
            ignored=self.form.ignored,
            results=results,
            kinds=kind_links(results, kind),
            kind_label=KINDS.get(kind, ""),
            sections=sections(results, kind),
            sort=sort,
            page_obj=pages(results, kind),
        )
        return {**context, **kwargs}

    def asked_page(self) -> int:
        """The page number asked for; whatever is no number is the first page."""
        number = self.request.GET.get("page", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1


def kind_links(results: Results, kind: str) -> list[KindLink]:
    """Kinds with at least one result, and the one that was chosen, in the site's order."""
    everything = count_label(results.total, is_part=results.is_part)
    links = [KindLink("", _("Everything"), everything, not kind)]
    for name, label in KINDS.items():
        group = results.group(name)
        if group or name == kind:
            links.append(KindLink(name, label, group_count(group) if group else "0", name == kind))
    return links


def group_count(group: Group) -> str:
    """How many there are of a kind: "12", or "60+" if nobody counted them all."""
    return count_label(group.total, is_part=group.is_part)


def count_label(total: int, *, is_part: bool) -> str:
    return f"{total}{'+' if is_part else ''}"


def sections(results: Results, kind: str) -> list[Section]:
    """What the page lists: every kind, or the one that was chosen."""
    return [
        Section(
            KINDS.get(group.kind, group.kind),
            group,
            group_count(group),
            not kind and group.total > len(group.hits),
        )
        for group in results.groups
        if not kind or group.kind == kind
    ]


def pages(results: Results, kind: str) -> Page | None:
    """The place in the results of one kind, for the links to the other pages."""
    group = results.group(kind) if kind else None
    return Paginator(range(group.total), PAGE_SIZE).get_page(results.page) if group else None


search = SearchPage.as_view()
