"""The inquiry form: five questions that must be answered, and some that may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.form_guard import GuardedForm
from core.languages import current_language, translated
from core.widgets import LongSelect
from inquiries import consent
from inquiries.choices import (
    InvestmentBand,
    Kind,
    LandUnit,
    Purpose,
    Start,
    Subject,
    countries_in,
    country_codes,
)
from inquiries.models import MESSAGE_LENGTH
from inquiries.services import SLUG, InquiryContext, kind_for
from parks.models import Industry

#: Control characters but tab and line feed: nobody types them, and no spreadsheet takes them.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029]")

NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")

LARGEST_LAND = Decimal("1_000_000_000")  # m², a thousand square kilometres

CHOOSE = [("", _("Please choose"))]
NOT_STATED = [("", _("No answer"))]


class LineField(forms.CharField):
    """One line of text. A line break in it is refused: it would be a forged header elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(
            RegexValidator(NOT_IN_A_LINE, _("Write this in one line."), inverse_match=True)
        )


class TextField(forms.CharField):
    """Many lines. Line ends count as one character each, as they do in the browser."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
        return CONTROL.sub("", text)


class OfferedField(forms.ChoiceField):
    """One of a fixed list. ``first`` stands for no answer.

    A form copies its fields for each visitor, and Django the choices with them, which took longer
    than all checks together; these are made when they are shown.
    """

    def __init__(self, offered: type[models.TextChoices], first: Any = (), **kwargs: Any) -> None:
        super().__init__(choices=lambda: [*first, *offered.choices], **kwargs)
        self.offered = offered

    def valid_value(self, value: Any) -> bool:
        return value in self.offered.values


class CountryField(forms.ChoiceField):
    """A country or region by its code, in the visitor's language."""

    widget = LongSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_countries, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return value in country_codes()


def _countries() -> list[tuple[str, Any]]:
    return [*CHOOSE, *countries_in(current_language())]


