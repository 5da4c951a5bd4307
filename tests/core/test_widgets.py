"""A long select writes what Django's own would."""

from bs4 import BeautifulSoup
from django import forms

from core.widgets import LongSelect

CHOICES = [("", "Please choose"), ("CN", "China"), ("<x>", "A & B")]


def read(widget_class, value):
    widget = widget_class(attrs={"autocomplete": "country"}, choices=CHOICES)
    html = widget.render("country", value, {"id": "id_country", "required": True})
    select = BeautifulSoup(html, "html.parser").select_one("select")
    options = [
        (option["value"], option.text, option.has_attr("selected"))
        for option in select.find_all("option")
    ]
    return select.attrs, options


def test_it_reads_like_the_usual_select():
    for value in (None, "", "CN", "<x>", "nowhere"):
        assert read(LongSelect, value) == read(forms.Select, value)


def test_it_escapes_what_it_writes():
    html = LongSelect(choices=[('"><script>', "<b>")]).render("country", None)
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
