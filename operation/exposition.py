"""Figures in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = Mapping[str, str]
#: Ending of the name ("_sum"), labels, value.
Sample = tuple[str, Labels, float]


@dataclass
class Family:
    """One figure with all its values."""

    name: str
    help: str
    kind: Literal["counter", "gauge", "histogram"] = "gauge"
    samples: list[Sample] = field(default_factory=list)

    def add(self, value: float, ending: str = "", **labels: str) -> Family:
        self.samples.append((ending, labels, value))
        return self

    def lines(self) -> Iterable[str]:
        """What the figure means, what it is, its values."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for ending, labels, value in self.samples:
            inside = ",".join(f'{name}="{escaped(text)}"' for name, text in labels.items())
            brackets = f"{{{inside}}}" if inside else ""
            yield f"{self.name}{ending}{brackets} {value:.15g}"


def escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def exposition(families: Iterable[Family]) -> str:
    """The whole answer; figures without a value are left out."""
    return "".join(f"{line}\n" for family in families if family.samples for line in family.lines())
