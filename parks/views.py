"""Public pages of parks and industries."""

from types import SimpleNamespace

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, missing_facts_note, record_fact
from library.models import Image, Rendition, images_of
from parks.forms import ParkFilterForm
from parks.maps import SchematicMap, build_map
from parks.models import ChainLink, District, Industry, Park, ParkPoint, TransportLink
from publishing.pages import Step, absolute
from publishing.views import PublicDetailView, PublicListView, later

#: The same rows for every park, in this order.
PARK_FIGURES = ("planned_area", "developed_area", "available_area", "founded")

#: Destinations that every park's table names, in this order, stated or not. Others follow if a
#: source states one.
DESTINATIONS = (
    TransportLink.Mode.PORT,
    TransportLink.Mode.AIRPORT,
    TransportLink.Mode.RAIL,
    TransportLink.Mode.EXPRESSWAY,
    TransportLink.Mode.CITY,
)


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

    def with_shown(self, rows: QuerySet) -> QuerySet:
        return rows.for_cards()

    def make_filter_form(self) -> ParkFilterForm:
        return ParkFilterForm(self.request.GET, districts=lambda: self.districts)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        return context | later(map=lambda: self.make_map(context["page_obj"]))

    def make_map(self, page: Page) -> SchematicMap:
        """All parks that the filters leave, on every page. One query if there are more pages."""
        parks = self.object_list.for_cards() if page.has_other_pages() else page.object_list
        return build_map(self.districts, parks)


class ParkDetailView(PublicDetailView):
    """Fact page of one park. Five queries, one more if it has pictures."""

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

    def get_page_queryset(self) -> QuerySet:
        return Park.objects.for_page().with_citation_rows()

    @cached_property
    def figures(self) -> list[Fact]:
        """The rows that every park has."""
        return [record_fact(self.record, name) for name in PARK_FIGURES]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            **later(
                figures=lambda: self.figures,
                missing_note=lambda: missing_facts_note(self.figures),
                strengths=lambda: _points(self.record, ParkPoint.Kind.STRENGTH),
                limits=lambda: _points(self.record, ParkPoint.Kind.LIMIT),
                transport=lambda: _destinations(self.record.transport_rows),
                has_travel_times=lambda: any(
                    row.minutes is not None for row in self.record.transport_rows
                ),
                gallery=lambda: _gallery(self.record) if self.record.has_gallery else [],
                contact=lambda: self.record.officer,
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


def _destinations(rows: list[SimpleNamespace]) -> list[tuple[object, list[SimpleNamespace]]]:
    """Label and rows of each kind of destination, the nearest first; a kind may have no row."""
    for row in rows:
        row.measure_label = TransportLink.Measure(row.measure).label
    rows = sorted(rows, key=_distance)
    others = [mode for mode in TransportLink.Mode if mode not in DESTINATIONS]
    groups = (
        (mode, [row for row in rows if row.mode == mode]) for mode in (*DESTINATIONS, *others)
    )
    return [(mode.label, found) for mode, found in groups if found or mode in DESTINATIONS]


def _distance(row: SimpleNamespace) -> tuple[bool, float, bool, int]:
    """For sorting: by distance, then by time; what is not stated comes last."""
    return (
        row.distance_km is None,
        float(row.distance_km or 0),
        row.minutes is None,
        row.minutes or 0,
    )


class IndustryListView(PublicListView):
    """All industries with how many parks and projects each has."""

    model = Industry
    template_name = "parks/industry_list.html"
    page_title = _("Industries")
    page_description = _("What is made here, by whom, and which links of the chain are missing.")
    paginate_by = 24

    def with_shown(self, rows: QuerySet) -> QuerySet:
        public_parks = Q(parks__in=Park.objects.public())
        return rows.annotate(park_count=Count("parks", filter=public_parks, distinct=True))


class IndustryDetailView(PublicDetailView):
    """One industry: what it makes here, who is here, what the chain still lacks."""

    model = Industry
    template_name = "parks/industry_detail.html"

    def parents(self) -> list[Step]:
        return [Step(gettext("Industries"), reverse("parks:industry_list"))]

    def get_page_queryset(self) -> QuerySet:
        return Industry.objects.for_page().with_citation_rows()

    def chain(self) -> list[tuple[str, object, list]]:
        """Links of the value chain by their state, without empty groups."""
        rows = self.record.chain_rows
        groups = (
            (state, label, [row for row in rows if row.state == state])
            for state, label in ChainLink.State.choices
        )
        return [group for group in groups if group[2]]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        parks = Park.objects.public().filter(industries=self.object).select_related("district")
        return super().get_context_data(
            parks=parks,
            **later(chain=self.chain, body_citation=lambda: self.record.citation_for("body")),
            **kwargs,
        )
