"""Query string of the project list."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from investment.models import Project, Stage
from parks.models import Industry, Park
from publishing.views import FilterForm


class ProjectFilterForm(FilterForm):
    """``?industry=…&park=…&status=production&year=2022``. Three queries for the choices."""

    lookups: ClassVar = {
        "industry": "industry__slug",
        "park": "park__slug",
        "status": "stage",
        "year": "stage_date__startswith",
    }

    industry = forms.ChoiceField(label=_("Industry"), required=False)
    park = forms.ChoiceField(label=_("Park"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    year = forms.ChoiceField(
        label=_("Year of the last milestone"),
        required=False,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        industries = Industry.objects.public()
        parks = Park.objects.public().only("slug", "name", "short_name")
        self.fields["industry"].choices = [
            ("", _("All industries")),
            *((industry.slug, industry.name) for industry in industries),
        ]
        self.fields["park"].choices = [
            ("", _("All parks")),
            *((park.slug, park.map_name) for park in parks),
        ]
        self.fields["status"].choices = [("", _("Every status")), *Stage.choices]
        years = Project.objects.public().milestone_years()
        self.fields["year"].choices = [("", _("Every year")), *((year, year) for year in years)]
