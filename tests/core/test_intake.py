"""What looks like spam is told apart from what a person writes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.intake import assess, content_digest
from core.models import BlockedSender

pytestmark = pytest.mark.django_db


def block(kind: str, value: str, **fields: object) -> BlockedSender:
    return BlockedSender.objects.create(kind=kind, value=value, **fields)


def test_a_message_of_a_person_is_let_through():
    text = "We look for 10 ha. See https://example.com/plan and www.example.com."
    assert assess(text, email="ada@example.com", address="203.0.113.9") == ""


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "ada@example.com"),
        ("domain", "example.com"),
        ("network", "203.0.113.0/24"),
        ("network", "203.0.113.9"),
    ],
)
def test_a_blocked_sender_is_known(kind, value):
    block(kind, value)
    assert assess("Hello", email="Ada@Example.com", address="203.0.113.9") == "blocked"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "bob@example.com"),
        ("domain", "ample.com"),
        ("network", "203.0.114.0/24"),
        ("network", "2001:db8::/32"),
    ],
)
def test_others_are_not_blocked_with_him(kind, value):
    block(kind, value)
    assert assess("Hello", email="ada@example.com", address="203.0.113.9") == ""


def test_a_domain_is_blocked_with_those_below_it():
    block("domain", "example.com")
    assert assess("Hello", email="ada@mail.example.com") == "blocked"


def test_a_block_ends_after_its_last_day():
    today = timezone.localdate()
    blocked = block("email", "ada@example.com", expires_on=today)
    assert assess("Hello", email="ada@example.com") == "blocked"
    blocked.expires_on = today - timedelta(days=1)
    blocked.save()
    assert assess("Hello", email="ada@example.com") == ""


def test_five_links_are_too_many():
    assert assess("https://a.example " * 4) == ""
    assert assess("https://a.example " * 5) == "links"


def test_a_block_costs_one_query(django_assert_num_queries):
    block("domain", "a.example")
    block("network", "198.51.100.0/24")
    with django_assert_num_queries(1):
        assess("Hello", email="ada@example.com", address="203.0.113.9")


def test_a_sender_is_blocked_once():
    block("email", "ada@example.com", expires_on=date(2030, 1, 1))
    with pytest.raises(ValidationError, match="blocked already"):
        BlockedSender(kind="email", value="ada@example.com").full_clean()


def test_the_same_words_have_the_same_digest_however_they_are_spaced():
    first = content_digest("Ada@example.com", "We  look\nfor land. ")
    assert first == content_digest("ada@example.com", "we look for land.")
    assert first != content_digest("bob@example.com", "we look for land.")


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("email", " Ada@Example.com ", "ada@example.com"),
        ("domain", "Example.COM", "example.com"),
        ("network", "203.0.113.9/24", "203.0.113.0/24"),
        ("network", "2001:db8::1", "2001:db8::1/128"),
    ],
)
def test_a_block_is_kept_in_one_form(kind, written, kept):
    blocked = BlockedSender(kind=kind, value=written)
    blocked.full_clean()
    assert blocked.value == kept


@pytest.mark.parametrize(
    ("kind", "written", "remedy"),
    [
        ("email", "example.com", "name@example.com"),
        ("domain", "ada@example.com", "a domain such as"),
        ("network", "203.0.113", "203.0.113.0/24"),
    ],
)
def test_a_block_of_another_form_is_refused_with_an_example(kind, written, remedy):
    with pytest.raises(ValidationError, match=remedy):
        BlockedSender(kind=kind, value=written).full_clean()


def test_a_block_notes_who_made_it(admin_client, admin_user):
    sent = {"kind": "domain", "value": "example.com", "reason": "", "expires_on": ""}
    assert admin_client.post("/admin/core/blockedsender/add/", sent).status_code == 302
    assert BlockedSender.objects.get().created_by == admin_user
