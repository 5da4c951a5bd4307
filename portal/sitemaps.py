"""Every public page in every language, for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.languages import LANGUAGE_CODES
from investment.models import Project
from news.models import Post, Topic
from parks.models import Industry, Park
from portal.models import Page
from publishing.models import Publishable
from publishing.pages import absolute


class Host(NamedTuple):
    """What Django's sitemaps ask of a site: the host of ``PUBLIC_URL``, never the request's."""

    domain: str
    name: str


class InEveryLanguage(Sequence[tuple[object, str]]):
    """Items, each with each language. A slice reads the rows it needs; Django would read all."""

    def __init__(self, items: Sequence[object] | QuerySet, languages: Sequence[str]) -> None:
        self.items = items
        self.languages = languages

    def __len__(self) -> int:
        items = self.items
        return (items.count() if isinstance(items, QuerySet) else len(items)) * len(self.languages)

    def __getitem__(self, wanted):
        """A list; ``wanted`` is a slice, the only thing that a paginator asks for."""
        each = len(self.languages)
        first, end = wanted.start // each, -(-wanted.stop // each)
        pairs = [(item, code) for item in self.items[first:end] for code in self.languages]
        return pairs[wanted.start - first * each : wanted.stop - first * each]


class PublicSitemap(Sitemap):
    """Base: all languages, each naming the others."""

    i18n = True
    alternates = True
    limit = 1000

    @property
    def paginator(self) -> Paginator:
        return Paginator(InEveryLanguage(self.items(), LANGUAGE_CODES), self.limit)

    def get_urls(self, page=1, site=None, protocol=None):
        address = urlsplit(settings.PUBLIC_URL)
        return super().get_urls(page, Host(address.netloc, address.netloc), address.scheme)


class SectionSitemap(PublicSitemap):
    """Pages that always exist."""

    def items(self) -> list[str]:
        return [
            "portal:home",
            "parks:list",
            "parks:industry_list",
            "investment:project_list",
            "investment:statistics",
            "news:list",
            "portal:history",
            "portal:contact",
            "inquiries:create",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class TopicSitemap(PublicSitemap):
    """Topics of the news."""

    def items(self) -> QuerySet[Topic]:
        return Topic.objects.all()


class RecordSitemap(PublicSitemap):
    """All public records of one model."""

    def __init__(self, model: type[Publishable]) -> None:
        self.model = model

    def items(self) -> QuerySet:
        return self.model.objects.public().order_by("pk").only("slug", "updated_at")

    def get_latest_lastmod(self) -> datetime | None:
        """For the index; the database looks, not we."""
        return self.items().aggregate(latest=Max("updated_at"))["latest"]

    def lastmod(self, item: Publishable) -> datetime:
        return item.updated_at


SITEMAPS: dict[str, Sitemap] = {
    "sections": SectionSitemap(),
    "topics": TopicSitemap(),
    "parks": RecordSitemap(Park),
    "industries": RecordSitemap(Industry),
    "projects": RecordSitemap(Project),
    "posts": RecordSitemap(Post),
    "pages": RecordSitemap(Page),
}

sitemap = require_safe(views.sitemap)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps; Django would take their host from the request."""
    response = views.index(request, SITEMAPS)
    for item in response.context_data["sitemaps"]:
        address = urlsplit(item.location)
        item.location = absolute(address.path) + (f"?{address.query}" if address.query else "")
    return response
