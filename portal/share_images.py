"""``/<lang>/share/<kind>/<slug>.png``: the picture of a shared link, for public pages only."""

import hashlib

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from core.languages import current_language, translated
from core.models import SiteSettings
from investment.models import Project
from news.models import Post
from parks.models import Industry, Park
from portal.models import HistoryEvent, Page
from portal.share_drawing import draw_share_image
from publishing.models import Publishable

#: Part of the cache key: raise it when the drawing changes.
DRAWING = 2
BROWSERS_KEEP_IT = 24 * 60 * 60
WE_KEEP_IT = 7 * 24 * 60 * 60

#: What stands above the title of a record.
KICKERS: dict[type[Publishable], object] = {
    Park: _("Industrial park"),
    Industry: _("Industry"),
    Project: _("Project"),
    Post: _("News"),
    HistoryEvent: pgettext_lazy("of the cluster", "History"),
    Page: "",
}
MODELS = {model.search_kind: model for model in KICKERS}
#: Pages without a record of their own, under the kind "site". The home page has the claim.
SECTIONS = {
    "parks": _("Industrial parks"),
    "industries": _("Industries"),
    "projects": _("Projects"),
    "statistics": _("Statistics"),
    "news": _("News"),
    "history": pgettext_lazy("of the cluster", "History"),
    "contact": _("Contact"),
}


@require_safe
def share_image(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The picture for one page in the language of the address. Two queries.

    404 for what is unknown or not public: a title must not leak through its picture.
    """
    site = SiteSettings.current()
    if kind == "site":
        title, kicker = section_texts(site, slug)
    else:
        title, kicker = record_texts(kind, slug)
    name = translated(site, "short_name") or translated(site, "name")
    return share_image_response(title, kicker, name.value, seed=f"{kind}/{slug}")


def share_image_response(title: str, kicker: str, site_name: str, seed: str) -> HttpResponse:
    """The drawn picture in the active language, kept by us for a week, by browsers for a day.

    Every ``seed`` has a landscape of its own.
    """
    language = current_language()
    # The words are the key: a changed title finds no old picture, and nothing needs clearing.
    words = "\0".join((str(DRAWING), seed, language, title, kicker, site_name))
    key = f"share-image-{hashlib.sha256(words.encode()).hexdigest()}"
    pictures = caches["images"]
    content = pictures.get(key)
    if content is None:
        content = draw_share_image(title, kicker, site_name, language, seed)
        pictures.set(key, content, WE_KEEP_IT)
    response = HttpResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={BROWSERS_KEEP_IT}"
    return response


def section_texts(site: SiteSettings, slug: str) -> tuple[str, str]:
    """Title and kicker of a page without a record. Raises ``Http404`` for an unknown one."""
    if slug == "home":
        return (translated(site, "claim") or translated(site, "name")).value, ""
    if slug not in SECTIONS:
        raise Http404
    return str(SECTIONS[slug]), ""


def record_texts(kind: str, slug: str) -> tuple[str, str]:
    """Title and kicker of a public record. Raises ``Http404`` if there is none."""
    model = MODELS.get(kind)
    record = model.objects.public().filter(slug=slug).first() if model else None
    if record is None:
        raise Http404
    return translated(record, record.title_field).value, str(KICKERS[model])
