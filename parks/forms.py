"""Query string of the park directory."""

from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from parks.models import District, Industry, Park
from publishing.views import FilterForm, choices_later


class ParkFilterForm(FilterForm):
    """``?district=dinghu&industry=new-energy-vehicles``.

    Two queries for the choices, once they are shown.
    """

    lookups: ClassVar = {
        "district": "district__slug",
        "industry": "industries__slug",
        "kind": "kind",
    }

    district = forms.ChoiceField(label=_("District"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args, districts: Callable[[], list[District]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = choices_later(
            _("All districts"),
            lambda: ((district.slug, str(district)) for district in districts()),
        )
        self.fields["industry"].choices = choices_later(
            _("All industries"),
            lambda: ((industry.slug, industry.name) for industry in Industry.objects.public()),
        )
        self.fields["kind"].choices = [("", _("All kinds")), *Park.Kind.choices]
