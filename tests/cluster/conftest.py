"""One cluster for all faults, and the table of what happened."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.report import commit, machine
from tests.cluster.nodes import Cluster, cluster, until
from tests.cluster.proxy import answer

HAS_SERVERS = all(name in os.environ for name in ("TEST_SERVERS", "MEDIA_STORAGE_URL"))


@dataclass
class Report:
    """A row for each fault."""

    lines: list[tuple[str, ...]] = field(default_factory=list)

    def add(
        self, fault: str, requests: object, failed: object, lost: object, recovered: object
    ) -> None:
        self.lines.append((fault, str(requests), str(failed), str(lost), shown(recovered)))

    def __str__(self) -> str:
        head = ("fault", "requests", "failed", "lost", "recovered after")
        rows = [head, tuple("---" for _ in head), *self.lines]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def shown(recovered: object) -> str:
    return f"{recovered:.1f} s" if isinstance(recovered, float) else str(recovered)


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    found = Report()
    begun = time.monotonic()
    yield found
    took = time.monotonic() - begun
    print(f"\n\n{datetime.now(UTC):%Y-%m-%d}, commit {commit()}, {machine()}; {took:.0f} s\n")
    print(f"{found}\n")


@pytest.fixture(scope="session")
def place() -> Path:
    """Beside the servers. Not in pytest's folder, into which nginx, as nobody, may not look."""
    if not HAS_SERVERS:
        pytest.skip("needs servers of its own: make test-cluster")
    servers = Path(os.environ["TEST_SERVERS"])
    servers.chmod(0o711)
    return servers


@pytest.fixture(scope="session")
def running(place, report) -> Iterator[Cluster]:
    folder = place / "cluster"
    folder.mkdir()
    with cluster(folder) as found:
        found.addresses = sitemap(found)
        found.warm()
        yield found


@pytest.fixture
def healthy(running) -> Cluster:
    """The cluster, with every node ready: what one test broke must not fail the next."""
    for node in running.nodes:
        if not node.is_up():
            node.kill()
            node.start()
            node.wait_until_up()
        until(node.is_ready)
    return running


def sitemap(found: Cluster) -> list[str]:
    """Paths of all pages, as a search engine finds them."""

    def locations(path: str) -> list[str]:
        body = answer(f"{found.url}{path}")[2].decode()
        return [address.removeprefix(found.url) for address in re.findall("<loc>(.*?)</loc>", body)]

    return [address for section in locations("/sitemap.xml") for address in locations(section)]
