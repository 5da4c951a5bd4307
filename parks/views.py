"""Public pages of parks and industries."""

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.facts import missing_facts_note, record_fact
from library.models import Image, Rendition, images_of
from parks.forms import ParkFilterForm
from parks.maps import build_map
from parks.models import District, Industry, Park, ParkPoint, TransportLink
from publishing.pages import Step, absolute
from publishing.views import PublicDetailView, PublicListView, later

#: The same rows for every park, in this order.
PARK_FIGURES = ("planned_area", "developed_area", "available_area", "founded")


class ParkListView(PublicListView):
    """Directory of parks with filters and the schematic map. Six queries."""

    model = Park
    template_name = "parks/park_list.html"
    page_title = _("Parks")
    page_description = _(
        "Industrial parks and zones of the cluster, described by the same facts, each with its"
        " source."
    )

    @cached_property
    def districts(self) -> list[District]:
        """Districts with their outlines, for the map and for the filter."""
        return list(District.objects.all())

    def get_base_queryset(self) -> QuerySet:
        return Park.objects.public().for_cards()

    def make_filter_form(self) -> ParkFilterForm:
        return ParkFilterForm(self.request.GET, districts=lambda: self.districts)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        return context | later(map=lambda: build_map(self.districts, context["records"]))


class ParkDetailView(PublicDetailView):
    """Fact page of one park. Six queries, one more if it has pictures."""

    model = Park
    template_name = "parks/park_detail.html"

    def parents(self) -> list[Step]:
        return [Step(gettext("Parks"), reverse("parks:list"))]

    def structured_data(self) -> list[dict[str, object]]:
        park = self.object
        place: dict[str, object] = {
            "@type": "Place",
            "name": park.name,
            "description": self.get_description(),
            "url": absolute(park.get_absolute_url()),
        }
        if park.longitude is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "longitude": float(park.longitude),
                "latitude": float(park.latitude),
            }
        return [place]

    def get_queryset(self) -> QuerySet:
        return Park.objects.public().for_page()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        park = self.object
        figures = SimpleLazyObject(lambda: [record_fact(park, name) for name in PARK_FIGURES])
        return super().get_context_data(
            figures=figures,
            contact=park.officer,
            **later(
                missing_note=lambda: missing_facts_note(figures),
                strengths=lambda: _points(park, ParkPoint.Kind.STRENGTH),
                limits=lambda: _points(park, ParkPoint.Kind.LIMIT),
                transport=lambda: [_transport_row(row) for row in park.transport_rows],
                gallery=lambda: _gallery(park) if park.has_gallery else [],
            ),
            **kwargs,
        )


def _points(park: Park, kind: str) -> list:
    return [row for row in park.point_rows if row.kind == kind]


def _gallery(park: Park) -> list[Image]:
    """Pictures in their order with all their renditions, in one query."""
    return images_of(
        Rendition.objects.filter(image__park_images__park=park).order_by(
            "image__park_images__order", "image__park_images__pk", "width"
        )
    )


def _transport_row(row):
    """Give a row from ``ParkQuerySet.for_page`` its words."""
    row.mode_label = TransportLink.Mode(row.mode).label
    row.measure_label = TransportLink.Measure(row.measure).label
    return row


class IndustryListView(PublicListView):
    """All industries with how many parks and projects each has."""

    model = Industry
    template_name = "parks/industry_list.html"
    page_title = _("Industries")
    page_description = _("What is made here, by whom, and which links of the chain are missing.")
    paginate_by = 24

    def get_base_queryset(self) -> QuerySet:
        public_parks = Q(parks__in=Park.objects.public())
        return Industry.objects.public().annotate(
            park_count=Count("parks", filter=public_parks, distinct=True)
        )


class IndustryDetailView(PublicDetailView):
    """One industry: what it makes here, who is here, what the chain still lacks."""

    model = Industry
    template_name = "parks/industry_detail.html"

    def parents(self) -> list[Step]:
        return [Step(gettext("Industries"), reverse("parks:industry_list"))]

    #: Where a link of the chain stands, in the order of reading.
    chain_states = (
        ("present", _("Here today")),
        ("emerging", _("Being built up")),
        ("missing", _("Still missing")),
    )

    def get_queryset(self) -> QuerySet:
        return Industry.objects.public().for_page()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        industry = self.object
        chain = [
            (state, label, [row for row in industry.chain_rows if row.state == state])
            for state, label in self.chain_states
        ]
        return super().get_context_data(
            chain=[entry for entry in chain if entry[2]],
            **later(body_citation=lambda: industry.citation_for("body")),
            parks=Park.objects.public().filter(industries=industry).select_related("district"),
            **kwargs,
        )
