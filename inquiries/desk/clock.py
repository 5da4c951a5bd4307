"""The clock of one inquiry: plan the next step, note a talk or a follow-up, pause and go on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inquiries import clocks
from inquiries.choices import PauseReason
from inquiries.desk.pages import desk_page, render_desk, visible_inquiry
from inquiries.models import Inquiry
from inquiries.working_days import end_of_day

TEMPLATE = "inquiries/desk/clock.html"


class NextStepForm(forms.Form):
    """What happens next, and by the evening of which day."""

    words = forms.CharField(
        label=gettext_lazy("Next step"),
        max_length=200,
        help_text=gettext_lazy("The inquirer reads it on the status page."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    day = forms.DateField(label=gettext_lazy("By"), widget=AdminDateWidget)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class WordsForm(forms.Form):
    """What was said or written."""

    words = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class PauseForm(forms.Form):
    """Why the clock may stand still."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=PauseReason.choices)


#: What each form of the page does with the inquiry; the name of its button says which was sent.
FORMS: dict[str, type[forms.Form]] = {
    "next_step": NextStepForm,
    "talk": WordsForm,
    "follow_up": WordsForm,
    "pause": PauseForm,
}
#: What is said when it is done.
DONE = {
    "next_step": gettext_lazy("The next step is planned."),
    "talk": gettext_lazy("The talk is noted."),
    "follow_up": gettext_lazy("The follow-up is noted."),
    "pause": gettext_lazy("The clock is paused."),
}


@desk_page("change_inquiry")
@require_http_methods(["GET", "HEAD", "POST"])
def clock_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All clocks of an inquiry and what can be done with them."""
    inquiry = visible_inquiry(request, pk)
    bound = {name: form(prefix=name) for name, form in FORMS.items()}
    status = 200
    if request.method == "POST":
        if "resume" in request.POST:
            clocks.resume(inquiry, request.user)
            return _back(request, inquiry, _("The clock runs again."))
        name = next((name for name in FORMS if name in request.POST), "")
        if name:
            bound[name] = FORMS[name](request.POST, prefix=name)
            if bound[name].is_valid():
                _apply(name, inquiry, bound[name].cleaned_data, request.user)
                return _back(request, inquiry, str(DONE[name]))
        status = 422
    page = {
        "inquiry": inquiry,
        "clock": clocks.clock_state(inquiry),
        "forms": bound,
        "follow_up_number": inquiry.follow_ups_done + 1,
        "follow_ups": len(clocks.FOLLOW_UPS),
    }
    title = _("Clock of %(reference)s") % {"reference": inquiry.reference}
    return render_desk(request, TEMPLATE, title, page, status=status)


def _apply(name: str, inquiry: Inquiry, data: dict[str, Any], actor: Any) -> None:
    if name == "next_step":
        clocks.plan_next_step(inquiry, data["words"], end_of_day(data["day"]), actor)
    elif name == "talk":
        clocks.talked(inquiry, data["words"], actor)
    elif name == "follow_up":
        clocks.followed_up(inquiry, data["words"], actor)
    else:
        clocks.pause(inquiry, data["reason"], actor)


def _back(request: HttpRequest, inquiry: Inquiry, words: str) -> HttpResponseRedirect:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("admin:inquiries_clock", args=[inquiry.pk]))
