"""Words for how firm a figure is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ValueKind(models.TextChoices):
    """Whether a figure was measured, or only hoped for."""

    ACTUAL = "actual", _("Actual")
    PRELIMINARY = "preliminary", _("Preliminary")
    TARGET = "target", _("Target")
    FORECAST = "forecast", _("Forecast")
    ESTIMATE = "estimate", _("Estimate")

    @property
    def is_promise(self) -> bool:
        """Targets and forecasts must never look like actuals."""
        return self in {ValueKind.TARGET, ValueKind.FORECAST}


class Qualifier(models.TextChoices):
    """How a source words a number: "about 992", "more than 300"."""

    EXACT = "exact", _("Exactly")
    ABOUT = "about", _("About")
    MORE_THAN = "more_than", _("More than")
    NEARLY = "nearly", _("Nearly")
    AT_LEAST = "at_least", _("At least")
    LESS_THAN = "less_than", _("Less than")


class FactState(models.TextChoices):
    """What a reader should know about the age of a figure."""

    CURRENT = "current", _("Current")
    DUE = "due", _("Review due soon")
    OVERDUE = "overdue", _("Review overdue")
    UNSOURCED = "unsourced", _("No source given")
    NOT_STATED = "not_stated", _("Not stated")
