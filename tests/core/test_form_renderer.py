"""Forms look as Django's templates and the field template would make them, in less time."""

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from core.form_renderer import WIDGETS, PortalFormRenderer

CANARY = "\"'><svg onload=x>&amp;"


class Questions(forms.Form):
    name = forms.CharField(help_text=mark_safe("With <b>title</b>"), max_length=100)
    email = forms.EmailField(required=False)
    amount = forms.DecimalField(required=False, localize=True)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "hidden": True, "lang": False}))
    choice = forms.ChoiceField(
        choices=[("", "None"), ("a", CANARY), ("Group & co", [("b", "B"), (3, "Three")])]
    )
    several = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    secret = forms.CharField(widget=forms.HiddenInput)


def elements(html: str) -> list[tuple[str, dict, str]]:
    """Elements with attributes and own text, whatever the space between them."""
    page = BeautifulSoup(html, "html.parser")
    return [
        (tag.name, tag.attrs, "".join(tag.find_all(string=True, recursive=False)).strip())
        for tag in page.find_all(True)
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "data", [None, {}, {"name": CANARY, "text": CANARY, "choice": "a", "amount": "1.5"}]
)
def test_widgets_are_as_djangos_templates_make_them(data, language, settings):
    settings.LANGUAGE_CODE = language
    ours, theirs = (
        Questions(data, renderer=renderer()) for renderer in (PortalFormRenderer, TemplatesSetting)
    )
    for name in ours.fields:
        assert elements(str(ours[name])) == elements(str(theirs[name])), name


def test_nothing_that_was_sent_becomes_markup():
    form = Questions(dict.fromkeys(Questions.base_fields, CANARY), renderer=PortalFormRenderer())
    html = "".join(field.as_field_group() for field in form)
    assert "<svg" not in html


def test_a_field_has_label_hint_error_and_answer():
    form = Questions({"name": ""}, renderer=PortalFormRenderer())
    field = BeautifulSoup(form["name"].as_field_group(), "html.parser")
    assert field.div["class"] == ["field", "field--wrong"]
    assert field.label["for"] == field.input["id"] == "id_name"
    assert field.select_one(".field__hint#id_name_helptext").b.get_text() == "title"
    assert "required" in field.select_one(".field__error").get_text()
    assert "id_name_helptext" in field.input["aria-describedby"]


def test_an_optional_field_says_so():
    form = Questions(renderer=PortalFormRenderer())
    assert "field--optional" in form["email"].as_field_group()
    assert "field--wrong" not in form["email"].as_field_group()


def test_several_answers_stand_in_a_fieldset_with_a_legend():
    form = Questions(renderer=PortalFormRenderer())
    field = BeautifulSoup(form["several"].as_field_group(), "html.parser")
    assert field.fieldset.legend.get_text() == "Several"
    assert field.label is None or field.label["for"] != "id_several"


def test_the_portal_uses_it(settings):
    assert settings.FORM_RENDERER == "core.form_renderer.PortalFormRenderer"
    assert WIDGETS
