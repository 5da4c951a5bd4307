"""What surrounds every public page. The frame fetches its own data; views know nothing of it."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.addresses import in_language, language_of
from core.languages import HTML_LANGUAGES, Translated, current_language, translated
from portal.models import MenuItem
from publishing.pages import Step, absolute

register = template.Library()

#: A language's name in itself: the one name that those who need it can read.
OWN_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


class Link(NamedTuple):
    """An entry of a menu: what it says, where it leads, and whether the visitor is there."""

    label: Translated
    url: str
    is_current: bool


class LanguageLink(NamedTuple):
    """The same page in one language."""

    name: str
    html_language: str
    url: str
    is_current: bool


@register.inclusion_tag("portal/_menu.html", takes_context=True)
def site_menu(context: template.Context, menu: str, label: str = "") -> dict[str, object]:
    """Entries of ``menu``, "main" or "footer". One query a page, whatever it asks for."""
    return {"links": _menus(context["request"]).get(menu, []), "label": label}


def _menus(request: HttpRequest) -> dict[str, list[Link]]:
    """All menus of the page that ``request`` asks for, kept on it."""
    if not hasattr(request, "site_menus"):
        menus: dict[str, list[Link]] = {}
        for item in MenuItem.objects.select_related("page"):
            if item.page is None or item.page.is_public:
                menus.setdefault(item.menu, []).append(_link(item, request.path))
        request.site_menus = menus  # type: ignore[attr-defined]
    return request.site_menus  # type: ignore[attr-defined]


def _link(item: MenuItem, path: str) -> Link:
    if item.page:
        url = item.page.get_absolute_url()
    else:
        url = in_language(item.address, current_language())
    home = in_language("/", current_language())
    is_current = path == url if url == home else path.startswith(url)
    return Link(translated(item, "label"), url, is_current)


@register.inclusion_tag("portal/_language_switch.html", takes_context=True)
def language_switch(context: template.Context, label: str = "") -> dict[str, object]:
    """Links to this page in every language, with the visitor's query kept. No query."""
    request = context["request"]
    path = request.path if language_of(request.path) else "/"
    query = request.GET.urlencode()
    links = [
        LanguageLink(
            name=OWN_NAMES[code],
            html_language=HTML_LANGUAGES[code],
            url=in_language(path, code) + (f"?{query}" if query else ""),
            is_current=code == current_language(),
        )
        for code, _name in settings.LANGUAGES
    ]
    return {"links": links, "label": label}


@register.inclusion_tag("portal/_alternate_links.html", takes_context=True)
def alternate_links(context: template.Context) -> dict[str, object]:
    """Canonical address and the other languages of a page, for search engines.

    Of the query only the page number belongs to the address of a page; filters and searches are
    views of it.
    """
    request = context["request"]
    if language_of(request.path) is None:
        return {}
    page = request.GET.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() and page != "1" else ""

    def address(code: str) -> str:
        return absolute(in_language(request.path, code)) + query

    return {
        "canonical": address(current_language()),
        "alternates": [(HTML_LANGUAGES[code], address(code)) for code, _name in settings.LANGUAGES],
        "default": address(settings.LANGUAGE_CODE),
    }


@register.inclusion_tag("components/_breadcrumbs.html")
def breadcrumbs(*steps: str) -> dict[str, object]:
    """``{% breadcrumbs "Parks" parks_url "Lingang" %}``: labels and addresses by turns.

    The way begins at the home page and ends with the page's own name, which has no address.
    """
    trail = [Step(_("Home"), reverse("portal:home"))]
    trail += [
        Step(label, steps[place + 1] if place + 1 < len(steps) else "")
        for place, label in enumerate(steps)
        if place % 2 == 0
    ]
    return {"trail": trail}
