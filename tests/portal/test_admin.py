"""Pages and menus at the desk."""

import pytest
from django.urls import reverse

from portal.models import MenuItem
from tests.staff import records
from tests.staff.forms import filled
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def publisher(client):
    client.force_login(member("Publisher"), "staff.backends.StaffBackend")


def test_the_order_of_a_menu_is_set_in_the_list(client):
    first, second = records.menu_item(order=1), records.menu_item(order=2)
    address = reverse("admin:portal_menuitem_changelist")
    data = filled(client.get(address), "changelist-form")
    data |= {"form-0-order": "9", "_save": "Save"}

    client.post(address, data)

    assert [item.pk for item in MenuItem.objects.all()] == [second.pk, first.pk]


@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_a_menu_never_leads_to_another_host(client, address):
    form = client.get(reverse("admin:portal_menuitem_add"))
    data = filled(form, "menuitem_form") | {"label_en": "Parks", "address": address}

    answer = client.post(reverse("admin:portal_menuitem_add"), data)

    assert answer.status_code == 200
    assert not MenuItem.objects.exists()


def test_a_page_cannot_take_an_address_of_the_portal(client):
    form = client.get(reverse("admin:portal_page_add"))
    data = filled(form, "page_form") | {"slug": "parks", "title_zh_hans": "园区"}

    page = client.post(reverse("admin:portal_page_add"), data)

    assert "The portal uses this address itself." in page.content.decode()
