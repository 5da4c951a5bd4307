"""G6: an edit shows everywhere within a second, and many edits cost visitors little."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operation.visiting import Visitor
from tests.bench.report import Line, at_least, at_most
from tests.bench.servers import Server, load, portal
from tests.browser.running_portal import PROJECT, environment, fetch

EDITS, VISITS = 10, 1000
ROUNDS, SECONDS = 3, 6
#: Each worker keeps its own pages: ask until more asking makes it no faster, at most so often.
WARM_UPS, STILL_GROWING = 15, 1.2
SLOWEST_ANSWER = 50  # milliseconds, 99 of 100

#: Saves what it reads, line by line: as the footer of all pages, or as the title of a post.
EDITOR = """
import sys
from core.models import SiteSettings
from news.models import Post
post = Post.objects.public().order_by("date").first()
for line in sys.stdin:
    words = line.strip()
    if words.startswith("Post"):
        post.title_en = words
        post.save()
    else:
        site = SiteSettings.current()
        site.footer_note_en = site.footer_note_zh_hans = site.footer_note_zh_hant = words
        site.save()
    print(words, flush=True)
"""

#: wrk asks for the addresses of the file in turn.
IN_TURN = """
local paths = {}
for path in io.lines("%s") do paths[#paths + 1] = path end
local number = 0
request = function()
  number = number %% #paths + 1
  return wrk.format("GET", paths[number])
end
"""


class Editor:
    """A process of its own, as an editor's request would be."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def publish(self, words: str) -> None:
        """Returns when the edit is committed."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == words


@contextmanager
def editing(folder: Path) -> Iterator[Editor]:
    """An editor who is ready."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", EDITOR],
        cwd=PROJECT,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        editor = Editor(process)
        editor.publish("Ready")
        yield editor
        process.stdin.close()  # type: ignore[union-attr]


def addresses(server: Server) -> list[str]:
    """Paths of all pages in the sitemap."""
    base = server.url.removesuffix("/en/")
    return list(Visitor(base, base).addresses())


def measure(folder: Path) -> Iterator[Line]:
    """Two workers, so that one has to learn of what the other did not see."""
    with portal(folder, "/en/", workers=2) as server, editing(folder) as editor:
        paths = addresses(server)
        base = server.url.removesuffix("/en/")
        for path in paths * 2:
            fetch(base + path)
        yield at_most(
            "G6", "old pages, a second after each of 10 edits", old_pages(base, paths, editor), 0
        )
        script = folder / "in-turn.lua"
        (folder / "paths").write_text("\n".join(paths), encoding="ascii")
        script.write_text(IN_TURN % (folder / "paths"), encoding="ascii")
        yield from under_load(server, editor, script, len(paths))


def old_pages(base: str, paths: list[str], editor: Editor) -> int:
    """Of ``VISITS`` visits after each edit."""
    old = 0
    for number in range(EDITS):
        words = f"Edition {number} {time.time():.0f}"
        editor.publish(words)
        time.sleep(1)
        for visit in range(VISITS):
            with urllib.request.urlopen(base + paths[visit % len(paths)], timeout=20) as answer:
                old += words not in answer.read().decode()
    return old


def under_load(server: Server, editor: Editor, script: Path, pages: int) -> Iterator[Line]:
    """Requests a second with and without an edit each second, in turns."""
    calm, busy, slowest = [], [], []
    for _round in range(ROUNDS):
        # Also what the edits of the round before have left to be made.
        fill(server, script)
        calm.append(load(server, SECONDS, "-s", str(script)).per_second)
        done = threading.Event()
        edits = threading.Thread(target=_publish_until, args=(done, editor))
        edits.start()
        found = load(server, SECONDS, "-s", str(script))
        done.set()
        edits.join()
        busy.append(found.per_second)
        slowest.append(found.p99_ms)
    share = 100 * statistics.median(busy) / statistics.median(calm)
    what = f"requests a second over {pages} pages"
    yield Line("", what, f"{statistics.median(calm):,.0f}")
    yield at_least("G6", "of them left with an edit each second", share, 90, " %")
    yield at_most(
        "G6",
        "99 of 100 answered within, meanwhile",
        statistics.median(slowest),
        SLOWEST_ANSWER,
        " ms",
    )


def fill(server: Server, script: Path) -> None:
    """Have every worker make every page."""
    earlier = 0.0
    for _time in range(WARM_UPS):
        now = load(server, 3, "-s", str(script)).per_second
        if earlier and now < earlier * STILL_GROWING:
            return
        earlier = now


def _publish_until(done: threading.Event, editor: Editor) -> None:
    while not done.wait(1):
        editor.publish(f"Post {time.time():.3f}")
