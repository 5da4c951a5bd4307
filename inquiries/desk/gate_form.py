"""What a gate of the pipeline asks for, as a form: only what is missing, where it is missed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from inquiries import pipeline
from inquiries.choices import Status
from inquiries.models import Inquiry

#: Asked beside the reason: whether it is needed depends on the answer.
CLOSING = ("close_reason", "lost_to")
WITH_FIELD = frozenset(pipeline.DETAILS)
WIDGETS = {"visit_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class GateForm(forms.ModelForm):
    """The fields that ``stage`` still needs. It is asked for them all, so none may stay empty."""

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        self.stage = stage
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name != "lost_to"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        after = pipeline.with_values(self.instance, cleaned)
        for name in pipeline.missing_for(after, self.stage):
            if name in self.fields and name not in self.errors:
                self.add_error(name, _("Needed for this stage."))
        return cleaned

    def _post_clean(self) -> None:
        """The gate checks; storing is ``change_stage``'s business, on a copy of its own."""


def gate_form(inquiry: Inquiry, stage: str, data: Any = None) -> GateForm | None:
    """The form for what ``stage`` needs; None if nothing of it is a field of the inquiry."""
    missing = pipeline.missing_for(inquiry, stage)
    names = CLOSING if stage == Status.CLOSED else tuple(n for n in missing if n in WITH_FIELD)
    if not missing or not names:
        return None
    made: Any = forms.modelform_factory(Inquiry, form=GateForm, fields=names, widgets=WIDGETS)
    return made(data, instance=inquiry, stage=stage)
