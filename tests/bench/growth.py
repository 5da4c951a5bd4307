"""G10 and G11: what more rows cost. A process and a database for each size."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.bench.inside import figures_from
from tests.bench.report import Line, at_most

SMALL = 200
#: 200,000 takes over half an hour, most of it to make and index the rows, and 9 GB.
LARGE = int(os.environ.get("BENCH_ROWS", "20000"))

CODE = "from tests.bench.grown import report; report({rows})"


def measure() -> Iterator[Line]:
    """SQL of lists, and all of a search, with many rows beside few."""
    few, many = (figures_from(CODE.format(rows=rows)) for rows in (SMALL, LARGE))
    for name, found in many.items():
        what = f"{name}, {LARGE:,} rows ({few[name]['cpu']:.1f} ms with {SMALL})"
        yield Line("", f"{what}: CPU", f"{found['cpu']:.1f} ms")
        if name.startswith("search"):
            goal = 100 if name.endswith("by rank") else 5
            yield at_most("G11", f"{name}: SQL", found["sql"], goal, " ms")
        else:
            goal = 1 if name.startswith("list") or "by status" in name else 10
            yield at_most("G10", f"{name}: SQL", found["sql"], goal, " ms")
            # G10 lets a count that is kept until the next edit take its time.
            counting = max(found["first"] - found["sql"], 0)
            yield Line("", f"{name}: to count, once after an edit", f"{counting:.1f} ms")
