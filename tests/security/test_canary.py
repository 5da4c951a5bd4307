"""Markup in any text of any record is shown as text: never run, never evaluated, no header."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from publishing.versions import renew_content_version
from tests.inquiries.samples import stored_inquiry
from tests.security.door import Door, Reply
from tests.security.nasty import CANARY
from tests.staff import records
from tests.staff.people import superuser
from tests.test_every_url import PLAIN, PUBLIC

pytestmark = pytest.mark.django_db

#: Apps whose texts people write.
APPS = ("core", "publishing", "library", "parks", "investment", "news", "portal", "inquiries")
#: Not free text: keys, codes, paths of files, what is hashed or compared.
NOT_TEXT = re.compile(
    r"(^|_)(id|key|slug|hash|sha256|token|secret|reference|path|file|format|page|status|language"
    r"|source_language|code|version|kind|name_of_query|query|content_type|message_id|recipient"
    r"|submission_key|digest)$"
)
EVALUATED = re.compile(r"onload=x(&gt;|>|\\u003[eE])\s*49")


def text_fields(model: type[models.Model]) -> Iterator[models.Field]:
    for field in model._meta.concrete_fields:
        kind = type(field).__name__.removeprefix("Translation")
        is_text = kind in {"CharField", "TextField", "EmailField", "URLField", "RichTextField"}
        if is_text and not field.choices and not NOT_TEXT.search(field.name):
            yield field


def poisoned(model: type[models.Model]) -> int:
    """Writes the canary into each text of the first record, past all checks. How many texts."""
    record = model._base_manager.order_by("pk").first()
    if record is None:
        return 0
    count = 0
    for field in text_fields(model):
        text = CANARY
        if "RichText" in type(field).__name__:
            text = field.clean(f"<p>{CANARY}</p>", record)
        value = {field.attname: text[: field.max_length] if field.max_length else text}
        # A rule of the database that refuses it is as good.
        with contextlib.suppress(IntegrityError), transaction.atomic():
            count += model._base_manager.filter(pk=record.pk).update(**value)
    return count


@pytest.fixture
def canary(content, settings, tmp_path) -> int:
    """One record of each kind, full of it."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    for make in (records.document, records.image, records.redirect, records.blocked_sender):
        make()
    stored_inquiry()
    found = sum(poisoned(model) for app in APPS for model in apps.get_app_config(app).get_models())
    renew_content_version()
    return found


def assert_harmless(reply: Reply, address: str) -> None:
    assert reply.status < 500, address
    assert "<svg onload" not in reply.text, address
    assert not EVALUATED.search(reply.text), address
    assert reply["X"] == "", address


def test_many_texts_are_full_of_it(canary):
    assert canary > 100


def test_no_public_page_feed_or_map_runs_it(door: Door, canary):
    shown = 0
    for row in (*PUBLIC, *PLAIN):
        path, _mark, query = row.path().partition("?")
        for code in ("en", "zh-hans", "zh-hant"):
            address = path.replace("/en/", f"/{code}/", 1)
            reply = door.knock(address, query)
            assert_harmless(reply, address)
            shown += "svg onload=x" in reply.text
    assert shown > 20


def test_no_page_of_the_desk_runs_it(door: Door, canary):
    client = Client()
    client.force_login(superuser())
    cookie = {"Cookie": f"session={client.cookies['session'].value}"}
    shown = 0
    for label in (*records.MAKERS, "inquiries.inquiry", "inquiries.outgoingmail"):
        model = apps.get_model(label)
        name = label.replace(".", "_")
        record = model._base_manager.order_by("pk").first()
        addresses = [reverse(f"admin:{name}_changelist")]
        if record is not None:
            if label == "core.sitesettings":
                addresses = [reverse(f"admin:{name}_change")]
            else:
                addresses.append(reverse(f"admin:{name}_change", args=[record.pk]))
                addresses.append(reverse(f"admin:{name}_history", args=[record.pk]))
        for address in addresses:
            reply = door.knock(address, headers=cookie)
            assert_harmless(reply, address)
            shown += "svg onload=x" in reply.text
    for address in (
        "/admin/",
        reverse("admin:inquiries_board"),
        reverse("admin:inquiries_figures"),
    ):
        assert_harmless(door.knock(address, headers=cookie), address)
    assert shown > 15
