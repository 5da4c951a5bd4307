"""Proof of work: off by default; when on, its lack is a suspicion and never a refusal."""

import base64
import json

import pytest
from altcha.v1 import solve_challenge
from django.test import override_settings

from core import proof_of_work
from core.proof_of_work import is_solved, new_challenge
from inquiries.forms import InquiryForm
from inquiries.models import Inquiry
from tests.inquiries.samples import FORM, answers, cluster_desk, token
from tests.reading import soup

SWITCHED_ON = override_settings(PROOF_OF_WORK=True)


@pytest.fixture(autouse=True)
def easy(monkeypatch):
    monkeypatch.setattr(proof_of_work, "HIGHEST", 200)


def solution(task: str) -> str:
    """What the browser sends."""
    wanted = json.loads(task)
    found = solve_challenge(
        wanted["challenge"], wanted["salt"], wanted["algorithm"], wanted["highest"]
    )
    names = ("algorithm", "challenge", "salt", "signature")
    payload = {**{name: wanted[name] for name in names}, "number": found.number}
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_the_number_that_was_asked_for_is_a_proof():
    assert is_solved(solution(new_challenge("a page")), "a page")


def test_a_proof_is_of_one_showing_of_one_form():
    assert not is_solved(solution(new_challenge("a page")), "another page")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "x",
        "x" * 3000,
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(
            b'{"algorithm": "SHA-256", "challenge": 1, "salt": 2, "number": [], "signature": null}'
        ).decode(),
        base64.b64encode(b"\xff\xfe").decode(),
    ],
)
def test_whatever_else_is_sent_is_none(answer):
    assert not is_solved(answer, "a page")


def test_a_proof_ends_with_its_time(time_machine):
    time_machine.move_to("2026-11-24T02:00:00+00:00")
    answer = solution(new_challenge("a page"))
    time_machine.move_to("2026-11-24T14:59:00+00:00")
    assert is_solved(answer, "a page")
    time_machine.move_to("2026-11-24T15:01:00+00:00")
    assert not is_solved(answer, "a page")


@pytest.mark.django_db
def test_nobody_is_asked_while_it_is_off(client):
    cluster_desk()
    page = soup(client.get(FORM))
    assert not page.select("input[name=proof]")
    assert not page.select("form script")
    client.post(FORM, answers())
    assert Inquiry.objects.get().status == "new"


@SWITCHED_ON
@pytest.mark.django_db
def test_the_page_carries_a_task_that_its_form_can_solve(client):
    cluster_desk()
    page = soup(client.get(FORM))
    task = page.select_one("input[name=proof]")["data-task"]
    assert page.select_one("form script")["src"].endswith("proof.js")
    sent = answers(guard_token=page.select_one("input[name=guard_token]")["value"])
    sent["guard_token"] = with_age(sent["guard_token"])
    client.post(FORM, {**sent, "proof": solution(task)})
    assert Inquiry.objects.get().status == "new"


def with_age(value: str) -> str:
    """The same showing of the form, a minute ago."""
    signer = InquiryForm._signer()
    issued, key = signer.unsign_object(value)
    return signer.sign_object([issued - 60, key])


@SWITCHED_ON
@pytest.mark.django_db
def test_who_sends_none_is_put_aside_and_told_nothing(client):
    cluster_desk()
    assert client.post(FORM, answers(guard_token=token())).status_code == 303
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.quarantine_reason) == ("spam", "no_proof")
