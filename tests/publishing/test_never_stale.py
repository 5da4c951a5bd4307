"""Whatever is edited, a page from the store is the same as a page made from nothing.

For every model of the content: a row of it is edited, then deleted. After each, every kind of page
is asked for as visitors would find it, and once more with an empty store.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.test import Client
from django.utils import timezone

from core.intake_models import BlockedSender, Heartbeat, RateWindow
from core.models import Citation, SiteSettings, Source
from library.models import Rendition
from news.models import Post
from parks.models import Industry, Park
from portal.models import HistoryEvent, StarterRecord
from publishing.fragments import forget_everything
from publishing.models import Publishable, Status
from publishing.versions import CONTENT_APPS
from tests.factories import (
    ChainLinkFactory,
    CitationFactory,
    ContactFactory,
    DocumentFactory,
    HistoryEventFactory,
    ImageFactory,
    IndustryFactory,
    MenuItemFactory,
    MilestoneFactory,
    PageFactory,
    ParkFactory,
    ParkImageFactory,
    ParkPointFactory,
    PostFactory,
    ProjectFactory,
    QuestionFactory,
    SourceFactory,
    StatisticFactory,
    TopicFactory,
    TransportLinkFactory,
)
from tests.reading import LANGUAGES

pytestmark = pytest.mark.django_db

PAGES = (
    "",
    "parks/",
    "parks/lingang/",
    "industries/vehicles/",
    "projects/",
    "projects/?industry=vehicles&utm_source=x",
    "projects/plant/",
    "statistics/",
    "news/",
    "news/2024/",
    "news/opening/",
    "history/",
    "contact/",
    "about/",
    "search/?q=opening",
    "inquiry/?park=lingang",
)
#: What no visitor sees.
UNSEEN = {BlockedSender, Heartbeat, RateWindow, StarterRecord}
MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in CONTENT_APPS and model not in UNSEEN and not model._meta.proxy
]


@pytest.fixture
def content() -> None:
    """A row of each model, linked to whatever it may be linked to."""
    contact = ContactFactory(source=SourceFactory())
    site = SiteSettings.current()
    site.contact = contact
    site.save()
    image = ImageFactory()
    Rendition.objects.create(
        image=image, format="webp", width=480, height=270, file="library/picture-480.webp"
    )
    industry = IndustryFactory(slug="vehicles")
    ChainLinkFactory(industry=industry, source=SourceFactory())
    park = ParkFactory(
        slug="lingang",
        longitude=Decimal("112.6"),
        latitude=Decimal("23.1"),
        officer=ContactFactory(),
        planned_area=Decimal(900_000),
    )
    park.industries.add(industry)
    ParkPointFactory(park=park, source=SourceFactory())
    TransportLinkFactory(park=park, source=SourceFactory())
    ParkImageFactory(park=park, image=image)
    project = ProjectFactory(
        slug="plant",
        park=park,
        district=park.district,
        industry=industry,
        promised_investment=Decimal(10_000_000),
    )
    ProjectFactory(slug="second-plant", park=park, industry=industry)
    MilestoneFactory(project=project, source=SourceFactory())
    for record, field in ((park, "planned_area"), (project, "promised_investment")):
        CitationFactory(record=record, field=field)
    topic = TopicFactory(slug="cluster")
    PostFactory(slug="earlier", topic=topic)
    post = PostFactory(
        slug="opening", title_en="Opening", topic=topic, image=image, source=SourceFactory()
    )
    for rows, row in ((post.parks, park), (post.projects, project), (post.industries, industry)):
        rows.add(row)
    post.documents.add(DocumentFactory())
    QuestionFactory(post=post, answered_by=ContactFactory())
    MenuItemFactory(page=PageFactory(slug="about"), address="")
    StatisticFactory(headline_order=1, district=park.district)
    StatisticFactory(park=park, district=None)
    HistoryEventFactory(park=park, project=project)


def pages(client: Client, language: str) -> dict[str, tuple[int, bytes]]:
    """Status and text of every page; what a form makes anew each time is not compared."""
    found = {}
    for page in PAGES:
        response = client.get(f"/{language}/{page}")
        body = response.content.partition(b"<form")[0] if "inquiry/" in page else response.content
        found[page] = (response.status_code, body)
    return found


def empty_the_store() -> None:
    forget_everything()


def differences(client: Client, language: str) -> list[str]:
    """Pages that differ when nothing is kept. Afterwards everything is kept."""
    kept = pages(client, language)
    empty_the_store()
    fresh = pages(client, language)
    return [page for page in PAGES if kept[page] != fresh[page]]


def edit(row: models.Model) -> None:
    """Change every text, number and date of ``row`` that its rules let be changed."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.choices or not field.editable or field.unique or field.primary_key:
            continue
        if isinstance(field, models.CharField | models.TextField) and field.name.endswith("_en"):
            setattr(row, field.attname, f"Edited {field.name}"[: field.max_length])
        elif isinstance(field, models.DecimalField) and value:
            setattr(row, field.attname, value + 1)
        elif isinstance(field, models.DateField) and isinstance(value, date):
            setattr(row, field.attname, value + timedelta(days=1))
    row.save()


