"""What the statements behind kept pages gave: while it is the same, so is the page.

An edit of one post changes a table that nearly all pages read, and three of them. Making the others
anew would cost a hundred times more than reading again what they read of that table.
"""

from __future__ import annotations

import hashlib
from collections import deque

from django.db import Error, connection
from django.utils import timezone

from publishing.page_cache.content_clock import Moment
from publishing.page_cache.pages import Page
from publishing.table_reads import Statement, Value, moment_value
from publishing.versions import Content, Stamp, read_version

#: Pages that wait for their evidence; more come only in the first moments after a start.
MOST_WAITING = 1000
#: Pages between two looks at the version: a change in between takes the evidence of all of them.
TOGETHER = 20
MOST_STATEMENTS = 5000


class Evidence:
    """Digests of what was read for kept pages. One for each process.

    A digest belongs to a page for good. It is taken after the page was made, and counts only if
    nothing that the statement reads has changed from before the page until after the digest.
    """

    def __init__(self) -> None:
        self._waiting: deque[Page] = deque(maxlen=MOST_WAITING)
        self._taken: dict[Statement, tuple[Stamp, bytes]] = {}
        #: What statements gave when the content was known to be this one, or later. Together, so
        #: that no thread takes the digests of one content for those of another.
        self._seen: tuple[Content | None, dict[Statement, bytes]] = (None, {})

    def expect(self, page: Page) -> None:
        """Take the digests of ``page`` when there is time for it."""
        if page.statements:
            self._waiting.append(page)

    def take(self) -> None:
        """Read for all pages that wait. Called by the thread of the clock."""
        try:
            while self._waiting:
                count = min(TOGETHER, len(self._waiting))
                self._take_for([self._waiting.popleft() for _number in range(count)])
        except Error:
            # They are made anew after the next change. The connection may be broken.
            connection.close()

    def _take_for(self, pages: list[Page]) -> None:
        before = _content()
        if before is None:
            return
        wanted = {one for page in pages for one in page.statements if page.is_of(before)}
        fresh = {
            one: digest(one)
            for one in wanted
            if self._taken.get(one, ((), b""))[0] != _stamp(one, before)
        }
        after = _content()
        if after is None:
            return
        if len(self._taken) + len(fresh) > MOST_STATEMENTS:
            self._taken.clear()
        for one, found in fresh.items():
            if _stamp(one, before) == _stamp(one, after):
                self._taken[one] = (_stamp(one, after), found)
        for page in pages:
            taken = {one: self._taken.get(one) for one in page.statements}
            if page.is_of(after) and all(
                known and known[0] == _stamp(one, after) for one, known in taken.items()
            ):
                page.evidence = {one: known[1] for one, known in taken.items() if known}
            page.statements = ()

    def confirms(self, page: Page, moment: Moment) -> bool:
        """Whether ``page``, of an earlier content, is just as it would be made now.

        Some statements, the ones that read what has changed; none that was run already since.
        """
        changed = page.changed_tables(moment.content)
        if page.evidence is None or changed is None:
            return False
        seen_for, seen = self._seen
        if seen_for is not moment.content:
            seen = {}
            self._seen = (moment.content, seen)
        try:
            for one, known in page.evidence.items():
                if one.tables & changed:
                    found = seen.get(one)
                    if found is None:
                        found = seen[one] = digest(one)
                    if found != known:
                        return False
        except Error:
            connection.close()
            return False
        page.confirm(moment.content, moment.scheduled_at)
        return True


def digest(statement: Statement) -> bytes:
    """Of the rows that ``statement`` gives now."""
    now = moment_value(timezone.now())
    params = [now if value is Value.NOW else value for value in statement.params]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, params)
        rows = cursor.fetchall()
    return hashlib.blake2b(repr(rows).encode(errors="surrogatepass"), digest_size=12).digest()


def _content() -> Content | None:
    version = read_version()
    return Content.of(version) if version else None


def _stamp(statement: Statement, content: Content) -> Stamp:
    return content.stamp(sorted(statement.tables))
