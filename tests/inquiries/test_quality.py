"""Judging the month's test: chiefs only, with what the portal knows filled in."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from inquiries.models import MysteryShop
from inquiries.mystery import send_mystery_inquiry
from tests.inquiries.samples import cluster_desk
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings):
    settings.MYSTERY_EMAIL = ["m.keller@example.org"]
    cluster_desk()
    return send_mystery_inquiry()


def log_in(client, *codenames: str):
    user = member(username="somebody")
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="inquiries", codename__in=codenames)
    )
    client.force_login(user)
    return user


def address(shop: MysteryShop) -> str:
    return reverse("admin:inquiries_mysteryshop_change", args=[shop.pk])


def test_an_officer_does_not_learn_of_it(client, shop):
    log_in(client, "view_inquiry", "view_mysteryshop", "change_mysteryshop")
    assert client.get(address(shop)).status_code == 403
    assert client.get(reverse("admin:inquiries_mysteryshop_changelist")).status_code == 403
    assert "mysteryshop" not in client.get("/admin/").content.decode()


def test_a_chief_finds_filled_in_what_is_known(client, shop):
    log_in(client, "view_inquiry", "oversee_inquiry")
    shop.inquiry.first_reply_at = timezone.now()
    shop.inquiry.save()
    form = client.get(address(shop)).context["adminform"].form
    assert form["reached"].value() is True
    assert form["named"].value() is False
    assert form["business_case"].value() is None


def test_a_judgement_is_signed_once_it_is_whole(client, shop):
    chief = log_in(client, "view_inquiry", "oversee_inquiry")
    marks = dict.fromkeys(MysteryShop.QUESTIONS, "true")
    client.post(address(shop), {**marks, "business_case": "unknown", "notes": "x"})
    shop.refresh_from_db()
    assert (shop.reached, shop.score, shop.scored_at) == (True, None, None)
    client.post(address(shop), {**marks, "business_case": "false", "notes": "x"})
    shop.refresh_from_db()
    assert (shop.score, shop.scored_by) == (4, chief)


def test_tests_are_not_made_or_deleted_by_hand(client, shop):
    log_in(client, "view_inquiry", "oversee_inquiry", "delete_mysteryshop", "add_mysteryshop")
    assert client.get(reverse("admin:inquiries_mysteryshop_add")).status_code == 403
    delete = reverse("admin:inquiries_mysteryshop_delete", args=[shop.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_the_inquiry_says_so_to_chiefs_only(client, shop):
    change = reverse("admin:inquiries_inquiry_change", args=[shop.inquiry.pk])
    user = log_in(client, "view_inquiry")
    assert "test inquiry" not in client.get(change).content.decode()
    user.user_permissions.add(Permission.objects.get(codename="oversee_inquiry"))
    assert "This is the month’s test inquiry" in client.get(change).content.decode()
