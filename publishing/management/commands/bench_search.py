"""``manage.py bench_search``: what a search costs among many generated documents."""

from __future__ import annotations

import os
import random
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

from publishing.search.index import write_texts
from publishing.search.query import parse_query
from publishing.search.results import Sort, find
from publishing.search_models import SearchEntry, SearchText

KINDS = ("post", "post", "post", "project", "project", "park", "page", "history")
ENGLISH = """
    industrial park investment battery vehicle electronics manufacturing supply chain land water
    power logistics expressway factory project signed construction production line component
    material chemical food aluminium region district officer growth export technology research
"""
CHINESE = """
    园区 项目 投资 招商引资 新能源 汽车 电子 制造 产业 集聚区 土地 供水 供电 物流
    高速公路 工厂 签约 开工 投产 零部件 新材料 化工 食品 铝业 区域 增长 出口 技术
    研发 企业 建设 服务 政策 肇庆 高要 四会 广宁
"""
#: Chinese and English; the first stands in every document, the second in 2 %.
ENDING = ("各条都有园区一词。", " Every record has the word park.")
RARE_ENDING = ("本田（Honda）在肇庆设厂。", " Honda opened an office.")
QUERIES = (
    ("common Han word", "园区"),
    ("common word, Traditional", "園區"),
    ("one common character", "园"),
    ("four-character phrase", "招商引资"),
    ("two common words", "园区 投资"),
    ("rare word", "本田"),
    ("rare Latin word", "Honda"),
    ("mixed", "Honda 肇庆"),
    ("common Latin word", "park"),
    ("common stem", "electronic"),
    ("words apart (relaxed)", "本田园区"),
    ("nothing", "量子 zzzz"),
)
CHUNK = 1_000


class Command(BaseCommand):
    """Everything happens in one transaction that is rolled back: the index stays as it was."""

    help = "Report the cost of a search among generated documents, without leaving a trace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=int, default=20_000)
        parser.add_argument("--rounds", type=int, default=5)

    def handle(self, *args: Any, documents: int, rounds: int, **options: Any) -> None:
        with transaction.atomic():
            started = time.perf_counter()
            write_documents(documents)
            self.stdout.write(
                f"{documents} documents written on {connection.vendor} "
                f"in {time.perf_counter() - started:.1f} s; medians of {rounds} rounds"
            )
            self.stdout.write(f"{'query':28}{'found':>8}{'SQL':>5}{'CPU ms':>9}{'wall ms':>9}")
            for label, text in QUERIES:
                self.report(label, text, Sort.RELEVANCE, rounds)
            self.report("common word, newest first", "园区", Sort.NEWEST, rounds)
            transaction.set_rollback(True)

    def report(self, label: str, text: str, sort: Sort, rounds: int) -> None:
        """Print one line: the median cost of a search with its excerpts."""

        def run() -> int:
            return find(parse_query(text), "zh-hans", sort=sort).total

        with CaptureQueriesContext(connection) as queries:
            found = run()
        cpu, wall = zip(*(measured(run) for _ in range(rounds)), strict=True)
        self.stdout.write(
            f"{label:28}{found:8}{len(queries):5}"
            f"{statistics.median(cpu):9.1f}{statistics.median(wall):9.1f}"
        )


def measured(run: Callable[[], Any]) -> tuple[float, float]:
    """CPU and wall time of a call in ms. CPU includes a PostgreSQL server on this machine."""
    server, own, wall = server_seconds(), time.process_time(), time.perf_counter()
    run()
    return (
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


def write_documents(number: int) -> None:
    """Entries of invented records, a third in each language; 2 % have the rare words."""
    content_type = ContentType.objects.get_for_model(ContentType)
    documents = documents_of(number, content_type)
    while texts := list(islice(documents, CHUNK)):
        write_texts(texts)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE publishing_searchentry, publishing_searchtext")


def documents_of(number: int, content_type: ContentType) -> Iterator[SearchText]:
    """The same documents at every run."""
    choose = random.Random(20221013)  # noqa: S311 - not a secret
    traditional = opencc.OpenCC("s2hk")
    for nth in range(number):
        record, language = nth // 3, ("en", "zh-hans", "zh-hant")[nth % 3]
        title, summary, body = (
            text_of(choose, is_english=language == "en", words=words) for words in (6, 25, 250)
        )
        body += ENDING[language == "en"]
        if record % 50 == 0:
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


def text_of(choose: random.Random, *, is_english: bool, words: int) -> str:
    """Words in chance order; every tenth is invented, so that the vocabulary grows as it does."""
    vocabulary = (ENGLISH if is_english else CHINESE).split()
    first, last, length = ("a", "z", 5) if is_english else ("一", "傀", 2)
    parts = choose.choices(vocabulary, k=words)
    for place in range(0, words, 10):
        parts[place] = "".join(chr(choose.randint(ord(first), ord(last))) for _ in range(length))
    if is_english:
        return " ".join(parts)
    return "，".join("".join(parts[place : place + 3]) for place in range(0, words, 3))
