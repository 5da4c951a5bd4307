"""Whatever stands in the filters, searches and prefilled forms of the desk, nothing breaks."""

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from inquiries.desk.saved_views import KEPT
from staff.models import User
from tests.inquiries.samples import stored_inquiry
from tests.security.door import EXPECTED
from tests.security.nasty import CASES, HUGE, generator, path, query
from tests.security.test_fuzz_addresses import report
from tests.staff.people import superuser
from tests.test_every_url import patterns

pytestmark = pytest.mark.django_db

MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label != "django_tasks_database"),
    key=lambda model: model._meta.label_lower,
)
#: Of every list of Django's admin.
LIST = (
    *("q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters"),
    *("id", "pk", "id__exact", "pk__in", "id__gt", "id__isnull", "password", "user__password"),
)
FORM = ("_popup", "_to_field", "_changelist_filters", "_saveasnew", "next")
PAGES = {
    "inquiries_board": (*KEPT, "page"),
    "inquiries_figures": ("first", "last", "format"),
    "inquiries_report": ("month",),
    "inquiries_inbox": ("p",),
    "inquiries_import": ("page",),
    "autocomplete": ("term", "page", "app_label", "model_name", "field_name"),
    "index": ("next",),
}
GOOD = {
    "p": ("1", "2"),
    "o": ("1", "-1.2"),
    "pk__in": ("1,2",),
    "id__isnull": ("True", "0"),
    "app_label": ("parks", "inquiries"),
    "model_name": ("park", "inquiry"),
    "field_name": ("district", "park", "assigned_to"),
    "format": ("csv", "xlsx"),
    "month": ("2026-10",),
    "first": ("2026-01-01",),
    "last": ("2026-12-31",),
    "_changelist_filters": ("status=new", "q=x"),
}

ADDRESSES = {name.removeprefix("admin:") for name, _entry in patterns()}


@pytest.fixture
def pass_(content) -> dict[str, str]:
    """The cookie of somebody who may do everything."""
    stored_inquiry()
    client = Client()
    client.force_login(superuser())
    assert client.get("/admin/").status_code == 200
    return {"Cookie": f"session={client.cookies['session'].value}; csrf={'s' * 32}"}


def list_parameters(model: type) -> tuple[str, ...]:
    """What the filters of a list read from the address, and each field by name."""
    page = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="root")
    changes = page.get_changelist_instance(request)
    found = [name for spec in changes.filter_specs for name in spec.expected_parameters()]
    day = page.date_hierarchy
    found += [f"{day}__{part}" for part in ("year", "month", "day", "gte", "lt")] if day else []
    return (*found, *found, *LIST, *(field.name for field in model._meta.fields[:4]))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_no_query_breaks_a_list_or_an_empty_form(door, pass_, model):
    parameters = list_parameters(model)
    names = model._meta.app_label, model._meta.model_name
    fields = tuple(field.name for field in (*model._meta.fields, *model._meta.many_to_many))
    # What has one row only has no list and no empty form.
    pages = [
        (reverse(f"admin:{names[0]}_{names[1]}_{page}"), known)
        for page, known in (("changelist", parameters), ("add", (*fields, *FORM)))
        if f"{names[0]}_{names[1]}_{page}" in ADDRESSES
    ]
    rng, wrong = generator("list", model._meta.label), []
    for case in range(max(CASES // 3, 2)):
        for address, known in pages if case % 2 else pages[:1]:
            asked = query(rng, known, GOOD)
            reply = door.knock(address, asked, headers=pass_)
            if reply.status not in EXPECTED or b"<svg onload" in reply.body:
                wrong.append((reply.status, address, asked[:300]))
    report(door, wrong)


@pytest.mark.parametrize("name", PAGES)
def test_no_query_breaks_a_page_of_the_desk(door, pass_, name):
    rng, wrong = generator("desk", name), []
    for _case in range(CASES):
        asked = query(rng, PAGES[name], GOOD)
        reply = door.knock(reverse(f"admin:{name}"), asked, headers=pass_)
        if reply.status not in EXPECTED or b"<svg onload" in reply.body:
            wrong.append((reply.status, name, asked[:300]))
    report(door, wrong)


def test_no_number_of_a_record_breaks_the_desk(door, pass_):
    rng, wrong = generator("desk paths"), []
    places = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in MODELS]
    for _case in range(CASES * 5):
        start = rng.choice(places)
        sent = rng.choice((path(rng, start), f"{start}{HUGE}/change/", f"{start}-1/history/"))
        reply = door.knock(sent, headers=pass_)
        if reply.status not in EXPECTED:
            wrong.append((reply.status, sent[:300]))
    report(door, wrong)


@pytest.mark.parametrize("sent", ["topic=x", f"topic={HUGE}", "topic=%D9%A3", "topic=1&topic=x"])
def test_an_empty_form_is_filled_with_numbers_only(door, pass_, sent):
    reply = door.knock("/admin/news/post/add/", sent, headers=pass_)
    assert reply.status == 200
