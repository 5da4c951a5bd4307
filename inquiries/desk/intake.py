"""Reading a list of inquiries: choose a file, look at what it holds, store it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from inquiries import importing
from inquiries.desk.pages import desk_page, render_desk

#: So many lines are shown before they are stored.
LINES_SHOWN = 20


class FileForm(forms.Form):
    """The file, or its text when it was looked at already."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_file(self) -> str:
        """Its text."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > importing.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        text = importing.decoded(file.read())
        if text is None or "\0" in text:
            raise forms.ValidationError(_("This is no text in UTF-8 or GB18030."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("file") or cleaned.get("text")):
            self.add_error("file", _("Choose a file."))
        return cleaned


@desk_page("add_inquiry")
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """The first sending shows what the file holds, the second stores it."""
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"columns": importing.COLUMNS, "form": form}
    title = _("Import a list of inquiries")
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["file"] or form.cleaned_data["text"]
        is_final = "store" in request.POST and not form.cleaned_data["file"]
        reading = importing.store(text, request.user) if is_final else importing.read(text)
        if is_final and reading.is_good:
            _say(request, reading)
            return HttpResponseRedirect(reverse("admin:inquiries_inquiry_changelist"))
        context |= {
            "reading": reading,
            "mistakes": reading.mistakes[: importing.ERRORS_SHOWN],
            "lines": reading.inquiries[:LINES_SHOWN],
            "form": FileForm(initial={"text": text}) if reading.is_good else FileForm(),
        }
    return render_desk(request, "inquiries/desk/import.html", title, context)


def _say(request: HttpRequest, reading: importing.Reading) -> None:
    count = len(reading.inquiries)
    words = ngettext("%(count)d inquiry is stored.", "%(count)d inquiries are stored.", count)
    messages.success(request, words % {"count": count})
    if reading.known:
        words = ngettext(
            "%(count)d line was there already.",
            "%(count)d lines were there already.",
            reading.known,
        )
        messages.info(request, words % {"count": reading.known})
