"""Identity, contacts and sources at the desk."""

import pytest
from django.urls import reverse

from core.models import Contact, SiteSettings
from tests.staff import records
from tests.staff.forms import filled
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def administrator(client):
    user = member("Administrator")
    client.force_login(user, "staff.backends.StaffBackend")
    return user


def test_the_site_settings_are_one_form(client):
    address = reverse("admin:core_sitesettings_change")
    data = filled(client.get(address), "sitesettings_form")

    answer = client.post(address, data | {"name_zh_hans": "招商门户", "response_days": "2"})

    assert answer.status_code == 302
    settings = SiteSettings.objects.get()
    assert (settings.name_zh_hans, settings.response_days) == ("招商门户", 2)


def test_spoken_languages_are_ticked_not_typed(client):
    contact = records.contact(languages=["en"])
    address = reverse("admin:core_contact_change", args=[contact.pk])
    data = filled(client.get(address), "contact_form")
    assert data["languages"] == ["en"]

    client.post(address, data | {"languages": ["zh-hans", "ja"]})

    assert Contact.objects.get(pk=contact.pk).languages == ["zh-hans", "ja"]


def test_a_contact_that_nobody_can_reach_is_refused_in_words(client):
    contact = records.contact()
    address = reverse("admin:core_contact_change", args=[contact.pk])
    data = filled(client.get(address), "contact_form")

    answer = client.post(address, data | {"email": "", "phone": ""})

    assert "Give a telephone number or an e-mail address." in answer.content.decode()


def test_a_name_is_needed_in_one_language_whichever(client):
    address = reverse("admin:core_source_add")
    data = filled(client.get(address), "source_form") | {"key": "gazette"}

    errors = client.post(address, data).context["adminform"].form.errors

    assert list(errors) == ["publisher_en"]
    assert client.post(address, data | {"publisher_zh_hant": "公報"}).status_code == 302
