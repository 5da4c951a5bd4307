"""Measures pages in this process: queries, CPU time and bytes of each page type.

CPU time of the process, not the clock: other work on the machine disturbs it least. "Cold" means
that no finished piece of a page is stored, "warm" that the same page was asked for before, and
"edited" that a post was edited since (on the pages of news: a project). That is what a visitor
meets behind the page cache, which keeps whole pages by itself.
"""

from __future__ import annotations

import gzip
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from django.db import connection, models
from django.test import Client

from core.languages import LANGUAGE_CODES, column
from core.table_statistics import renew_table_statistics
from investment.models import Project, ProjectMilestone
from news.models import Post
from publishing.fragments import forget_everything
from publishing.invented_texts import invented_text, same_choices
from publishing.page_cache.ticket import NAME, Ticket
from publishing.search.index import index_records
from publishing.versions import renew_content_version

#: One address of each page type.
PAGES = (
    "/en/",
    "/en/parks/",
    "/en/parks/?industry=electronic-information",
    "/zh-hans/parks/zhaoqing-high-tech-zone/",
    "/en/industries/",
    "/en/industries/new-energy-vehicles/",
    "/en/projects/",
    "/en/projects/?status=production&page=3",
    "/zh-hant/projects/catl-ruiqing/",
    "/en/statistics/",
    "/en/news/",
    "/zh-hans/news/?page=7",
    "/en/news/development-history-of-the-cluster/",
    "/en/history/",
    "/en/contact/",
    "/en/about/",
    "/en/search/?q=electronics",
    "/zh-hans/search/?q=园区",
    "/en/inquiry/",
)
REPEATS = 9
#: Copies that are in memory together.
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one page costs. Times are medians of CPU milliseconds."""

    address: str
    status: int
    cold_queries: int
    edited_queries: int
    warm_queries: int
    cold_ms: float
    edited_ms: float
    warm_ms: float
    gzip_bytes: int


def grow(model: type[models.Model], count: int, *, own_words: bool = False) -> None:
    """Copy the rows of ``model`` until there are ``count``; copies are indexed for search too.

    With ``own_words`` copies are about something else, so that rare words stay rare.
    """
    choose = same_choices()
    originals = list(model.objects.order_by("pk"))
    copies = (
        unsaved_copy(original, number, choose if own_words else None)
        for number, original in enumerate(islice(cycle(originals), count - len(originals)))
    )
    while some := list(islice(copies, AT_ONCE)):
        index_records(model.objects.bulk_create(some, batch_size=200))


def unsaved_copy(original: models.Model, number: int, choose: random.Random | None) -> models.Model:
    """A new record like ``original`` under a slug of its own; with ``choose``, in other words."""
    record = copy(original)
    record.pk = None
    record._state.adding = True
    record.slug = f"{original.slug[:60]}-{number}"
    if choose:
        give_words(record, choose)
    return record


def give_words(record: models.Model, choose: random.Random) -> None:
    """Invented words for all that is searched, in every language that the record has it in."""
    lengths = {record.title_field: 6, "summary": 20} | dict.fromkeys(record.search_body, 4)
    for field, words in (lengths | {"body": 40}).items():
        for language in LANGUAGE_CODES:
            if getattr(record, column(field, language)):
                text = invented_text(choose, is_english=language == "en", words=words)
                setattr(record, column(field, language), text)


def generate_content(projects: int = 2000, posts: int = 2000, *, own_words: bool = False) -> None:
    """Add projects (with a milestone each) and posts to the starter content."""
    grow(Project, projects, own_words=own_words)
    grow(Post, posts, own_words=own_words)
    without = Project.objects.filter(milestones=None).exclude(stage="")
    ProjectMilestone.objects.bulk_create(
        [
            ProjectMilestone(project=project, kind=project.stage, date=project.stage_date)
            for project in without
        ],
        batch_size=200,
    )
    renew_content_version()
    renew_table_statistics()


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The SQL of every query in the block."""
    queries: list[str] = []

    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield queries


def measure(client: Client, address: str) -> Measurement:
    """Ask for ``address`` cold and warm, and report medians."""
    client.get(address)  # compile templates, import what is imported late
    cold_ms = [_cpu_ms(client, address, _forget) for _ in range(REPEATS)]
    warm_ms = [_cpu_ms(client, address) for _ in range(REPEATS)]
    _forget()
    with counted_queries() as cold_queries:
        response = client.get(address)
    with counted_queries() as warm_queries:
        client.get(address)
    elsewhere = Project if "/news/" in address else Post

    def edit() -> None:
        renew_content_version([elsewhere])

    behind_cache = {NAME: Ticket()}
    _forget()
    client.get(address, **behind_cache)
    edited_ms = [_cpu_ms(client, address, edit, **behind_cache) for _ in range(REPEATS)]
    edit()
    with counted_queries() as edited_queries:
        client.get(address, **behind_cache)
    return Measurement(
        address=address,
        status=response.status_code,
        cold_queries=len(cold_queries),
        edited_queries=len(edited_queries),
        warm_queries=len(warm_queries),
        cold_ms=statistics.median(cold_ms),
        edited_ms=statistics.median(edited_ms),
        warm_ms=statistics.median(warm_ms),
        gzip_bytes=len(gzip.compress(response.content)),
    )


def _forget() -> None:
    forget_everything()


def _cpu_ms(
    client: Client, address: str, prepare: Callable[[], None] | None = None, **environ: Any
) -> float:
    if prepare:
        prepare()
    start = time.process_time()
    client.get(address, **environ)
    return (time.process_time() - start) * 1000
