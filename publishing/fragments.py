"""Finished pieces of pages, kept in this process for as long as the content does not change.

Rendering is most of the cost of a page. A piece is stored under the state of the content
(``publishing.versions``), its language and its name, so an edit anywhere makes every process
forget everything at its next request: simple, and never stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from publishing.versions import State

#: Some 20 kB each at the most: about 20 MB a process.
MOST_FRAGMENTS = 1000


class FragmentStore:
    """Texts of one state of the content; the least recently used go first."""

    def __init__(self, most: int = MOST_FRAGMENTS) -> None:
        self.most = most
        self.state: State | None = None
        self.texts: OrderedDict[Hashable, str] = OrderedDict()
        self.lock = Lock()

    def get_or_render(self, state: State, key: Hashable, render: Callable[[], str]) -> str:
        """The stored text, or what ``render`` returns, stored."""
        with self.lock:
            if state != self.state:
                self.texts.clear()
                self.state = state
            elif key in self.texts:
                self.texts.move_to_end(key)
                return self.texts[key]
        text = render()
        with self.lock:
            if state == self.state:
                self.texts[key] = text
                if len(self.texts) > self.most:
                    self.texts.popitem(last=False)
        return text

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.state = None
            self.texts.clear()


fragments = FragmentStore()
