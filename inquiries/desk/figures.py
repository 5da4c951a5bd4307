"""Figures at the desk: a page with a choice of days, tables to take away, a report that prints."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from inquiries import exports
from inquiries.desk.pages import desk_page, render_desk
from inquiries.figures import Figures, Period, figures, month_of, table_head, table_rows
from inquiries.models import MysteryShop

FILE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MONTHS_OF_TESTS = 12


def with_years_around(day: date | None) -> date | None:
    """A day from which can be counted on and back."""
    if day and not 1900 <= day.year <= 2200:
        raise forms.ValidationError(_("Choose a day between 1900 and 2200."))
    return day


class PeriodForm(forms.Form):
    """From when until when; without an answer, the last 90 days."""

    first = forms.DateField(
        label=gettext_lazy("Received from"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=gettext_lazy("until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def clean_first(self) -> date | None:
        return with_years_around(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        return with_years_around(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        """The days as a period, also where one of them is missing."""
        cleaned = super().clean()
        last = cleaned.get("last") or timezone.localdate()
        first = cleaned.get("first") or last - timedelta(days=89)
        if first > last:
            raise forms.ValidationError(_("The first day is after the last."))
        cleaned["period"] = Period(first, last)
        return cleaned


class MonthForm(forms.Form):
    """A month, as browsers write it: 2026-11."""

    month = forms.DateField(
        label=gettext_lazy("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )

    def clean_month(self) -> date | None:
        return with_years_around(self.cleaned_data["month"])


@desk_page("view_inquiry")
@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """All tables of a period; ``?format=csv`` or ``xlsx`` takes them away."""
    form = PeriodForm(_with_days(request.GET))
    is_valid = form.is_valid()
    period = form.cleaned_data["period"] if is_valid else _last_days(90)
    result = figures(period, request.user)
    wanted = request.GET.get("format", "")
    if is_valid and wanted in FILE_TYPES:
        return _file(result, wanted)
    context = {
        "form": form,
        "figures": result,
        "choices": _choices(),
        "query": f"first={period.first}&last={period.last}",
        "tests": _tests(),
        **_frame(request),
    }
    return render_desk(request, "inquiries/desk/figures.html", _("Figures"), context)


@desk_page("view_inquiry")
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """One month on one sheet of paper."""
    today = timezone.localdate()
    form = MonthForm({"month": request.GET.get("month") or _month_before(today)})
    day = form.cleaned_data["month"] if form.is_valid() else today
    period = month_of(day)
    words = date_format(period.first, pgettext("date format", "F Y"), use_l10n=False)
    context = {
        "form": form,
        "figures": figures(period, request.user),
        "month": words,
        "is_running": period.last >= today,
        "made_at": timezone.localtime(),
        "tests": _tests()[-1:],
        **_frame(request),
    }
    title = _("Answers to inquiries, %(month)s") % {"month": words}
    return render_desk(request, "inquiries/desk/report.html", title, context)


def _frame(request: HttpRequest) -> dict[str, bool]:
    return {"sees_all": request.user.has_perm("inquiries.oversee_inquiry")}


def _with_days(query: QueryDict) -> dict[str, str]:
    """What the address says; the form shows the last 90 days where it says nothing."""
    usual = _last_days(90)
    return {
        "first": query.get("first", usual.first.isoformat()),
        "last": query.get("last", usual.last.isoformat()),
    }


def _choices() -> list[tuple[str, str]]:
    """Periods that are asked for most: words and query."""
    today = timezone.localdate()
    periods = [
        (_("Last 30 days"), _last_days(30)),
        (_("Last 90 days"), _last_days(90)),
        (_("This year"), Period(today.replace(month=1, day=1), today)),
        (_("Last year"), Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
    ]
    return [(words, f"first={period.first}&last={period.last}") for words, period in periods]


def _last_days(days: int) -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=days - 1), today)


def _month_before(day: date) -> str:
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"


def _tests() -> list[MysteryShop]:
    """Judged tests, oldest first; one that is not judged yet is nobody's business. One query."""
    judged = MysteryShop.objects.exclude(scored_at=None).order_by("-month")[:MONTHS_OF_TESTS]
    return list(reversed(judged))


def _file(result: Figures, wanted: str) -> HttpResponse:
    rows = [[exports.neutralised(cell) for cell in row] for row in table_rows(result)]
    make = exports.as_csv if wanted == "csv" else exports.as_xlsx
    name = f"figures-{result.period.first}-{result.period.last}.{wanted}"
    return HttpResponse(
        make(rows, table_head()),
        content_type=FILE_TYPES[wanted],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
