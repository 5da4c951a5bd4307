"""Documents that editors attach to posts and pages, as visitors find them."""

import pytest
from django.urls import reverse

from library.models import Document
from tests.factories import DocumentFactory, PageFactory, PostFactory
from tests.reading import queries, soup, text
from tests.staff.forms import filled
from tests.staff.people import member

pytestmark = pytest.mark.django_db

in_both_places = pytest.mark.parametrize(
    ("factory", "name", "path"),
    [(PostFactory, "news_post", "/news/opening/"), (PageFactory, "portal_page", "/opening/")],
    ids=["post", "page"],
)


def downloads(client, address: str) -> list[str]:
    """What the section of downloads says, link by link."""
    return [
        " ".join(link.get_text().split())
        for link in soup(client.get(address)).select("section[aria-labelledby=downloads] a")
    ]


@in_both_places
def test_a_document_is_offered_with_its_size(client, factory, name, path):
    record = factory(slug="opening")
    record.documents.add(DocumentFactory(title_en="Master plan", file="documents/ab/plan.pdf"))

    page = soup(client.get(f"/en{path}"))

    link = page.select_one("section[aria-labelledby=downloads] a")
    assert link["href"].endswith("documents/ab/plan.pdf")
    assert "Master plan (PDF, 2.0\xa0KB)" in link.get_text()
    assert page.find(id="downloads").get_text() == "Downloads"


@in_both_places
def test_its_title_is_in_the_language_of_the_page(client, factory, name, path):
    record = factory(slug="opening")
    record.documents.add(DocumentFactory(title_en="Plan", title_zh_hans="规划"))

    assert "规划" in downloads(client, f"/zh-hans{path}")[0]
    assert "Plan" in downloads(client, f"/en{path}")[0]


@in_both_places
def test_without_documents_there_is_no_such_section(client, factory, name, path):
    factory(slug="opening")

    assert "Downloads" not in text(client.get(f"/en{path}"))


@in_both_places
def test_any_number_of_documents_costs_the_same(client, factory, name, path):
    record = factory(slug="opening")
    record.documents.add(DocumentFactory())
    one = queries(client, f"/en{path}")
    record.documents.add(DocumentFactory(), DocumentFactory())
    three = queries(client, f"/en{path}")

    assert len(one) == len(three) <= 8, "\n".join(three)
    assert sum("library_document" in query for query in three) == 1


@in_both_places
def test_an_editor_attaches_a_document(client, factory, name, path):
    client.force_login(member("Publisher"), "staff.backends.StaffBackend")
    record, document = factory(slug="opening"), DocumentFactory(title_en="Plan")
    address = reverse(f"admin:{name}_change", args=[record.pk])
    data = filled(client.get(address), f"{name.partition('_')[2]}_form")

    answer = client.post(address, data | {"documents": [document.pk]})

    assert answer.status_code == 302
    assert list(record.documents.all()) == [document]


@in_both_places
def test_a_page_that_is_stored_loses_a_document_that_is_deleted(client, factory, name, path):
    record, document = factory(slug="opening"), DocumentFactory()
    record.documents.add(document)
    assert downloads(client, f"/en{path}")
    client.force_login(member("Administrator"), "staff.backends.StaffBackend")

    address = reverse("admin:library_document_delete", args=[document.pk])
    answer = client.post(address, {"post": "yes"})

    assert answer.status_code == 302
    assert not Document.objects.exists()
    assert downloads(client, f"/en{path}") == []
