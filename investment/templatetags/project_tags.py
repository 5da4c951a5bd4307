"""Projects and figures on the pages of parks and industries. Each tag is one query."""

from django import template

from investment.models import Project, Statistic
from investment.series import IndicatorTable, series_chart
from parks.models import Industry, Park

register = template.Library()

PROJECTS_SHOWN = 6


@register.inclusion_tag("investment/_park_figures.html")
def park_figures(park: Park) -> dict[str, object]:
    """Figures reported for ``park``."""
    statistics = (
        Statistic.objects.public()
        .filter(park=park)
        .for_facts()
        .order_by("indicator__order", "indicator__slug", "period_end")
    )
    return {"facts": [statistic.fact() for statistic in statistics]}


def _projects(**condition: object) -> dict[str, object]:
    projects = Project.objects.public().filter(**condition)
    return {"projects": projects.stretch(0, PROJECTS_SHOWN).for_rows()}


@register.inclusion_tag("investment/_record_projects.html")
def park_projects(park: Park) -> dict[str, object]:
    """Projects in ``park``, the latest milestone first."""
    return {**_projects(park=park), "query": f"park={park.slug}"}


@register.inclusion_tag("investment/_record_projects.html")
def industry_projects(industry: Industry) -> dict[str, object]:
    """Projects of ``industry``, the latest milestone first."""
    return {**_projects(industry=industry), "query": f"industry={industry.slug}"}


@register.inclusion_tag("investment/_indicator_chart.html")
def indicator_chart(table: IndicatorTable) -> dict[str, object]:
    """Chart of a series that is long enough for one; the table beside it has the same figures."""
    return {"chart": series_chart(table)}
