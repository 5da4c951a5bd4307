"""One dated step, as ``components/_timeline.html`` shows it."""

from dataclasses import dataclass

from core.models import Source


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """A step that is done, or only announced; ``url`` leads to the record it is about."""

    date_label: str
    title: str
    note: str = ""
    is_done: bool = True
    source: Source | None = None
    anchor: str = ""
    url: str = ""
    is_major: bool = False
