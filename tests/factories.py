"""Records for tests: as little in them as their rules allow, published unless a test says else.

Texts are in English only, so that every other language has to fall back to them.
"""

import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from core.models import Citation, Contact, Source
from core.partial_dates import PartialDate
from investment.models import Indicator, Project, ProjectMilestone, Stage, Statistic
from library.models import Document, Image
from news.models import Post, Question, Topic
from parks.models import (
    ChainLink,
    District,
    Industry,
    Park,
    ParkImage,
    ParkPoint,
    TransportLink,
)
from portal.models import HistoryEvent, MenuItem, Page
from publishing.models import Redirect, Status


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda number: f"source-{number}")
    publisher_en = "Bureau of Statistics"


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    key = factory.Sequence(lambda number: f"contact-{number}")
    organisation_en = factory.Sequence(lambda number: f"Office {number}")
    email = "desk@example.org"


class CitationFactory(DjangoModelFactory):
    """Give ``record`` and ``field``."""

    class Meta:
        model = Citation

    source = factory.SubFactory(SourceFactory)


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = District

    slug = factory.Sequence(lambda number: f"district-{number}")
    name_en = factory.Sequence(lambda number: f"District {number}")


class PublishedFactory(DjangoModelFactory):
    """Base: everything with an editorial state is public."""

    class Meta:
        abstract = True

    status = Status.PUBLISHED
    source_language = "en"


class IndustryFactory(PublishedFactory):
    class Meta:
        model = Industry

    slug = factory.Sequence(lambda number: f"industry-{number}")
    name_en = factory.Sequence(lambda number: f"Industry {number}")


class ChainLinkFactory(DjangoModelFactory):
    class Meta:
        model = ChainLink

    industry = factory.SubFactory(IndustryFactory)
    name_en = factory.Sequence(lambda number: f"Link {number}")


class ParkFactory(PublishedFactory):
    class Meta:
        model = Park

    slug = factory.Sequence(lambda number: f"park-{number}")
    name_en = factory.Sequence(lambda number: f"Park {number}")
    district = factory.SubFactory(DistrictFactory)


class ParkPointFactory(DjangoModelFactory):
    class Meta:
        model = ParkPoint

    park = factory.SubFactory(ParkFactory)
    kind = ParkPoint.Kind.STRENGTH
    text_en = factory.Sequence(lambda number: f"Point {number}")


class TransportLinkFactory(DjangoModelFactory):
    class Meta:
        model = TransportLink

    park = factory.SubFactory(ParkFactory)
    mode = TransportLink.Mode.PORT
    name_en = factory.Sequence(lambda number: f"Port {number}")
    distance_km = Decimal("12.5")


class ImageFactory(DjangoModelFactory):
    """A picture in the library; there is no file behind it."""

    class Meta:
        model = Image

    title = factory.Sequence(lambda number: f"Picture {number}")
    file = factory.Sequence(lambda number: f"library/picture-{number}.jpg")
    alt_en = "A quay with two cranes"
    width = 1600
    height = 900


class DocumentFactory(DjangoModelFactory):
    """A PDF in the library; there is no file behind it."""

    class Meta:
        model = Document

    title_en = factory.Sequence(lambda number: f"Document {number}")
    file = factory.Sequence(lambda number: f"documents/document-{number}.pdf")
    size = 2048


class ParkImageFactory(DjangoModelFactory):
    class Meta:
        model = ParkImage

    park = factory.SubFactory(ParkFactory)
    image = factory.SubFactory(ImageFactory)


class ProjectFactory(PublishedFactory):
    class Meta:
        model = Project

    slug = factory.Sequence(lambda number: f"project-{number}")
    name_en = factory.Sequence(lambda number: f"Project {number}")
    industry = factory.SubFactory(IndustryFactory)
    consent = Project.Consent.PUBLIC_SOURCE


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = ProjectMilestone

    project = factory.SubFactory(ProjectFactory)
    kind = Stage.SIGNED
    date = PartialDate(2022, 4)


class IndicatorFactory(PublishedFactory):
    class Meta:
        model = Indicator

    slug = factory.Sequence(lambda number: f"indicator-{number}")
    name_en = factory.Sequence(lambda number: f"Indicator {number}")
    unit = "yuan"


class StatisticFactory(DjangoModelFactory):
    """A figure of a district, each of another year."""

    class Meta:
        model = Statistic

    indicator = factory.SubFactory(IndicatorFactory)
    district = factory.SubFactory(DistrictFactory)
    period_start = factory.Sequence(lambda number: datetime.date(1000 + number, 1, 1))
    period_end = factory.LazyAttribute(lambda made: made.period_start.replace(month=12, day=31))
    value = Decimal(7_635_000_000)
    source = factory.SubFactory(SourceFactory)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda number: f"topic-{number}")
    name_en = factory.Sequence(lambda number: f"Topic {number}")


class PostFactory(PublishedFactory):
    class Meta:
        model = Post

    slug = factory.Sequence(lambda number: f"post-{number}")
    title_en = factory.Sequence(lambda number: f"Post {number}")
    topic = factory.SubFactory(TopicFactory)
    date = datetime.date(2024, 8, 6)


class QuestionFactory(DjangoModelFactory):
    """A question with its answer."""

    class Meta:
        model = Question

    post = factory.SubFactory(PostFactory)
    text = factory.Sequence(lambda number: f"Is there a railway {number}?")
    language = "en"
    status = Question.Status.PUBLISHED
    answer_en = "There is."
    answered_at = factory.LazyFunction(lambda: datetime.datetime(2024, 8, 7, tzinfo=datetime.UTC))


class PageFactory(PublishedFactory):
    class Meta:
        model = Page

    slug = factory.Sequence(lambda number: f"page-{number}")
    title_en = factory.Sequence(lambda number: f"Page {number}")


class MenuItemFactory(DjangoModelFactory):
    class Meta:
        model = MenuItem

    label_en = factory.Sequence(lambda number: f"Entry {number}")
    address = "/parks/"


class HistoryEventFactory(PublishedFactory):
    class Meta:
        model = HistoryEvent

    slug = factory.Sequence(lambda number: f"event-{number}")
    title_en = factory.Sequence(lambda number: f"Event {number}")
    date = PartialDate(2012, 10)
    source = factory.SubFactory(SourceFactory)


class RedirectFactory(DjangoModelFactory):
    class Meta:
        model = Redirect

    old_path = factory.Sequence(lambda number: f"/old-{number}/")
    new_path = "/parks/"
