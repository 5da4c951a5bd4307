"""What every public page says about itself: title, way to it, share card, structured data."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin

from publishing.models import Publishable
from publishing.stored_pages import StoredPage

DESCRIPTION_LENGTH = 170

#: As ``django.utils.html.json_script`` does: the text cannot end the element it stands in.
JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to a page; the last has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageMeta:
    """Head of a page. ``structured`` are JSON-LD objects (schema.org)."""

    title: str
    description: str = ""
    kind: str = "website"
    image_path: str = ""
    trail: list[Step] = field(default_factory=list)
    structured: list[dict[str, Any]] = field(default_factory=list)

    @property
    def image_url(self) -> str:
        """Absolute, because other sites show it."""
        return absolute(self.image_path) if self.image_path else ""

    @property
    def json_ld(self) -> str:
        """All structured data of the page as text that is safe inside a script element."""
        objects = [{"@context": "https://schema.org", **item} for item in self._objects()]
        return json.dumps(objects, ensure_ascii=False, default=str).translate(JSON_ESCAPES)

    def _objects(self) -> list[dict[str, Any]]:
        crumbs = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": step.label,
                    **({"item": absolute(step.url)} if step.url else {}),
                }
                for position, step in enumerate(self.trail, start=1)
            ],
        }
        return [crumbs, *self.structured] if self.trail else self.structured


def absolute(path: str) -> str:
    """A public address with scheme and host, never taken from the request."""
    return f"{settings.PUBLIC_URL}{path}"


def plain_text(text: str | None, length: int = DESCRIPTION_LENGTH) -> str:
    """Text without markup, cut to ``length`` characters."""
    return Truncator(" ".join(strip_tags(text or "").split())).chars(length)


class PublicPage(StoredPage, ContextMixin):
    """Mixin for views: gives the template ``meta``, and keeps the finished page."""

    #: Title and description of pages that are no record; lazy translations.
    page_title: object = ""
    page_description: object = ""

    def get_title(self) -> str:
        return str(self.page_title)

    def get_description(self) -> str:
        return str(self.page_description)

    def parents(self) -> list[Step]:
        """Steps between the home page and this page."""
        return []

    def image_path(self) -> str:
        """Picture for shared links."""
        return reverse("portal:share_image", args=["site", "home"])

    def structured_data(self) -> list[dict[str, Any]]:
        """JSON-LD objects besides the way to the page."""
        return []

    def get_meta(self) -> PageMeta:
        home = Step(_("Home"), reverse("portal:home"))
        return PageMeta(
            title=self.get_title(),
            description=self.get_description(),
            image_path=self.image_path(),
            trail=[home, *self.parents(), Step(self.get_title())],
            structured=self.structured_data(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The head comes last: the title of a list says which page of it this is.
        context = super().get_context_data(**kwargs)
        return {"meta": self.get_meta(), **context}


class RecordPage(PublicPage):
    """The same for the page of one record, found at ``self.object``."""

    object: Publishable

    def get_title(self) -> str:
        return self.object.seo_title or self.object.title_text

    def get_description(self) -> str:
        return self.object.seo_description or plain_text(self.object.summary_text)

    def image_path(self) -> str:
        return reverse("portal:share_image", args=[self.object.search_kind, self.object.slug])
