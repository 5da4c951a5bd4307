"""Forms of the desk: an inquiry that is worked on, one that is typed in, and two for many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries import pipeline
from inquiries.choices import PIPELINE, SERVICE, Channel, Status
from inquiries.filters import officers
from inquiries.models import Inquiry, OutgoingMail

#: A form of the desk never changes how an inquiry of the site's own form came.
TYPED_CHANNELS = [choice for choice in Channel.choices if choice[0] not in {"web", "import"}]


class InquiryForm(forms.ModelForm):
    """What officers know and decide; what the sender wrote stays as it is."""

    note = forms.CharField(
        label=gettext_lazy("Add a note"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("For colleagues. It cannot be changed afterwards."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    again = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Send again"),
        required=False,
        queryset=OutgoingMail.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The worker sends them when you have saved."),
    )

    class Meta:
        model = Inquiry
        fields = ("status", "kind", "assigned_to", *pipeline.DETAILS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "again" in self.fields:
            self.fields["again"].queryset = OutgoingMail.objects.filter(inquiry=self.instance)
        if "status" in self.fields:
            stages = pipeline.stages_from(self.instance)
            self.fields["status"].choices = [(stage.value, stage.label) for stage in stages]
        use_plain_pickers(self)

    def clean(self) -> dict[str, Any]:
        """The gates of the pipeline, said at the fields that they ask for."""
        cleaned = super().clean() or self.cleaned_data
        if "status" not in self.fields:
            return cleaned
        before = self.instance
        names = [name for name in ("kind", *pipeline.DETAILS) if name in cleaned]
        after = pipeline.with_values(before, {name: cleaned[name] for name in names})
        stage = cleaned.get("status", before.status)
        try:
            if stage == before.status:
                pipeline.check_details(before, after)
            elif before.status != Status.SPAM:
                pipeline.check_gate(after, stage)
        except pipeline.GateClosed as closed:
            self._say(closed)
        if after.is_confidential and not after.code_name:
            self.add_error("code_name", _("Give a confidential inquiry a code name."))
        owner = cleaned.get("assigned_to", before.assigned_to)
        if after.is_confidential and not owner:
            self.add_error("assigned_to", _("Give a confidential inquiry an owner."))
        elif before.assigned_to and not owner and "assigned_to" not in self.errors:
            self.add_error("assigned_to", _("Choose another owner: no inquiry is nobody’s."))
        return cleaned

    def _say(self, closed: pipeline.GateClosed) -> None:
        self.add_error("status", closed.messages)
        for name in closed.fields:
            field = "signed_project" if name == pipeline.PRODUCTION else name
            self.add_error(field, _("Needed for this stage."))


class TypedInquiryForm(forms.ModelForm):
    """An inquiry by telephone, e-mail, WeChat, at a fair or on a visit."""

    class Meta:
        model = Inquiry
        fields = (
            *("kind", "channel", "created_at", "language", "subject", "message"),
            *("name", "organisation", "email", "phone", "country", "role"),
            *("industry", "investment_band", "land_needed", "start", "park", "project"),
        )
        help_texts = {
            "created_at": gettext_lazy("The clock runs from then."),
            "message": gettext_lazy("What was asked, as closely as you can."),
            "language": gettext_lazy("In which to answer."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = TYPED_CHANNELS
        self.fields["channel"].initial = Channel.PHONE
        use_plain_pickers(self)

    def clean_created_at(self) -> Any:
        received = self.cleaned_data["created_at"]
        if received > timezone.now():
            raise forms.ValidationError(_("This lies in the future."))
        return received


def use_plain_pickers(form: forms.ModelForm) -> None:
    """Without buttons that add or change parks and people from here; staff only as owners."""
    for name, field in form.fields.items():
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
            field.widget.choices = field.choices
        if name in {"assigned_to", "backup"}:
            field.queryset = officers()


class AssignForm(forms.Form):
    """To whom several inquiries are given."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("New owner"), queryset=officers(), empty_label=None
    )


class MoveForm(forms.Form):
    """To which stage several inquiries are moved."""

    stage = forms.ChoiceField(
        label=gettext_lazy("New stage"),
        choices=[(stage.value, stage.label) for stage in dict.fromkeys((*PIPELINE, *SERVICE))],
    )
    close_reason = forms.ChoiceField(
        label=gettext_lazy("If closed: why"),
        required=False,
        choices=[("", "–"), *Inquiry.CloseReason.choices],
    )
    lost_to = forms.CharField(
        label=gettext_lazy("If lost: to whom"), required=False, max_length=120
    )

    def fields_given(self) -> dict[str, str]:
        """What the gate of a closed inquiry asks for; other stages get nothing from here."""
        if self.cleaned_data["stage"] != Status.CLOSED:
            return {}
        return {name: self.cleaned_data[name] for name in ("close_reason", "lost_to")}
