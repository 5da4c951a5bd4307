"""Forms for messages that came in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import Inquiry
from inquiries.received_mail import MOST_WORDS


class PasteForm(forms.Form):
    """What an inquirer said or wrote elsewhere."""

    text = forms.CharField(
        label=gettext_lazy("The message"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Its questions are added to those that have to be answered."),
    )


class FileForm(forms.Form):
    """To which inquiry a mail belongs."""

    reference = forms.CharField(label=gettext_lazy("Reference number"), max_length=20)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_reference(self) -> Inquiry:
        """The inquiry itself; one that this person may not see is as unknown as none."""
        reference = self.cleaned_data["reference"].strip().upper()
        visible = Inquiry.objects.visible_to(self.user).filter(erased_at=None)
        inquiry = visible.filter(reference=reference).first()
        if inquiry is None:
            raise ValidationError(_("There is no inquiry with this reference number."))
        return inquiry
