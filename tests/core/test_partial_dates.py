"""Dates that may lack their month or day."""

import datetime
import pickle

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models

from core.partial_dates import PartialDate, PartialDateField, PartialDateFormField


@pytest.mark.parametrize("text", ["2012", "2012-10", "2012-10-27", "0987-01"])
def test_an_iso_prefix_is_read_and_written_unchanged(text):
    assert str(PartialDate.parse(text)) == text


def test_a_month_without_leading_zero_is_understood():
    assert str(PartialDate.parse(" 2012-3-7 ")) == "2012-03-07"


@pytest.mark.parametrize(
    "text",
    ["", "12", "2012-13", "2012-02-30", "27.10.2012", "2012-", "２０１２", "0000", "2012-10-27x"],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        PartialDate.parse(text)


def test_a_day_needs_a_month():
    with pytest.raises(ValueError, match="month"):
        PartialDate(2012, None, 3)


def test_dates_sort_as_their_stored_text_does():
    texts = ["2013", "2012-10-27", "2012", "2012-10", "2011-12-31", "2012-02"]
    assert [str(date) for date in sorted(map(PartialDate.parse, texts))] == sorted(texts)


def test_equal_dates_are_one_key_and_survive_pickling():
    date = PartialDate(2012, 10)
    assert {date, PartialDate.parse("2012-10")} == {date}
    assert pickle.loads(pickle.dumps(date)) == date


def test_a_date_does_not_compare_with_other_things():
    with pytest.raises(TypeError):
        assert PartialDate(2012) < "2013"


def test_first_and_last_day_span_what_is_unknown():
    assert PartialDate(2012).first_day() == datetime.date(2012, 1, 1)
    assert PartialDate(2012).last_day() == datetime.date(2012, 12, 31)
    assert PartialDate(2012, 2).last_day() == datetime.date(2012, 2, 29)
    assert PartialDate(2012, 2, 3).last_day() == datetime.date(2012, 2, 3)


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("2012", "en", "2012"),
        ("2012-10", "en", "October 2012"),
        ("2012-10-27", "en", "27 October 2012"),
        ("2012", "zh-hans", "2012年"),
        ("2012-10", "zh-hant", "2012年10月"),
        ("2012-10-07", "zh-hans", "2012年10月7日"),
    ],
)
def test_a_date_is_shown_in_the_readers_language(text, language, shown):
    assert PartialDate.parse(text).display(language) == shown


def test_short_months_are_for_labels():
    assert PartialDate(2025, 12, 8).display("en", short=True) == "8 Dec 2025"


def test_the_model_field_reads_and_writes_the_iso_prefix():
    field = PartialDateField(blank=True)
    assert field.from_db_value("2012-10", None, connection) == PartialDate(2012, 10)
    assert field.from_db_value("", None, connection) is None
    assert field.get_prep_value(PartialDate(2012, 10)) == "2012-10"
    assert field.get_prep_value("2012-1") == "2012-01"
    assert field.get_prep_value(datetime.date(2012, 1, 2)) == "2012-01-02"
    assert field.get_db_prep_save(None, connection) == ""
    assert PartialDateField(null=True).get_db_prep_save(None, connection) is None
    assert field.get_default() is None


def test_the_model_field_refuses_nonsense_with_an_example():
    with pytest.raises(ValidationError, match=r"Write a year \(2012\)"):
        PartialDateField(blank=True).clean("last spring", None)


def test_a_required_date_may_not_be_empty():
    with pytest.raises(ValidationError):
        PartialDateField().clean(None, None)


def test_the_model_field_is_a_ten_letter_column_in_migrations():
    field = PartialDateField("founded", null=True)
    _name, path, args, kwargs = field.deconstruct()
    assert path == "core.partial_dates.PartialDateField"
    assert kwargs == {"verbose_name": "founded", "null": True}
    assert "10" in PartialDateField(*args, **kwargs).db_type(connection)


def test_the_form_field_cleans_to_a_date_and_shows_it_again():
    field = PartialDateField(blank=True).formfield()
    assert isinstance(field, PartialDateFormField)
    assert field.clean("2012-10") == PartialDate(2012, 10)
    assert field.clean("") is None
    assert field.prepare_value(PartialDate(2012, 10)) == "2012-10"
    assert not field.has_changed(PartialDate(2012, 10), "2012-10")
    assert field.has_changed(PartialDate(2012, 10), "2012-11")
    assert field.has_changed(None, "rubbish")


@pytest.mark.parametrize("text", ["rubbish", "2012-10-27\x00", "2012-99"])
def test_the_form_field_says_what_to_write(text):
    with pytest.raises(ValidationError, match=r"a month \(2012-10\) or a day"):
        PartialDateFormField().clean(text)


def test_a_required_form_field_wants_a_date():
    with pytest.raises(ValidationError, match="required"):
        PartialDateFormField().clean("")


def test_the_field_is_no_char_field_whose_length_check_would_choke_on_a_date():
    assert not isinstance(PartialDateField(), models.CharField)
    assert PartialDateField().clean(PartialDate(2012), None) == PartialDate(2012)
