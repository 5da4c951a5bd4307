"""Filters of the lists at the desk."""

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.desk import LANGUAGE_NAMES
from core.languages import LANGUAGE_CODES, column, translated_fields
from publishing.translation_state import OPTIONAL_FIELDS


def missing_text(model: type[Model], language: str) -> Q:
    """Records that say something in another language that they do not say in ``language``."""
    found = Q()
    for field in translated_fields(model):
        if field in OPTIONAL_FIELDS:
            continue
        here = column(field, language)
        elsewhere = Q()
        for other in LANGUAGE_CODES:
            if other != language:
                name = column(field, other)
                elsewhere |= Q(**{f"{name}__isnull": False}) & ~Q(**{name: ""})
        found |= (Q(**{f"{here}__isnull": True}) | Q(**{here: ""})) & elsewhere
    return found


class TranslationFilter(admin.SimpleListFilter):
    """Which language still needs a translator."""

    title = gettext_lazy("translation")
    parameter_name = "translation"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        missing = [
            (f"missing-{code}", _("Missing in %(language)s") % {"language": LANGUAGE_NAMES[code]})
            for code in LANGUAGE_CODES
        ]
        return [*missing, ("machine", _("繁體 made by machine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value == "machine":
            return queryset.filter(**{"translation_states__zh-hant__icontains": "machine"})
        language = (value or "").removeprefix("missing-")
        if language in LANGUAGE_CODES:
            return queryset.filter(missing_text(queryset.model, language))
        return queryset
