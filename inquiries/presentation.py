"""An inquiry in words: the same on the receipt, in the mail and at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.languages import HTML_LANGUAGES, Translated, current_language, translated
from core.measures import format_area
from inquiries.choices import Kind
from inquiries.models import Inquiry


@dataclass(frozen=True, slots=True)
class Detail:
    """One answer of the form: what was asked, and what was answered."""

    label: str
    value: str
    language: str = ""


def local_day(moment: datetime) -> str:
    """The day in the portal's time zone: "Tuesday, 24 November 2026", "2026年11月24日 星期二"."""
    return local_date(timezone.localtime(moment, timezone.get_default_timezone()).date())


def local_date(day: date) -> str:
    """The same for a day: "Tuesday, 24 November 2026"."""
    # Translators: a date with its day of the week, in Django's date format.
    return date_format(day, pgettext("date format", "l, j F Y"), use_l10n=False)


def about(inquiry: Inquiry) -> list[Detail]:
    """Park, project and industry that the inquiry is about. No query if they were fetched."""
    found = [
        (_("Park"), inquiry.park, "name"),
        (_("Project"), inquiry.project, "name"),
    ]
    return [_named(label, translated(record, field)) for label, record, field in found if record]


def details(inquiry: Inquiry) -> list[Detail]:
    """Everything the sender wrote but the message, in the order of the form, without blanks."""
    land = "" if inquiry.land_needed is None else format_area(inquiry.land_needed)
    industry = translated(inquiry.industry, "name") if inquiry.industry else None
    rows = [
        *about(inquiry),
        Detail(_("Your name"), inquiry.name),
        Detail(_("E-mail"), inquiry.email),
        Detail(_("Country/region"), str(inquiry.country.name)),
        *_what_about(inquiry),
        Detail(_("Organisation"), inquiry.organisation),
        Detail(_("Telephone"), inquiry.phone),
        *([_named(_("Industry"), industry)] if industry else []),
        Detail(_("Planned investment"), str(inquiry.get_investment_band_display())),
        Detail(_("Land needed"), land),
        Detail(_("Planned start"), str(inquiry.get_start_display())),
    ]
    return [row for row in rows if row.value]


def _what_about(inquiry: Inquiry) -> list[Detail]:
    """The subject; of a report of an error the page and the figure."""
    if inquiry.kind == Kind.REPORT:
        return [
            Detail(_("Page"), inquiry.page),
            Detail(_("Figure or sentence"), inquiry.figure),
        ]
    return [Detail(_("What is it about?"), str(inquiry.get_subject_display()))]


def _named(label: str, name: Translated) -> Detail:
    is_other = name.language != current_language()
    return Detail(label, name.value, HTML_LANGUAGES[name.language] if is_other else "")
