"""G3: pages that nginx keeps, beside files of the same bytes that it sends."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.bench.edits import IN_TURN, addresses
from tests.bench.report import Line, at_least
from tests.bench.servers import SERVER_CORE, Server, family, load, portal, static_file
from tests.browser.running_portal import fetch, free_port
from tests.cluster.proxy import Proxy

ROUNDS, SECONDS = 5, 3


def measure(folder: Path) -> Iterator[Line]:
    """One page, then all of the sitemap in turn, each beside its files."""
    with ExitStack() as stack:
        node = stack.enter_context(portal(folder, "/en/", BEHIND_PROXY="true"))
        kept = in_front_of(node, folder, stack)
        server = Server("nginx", kept.url, kept.process.pid)
        # Forms are made for each visitor and kept by nobody.
        paths = [path for path in addresses(node) if not path.endswith("/inquiry/")]
        pages = [fetch(kept.url + path, encoding="gzip") for path in paths]
        files = stack.enter_context(static_file(folder, pages[0]))
        for number, page in enumerate(pages):
            (folder / "nginx" / "html" / f"{number}.html").write_bytes(page)
        files = replace(files, url=files.url.removesuffix("/index.html"))
        for what, count in (("one page", 1), (f"{len(paths)} pages", len(paths))):
            first = script(folder, f"pages-{count}", paths[:count])
            second = script(folder, f"files-{count}", [f"/{n}.html" for n in range(count)])
            load(server, 2, "-s", first)
            seen = log_size(kept)
            used = node.cpu_seconds()
            rates: list[tuple[float, float]] = []
            for _round in range(ROUNDS):
                rates.append(
                    (
                        load(server, SECONDS, "-s", first).per_cpu_second,
                        load(files, SECONDS, "-s", second).per_cpu_second,
                    )
                )
            share = 100 * statistics.median(page / file for page, file in rates)
            yield at_least("G3", f"{what} kept by nginx : files from nginx", share, 75, " %")
            answers = states(kept, seen)
            own = 100 * answers["HIT"] / answers.total()
            yield Line("G3", f"{what}: answered without a question to the portal", f"{own:.1f} %")
            spent = 100 * (node.cpu_seconds() - used) / (ROUNDS * SECONDS)
            yield Line("", f"{what}: of a core that the portal takes meanwhile", f"{spent:.1f} %")


def in_front_of(node: Server, folder: Path, stack: ExitStack) -> Proxy:
    """nginx as it is shipped, with its log, on the servers' core."""
    folder.parent.chmod(0o711)
    port = int(node.url.split(":")[2].split("/")[0])
    kept = Proxy(folder.parent / "proxy", free_port(1), [port], folder)
    site = kept.folder / "site" / "http.conf"
    text = site.read_text(encoding="utf-8")
    site.write_text(text.replace(".log portal;", ".log portal buffer=64k flush=1s;"), "utf-8")
    kept.start()
    stack.callback(kept.stop)
    for pid in family(kept.process.pid):
        os.sched_setaffinity(pid, {int(SERVER_CORE)})
    return kept


def script(folder: Path, name: str, paths: list[str]) -> str:
    """A file that has wrk ask for ``paths`` in turn."""
    listed, file = folder / name, folder / f"{name}.lua"
    listed.write_text("\n".join(paths), encoding="ascii")
    file.write_text(IN_TURN % listed, encoding="ascii")
    return str(file)


def log_size(kept: Proxy) -> int:
    return (kept.folder / "portal.log").stat().st_size


def states(kept: Proxy, since: int) -> Counter[str]:
    """What nginx wrote of its answers: HIT, or how it asked."""
    with open(kept.folder / "portal.log", encoding="ascii") as log:
        log.seek(since)
        return Counter(line.split()[-2] for line in log if len(line.split()) > 2)
