"""Query string of the park directory."""

from collections.abc import Callable
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parks.models import District, Industry, Park
from publishing.views import FilterForm, choices_later, filter_field


class ParkFilterForm(FilterForm):
    """``?district=dinghu&industry=new-energy-vehicles``.

    Two queries for the choices, once they are shown.
    """

    lookups: ClassVar = {
        "district": "district__slug",
        "industry": "industries__slug",
        "kind": "kind",
    }

    district = filter_field(_("District"))
    industry = filter_field(_("Industry"))
    kind = filter_field(_("Kind"))

    def __init__(self, *args, districts: Callable[[], list[District]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = choices_later(
            _("All districts"),
            lambda: ((district.slug, str(district)) for district in districts()),
        )
        self.fields["industry"].choices = choices_later(
            _("All industries"),
            lambda: (
                (industry.slug, industry.name) for industry in Industry.objects.public().for_links()
            ),
        )
        self.fields["kind"].choices = [("", _("All kinds")), *Park.Kind.choices]