class IndustryField(forms.ChoiceField):
    """A public industry by its slug. One query to show them, one if one was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_industries, **kwargs)

    def clean(self, value: Any) -> Industry | None:
        """The record."""
        if value in self.empty_values:
            return None
        slug = str(value)
        found = Industry.objects.public().filter(slug=slug) if SLUG.fullmatch(slug) else ()
        for industry in found:
            return industry
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


def _industries() -> list[tuple[str, Any]]:
    offered = Industry.objects.public().for_links()
    names = ((industry.slug, translated(industry, "name").value) for industry in offered)
    return [*NOT_STATED, *names]


def attributes(**attrs: str) -> dict[str, str]:
    """``autocomplete="name"`` and the like, without spell checking of names and numbers."""
    return {"spellcheck": "false", **attrs}


class ConsentForm(GuardedForm):
    """A form whose sender agrees to the words above the button, which may change meanwhile."""

    consent_version = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["consent_version"] = consent.CURRENT

    @property
    def consent_words(self) -> str:
        return consent.consent_text(consent.CURRENT, current_language())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("consent_version") != consent.CURRENT:
            self._replace("consent_version", consent.CURRENT)
            raise ValidationError(
                _(
                    "The words about your personal data, above the button, have changed since you "
                    "opened this page. Please read them and send the form again."
                ),
                code="consent",
            )
        return cleaned


class InquiryForm(ConsentForm):
    """What a visitor is asked. ``context`` says what he was looking at."""

    name = LineField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attributes(autocomplete="name")),
        error_messages={
            "required": _("Write your name, so that we know whom to answer."),
            "max_length": _("Shorten your name to %(limit_value)d characters."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The answer goes there, and a receipt at once."),
        widget=forms.EmailInput(attributes(autocomplete="email", inputmode="email")),
        error_messages={
            "required": _("Write your e-mail address, so that we can answer."),
            "invalid": _("Write an e-mail address such as name@example.com."),
            "max_length": _("Write an address of at most %(limit_value)d characters."),
        },
    )
    country = CountryField(
        label=_("Country/region"),
        error_messages={
            "required": _("Choose the country or region you write from."),
            "invalid_choice": _("Choose a country or region from the list."),
        },
        widget=LongSelect(attrs={"autocomplete": "country"}),
    )
    subject = OfferedField(
        label=_("What is it about?"),
        offered=Subject,
        first=CHOOSE,
        error_messages={
            "required": _("Choose what your inquiry is about."),
            "invalid_choice": _("Choose one of the subjects in the list."),
        },
    )
    message = TextField(
        label=_("Your message"),
        max_length=MESSAGE_LENGTH,
        help_text=_(
            "In any language. What do you plan, what do you need, by when? Up to 5,000 characters."
        ),
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={
            "required": _("Write your message, in a sentence or two if you like."),
            "max_length": _(
                "Shorten your message to %(limit_value)d characters; it has %(show_value)d."
            ),
        },
    )

    organisation = LineField(
        label=_("Organisation"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attributes(autocomplete="organization")),
        error_messages={"max_length": _("Shorten it to %(limit_value)d characters.")},
    )
    phone = LineField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        help_text=_("With the country code, for example +49 30 1234567."),
        widget=forms.TextInput(attributes(type="tel", autocomplete="tel", inputmode="tel")),
        validators=[
            RegexValidator(
                # A number, perhaps with an extension.
                r"^\+?[\d\s().\-/]{5,32}(?:(?:ext\.?|x|转|轉|#)\s*\d{1,6})?$",
                _("Write digits, spaces and a leading + only, for example +49 30 1234567."),
            )
        ],
        error_messages={"max_length": _("Write a number of at most %(limit_value)d characters.")},
    )
    industry = IndustryField(
        label=_("Industry"),
        required=False,
        error_messages={"invalid_choice": _("Choose an industry from the list, or none.")},
    )
    investment_band = OfferedField(
        label=_("Planned investment"),
        required=False,
        offered=InvestmentBand,
        first=NOT_STATED,
        error_messages={"invalid_choice": _("Choose a range from the list, or none.")},
    )
    land_amount = forms.DecimalField(
        label=_("Land needed"),
        required=False,
        localize=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attributes(inputmode="decimal", autocomplete="off")),
        error_messages={
            "invalid": _("Write the land needed as a number, for example 150."),
            "min_value": _("Write the land needed as a number of 0 or more."),
            "max_digits": _("Write a smaller number, or choose a larger unit."),
            "max_whole_digits": _("Write a smaller number, or choose a larger unit."),
            "max_decimal_places": _("Write at most two digits after the point."),
        },
    )
    land_unit = OfferedField(
        label=_("Unit of the land"),
        required=False,
        offered=LandUnit,
        help_text=_("1 mu = 666.67 m²; 15 mu = 1 hectare."),
        error_messages={"invalid_choice": _("Choose a unit from the list.")},
    )
    start = OfferedField(
        label=_("Planned start"),
        required=False,
        offered=Start,
        first=NOT_STATED,
        error_messages={"invalid_choice": _("Choose a time from the list, or none.")},
    )

    for_client = forms.BooleanField(
        label=_("I write for a client whom I cannot name yet."), required=False
    )
    news = forms.BooleanField(required=False)

    #: The page from which the visitor came.
    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    required_fields = ("name", "email", "country", "subject", "message")
    optional_fields = (
        "organisation",
        "phone",
        "industry",
        "investment_band",
        "land_amount",
        "land_unit",
        "start",
        "for_client",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        context: InquiryContext,
        page: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["news"].label = consent.purpose_text(consent.NEWS_CURRENT, current_language())
        is_chinese = current_language() != "en"
        self.initial.update(
            subject=Subject.INVEST if context.park or context.industry else "",
            industry=context.industry.slug if context.industry else None,
            land_unit=LandUnit.MU if is_chinese else LandUnit.HECTARE,
            page=page,
        )

    @property
    def suggested(self) -> str | None:
        """All that tells the questions of one empty form from another's in the same language.

        None once something was typed: that belongs to one visitor, and no page may keep it.
        """
        if self.is_bound:
            return None
        return " ".join(str(self.initial[name] or "-") for name in ("subject", "industry"))

    @property
    def main(self) -> list[forms.BoundField]:
        """The questions that must be answered."""
        return [self[name] for name in self.required_fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """The questions that may be answered."""
        return [self[name] for name in self.optional_fields]

    @cached_property
    def is_more_open(self) -> bool:
        """Whether the optional part is unfolded: something in it was answered or is wrong."""
        answered = (self[name].value() for name in self.optional_fields if name != "land_unit")
        return any(answered) or any(self[name].errors for name in self.optional_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        amount = cleaned.get("land_amount")
        if amount is not None:
            unit = LandUnit(cleaned.get("land_unit") or LandUnit.MU)
            cleaned["land_needed"] = unit.to_square_metres(amount).quantize(Decimal("0.01"))
            if cleaned["land_needed"] > LARGEST_LAND:
                self.add_error(
                    "land_amount", self.fields["land_amount"].error_messages["max_digits"]
                )
        return cleaned

    def answers(self) -> dict[str, Any]:
        """Cleaned answers under the names of the model's fields; kind and purposes if chosen."""
        names = ("name", "email", "country", "subject", "message", "organisation", "phone")
        names += ("industry", "investment_band", "land_needed", "start")
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        is_plan = kind_for(given["subject"]) == Kind.INVESTOR
        if self.cleaned_data.get("for_client") and is_plan:
            given["kind"] = Kind.SELECTOR
        if self.cleaned_data.get("news"):
            given["purposes"] = [Purpose.NEWS]
        return given
