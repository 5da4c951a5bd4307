"""G4, G5 and G9: what each kind of page costs when it is kept and when not, and its bytes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.inside import figures_from
from tests.bench.report import Line, at_most

CODE = "from tests.bench.each_page import report; report()"
#: Milliseconds of the processor. What the portal is built for; G5 asks for a fifth of it.
FOR_ANY_VISITOR = 15
LISTS = {"parks", "projects", "news", "industries"}
#: Pages with the map or with charts.
DRAWN = ("/en/", "/en/parks/", "/en/parks/?industry=electronic-information", "/en/statistics/")


def measure() -> Iterator[Line]:
    """Median processor time with 2,000 projects and 2,000 posts, statements, bytes."""
    found = figures_from(CODE)
    yield at_most("G4", "statements for kept pages and for 304", found["kept"], 0)
    worst = max(page["warm_ms"] for page in found["pages"])
    yield at_most("", "slowest page whose pieces are kept", worst, FOR_ANY_VISITOR, " ms")
    for page in found["pages"]:
        address = page["address"]
        queries, milliseconds = uncached_goal(address)
        yield Line(
            "G5",
            f"{address}, nothing kept",
            f"{page['cold_ms']:.1f} ms, {page['cold_queries']} queries",
            f"≤ {milliseconds} ms, {queries}",
            page["cold_ms"] <= milliseconds and page["cold_queries"] <= queries,
        )
        edited = f"{address}, another record edited"
        yield at_most("", edited, page["confirmed_ms"], FOR_ANY_VISITOR, " ms")
        size, most = page["gzip_bytes"] / 1000, 16 if address in DRAWN else 8
        yield at_most("G9", f"{address}, HTML", size, most, " kB")


def uncached_goal(address: str) -> tuple[int, int]:
    """Queries and milliseconds that G5 allows a page of this kind."""
    parts = address.partition("?")[0].strip("/").split("/")[1:]
    if parts == ["search"]:
        return 4, 5
    return (3, 3) if len(parts) == 1 and parts[0] in LISTS else (4, 3)
