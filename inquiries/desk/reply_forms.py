"""The forms of the reply desk: the draft, and the questions that it has to answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.choices import Kind
from inquiries.models import AskedPoint, Inquiry, Reply
from inquiries.replies import version_of

#: Empty rows for what the splitting did not find.
ROWS_TO_ADD = 2
MOST_POINTS = 60


class ReplyForm(forms.ModelForm):
    """The draft, and which state of it this page was made from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Reply
        fields = ("language", "subject", "text", "is_proposal")
        labels = {"is_proposal": gettext_lazy("This is the proposal")}
        widgets = {
            "subject": forms.TextInput(attrs={"class": "vTextField"}),
            "text": forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = version_of(self.instance)
        if not Kind(self.instance.inquiry.kind).is_in_pipeline:
            del self.fields["is_proposal"]

    def clean_subject(self) -> str:
        """One line: it becomes a header of the mail."""
        return " ".join(self.cleaned_data["subject"].split())


class PointForm(forms.ModelForm):
    """One question: answered in this reply, or promised for a day."""

    is_answered = forms.BooleanField(label=gettext_lazy("Answered here"), required=False)

    class Meta:
        model = AskedPoint
        fields = ("text", "promised_for")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "promised_for": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def has_changed(self) -> bool:
        """A question that was only suggested is stored with the draft."""
        if self.is_bound and not self.instance.pk:
            return bool((self.data.get(self.add_prefix("text")) or "").strip())
        return super().has_changed()

    def clean_promised_for(self) -> Any:
        day = self.cleaned_data["promised_for"]
        if day and "promised_for" in self.changed_data and day < timezone.localdate():
            raise ValidationError(_("Choose a day that is still to come."))
        return day


class BasePointFormSet(BaseInlineFormSet):
    """Questions that no reply has answered yet, and those that the message seems to ask."""

    def __init__(
        self,
        *args: Any,
        draft: Reply,
        suggestions: list[dict[str, Any]],
        typed: dict[int, dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        """``suggestions`` fill rows for new questions, ``typed`` those of stored ones, by key."""
        self.draft = draft
        self.typed = typed or {}
        self.extra = len(suggestions) + ROWS_TO_ADD
        kwargs["queryset"] = AskedPoint.objects.filter(answered_at=None)
        kwargs["initial"] = suggestions
        super().__init__(*args, **kwargs)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        reply_id = form.instance.reply_id
        form.fields["is_answered"].initial = bool(reply_id and reply_id == self.draft.pk)
        form.initial = {**form.initial, **self.typed.get(form.instance.pk, {})}
        number = {"number": (index or 0) + 1}
        names = {
            "text": _("Question %(number)d") % number,
            "promised_for": _("Question %(number)d: answer promised for") % number,
        }
        for name, words in names.items():
            form.fields[name].widget.attrs["aria-label"] = words

    def save_for(self, reply: Reply) -> None:
        """Store, change and delete questions; ticked ones belong to ``reply``."""
        for place, form in enumerate(self.forms):
            point = form.instance
            if form in self.deleted_forms:
                if point.pk:
                    point.delete()
                continue
            if not point.pk and not form.has_changed():
                continue
            point.inquiry = self.instance
            point.position = place
            point.reply = reply if form.cleaned_data.get("is_answered") else None
            point.save()


PointFormSet = inlineformset_factory(
    Inquiry,
    AskedPoint,
    form=PointForm,
    formset=BasePointFormSet,
    can_delete=True,
    max_num=MOST_POINTS,
    validate_max=True,
)


def typed_again(data: QueryDict, inquiry: Inquiry) -> dict[str, Any]:
    """What was typed into the rows of a page that is out of date, for rows made anew. One query.

    Questions are known by their key, else by their words; answered ones are not asked again.
    """
    stored = list(inquiry.points.all())
    keys = {str(point.pk): point for point in stored} | {point.text: point for point in stored}
    rows: dict[str, Any] = {"suggestions": [], "typed": {}}
    for row in _rows_of(data):
        point = keys.get(row.pop("id")) or keys.get(row["text"])
        if point is None:
            rows["suggestions"].append(row)
        elif point.answered_at is None:
            rows["typed"][point.pk] = row
    return rows


def _rows_of(data: QueryDict) -> Iterator[dict[str, Any]]:
    total = data.get("points-TOTAL_FORMS", "")
    for place in range(min(int(total), MOST_POINTS) if total.isdecimal() else 0):
        prefix = f"points-{place}"
        text = data.get(f"{prefix}-text", "").strip()
        if text and not data.get(f"{prefix}-DELETE"):
            yield {
                "id": data.get(f"{prefix}-id", ""),
                "text": text,
                "is_answered": bool(data.get(f"{prefix}-is_answered")),
                "promised_for": data.get(f"{prefix}-promised_for", ""),
            }
