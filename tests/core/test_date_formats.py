"""Dates that nobody can take for another day."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "11 Dec 2026, 18:05"), ("zh-hans", "2026年12月11日 18:05")],
)
def test_a_short_date_names_its_month(language, words):
    with translation.override(language):
        moment = datetime(2026, 12, 11, 18, 5, tzinfo=UTC)
        assert date_format(moment, "SHORT_DATETIME_FORMAT") == words
