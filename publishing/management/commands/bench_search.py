"""``manage.py bench_search``: what a search costs among many generated documents."""

from __future__ import annotations

import os
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import opencc
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from publishing.invented_texts import invented_text, same_choices
from publishing.search.index import write_texts
from publishing.search.query import parse_query
from publishing.search.results import Sort, find
from publishing.search_models import SearchEntry, SearchText

KINDS = ("post", "post", "post", "project", "project", "park", "page", "history")
#: Chinese and English; the first stands in every document, the second in one of
#: five hundred.
ENDING = ("各条都有园区一词。", " Every record has the word park.")
RARE_ENDING = ("本田（Honda）在肇庆设厂。", " Honda opened an office.")
QUERIES = (
    ("rare word", "本田"),
    ("rare Latin word", "Honda"),
    ("mixed", "Honda 肇庆"),
    ("one rare character", "田"),
    ("one common character", "园"),
    ("two characters", "园区"),
    ("two characters, Traditional", "園區"),
    ("three characters", "新能源"),
    ("four-character phrase", "招商引资"),
    ("phrase of common words", "园区投资"),
    ("two common words", "园区 投资"),
    ("common Latin word", "park"),
    ("common stem", "electronic"),
    ("words apart (relaxed)", "本田园区"),
    ("beginning (relaxed)", "Hond"),
    ("nothing", "量子 zzzz"),
)
CHUNK = 1_000


class Command(BaseCommand):
    """Everything happens in one transaction that is rolled back: the index stays as it was."""

    help = "Report the cost of a search among generated documents, without leaving a trace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=int, default=20_000)
        parser.add_argument("--words", type=int, default=250, help="of a body")
        parser.add_argument("--rounds", type=int, default=5)

    def handle(self, *args: Any, documents: int, words: int, rounds: int, **options: Any) -> None:
        with transaction.atomic():
            started = time.perf_counter()
            write_documents(documents, words)
            self.stdout.write(
                f"{documents} documents written on {connection.vendor} "
                f"in {time.perf_counter() - started:.1f} s; medians of {rounds} rounds"
            )
            self.stdout.write(
                f"{'query':28}{'found':>8}{'SQL':>5}{'SQL ms':>9}{'CPU ms':>9}{'wall ms':>9}"
            )
            for label, text in QUERIES:
                self.report(label, text, Sort.RELEVANCE, rounds)
            for label, text in (("common word", "园区"), ("common Latin word", "park")):
                self.report(f"{label}, newest first", text, Sort.NEWEST, rounds)
            transaction.set_rollback(True)

    def report(self, label: str, text: str, sort: Sort, rounds: int) -> None:
        """Print one line: the median cost of a search with its excerpts."""

        def run() -> str:
            found = find(parse_query(text), "zh-hans", sort=sort)
            return f"{found.total}{'+' * found.is_part}"

        with CaptureQueriesContext(connection) as queries:
            found = run()
        times = zip(*(measured(run) for _ in range(rounds)), strict=True)
        figures = "".join(f"{statistics.median(found):9.1f}" for found in times)
        self.stdout.write(f"{label:28}{found:>8}{len(queries):5}{figures}")


def measured(run: Callable[[], Any]) -> tuple[float, float, float]:
    """Time in statements, CPU and wall time of a call in ms. CPU includes a PostgreSQL server on
    this machine."""
    statements = 0.0

    def clock(execute, sql, params, many, context):
        nonlocal statements
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements += time.perf_counter() - begun

    server, own, wall = server_seconds(), time.process_time(), time.perf_counter()
    with connection.execute_wrapper(clock):
        run()
    return (
        statements * 1000,
        (time.process_time() - own + server_seconds() - server) * 1000,
        (time.perf_counter() - wall) * 1000,
    )


def server_seconds() -> float:
    """CPU seconds of this connection's PostgreSQL process so far, to 10 ms; 0 if not known."""
    if connection.vendor != "postgresql":
        return 0.0
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_documents(number: int, words: int) -> None:
    """Entries of invented records, a third in each language; few have the rare words."""
    content_type = ContentType.objects.get_for_model(ContentType)
    documents = documents_of(number, words, content_type)
    while texts := list(islice(documents, CHUNK)):
        write_texts(texts)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE publishing_searchentry, publishing_searchtext")


def documents_of(number: int, length: int, content_type: ContentType) -> Iterator[SearchText]:
    """The same documents at every run."""
    choose = same_choices()
    traditional = opencc.OpenCC("s2hk")
    for nth in range(number):
        record, language = nth // 3, ("en", "zh-hans", "zh-hant")[nth % 3]
        title, summary, body = (
            invented_text(choose, is_english=language == "en", words=words)
            for words in (6, 25, length)
        )
        body += ENDING[language == "en"]
        if record % 500 == 0:
            body += RARE_ENDING[language == "en"]
        if language == "zh-hant":
            title, summary, body = map(traditional.convert, (title, summary, body))
        entry = SearchEntry(
            content_type=content_type,
            object_id=10_000_000 + record,
            language=language,
            kind=KINDS[record % len(KINDS)],
            status="published",
            date=f"{2012 + record % 14}-{record % 12 + 1:02}-{record % 28 + 1:02}",
            path=f"/generated/{record}/",
        )
        yield SearchText(entry=entry, title=title, summary=summary, body=body)
