"""The reply desk in the browser: questions, draft, approved words, sending."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries.models import AnswerBlock, AskedPoint, Inquiry, Reply
from inquiries.replies import version_of
from inquiries.services import InquiryContext
from tests.factories import IndustryFactory, ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import soup, text
from tests.staff.people import member

pytestmark = pytest.mark.django_db

MESSAGE = "We make seats.\n1. Is there gas?\n2. How much is power?"
TEXT = "Dear Ada,\n\nThere is gas in every park, and power at 110 kV."


@pytest.fixture
def officer():
    return member("Inquiry officer")


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def address(inquiry: Inquiry) -> str:
    return reverse("admin:inquiries_reply", args=[inquiry.pk])


def asked(context: InquiryContext | None = None, **values) -> Inquiry:
    cluster_desk()
    inquiry = stored_inquiry(context, message=MESSAGE, **values)
    Inquiry.objects.filter(pk=inquiry.pk).update(role="decides", industry=IndustryFactory())
    return inquiry


def block(**values) -> AnswerBlock:
    given = {"title_en": "Land", "text_en": "{{ park.name }}: {{ park.planned_area }}"}
    return AnswerBlock.objects.create(**{**given, "approved_at": timezone.now(), **values})


def form_data(inquiry: Inquiry, rows: list[dict], action: str = "save", **changes):
    """What the browser sends: the draft and one row for each question."""
    stored = sum("id" in row for row in rows)
    data = {
        "seen": version_of(inquiry.replies.filter(sent_at=None).first()),
        "points-TOTAL_FORMS": len(rows),
        "points-INITIAL_FORMS": stored,
        "language": "en",
        "subject": f"Your inquiry {inquiry.reference}",
        "text": TEXT,
        "action": action,
    }
    for place, row in enumerate(rows):
        data |= {f"points-{place}-{name}": value for name, value in row.items()}
    return {**data, **changes}


def test_the_page_shows_the_message_and_its_questions(desk):
    inquiry = asked()
    response = desk.get(address(inquiry))
    page = response.content.decode()
    assert "We make seats." in page
    assert [row["text"].value() for row in response.context["points"]] == [
        *("Is there gas?", "How much is power?"),
        *(None, None),
    ]
    assert "Dear Ada Lovelace," in page
    assert not AskedPoint.objects.exists()
    assert inquiry.looks.count() == 1


def test_a_draft_keeps_text_and_questions(desk, officer):
    inquiry = asked()
    rows = [
        {"text": "Is there gas?", "is_answered": "on"},
        {"text": "How much is power at night?", "promised_for": "2026-11-30"},
        {"text": ""},
    ]
    response = desk.post(address(inquiry), form_data(inquiry, rows))
    assert response.status_code == 302
    reply = Reply.objects.get()
    assert (reply.text, reply.author, reply.sent_at) == (TEXT, officer, None)
    gas, power = inquiry.points.all()
    assert (gas.reply, power.reply) == (reply, None)
    assert str(power.promised_for) == "2026-11-30"
    page = desk.get(address(inquiry))
    assert len(page.context["points"]) == 4
    assert page.context["points"][0]["is_answered"].value() is True


def test_questions_can_be_changed_and_taken_away(desk):
    inquiry = asked()
    desk.post(address(inquiry), form_data(inquiry, [{"text": "Gas?"}, {"text": "Power?"}]))
    gas, power = inquiry.points.all()
    rows = [
        {"id": gas.pk, "inquiry": inquiry.pk, "text": "Gas at what price?"},
        {"id": power.pk, "inquiry": inquiry.pk, "text": "Power?", "DELETE": "on"},
    ]
    assert desk.post(address(inquiry), form_data(inquiry, rows)).status_code == 302
    assert [point.text for point in inquiry.points.all()] == ["Gas at what price?"]


def test_sending_with_an_open_question_names_it_and_keeps_the_draft(desk):
    inquiry = asked()
    rows = [{"text": "Is there gas?", "is_answered": "on"}, {"text": "How much is power?"}]
    response = desk.post(address(inquiry), form_data(inquiry, rows, "send"), follow=True)
    assert "How much is power?" in text(response)
    assert "Not answered and not promised" in text(response)
    assert Reply.objects.get().sent_at is None
    assert inquiry.points.count() == 2


def test_sending_ends_at_the_inquiry(desk):
    inquiry = asked()
    rows = [
        {"text": "Is there gas?", "is_answered": "on"},
        {"text": "How much is power?", "promised_for": "2026-11-30"},
    ]
    response = desk.post(address(inquiry), form_data(inquiry, rows, "send"))
    assert response.url == reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    assert Reply.objects.get().sent_at is not None
    page = desk.get(address(inquiry))
    assert "Replies sent" in text(page)
    assert [row["text"].value() for row in page.context["points"]][:1] == ["How much is power?"]


def test_a_day_that_is_over_is_no_promise(desk):
    inquiry = asked()
    rows = [{"text": "Is there gas?", "promised_for": "2026-11-20"}]
    response = desk.post(address(inquiry), form_data(inquiry, rows))
    assert response.status_code == 200
    assert "still to come" in text(response)
    assert not Reply.objects.exists()


def test_approved_words_are_put_in_with_their_facts(desk):
    park = ParkFactory(name_en="Lingang Park", planned_area=47_330_000)
    inquiry = asked(InquiryContext(park=park))
    words = block()
    response = desk.post(
        address(inquiry), form_data(inquiry, [], f"insert-{words.pk}"), follow=True
    )
    words_sent = Reply.objects.get().text
    assert words_sent == f"{TEXT}\n\nLingang Park: 47.33 km² (no source given)"
    assert "No source states" not in text(response)


def test_the_officer_is_told_what_no_source_states(desk):
    inquiry = asked(InquiryContext(park=ParkFactory()))
    words = block()
    response = desk.post(
        address(inquiry), form_data(inquiry, [], f"insert-{words.pk}"), follow=True
    )
    assert "No source states: Planned area" in text(response)
    assert "[Planned area: Not stated]" in Reply.objects.get().text


def test_only_approved_words_for_subject_and_park_are_offered(desk):
    park = ParkFactory()
    inquiry = asked(InquiryContext(park=park))
    fitting = [block(), block(subject="invest"), block(subject="land"), block(park=park)]
    block(approved_at=None)
    block(subject="press")
    wrong = block(park=ParkFactory())
    assert desk.get(address(inquiry)).context["blocks"] == fitting
    response = desk.post(
        address(inquiry), form_data(inquiry, [], f"insert-{wrong.pk}"), follow=True
    )
    assert "not approved any more" in text(response)
    assert Reply.objects.get().text == TEXT


def test_the_desk_says_why_words_are_not_offered(client, desk):
    inquiry = asked()
    block(title_en="Fresh", approved_at=None)
    block(title_en="Papers", subject="press")
    block(title_en="There", park=ParkFactory(name_en="Lingang"))
    page = text(desk.get(address(inquiry)))
    assert "None of the answer blocks is offered here." in page
    assert "3 blocks are not offered" in page
    for reason in (
        "Fresh – not approved yet",
        "Papers – for another subject: Press",
        "There – only for this park: Lingang",
    ):
        assert reason in page
    assert "A chief of inquiries approves answer blocks." in page
    client.force_login(member("Chief of inquiries"))
    way = soup(client.get(address(inquiry))).find("a", string="Approve answer blocks")
    assert [row.title for row in client.get(way["href"]).context["cl"].queryset] == ["Fresh"]


def test_words_for_the_park_that_was_proposed_are_offered(desk):
    park = ParkFactory()
    inquiry = asked()
    words = block(park=park)
    assert desk.get(address(inquiry)).context["blocks"] == []
    Inquiry.objects.filter(pk=inquiry.pk).update(proposed_park=park)
    assert desk.get(address(inquiry)).context["blocks"] == [words]


# --- two at one draft


@pytest.fixture
def colleague():
    browser = Client()
    browser.force_login(member("Inquiry officer", username="mei", first_name="Mei", last_name="He"))
    return browser


def test_the_later_of_two_saves_does_not_overwrite_the_earlier(desk, colleague):
    inquiry = asked()
    later = form_data(inquiry, [{"text": "Is there gas?", "is_answered": "on"}], text="Mine, later")
    colleague.post(address(inquiry), form_data(inquiry, [{"text": "Is there gas?"}]))
    response = desk.post(address(inquiry), later)
    assert response.status_code == 409
    assert "Mei He saved the draft on" in text(response)
    assert TEXT.splitlines()[-1] in text(response)
    assert Reply.objects.get().text == TEXT
    assert response.context["form"]["text"].value() == "Mine, later"
    rows = [(row["text"].value(), row["is_answered"].value()) for row in response.context["points"]]
    assert rows[0] == ("Is there gas?", True)
    assert inquiry.points.count() == 1


def test_who_has_read_the_earlier_save_can_save_on_top_of_it(desk, colleague, officer):
    inquiry = asked()
    later = form_data(inquiry, [], text="Mine, later")
    colleague.post(address(inquiry), form_data(inquiry, []))
    shown = desk.post(address(inquiry), later).context["form"]["seen"].value()
    assert desk.post(address(inquiry), {**later, "seen": shown}).status_code == 302
    assert (Reply.objects.get().text, Reply.objects.get().author) == ("Mine, later", officer)


@pytest.mark.parametrize("action", ["save", "send", "insert-1"])
def test_what_a_colleague_sent_is_not_written_again(desk, colleague, action):
    inquiry = asked()
    desk.post(address(inquiry), form_data(inquiry, [{"text": "Gas?", "is_answered": "on"}]))
    gas = inquiry.points.get()
    rows = [{"id": gas.pk, "inquiry": inquiry.pk, "text": "Gas?", "is_answered": "on"}]
    later = form_data(inquiry, [*rows, {"text": "And oil?"}], action, text="Mine, later")
    colleague.post(address(inquiry), form_data(inquiry, rows, "send"))
    response = desk.post(address(inquiry), later)
    assert response.status_code == 409
    assert "Mei He sent a reply on" in text(response)
    assert response.context["form"]["text"].value() == "Mine, later"
    assert [row["text"].value() for row in response.context["points"]][:1] == ["And oil?"]
    assert Reply.objects.get().text == TEXT


def test_an_old_page_of_ones_own_overwrites_nothing_either(desk):
    inquiry = asked()
    first = form_data(inquiry, [])
    desk.post(address(inquiry), first)
    response = desk.post(address(inquiry), {**first, "text": "From the old window"})
    assert "You saved the draft on" in text(response)
    assert Reply.objects.get().text == TEXT


def test_questions_that_a_colleague_took_away_come_back_as_typed(desk, colleague):
    inquiry = asked()
    desk.post(address(inquiry), form_data(inquiry, [{"text": "Gas?"}]))
    gas = inquiry.points.get()
    rows = [{"id": gas.pk, "inquiry": inquiry.pk, "text": "Gas?", "promised_for": "2026-11-30"}]
    later = form_data(inquiry, rows)
    colleague.post(address(inquiry), form_data(inquiry, [{**rows[0], "DELETE": "on"}]))
    row = desk.post(address(inquiry), later).context["points"][0]
    assert (row["text"].value(), row["promised_for"].value()) == ("Gas?", "2026-11-30")
    assert row.instance.pk is None


@pytest.mark.parametrize("total", ["", "x", "-1", "99999999999"])
def test_an_old_page_with_a_forged_number_of_rows_is_answered(desk, total):
    inquiry = asked()
    desk.post(address(inquiry), form_data(inquiry, []))
    old = form_data(inquiry, [], seen="never") | {"points-TOTAL_FORMS": total}
    assert desk.post(address(inquiry), old).status_code == 409


def test_only_the_pipeline_knows_proposals(desk):
    assert "is_proposal" in desk.get(address(asked())).content.decode()
    press = asked(subject="press", email="x@example.org")
    assert "is_proposal" not in desk.get(address(press)).content.decode()


@pytest.mark.parametrize("role", ["Editor", "Publisher", None])
def test_others_cannot_answer(client, role):
    inquiry = asked()
    client.force_login(member(role))
    assert client.get(address(inquiry)).status_code == 403
    assert client.post(address(inquiry), form_data(inquiry, [])).status_code == 403


def test_a_confidential_inquiry_is_answered_by_its_own_people(client, desk, officer):
    inquiry = asked()
    Inquiry.objects.filter(pk=inquiry.pk).update(is_confidential=True, code_name="Kapok")
    assert desk.get(address(inquiry)).status_code == 404
    Inquiry.objects.filter(pk=inquiry.pk).update(backup=officer)
    assert desk.get(address(inquiry)).status_code == 200


def test_nobody_is_let_in_without_logging_in(client):
    assert client.get(address(asked())).status_code == 302


def test_questions_of_another_inquiry_cannot_be_reached(desk):
    mine, other = asked(), asked(email="x@example.org")
    point = AskedPoint.objects.create(inquiry=other, text="Theirs?")
    rows = [{"id": point.pk, "inquiry": mine.pk, "text": "Changed?"}]
    desk.post(address(mine), form_data(mine, rows))
    point.refresh_from_db()
    assert (point.inquiry, point.text) == (other, "Theirs?")


def test_the_page_costs_the_same_with_one_and_with_three(desk, django_assert_max_num_queries):
    park = ParkFactory()
    inquiry = asked(InquiryContext(park=park))

    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            desk.get(address(inquiry))
        return len(captured)

    def add() -> None:
        block()
        AskedPoint.objects.create(inquiry=inquiry, text="Why?")
        AskedPoint.objects.create(inquiry=inquiry, text="Since?", answered_at=timezone.now())
        Reply.objects.create(inquiry=inquiry, language="en", sent_at=timezone.now(), text="x")

    add()
    queries()
    one = queries()
    add()
    add()
    assert queries() == one
