"""A reader's question under a post, guarded as all public forms are."""

import time

import pytest
from django.test import Client

from core.models import BlockedSender
from core.rate_limit import RateLimit
from news.forms import QuestionForm
from news.models import Question
from tests.factories import PostFactory
from tests.reading import soup, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def form_address():
    return f"/en/news/{PostFactory(slug='opening').slug}/ask/"


def question(**changes):
    token = QuestionForm.new_token(at=time.time() - 60)
    return {"text": "When does the road open?", "author_name": "", "guard_token": token, **changes}


def test_a_question_waits_for_the_bureau(client, form_address):
    response = client.post(form_address, question(), follow=True)
    asked = Question.objects.get()
    assert (asked.text, asked.status) == ("When does the road open?", Question.Status.PENDING)
    assert "Your question has reached the bureau" in text(response)


def test_the_same_words_under_a_post_are_one_question(client, form_address):
    for _time in range(2):
        assert client.post(form_address, question()).status_code == 302
    assert Question.objects.count() == 1


def test_what_looks_like_spam_is_kept_apart_and_answered_alike(client, form_address):
    BlockedSender.objects.create(kind=BlockedSender.Kind.NETWORK, value="127.0.0.0/8")
    response = client.post(form_address, question(), follow=True)
    assert Question.objects.get().status == Question.Status.REFUSED
    assert "Your question has reached the bureau" in text(response)


def test_it_is_not_shown_before_it_is_answered(client, form_address):
    client.post(form_address, question())
    assert "When does the road open?" not in text(client.get("/en/news/opening/"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "This field is required"),
        ({"website": "http://buy.example"}, "A field that people cannot see"),
        ({"guard_token": ""}, "open for more than 12 hours"),
        ({"guard_token": "new"}, "faster than people write"),
    ],
)
def test_a_refusal_keeps_what_was_typed(client, form_address, changes, words):
    if changes.get("guard_token") == "new":
        changes = {"guard_token": QuestionForm.new_token()}
    sent = question(author_name="A reader", **changes)
    response = client.post(form_address, sent)
    assert response.status_code == 422
    assert words in text(response)
    assert soup(response).find(id="id_author_name")["value"] == "A reader"
    assert not Question.objects.exists()


def test_too_many_questions_are_answered_politely(client, form_address, monkeypatch):
    monkeypatch.setattr(QuestionForm, "limits", (RateLimit("test-questions", 1, 3600),))
    assert client.post(form_address, question()).status_code == 302
    response = client.post(form_address, question())
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "When does the road open?" in text(response)


def test_a_forged_post_is_refused(form_address):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(form_address, question()).status_code == 403
    assert not Question.objects.exists()


def test_a_question_under_a_draft_is_not_found(client):
    PostFactory(slug="draft", status="draft")
    assert client.get("/en/news/draft/ask/").status_code == 404


def test_other_methods_are_not_allowed(client, form_address):
    assert client.put(form_address).status_code == 405


@pytest.mark.parametrize("times", [2, 60])
def test_one_showing_of_the_form_is_one_question_however_often_it_is_sent(
    client, form_address, times
):
    body = question()
    answers = {client.post(form_address, body).status_code for _time in range(times)}
    assert answers == {302}
    assert Question.objects.count() == 1
