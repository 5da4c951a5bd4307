"""What the starter files hold: which model each fills, and how its rows are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import models

from core.models import Contact, Source
from inquiries.models import AnswerBlock
from investment.models import Indicator, Project, ProjectMilestone, Statistic
from news.models import Post, Topic
from parks.models import ChainLink, District, Industry, Park, ParkPoint, TransportLink
from portal.models import HistoryEvent, MenuItem, Page

STARTER_FOLDER = Path(__file__).parent / "starter"


class StarterError(Exception):
    """A starter file that cannot be loaded; says which file, which record and why."""


def _by(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: str(row[name])


def _statistic_key(row: dict[str, Any]) -> str:
    place = row.get("district") or row.get("park")
    return "/".join(
        str(row[name]) if name != "place" else str(place)
        for name in ("indicator", "place", "period_start", "period_end", "kind")
    )


@dataclass(frozen=True)
class Inline:
    """Rows that belong to a record: ``points:`` of a park."""

    model: type[models.Model]
    link: str


@dataclass(frozen=True)
class StarterFile:
    """One YAML file: a list of records of one model."""

    name: str
    model: type[models.Model]
    key: Callable[[dict[str, Any]], str]
    lookup: str | None = None
    inlines: dict[str, Inline] = field(default_factory=dict)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The records of the file. Raises ``StarterError`` if it is no list of mappings."""
        path = STARTER_FOLDER / f"{self.name}.yaml"
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=YamlLoader)  # noqa: S506
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise StarterError(f"{path.name}: expected a list of records")
        yield from rows


#: The C loader is ten times as fast, where PyYAML was built with it. Both are safe loaders.
YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: In the order of loading: what is referred to comes first.
STARTER_FILES = (
    StarterFile("sources", Source, _by("key"), "key"),
    StarterFile("contacts", Contact, _by("key"), "key"),
    StarterFile("districts", District, _by("slug"), "slug"),
    StarterFile(
        "industries", Industry, _by("slug"), "slug", {"chain": Inline(ChainLink, "industry")}
    ),
    StarterFile(
        "parks",
        Park,
        _by("slug"),
        "slug",
        {"points": Inline(ParkPoint, "park"), "transport": Inline(TransportLink, "park")},
    ),
    StarterFile(
        "projects",
        Project,
        _by("slug"),
        "slug",
        {"milestones": Inline(ProjectMilestone, "project")},
    ),
    StarterFile("indicators", Indicator, _by("slug"), "slug"),
    StarterFile("statistics", Statistic, _statistic_key),
    StarterFile("topics", Topic, _by("slug"), "slug"),
    StarterFile("posts", Post, _by("slug"), "slug"),
    StarterFile("history", HistoryEvent, _by("slug"), "slug"),
    StarterFile("pages", Page, _by("slug"), "slug"),
    StarterFile("answers", AnswerBlock, lambda row: str(row["title"]["en"])),
    StarterFile("menu", MenuItem, lambda row: f"{row['menu']}/{row['order']}"),
)
