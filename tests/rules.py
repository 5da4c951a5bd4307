"""Rules of the data: the person who breaks one is told in words, the database refuses the row."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def assert_refused(record: models.Model, message: str) -> None:
    """``record`` breaks a constraint whose words are ``message``."""
    with pytest.raises(ValidationError, match=re.escape(message)):
        record.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


def assert_accepted(record: models.Model) -> None:
    """``record`` keeps every rule, of its form and of the database."""
    record.full_clean()
    record.save()
