"""Forms on the inquirer's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.form_guard import GuardedForm
from core.rate_limit import RateLimit, client_network
from inquiries.files import MOST_BYTES, MOST_FILES, CheckedFile, check_file, shown_name
from inquiries.forms import LineField, TextField, attributes
from inquiries.models import MESSAGE_LENGTH, Inquiry, new_secret

#: Wrong tries in an hour, by who tries and by what is tried. The guard counts what was sent once;
#: these count every try.
NETWORK_TRIES = RateLimit("status-network", 20, 3600)
REFERENCE_TRIES = RateLimit("status-reference", 10, 3600)


class LookupForm(GuardedForm):
    """Reference and access code. Says nothing about which of the two is wrong."""

    reference = LineField(
        label=_("Reference number"),
        max_length=20,
        widget=forms.TextInput(attributes(autocomplete="off", autocapitalize="characters")),
        help_text=_("For example INQ-2026-7F3K9M. It stands in the receipt."),
        error_messages={"required": _("Write the reference number.")},
    )
    code = LineField(
        label=_("Access code"),
        max_length=60,
        widget=forms.TextInput(attributes(autocomplete="off")),
        help_text=_("The 32 characters below the reference number in the receipt."),
        error_messages={"required": _("Write the access code.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry: Inquiry | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "reference" not in cleaned or "code" not in cleaned:
            return cleaned
        reference = cleaned["reference"].upper()
        tries = [(NETWORK_TRIES, client_network(self.request)), (REFERENCE_TRIES, reference)]
        if wait := max(limit.peek(subject) for limit, subject in tries):
            self.status_code, self.retry_after = 429, wait
            raise ValidationError(
                _("There were too many tries. Please try again in an hour, or write or call us."),
                code="limit",
            )
        found = Inquiry.objects.filter(reference=reference, erased_at=None).first()
        # Compared with something in any case, so that the time tells nothing.
        secret = found.secret if found else new_secret()
        if not constant_time_compare(secret, cleaned["code"]) or found is None:
            waits = [limit.hit(subject) for limit, subject in tries]
            if wait := max(waits):
                self.status_code, self.retry_after = 429, wait
            raise ValidationError(
                _(
                    "Nothing was found with this reference number and this access code. Copy both "
                    "from the receipt, or write or call us."
                ),
                code="unknown",
            )
        self.inquiry = found
        return cleaned


class FilesInput(forms.FileInput):
    """A file box for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, checked for number and weight; their content is read after the guard."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = list(data or [])
        if len(uploads) > MOST_FILES:
            raise ValidationError(
                _("Choose at most %(count)d files."), code="many", params={"count": MOST_FILES}
            )
        for upload in uploads:
            if upload.size > MOST_BYTES:
                raise ValidationError(
                    _("%(name)s is larger than 10 MB. Send a smaller copy."),
                    code="heavy",
                    params={"name": shown_name(upload.name)},
                )
        return uploads

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ".pdf,.xlsx,.docx,.jpg,.jpeg,.png,.webp"}


class AddForm(GuardedForm):
    """Words, files, or both. ``places`` is how many files may still be added."""

    text = TextField(
        label=_("What do you want to add?"),
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "max_length": _("Shorten it to %(limit_value)d characters; it has %(show_value)d.")
        },
    )
    files = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("PDF, XLSX, DOCX, JPEG, PNG or WebP, up to 10 MB each and 20 MB together."),
    )

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.checked: list[CheckedFile] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        uploads = cleaned.get("files") or []
        if not self.errors and not cleaned.get("text") and not uploads:
            raise ValidationError(_("Write something or choose a file."), code="empty")
        if len(uploads) > self.places:
            self.add_error(
                "files",
                ngettext_lazy(
                    "%(places)d more file can be added here. Send the others by e-mail.",
                    "%(places)d more files can be added here. Send the others by e-mail.",
                    self.places,
                )
                % {"places": self.places},
            )
        return cleaned

    def full_clean(self) -> None:
        """What is in the files is looked at last: it costs far more than all the rest."""
        super().full_clean()
        if not self.is_bound:
            return
        if not self._errors:
            self._check_files()
        if self._errors and self.files:
            self.add_error(
                "files", _("Choose your files once more: the browser does not keep them.")
            )

    def _check_files(self) -> None:
        for upload in self.cleaned_data["files"]:
            try:
                self.checked.append(check_file(upload))
            except ValidationError as error:
                self.status_code = 422
                self.add_error("files", error)
                return


class RateForm(GuardedForm):
    """How good the answer was."""

    rating = forms.TypedChoiceField(
        label=_("How good was the answer?"),
        coerce=int,
        choices=[
            ("", _("Please choose")),
            (5, _("5: very good")),
            (4, _("4: good")),
            (3, _("3: fair")),
            (2, _("2: poor")),
            (1, _("1: very poor")),
        ],
        error_messages={
            "required": _("Choose a mark from 1 to 5."),
            "invalid_choice": _("Choose a mark from 1 to 5."),
        },
    )
    text = TextField(
        label=_("What should we do better?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": _("Shorten it to %(limit_value)d characters; it has %(show_value)d.")
        },
    )


class DataForm(GuardedForm):
    """What is to happen with the inquirer's data. What cannot be taken back needs a second yes."""

    COPY, NEWS, ERASURE, WITHDRAWAL = "copy", "news", "erasure", "withdrawal"
    CHOICES = (
        ("", _("Please choose")),
        (COPY, _("I ask for a copy of my data.")),
        (NEWS, _("I want no more news by e-mail.")),
        (ERASURE, _("I ask you to erase my data when the inquiry is settled.")),
        (WITHDRAWAL, _("I withdraw my consent. Erase my data and stop working on the inquiry.")),
    )

    wish = forms.ChoiceField(
        label=_("What do you want?"),
        choices=CHOICES,
        error_messages={
            "required": _("Choose what you want."),
            "invalid_choice": _("Choose one of the list."),
        },
    )
    sure = forms.BooleanField(
        label=_("I know that a withdrawal ends the inquiry at once and cannot be taken back."),
        required=False,
        help_text=_("Needed for a withdrawal only."),
    )

    def __init__(self, *args: Any, has_news: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_news:
            choices = [choice for choice in self.CHOICES if choice[0] != self.NEWS]
            self.fields["wish"].choices = choices

    @property
    def wish_words(self) -> str:
        """The wish in the words that were chosen."""
        return str(dict(self.CHOICES)[self.cleaned_data["wish"]])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("wish") == self.WITHDRAWAL and not cleaned.get("sure"):
            self.add_error("sure", _("Tick this if you are sure, then send the form again."))
        return cleaned
