"""One record of each kind, with as little in it as its rules allow."""

import datetime
import itertools
from collections.abc import Callable
from decimal import Decimal

from core.models import BlockedSender, Contact, SiteSettings, Source
from investment.models import Indicator, Project, Statistic
from library.models import Document, Image
from news.models import Post, Question, Topic
from parks.models import District, Industry, Park
from portal.models import HistoryEvent, MenuItem, Page
from publishing.models import Redirect

numbers = itertools.count(1)


def source(**values: object) -> Source:
    key = f"source-{next(numbers)}"
    return Source.objects.create(**{"key": key, "publisher_en": "Bureau", **values})


def contact(**values: object) -> Contact:
    key = f"contact-{next(numbers)}"
    defaults = {"key": key, "organisation_en": "Office", "email": "desk@example.org"}
    return Contact.objects.create(**{**defaults, **values})


def blocked_sender(**values: object) -> BlockedSender:
    value = f"blocked-{next(numbers)}.example"
    return BlockedSender.objects.create(**{"kind": "domain", "value": value, **values})


def district(**values: object) -> District:
    return District.objects.create(
        **{"slug": f"district-{next(numbers)}", "name_en": "Dinghu", **values}
    )


def industry(**values: object) -> Industry:
    return Industry.objects.create(
        **{"slug": f"industry-{next(numbers)}", "name_zh_hans": "电子信息", **values}
    )


def park(**values: object) -> Park:
    values.setdefault("district", district())
    return Park.objects.create(
        **{"slug": f"park-{next(numbers)}", "name_zh_hans": "临港产业园", **values}
    )


def project(**values: object) -> Project:
    values.setdefault("industry", industry())
    defaults = {
        "slug": f"project-{next(numbers)}",
        "name_zh_hans": "电池项目",
        "consent": "public_source",
    }
    return Project.objects.create(**{**defaults, **values})


def indicator(**values: object) -> Indicator:
    defaults = {
        "slug": f"indicator-{next(numbers)}",
        "name_zh_hans": "地区生产总值",
        "unit": "yuan",
    }
    return Indicator.objects.create(**{**defaults, **values})


def statistic(**values: object) -> Statistic:
    year = 1900 + next(numbers)
    for name, make in (("indicator", indicator), ("district", district), ("source", source)):
        if name not in values:
            values[name] = make()
    defaults = {
        "period_start": datetime.date(year, 1, 1),
        "period_end": datetime.date(year, 12, 31),
        "value": Decimal(7_635_000_000),
    }
    return Statistic.objects.create(**{**defaults, **values})


def topic(**values: object) -> Topic:
    return Topic.objects.create(
        **{"slug": f"topic-{next(numbers)}", "name_en": "Projects", **values}
    )


def post(**values: object) -> Post:
    values.setdefault("topic", topic())
    return Post.objects.create(
        **{"slug": f"post-{next(numbers)}", "title_zh_hans": "项目开工", **values}
    )


def question(**values: object) -> Question:
    values.setdefault("post", post())
    return Question.objects.create(**{"text": "Is there a railway?", "language": "en", **values})


def page(**values: object) -> Page:
    return Page.objects.create(
        **{"slug": f"page-{next(numbers)}", "title_zh_hans": "关于我们", **values}
    )


def menu_item(**values: object) -> MenuItem:
    return MenuItem.objects.create(**{"label_en": "Parks", "address": "/parks/", **values})


def history_event(**values: object) -> HistoryEvent:
    values.setdefault("source", source())
    defaults = {"slug": f"event-{next(numbers)}", "date": "2012-10", "title_zh_hans": "新区成立"}
    return HistoryEvent.objects.create(**{**defaults, **values})


def redirect(**values: object) -> Redirect:
    defaults = {"old_path": f"/old-{next(numbers)}/", "new_path": "/parks/"}
    return Redirect.objects.create(**{**defaults, **values})


def image(**values: object) -> Image:
    return Image.objects.create(**{"title": "Crags", "alt_en": "Crags above a lake", **values})


def document(**values: object) -> Document:
    return Document.objects.create(**{"title": "Rules", "language": "en", **values})


def site_settings() -> SiteSettings:
    return SiteSettings.get_solo()


#: How to make one record of each model at the desk.
MAKERS: dict[str, Callable] = {
    "core.blockedsender": blocked_sender,
    "core.contact": contact,
    "core.source": source,
    "core.sitesettings": site_settings,
    "investment.indicator": indicator,
    "investment.project": project,
    "investment.statistic": statistic,
    "library.document": document,
    "library.image": image,
    "news.post": post,
    "news.question": question,
    "news.topic": topic,
    "parks.district": district,
    "parks.industry": industry,
    "parks.park": park,
    "portal.historyevent": history_event,
    "portal.menuitem": menu_item,
    "portal.page": page,
    "publishing.redirect": redirect,
}
