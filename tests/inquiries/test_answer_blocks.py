"""Approved words at the desk: three languages, marks, approval, preview."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from inquiries.live_facts import MARK
from inquiries.models import AnswerBlock
from portal.starter_files import STARTER_FILES
from tests.factories import CitationFactory, ParkFactory
from tests.reading import soup, text
from tests.staff.people import member

pytestmark = pytest.mark.django_db

LIST = reverse("admin:inquiries_answerblock_changelist")


@pytest.fixture
def officer():
    return member("Inquiry officer")


@pytest.fixture
def approver():
    person = member("Inquiry officer", username="approver")
    person.user_permissions.add(Permission.objects.get(codename="approve_answerblock"))
    return person


def approved(**values) -> AnswerBlock:
    given = {"title_en": "Land", "text_en": "{{ park.planned_area }} are planned."}
    return AnswerBlock.objects.create(**{**given, "approved_at": timezone.now(), **values})


def change(block: AnswerBlock) -> str:
    return reverse("admin:inquiries_answerblock_change", args=[block.pk])


def form_data(**changes) -> dict:
    return {"title_en": "Land", "text_en": "{{ park.planned_area }} are planned.", **changes} | {
        "position": changes.get("position", "0")
    }


def test_an_officer_writes_words_that_are_not_approved_yet(client, officer):
    client.force_login(officer)
    address = reverse("admin:inquiries_answerblock_add")
    response = client.post(address, form_data(text_zh_hans="规划{{ park.planned_area }}。"))
    assert response.status_code == 302
    block = AnswerBlock.objects.get()
    assert (block.text_zh_hans, block.approved_at) == ("规划{{ park.planned_area }}。", None)


def test_a_wrong_mark_is_named_beside_its_language(client, officer):
    client.force_login(officer)
    address = reverse("admin:inquiries_answerblock_add")
    response = client.post(address, form_data(text_zh_hans="{{ park.price }}"))
    assert response.status_code == 200
    assert "park.price" in str(response.context["adminform"].form.errors["text_zh_hans"])
    assert not AnswerBlock.objects.exists()


def test_changed_words_have_to_be_approved_again(client, officer):
    block = approved()
    client.force_login(officer)
    response = client.post(change(block), form_data(text_en="Other words."), follow=True)
    block.refresh_from_db()
    assert block.approved_at is None
    assert "approved again" in response.content.decode()


def test_their_place_in_the_list_needs_no_approval(client, officer):
    block = approved()
    client.force_login(officer)
    client.post(change(block), form_data(position="7"))
    block.refresh_from_db()
    assert (block.position, block.approved_at is None) == (7, False)


def test_who_may_approve_changes_approved_words(client, approver):
    block = approved()
    client.force_login(approver)
    client.post(change(block), form_data(text_en="Other words."))
    block.refresh_from_db()
    assert (block.text_en, block.approved_by) == ("Other words.", approver)


def test_only_who_may_approve_approves(client, officer, approver):
    block = approved(approved_at=None)
    action = {"action": "approve", "_selected_action": [block.pk]}
    client.force_login(officer)
    client.post(LIST, action)
    block.refresh_from_db()
    assert block.approved_at is None
    client.force_login(approver)
    client.post(LIST, action)
    block.refresh_from_db()
    assert block.approved_by == approver
    assert "Approved" in client.get(LIST).content.decode()


def test_a_chief_is_led_to_what_waits_and_approves_it_at_once(client):
    for number in range(3):
        approved(title_en=f"Land {number}", approved_at=None)
    chief = member("Chief of inquiries")
    client.force_login(chief, "staff.backends.StaffBackend")
    task = soup(client.get("/admin/")).find("span", string="answer blocks to approve").parent
    assert task.strong.get_text() == "3"
    keys = [row.pk for row in client.get(task["href"]).context["cl"].queryset]
    answer = client.post(LIST, {"action": "approve", "_selected_action": keys}, follow=True)
    assert "3 approved." in answer.content.decode()
    assert AnswerBlock.objects.filter(approved_by=chief).count() == 3
    assert "blocks to approve" in client.get("/admin/").content.decode()


def test_who_cannot_approve_is_not_asked_to(client, officer):
    approved(approved_at=None)
    client.force_login(officer, "staff.backends.StaffBackend")
    assert "block to approve" not in client.get("/admin/").content.decode()


def test_the_preview_shows_the_facts_of_a_chosen_park(client, officer):
    park = ParkFactory(slug="lingang", planned_area=47_330_000)
    CitationFactory(record=park, field="planned_area", kind="target")
    block = approved(text_zh_hans="规划{{ park.planned_area }}。")
    client.force_login(officer)
    address = reverse("admin:inquiries_answerblock_preview", args=[block.pk])
    assert "No source states: Planned area" in text(client.get(address))
    page = text(client.get(address, {"park": "lingang"}))
    assert "47.33 km² (Target; source: Bureau of Statistics) are planned." in page
    assert "规划47.33平方公里" in page
    assert client.get(address, {"park": "nowhere"}).status_code == 200


@pytest.mark.parametrize("role", ["Editor", None])
def test_others_see_no_words(client, role):
    block = approved()
    client.force_login(member(role))
    preview = reverse("admin:inquiries_answerblock_preview", args=[block.pk])
    for address in (LIST, change(block), preview):
        assert client.get(address).status_code == 403


def test_the_list_costs_the_same_with_one_and_with_three(
    client, officer, django_assert_max_num_queries
):
    client.force_login(officer)

    def queries() -> int:
        with django_assert_max_num_queries(30) as captured:
            client.get(LIST)
        return len(captured)

    approved(park=ParkFactory())
    queries()
    one = queries()
    approved(park=ParkFactory())
    approved(park=ParkFactory())
    assert queries() == one


def test_the_words_of_the_starter_content_hold_no_figures_and_wait_for_approval(db):
    starter = next(item for item in STARTER_FILES if item.name == "answers")
    for row in starter.rows():
        for words in row["text"].values():
            assert not any(character.isdigit() for character in MARK.sub("", words))
        assert "approved_at" not in row
