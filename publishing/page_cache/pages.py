"""What is kept of a page, and the store that keeps the pages of one process."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock

import brotli

from publishing.page_cache.ticket import Kept
from publishing.table_reads import Statement
from publishing.versions import EVERYTHING, Content

Headers = list[tuple[str, str]]

GZIP_LEVEL = 9
#: The best one, 11, takes longer than making the page.
BROTLI_QUALITY = 5
HEADERS_WEIGHT = 4000
STATEMENT_WEIGHT = 200
#: What the store sets itself, or what belongs to one answer only.
OWN_HEADERS = frozenset(
    {"content-encoding", "content-length", "etag", "vary", "date", "x-request-id"}
)
#: Browsers keep a copy and ask each time whether it still holds: a 304 costs next to nothing.
ASK_AGAIN = "public, max-age=0, must-revalidate"


class Page:
    """One finished answer, compressed. Other encodings than gzip are made when asked for."""

    __slots__ = (
        "_answers",
        "_common",
        "_digest",
        "_good_for",
        "_packed",
        "_stamp",
        "_tables",
        "evidence",
        "lasts_until",
        "statements",
        "weight",
    )

    def __init__(self, kept: Kept, headers: Iterable[tuple[str, str]], lasts_until: float) -> None:
        """``lasts_until``, in seconds since 1970: the next moment at which a schedule may take
        this page away. Not even an outage of the database lets it be shown longer."""
        self.lasts_until = lasts_until
        self._tables, self._stamp = kept.tables, kept.stamp
        #: What was read for it, if all of that can be read again; until there is evidence.
        self.statements = kept.statements if all(one.sql for one in kept.statements) else ()
        #: Digests of what the statements gave.
        self.evidence: dict[Statement, bytes] | None = None
        #: The content for which it was last found to be current.
        self._good_for: Content | None = None
        self._digest = hashlib.sha256(kept.body).hexdigest()[:24]
        self._packed = gzip.compress(kept.body, GZIP_LEVEL, mtime=0)
        #: Bytes in memory, nearly: two compressed forms and their headers, and the evidence.
        self.weight = (
            2 * len(self._packed) + HEADERS_WEIGHT + STATEMENT_WEIGHT * len(self.statements)
        )
        self._common = [pair for pair in headers if pair[0].lower() not in OWN_HEADERS]
        if not any(name.lower() == "cache-control" for name, _value in self._common):
            self._common.append(("Cache-Control", ASK_AGAIN))
        self._common.append(("Vary", "Accept-Encoding"))
        self._answers = {"gzip": self._make("gzip")}

    def is_current(self, content: Content) -> bool:
        """Whether nothing that the page was made from has changed. Compared once a change."""
        if self._good_for is not content:
            if not self.is_of(content):
                return False
            self._good_for = content
        return True

    def is_of(self, content: Content) -> bool:
        """Whether all tables behind the page are the same in ``content``."""
        return content.stamp(self._tables) == self._stamp

    def changed_tables(self, content: Content) -> frozenset[str] | None:
        """Those of the page's tables that are others in ``content``; None if all may be."""
        if EVERYTHING in self._tables:
            return None
        now = content.stamp(self._tables)
        common = len(now) - len(self._tables)
        if now[:common] != self._stamp[:common]:
            return None
        pairs = zip(self._tables, self._stamp[common:], now[common:], strict=True)
        return frozenset(table for table, before, after in pairs if before != after)

    def confirm(self, content: Content, lasts_until: float) -> None:
        """The page is just as it would be made for ``content``."""
        self.lasts_until = lasts_until
        self._stamp, self._good_for = content.stamp(self._tables), content

    def etag(self, encoding: str) -> str:
        """Strong: another encoding is another sequence of bytes."""
        return f'"{self._digest}-{encoding}"'

    def answer(self, encoding: str) -> tuple[Headers, bytes]:
        """Headers and body for ``"br"``, ``"gzip"`` or ``"identity"``."""
        found = self._answers.get(encoding)
        if found is None:
            found = self._make(encoding)
            # Nearly nobody asks for the long form, and unpacking it takes a tenth of a millisecond.
            if encoding != "identity":
                self._answers[encoding] = found
        return found

    def unchanged(self, encoding: str) -> Headers:
        """Headers of a 304."""
        return [
            *((name, value) for name, value in self._common if name.lower() != "content-type"),
            ("ETag", self.etag(encoding)),
        ]

    def _make(self, encoding: str) -> tuple[Headers, bytes]:
        headers = [*self._common, ("ETag", self.etag(encoding))]
        if encoding == "gzip":
            body = self._packed
        else:
            body = gzip.decompress(self._packed)
            if encoding == "br":
                body = brotli.compress(body, quality=BROTLI_QUALITY)
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        return [*headers, ("Content-Length", str(len(body)))], body


class PageStore:
    """The pages that were asked for last, within ``most_bytes``."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.pages: OrderedDict[Hashable, Page] = OrderedDict()
        self.bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> Page | None:
        """Whatever was kept last under ``key``, of whichever state."""
        page = self.pages.get(key)
        if page is not None:
            # Another thread may have thrown it out meanwhile: it is good all the same.
            with contextlib.suppress(KeyError):
                self.pages.move_to_end(key)
        return page

    def keep(self, key: Hashable, page: Page) -> None:
        """Put ``page`` in the place of an older one; others give way, the least used first."""
        with self._lock:
            self._drop(key)
            self.pages[key] = page
            self.bytes += page.weight
            while self.bytes > self.most_bytes and self.pages:
                self._drop(next(iter(self.pages)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self.pages.clear()
            self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.bytes -= page.weight
