"""Every component once, with sample data, for those who build pages: ``/<lang>/style-guide/``.

The records here are made up from starter content and never stored; the form is never sent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.chart_parts import ChartSeries, ChartValue
from core.charts import bar_chart, line_chart, stacked_chart
from core.facts import Fact, not_stated_fact
from core.illustrations import ILLUSTRATIONS
from core.languages import Translated
from core.measures import Unit, format_value, period_label, split_value
from core.models import Citation, Cited, Contact, Source
from core.partial_dates import PartialDate
from core.provenance import FactState, ValueKind
from core.timeline import TimelineItem
from investment.models import Project, Stage
from news.models import Post, Topic
from parks.maps import build_map
from parks.models import District, Industry, Park
from publishing.views import FilterForm

#: Tokens of static/css/tokens.css that the page shows as swatches, by what they are for.
COLOURS = (
    (gettext_lazy("Grounds and text"), ("ground", "surface", "sunk", "text", "heading", "muted")),
    (gettext_lazy("Brand"), ("brand", "brand-strong", "brand-soft", "river", "river-soft")),
    (gettext_lazy("Inkstone and amber"), ("stone", "stone-raised", "amber", "amber-soft", "error")),
    (gettext_lazy("Charts and map"), tuple(f"chart-{number}" for number in range(1, 7))),
)


class SampleFilterForm(FilterForm):
    """Filters as above a list of parks."""

    lookups = {"district": "district", "kind": "kind"}

    district = forms.ChoiceField(
        label=gettext_lazy("District"),
        required=False,
        choices=[("", gettext_lazy("All districts")), ("dinghu", gettext_lazy("Dinghu District"))],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All kinds")), *Park.Kind.choices],
    )


class SampleForm(forms.Form):
    """Every kind of question."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("Only to answer you. We pass it on to nobody."),
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[("land", gettext_lazy("Industrial land")), ("visit", gettext_lazy("A visit"))],
        widget=forms.RadioSelect,
    )
    message = forms.CharField(label=gettext_lazy("Message"), widget=forms.Textarea)
    consent = forms.BooleanField(label=gettext_lazy("You may store this message to answer it."))


def _texts(**values: tuple[str, str, str]) -> dict[str, str]:
    """``name=("Port", "港", "港")`` → columns in English, Simplified and Traditional."""
    return {
        f"{field}_{language}": text
        for field, texts in values.items()
        for language, text in zip(("en", "zh_hans", "zh_hant"), texts, strict=True)
    }


def _without_sources(record: Cited) -> Cited:
    """``record`` as if its citations had been fetched and there were none. No query."""
    record._prefetched_objects_cache = {"citations": Citation.objects.none()}
    return record


def sample_source() -> Source:
    """A source with everything a source can have."""
    return Source(
        key="sample",
        published=PartialDate(2022, 10, 18),
        **_texts(
            publisher=("Zhaoqing Daily", "西江日报", "西江日報"),
            title=("Nine months of the cluster", "集聚区九个月", "集聚區九個月"),
        ),
    )


def sample_facts(source: Source) -> list[Fact]:
    """A figure in every state and of every kind that looks different."""

    def fact(label: str, value: str, unit: Unit, **more: object) -> Fact:
        values = {
            "as_of": period_label(date(2022, 1, 1), date(2022, 9, 30)),
            "kind": ValueKind.ACTUAL,
            "state": FactState.CURRENT,
            "source": source,
        }
        amount = Decimal(value)
        parts = split_value(amount, unit)
        return Fact(label, format_value(amount, unit), *parts, **(values | more))  # type: ignore[arg-type]

    return [
        fact(_("Promised investment"), "7635e6", Unit.YUAN, kind=ValueKind.TARGET),
        fact(_("Projects introduced"), "23", Unit.PROJECT, verified_on=date(2024, 8, 6)),
        fact(_("Land"), "903333", Unit.M2, state=FactState.OVERDUE),
        fact(_("Output at full production"), "8915e6", Unit.YUAN, kind=ValueKind.FORECAST),
        fact(_("Tax revenue"), "445e6", Unit.YUAN, state=FactState.DUE),
        not_stated_fact(_("Land on offer")),
    ]


def sample_steps(source: Source) -> list[TimelineItem]:
    """A day, a month and a year; done, and announced."""
    return [
        TimelineItem(
            _("October 2012"),
            _("Zhaoqing New District is established"),
            source=source,
            is_major=True,
        ),
        TimelineItem(
            _("14 April 2022"),
            _("The command for planning and building the cluster is unveiled"),
            _("Building of the cluster begins."),
            source=source,
        ),
        TimelineItem(
            "2026",
            _("First plants of the starting area in full production"),
            is_done=False,
            source=source,
        ),
    ]


