"""Readers' questions at the desk: shown only together with an answer."""

import pytest
from django.urls import reverse

from news.models import Question
from tests.staff import records
from tests.staff.forms import filled
from tests.staff.people import member

pytestmark = pytest.mark.django_db
LIST = "/admin/news/question/"


def log_in(client, role: str):
    client.force_login(member(role), "staff.backends.StaffBackend")


def save(client, question, **values):
    address = reverse("admin:news_question_change", args=[question.pk])
    return client.post(address, filled(client.get(address), "question_form") | values)


def test_a_question_is_published_with_its_answer(client):
    log_in(client, "Publisher")
    question = records.question()

    answer = save(client, question, answer_zh_hans="有铁路。", status="published")

    assert answer.status_code == 302
    question.refresh_from_db()
    assert question.answered_at is not None
    assert list(Question.objects.public()) == [question]


def test_without_an_answer_it_is_not_published(client):
    log_in(client, "Publisher")
    question = records.question()

    page = save(client, question, status="published")
    client.post(LIST, {"action": "publish", "_selected_action": [question.pk]})

    assert "Write an answer before publishing" in page.content.decode()
    question.refresh_from_db()
    assert question.status == "pending"


def test_what_the_reader_wrote_cannot_be_changed(client):
    log_in(client, "Publisher")
    question = records.question(text="Is there a railway?")

    save(client, question, text="Is there an airport?", answer_en="Yes.")

    question.refresh_from_db()
    assert question.text == "Is there a railway?"
    assert question.answer_en == "Yes."


def test_nobody_invents_a_question(client):
    log_in(client, "Administrator")

    assert client.get(f"{LIST}add/").status_code == 403


def test_an_editor_answers_but_does_not_publish(client):
    log_in(client, "Editor")
    question = records.question()

    page = save(client, question, answer_en="Yes.", status="published")
    assert "status" in page.context["adminform"].form.errors
    assert save(client, question, answer_en="Yes.").status_code == 302
    client.post(LIST, {"action": "publish", "_selected_action": [question.pk]})

    question.refresh_from_db()
    assert (question.answer_en, question.status) == ("Yes.", "pending")


def test_actions_publish_answered_questions_and_refuse(client):
    log_in(client, "Publisher")
    good, bad = records.question(answer_en="Yes."), records.question()

    client.post(LIST, {"action": "publish", "_selected_action": [good.pk]})
    client.post(LIST, {"action": "refuse", "_selected_action": [bad.pk]})

    assert Question.objects.get(pk=good.pk).status == "published"
    assert Question.objects.get(pk=bad.pk).status == "refused"
