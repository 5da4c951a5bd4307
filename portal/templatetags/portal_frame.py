"""What surrounds every public page. The frame fetches its own data; views know nothing of it."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.addresses import in_language, language_of
from core.languages import HTML_LANGUAGES, current_language
from portal import frame
from publishing.pages import Step, absolute

register = template.Library()


@register.simple_tag(takes_context=True)
def site_header(context: template.Context, query: str = "") -> SafeString:
    """Name of the site, menu, languages and search; ``query`` is what was searched for."""
    return frame.header(context["request"], query)


@register.simple_tag(takes_context=True)
def site_footer(context: template.Context) -> SafeString:
    """Second menu, languages and the note at the foot of every page."""
    return frame.footer(context["request"])


@register.simple_tag(takes_context=True)
def alternate_links(context: template.Context) -> str:
    """Canonical address and the other languages of a page, for search engines.

    Of the query only the page number belongs to the address of a page; filters and searches are
    views of it.
    """
    request = context["request"]
    if language_of(request.path) is None:
        return ""
    page = request.GET.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() and page != "1" else ""

    def address(code: str) -> str:
        return absolute(in_language(request.path, code)) + query

    languages = [(HTML_LANGUAGES[code], address(code)) for code, _name in settings.LANGUAGES]
    return format_html(
        '<link rel="canonical" href="{}">{}',
        address(current_language()),
        format_html_join(
            "",
            '<link rel="alternate" hreflang="{}" href="{}">',
            [*languages, ("x-default", address(settings.LANGUAGE_CODE))],
        ),
    )


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