def delete(row: models.Model) -> None:
    """Delete ``row``, unless others need it."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        pass


@pytest.mark.parametrize("change", [edit, delete])
def test_no_page_is_stale_after_a_change_of_any_row(
    client, content, change: Callable[[models.Model], None]
):
    languages = cycle(LANGUAGES)
    for language in LANGUAGES:
        pages(client, language)
    for model in MODELS:
        row = model._default_manager.order_by("pk").first()
        if row is None:
            assert change is delete, f"{model} has no row to be edited"
            continue
        change(row)
        assert differences(client, next(languages)) == [], f"{change.__name__} {model.__name__}"


def links() -> Iterator[tuple[str, Callable[[], object]]]:
    """Changes that save no row of the record that shows them."""
    yield "unlink an industry", lambda: Park.objects.get(slug="lingang").industries.clear()
    yield "unlink parks", lambda: Post.objects.get(slug="opening").parks.clear()
    yield "link again", lambda: Post.objects.get(slug="earlier").parks.set(Park.objects.all())
    yield "a source of a citation", lambda: edit(Source.objects.get(pk=_cited_source()))
    yield "a new citation", lambda: CitationFactory(record=_park(), field="available_area")
    yield "a new post", lambda: PostFactory(is_featured=True, date=date(2024, 9, 1))
    yield "a new menu entry", lambda: MenuItemFactory(page=PageFactory(), address="")
    yield "a draft", lambda: _set_status(Industry.objects.get(slug="vehicles"), Status.DRAFT)
    yield "public again", lambda: _set_status(_industry(), Status.PUBLISHED)
    yield "a park taken down", lambda: _set_status(_park(), Status.ARCHIVED)


def _park() -> Park:
    return Park.objects.get(slug="lingang")


def _industry() -> Industry:
    return Industry.objects.get(slug="vehicles")


def _cited_source() -> int:
    return Citation.objects.order_by("pk").values_list("source", flat=True)[0]


def _set_status(record: Publishable, status: Status) -> None:
    record.status = status
    record.save()


def test_no_page_is_stale_after_a_change_of_links(client, content):
    for language in LANGUAGES:
        pages(client, language)
    for (name, change), language in zip(links(), cycle(LANGUAGES), strict=False):
        change()
        assert differences(client, language) == [], name


def test_no_page_comes_back_from_before_a_moment_that_has_passed(client, content):
    """The moment leaves the list of moments with the next edit, as if it had never been."""
    soon = timezone.now() + timedelta(minutes=5)
    post = Post.objects.get(slug="opening")
    post.unpublish_at = soon
    post.save()
    pages(client, "en")
    with time_machine.travel(soon + timedelta(seconds=1), tick=False):
        edit(HistoryEvent.objects.get())
        assert differences(client, "en") == []
        assert client.get("/en/news/opening/").status_code == 404
