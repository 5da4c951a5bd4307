"""Pages that belong to no single app: home, history, contact, editors' pages."""

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from core.models import Contact, SiteSettings
from core.timeline import TimelineItem
from investment.models import Project, Statistic
from news.models import Post
from parks.maps import build_map
from parks.models import District, Industry, Park
from portal.models import HistoryEvent, Page
from publishing.pages import PageMeta, PublicPage, absolute, plain_text
from publishing.stored_pages import visitor_site
from publishing.views import PublicDetailView, later

HOME_PROJECTS = 4
HOME_POSTS = 4


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """``/`` leads to the home page in the visitor's language: cookie, then browser."""
    language = translation.get_language_from_request(request)
    response = HttpResponseRedirect(f"/{language}/")
    response["Vary"] = "Cookie, Accept-Language"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: everything but the desk, the forms and the receipts."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/"]
    for code, _name in settings.LANGUAGES:
        lines += [f"Disallow: /{code}/inquiry/", f"Disallow: /{code}/report/"]
    lines += ["", f"Sitemap: {absolute(reverse('sitemap_index'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class HomeView(PublicPage, TemplateView):
    """The front page. Six queries of its own."""

    template_name = "portal/home.html"

    def get_meta(self) -> PageMeta:
        """The home page is the site itself: its name, its claim, who runs it."""
        site = self.site
        organisation = {
            "@type": "Organization",
            "name": site.name,
            "description": site.intro,
            "url": absolute(reverse("portal:home")),
        }
        if site.contact:
            organisation["telephone"] = site.contact.dial
            organisation["email"] = site.contact.email
        return PageMeta(
            title=site.name,
            description=plain_text(site.intro or site.claim),
            image_path=self.image_path(),
            structured=[organisation],
        )

    @cached_property
    def site(self) -> SiteSettings:
        """The settings, as the frame of the page has them."""
        return visitor_site(self.request)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        parks = SimpleLazyObject(lambda: list(Park.objects.public().for_tiles()))
        posts = SimpleLazyObject(
            lambda: list(Post.objects.public().with_lead(HOME_POSTS).for_cards())
        )
        return super().get_context_data(
            contact=self.site.contact,
            parks=parks,
            industries=Industry.objects.public().for_cards(),
            projects=Project.objects.public().stretch(0, HOME_PROJECTS).for_rows(),
            **later(
                featured=lambda: posts[0] if posts else None,
                posts=lambda: posts[1:],
                headlines=lambda: [item.fact() for item in Statistic.objects.headlines()],
                map=lambda: build_map(list(District.objects.all()), parks),
            ),
            **kwargs,
        )


class HistoryView(PublicPage, TemplateView):
    """The development history of the cluster as dated, sourced milestones."""

    template_name = "portal/history.html"
    page_title = _("How the cluster came about")
    page_description = _("The history of the cluster as dated events, each with its source.")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        events = HistoryEvent.objects.public().select_related("source", "park", "project")
        return super().get_context_data(
            **later(timeline=lambda: [_timeline_item(event) for event in events]), **kwargs
        )


def _timeline_item(event: HistoryEvent) -> TimelineItem:
    record = event.project or event.park
    return TimelineItem(
        date_label=event.date.display(),
        title=event.title,
        note=event.summary or "",
        source=event.source,
        anchor=event.slug,
        url=record.get_absolute_url() if record and record.is_public else "",
        is_major=event.is_major,
    )


class ContactView(PublicPage, TemplateView):
    """Whom to ask, and when these details were last found right."""

    template_name = "portal/contact.html"
    page_title = _("Contact")
    page_description = _("Telephone, e-mail and address of the offices that answer.")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        parks = Prefetch("parks", queryset=Park.objects.public())
        contacts = Contact.objects.select_related("source").prefetch_related(parks)
        return super().get_context_data(contacts=contacts, **kwargs)


class PageView(PublicDetailView):
    """A page that editors wrote."""

    model = Page
    template_name = "portal/page.html"

    @property
    def record(self) -> Page:
        """A page shows nothing but itself."""
        return self.object
