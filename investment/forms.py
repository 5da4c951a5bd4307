"""Query string of the project list."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from investment.models import Stage
from parks.models import Industry, Park
from publishing.views import FilterForm, choices_later, filter_field


class ProjectFilterForm(FilterForm):
    """``?industry=…&park=…&status=production&year=2022``.

    Three queries for the choices, once they are shown.
    """

    lookups: ClassVar = {
        "industry": "industry__slug",
        "park": "park__slug",
        "status": "stage",
        "year": "stage_date__startswith",
    }

    industry = filter_field(_("Industry"))
    park = filter_field(_("Park"))
    status = filter_field(_("Status"))
    year = filter_field(_("Year of the last milestone"))

    def __init__(self, *args, years: Callable[[], Iterable[str]], **kwargs) -> None:
        """``years`` finds those that can be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = choices_later(
            _("All industries"),
            lambda: (
                (industry.slug, industry.name) for industry in Industry.objects.public().for_links()
            ),
        )
        self.fields["park"].choices = choices_later(
            _("All parks"),
            lambda: ((park.slug, park.map_name) for park in Park.objects.public().for_links()),
        )
        self.fields["status"].choices = [("", _("Every status")), *Stage.choices]
        self.fields["year"].choices = choices_later(
            _("Every year"),
            lambda: ((year, year) for year in years()),
        )
