"""The head and the foot of every page: rendered once for each language, then only filled in.

What depends on the address of a page (the language switch, where in the menu a visitor is, what he
searched for) is a mark in the stored text. Filling marks in costs a hundredth of rendering.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.addresses import in_language, language_of
from core.languages import HTML_LANGUAGES, Translated, current_language, translated
from core.related_rows import texts
from portal.models import MenuItem
from publishing.fragments import fragments
from publishing.models import VISIBILITY_COLUMNS
from publishing.stored_pages import visitor_content, visitor_site

#: A language's name in itself: the one name that those who need it can read.
OWN_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}

#: Stands on both sides of a mark. No text has it: forms, addresses and PostgreSQL refuse it.
EDGE = "\0"
HERE, SEARCHED, IN_LANGUAGE = "here", "searched", "in"

MENU_COLUMNS = (
    "menu",
    "address",
    *texts("label"),
    "page__slug",
    *(f"page__{name}" for name in VISIBILITY_COLUMNS),
)


class Link(NamedTuple):
    """An entry of a menu: what it says, where it leads, and a mark for "you are here"."""

    label: Translated
    url: str
    here: str


class LanguageLink(NamedTuple):
    """The same page in one language; its address is a mark."""

    name: str
    html_language: str
    url: str
    is_current: bool


def header(request: HttpRequest, query: str = "") -> SafeString:
    """The head of the page that ``request`` asks for, with the words searched for."""
    return _fill(_stored(request, "portal/_header.html", MenuItem.Menu.MAIN), request, query)


def footer(request: HttpRequest) -> SafeString:
    """The foot of the page that ``request`` asks for."""
    return _fill(_stored(request, "portal/_footer.html", MenuItem.Menu.FOOTER), request)


def _mark(kind: str, value: str = "") -> SafeString:
    return mark_safe(f"{EDGE}{kind}:{value}{EDGE}")  # noqa: S308 - our own names and addresses


def _stored(request: HttpRequest, template: str, menu: str) -> str:
    """``template`` in the language of the page, with marks. Two queries if it is not stored."""

    def render() -> str:
        languages = [
            LanguageLink(
                name=OWN_NAMES[code],
                html_language=HTML_LANGUAGES[code],
                url=_mark(IN_LANGUAGE, code),
                is_current=code == current_language(),
            )
            for code, _name in settings.LANGUAGES
        ]
        inputs = {
            "site": visitor_site(request),
            "menu": _menus(request).get(menu, []),
            "languages": languages,
            "query": _mark(SEARCHED),
        }
        return render_to_string(template, inputs)

    return fragments.get_or_render(visitor_content(request), (template, current_language()), render)


def _menus(request: HttpRequest) -> dict[str, list[Link]]:
    """Both menus with what a visitor may see. One query, kept like the frame itself."""

    def read() -> dict[str, list[Link]]:
        menus: dict[str, list[Link]] = {}
        for item in MenuItem.objects.select_related("page").only(*MENU_COLUMNS):
            if item.page is None or item.page.is_public:
                menus.setdefault(item.menu, []).append(_link(item))
        return menus

    return fragments.get_or_render(visitor_content(request), ("menus", current_language()), read)


def _link(item: MenuItem) -> Link:
    if item.page:
        url = item.page.get_absolute_url()
    else:
        url = in_language(item.address, current_language())
    return Link(translated(item, "label"), url, _mark(HERE, url))


def _fill(text: str, request: HttpRequest, searched: str = "") -> SafeString:
    """``text`` with every mark replaced by what it stands for on the page of ``request``."""
    path = request.path if language_of(request.path) else "/"
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    home = in_language("/", current_language())
    parts = text.split(EDGE)
    for place in range(1, len(parts), 2):
        kind, _colon, value = parts[place].partition(":")
        if kind == HERE:
            is_here = path == value if value == home else path.startswith(value)
            parts[place] = ' aria-current="true"' if is_here else ""
        elif kind == IN_LANGUAGE:
            parts[place] = escape(in_language(path, value) + query)
        else:
            parts[place] = escape(searched)
    return mark_safe("".join(parts))  # noqa: S308 - rendered by templates, marks escaped here