def sample_contact() -> Contact:
    """A desk that can be reached in every way."""
    return Contact(
        phone="0086-758-3611228",
        email="desk@example.org",
        last_verified=date(2024, 8, 6),
        **_texts(
            organisation=("Investment promotion bureau", "投资促进局", "投資促進局"),
            desk=("Desk for foreign investors", "外商投资服务处", "外商投資服務處"),
            address=("3F, Administrative Center", "行政中心三楼", "行政中心三樓"),
        ),
    )


def sample_records() -> dict[str, object]:
    """A park, an industry, a project and a post that belong together."""
    district = District(slug="dinghu", **_texts(name=("Dinghu District", "鼎湖区", "鼎湖區")))
    industry = Industry(
        slug="new-energy-vehicles",
        illustration="vehicle",
        **_texts(
            name=("New energy vehicles", "新能源汽车", "新能源汽車"),
            summary=(
                "Cars, batteries and the parts between them.",
                "整车、电池及其零部件。",
                "整車、電池及其零部件。",
            ),
        ),
    )
    industry.park_count = 3
    park = Park(
        slug="lingang",
        illustration="port",
        district=district,
        planned_area=Decimal(5_400_000),
        longitude=Decimal("112.6885"),
        latitude=Decimal("23.1792"),
        precision=Park.Precision.TOWN,
        **_texts(
            name=("Lingang Industrial Park", "临港产业园", "臨港產業園"),
            summary=("Beside the river port.", "毗邻内河港口。", "毗鄰內河港口。"),
        ),
    )
    park.industry_rows = [industry]
    project = Project(
        slug="sample",
        industry=industry,
        park=park,
        stage=Stage.PRODUCTION,
        stage_date=PartialDate(2022, 6),
        promised_investment=Decimal(1_000_000_000),
        **_texts(
            name=("Metal parts for electric cars", "电动汽车金属零部件", "電動汽車金屬零部件"),
            investor=("A maker of parts", "某零部件企业", "某零部件企業"),
        ),
    )
    post = Post(
        slug="sample",
        date=date(2024, 8, 6),
        illustration="crags",
        topic=Topic(slug="cluster", **_texts(name=("The cluster", "集聚区", "集聚區"))),
        **_texts(
            title=("How the cluster came about", "集聚区发展历程", "集聚區發展歷程"),
            summary=(
                "From the new district of 2012 to the command of 2022.",
                "从2012年新区成立到2022年指挥部揭牌。",
                "從2012年新區成立到2022年指揮部揭牌。",
            ),
        ),
    )
    return {
        "park": _without_sources(park),
        "industry": industry,
        "project": _without_sources(project),
        "post": post,
    }


def sample_charts() -> dict[str, object]:
    """One chart of each kind, with a target and with a figure that is not stated."""
    years = ("2022", "2023", "2024", "2025")

    def series(name: str, *numbers: int | None) -> ChartSeries:
        kinds = [ValueKind.ACTUAL] * 3 + [ValueKind.TARGET]
        pairs = zip(years, numbers, kinds, strict=True)
        values = [
            ChartValue(year, None if number is None else Decimal(number), kind)
            for year, number, kind in pairs
        ]
        return ChartSeries(name, values)

    vehicles = series(_("New energy vehicles"), 24, 38, 53, 60)
    electronics = series(_("Electronic information"), 20, None, 49, 55)
    both = [vehicles, electronics]
    # Each has a name of its own, because its table is a region of the page.
    return {
        "bars": bar_chart(_("Projects introduced"), vehicles.values, Unit.PROJECT),
        "stack": stacked_chart(_("Projects"), both, Unit.PROJECT),
        "lines": line_chart(_("All projects"), both, Unit.PROJECT),
    }


def sample_form() -> SampleForm:
    """A form that was sent with mistakes."""
    return SampleForm({"name": "Li Wei", "email": "li.wei", "message": ""})


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show every component. Not for search engines."""
    source = sample_source()
    facts = sample_facts(source)
    filters = {"district": "dinghu", "kind": "palace", **request.GET.dict()}
    records = sample_records()
    context = {
        "colours": COLOURS,
        "illustrations": ILLUSTRATIONS,
        "facts": facts,
        "source": source,
        "steps": sample_steps(source),
        "contact": sample_contact(),
        "filter_form": SampleFilterForm(filters),
        "form": sample_form(),
        "page_obj": Paginator(range(90), 30).page(2),
        "original": Translated("原文", "zh-hans", is_fallback=True),
        "map": build_map(list(District.objects.all()), [records["park"]]),
        **sample_charts(),
        **records,
    }
    response = render(request, "portal/style_guide.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
