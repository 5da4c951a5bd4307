"""What every public form has in common. How a real one behaves is in tests/inquiries."""

import time

import pytest
from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.test import RequestFactory

from core.form_guard import TRAP, GuardedForm, guarded_page

pytestmark = pytest.mark.django_db


class PlainForm(GuardedForm):
    text = forms.CharField()


def send(**changes):
    data = {"text": "Hello", "guard_token": PlainForm.new_token(at=time.time() - 60), **changes}
    request = RequestFactory().post("/", data)
    request._dont_enforce_csrf_checks = True
    return PlainForm(request.POST, request=request)


def test_what_a_person_sends_is_accepted():
    form = send()
    assert form.is_valid(), form.errors
    assert (form.status_code, form.retry_after) == (200, 0)
    assert form.cleaned_data["text"] == "Hello"


def test_a_showing_of_the_form_has_a_name_of_its_own():
    keys = {send().submission_key for _time in range(20)}
    assert len(keys) == 20
    assert all(len(key) >= 22 for key in keys)


def test_a_mistake_of_a_person_is_no_refusal():
    form = send(text="")
    assert form.status_code == 200 or form.errors
    assert form.errors.keys() == {"text"}
    assert form.status_code == 422


def test_the_trap_is_out_of_reach_for_people():
    form = PlainForm(request=RequestFactory().get("/"))
    assert TRAP in [field.name for field in form.hidden_fields()]
    html = str(form[TRAP])
    assert 'tabindex="-1"' in html
    assert 'autocomplete="off"' in html
    assert 'aria-hidden="true"' in html
    assert 'type="hidden"' not in html
    assert "style=" not in html


def test_a_new_page_carries_a_token_that_is_accepted_later():
    token = PlainForm(request=RequestFactory().get("/"))["guard_token"].value()
    form = send(guard_token=token)
    assert form.errors.as_data()["__all__"][0].code == "fast"
    form._errors = None
    form._issued_at -= 10
    assert form.is_valid()


def test_the_page_refuses_text_that_no_database_can_hold():
    page = guarded_page(lambda request: HttpResponse("reached"))
    request = RequestFactory().generic(
        "POST", "/", b"text=%00", content_type="application/x-www-form-urlencoded"
    )
    with pytest.raises(BadRequest):
        page(request)
