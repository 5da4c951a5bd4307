"""A figure as a page shows it: value, unit, date, kind, source, and what to think of its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.languages import current_language
from core.measures import Unit, format_floor_area, format_value, not_stated, split_value
from core.models import Cited, Source
from core.partial_dates import PartialDate
from core.provenance import FactState, Qualifier, ValueKind

#: Floor space is given in m² like land, but nobody counts it in mu.
FLOOR = "floor"


class Evidence(Protocol):
    """What a citation and a statistic have in common."""

    kind: str
    qualifier: str
    source: Source
    note: str
    verified_on: date | None

    def state(self, today: date | None = None) -> FactState: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure, ready to be shown. ``value`` is the whole text; qualifier ("about"), number and
    unit are its parts, so that a page can set the number large."""

    label: str
    value: str
    number: str
    unit: str
    as_of: str
    kind: ValueKind
    state: FactState
    source: Source | None = None
    note: str = ""
    verified_on: date | None = None
    qualifier: str = ""
    is_area: bool = False

    @property
    def in_words(self) -> str:
        """The figure in a line: "Planned area: 47.33 km²"."""
        return self.label + pgettext("punctuation", ": ") + self.value

    @property
    def is_stated(self) -> bool:
        return self.state is not FactState.NOT_STATED

    @property
    def kind_label(self) -> str:
        """The kind in words, unless it is what everyone assumes."""
        if self.kind is ValueKind.TARGET and self.is_area:
            return _("Planned")  # land is planned; nobody aims at it
        return "" if self.kind is ValueKind.ACTUAL else str(self.kind.label)

    @property
    def state_label(self) -> str:
        """A warning in words, or nothing for a figure that is up to date."""
        return str(self.state.label) if self.state in {FactState.DUE, FactState.OVERDUE} else ""


def not_stated_fact(label: str) -> Fact:
    """A figure that no source gives: neither blank nor zero."""
    words = not_stated()
    return Fact(label, words, words, "", "", ValueKind.ACTUAL, FactState.NOT_STATED)


def make_fact(
    label: str,
    value: Decimal | int | PartialDate | None,
    unit: str,
    evidence: Evidence | None,
    as_of: str = "",
    decimals: int | None = None,
) -> Fact:
    """The figure ``value`` (in SI or yuan) with what ``evidence`` says about it."""
    if value is None:
        return not_stated_fact(label)
    qualifier = evidence.qualifier if evidence else Qualifier.EXACT
    words, number, unit_text, whole = _texts(value, unit, qualifier, decimals, current_language())
    if evidence is None:
        return Fact(label, whole, number, unit_text, "", ValueKind.ACTUAL, FactState.UNSOURCED)
    return Fact(
        label=label,
        value=whole,
        number=number,
        unit=unit_text,
        as_of=as_of,
        kind=ValueKind(evidence.kind),
        state=evidence.state(),
        source=evidence.source,
        note=evidence.note or "",
        verified_on=evidence.verified_on,
        qualifier=words,
        is_area=unit in {Unit.M2, FLOOR},
    )


@lru_cache(maxsize=2000)
def _texts(
    value: Decimal | int | PartialDate,
    unit: str,
    qualifier: str,
    decimals: int | None,
    language: str,
) -> tuple[str, str, str, str]:
    """Qualifier in words, number, unit, and the whole.

    They depend on nothing but these values, and a page of statistics has more than a hundred.
    """
    if isinstance(value, PartialDate):
        words = value.display(language)
        return "", words, "", words
    if unit == FLOOR:
        words = format_floor_area(value, language, qualifier)
        return "", words, "", words
    parts = split_value(value, unit, language, qualifier, decimals)
    bare = split_value(value, unit, language, decimals=decimals).number
    whole = format_value(value, unit, language, qualifier, decimals)
    before, found, after = parts.number.partition(bare)
    if after or not found:  # a language that sets its word behind the number
        return "", parts.number, parts.unit, whole
    return before.strip(), bare, parts.unit, whole


def record_fact(record: Cited, field: str) -> Fact:
    """The figure in ``field`` of ``record`` with its citation.

    One query per record unless it was fetched with ``with_citations()``. The unit comes from
    ``record.figure_units``; a field that is not there counts things.
    """
    label = str(record._meta.get_field(field).verbose_name)
    citation = record.citation_for(field)
    as_of = citation.as_of.display() if citation and citation.as_of else ""
    unit = record.figure_units.get(field, Unit.COUNT)
    return make_fact(_sentence(label), getattr(record, field), unit, citation, as_of)


def _sentence(label: str) -> str:
    """Labels are stored in lower case for the desk; a page begins them with a capital."""
    return label[:1].upper() + label[1:]


def total_fact(label: str, total: Decimal | None, unit: str, *, is_complete: bool) -> Fact:
    """A sum over many records: "at least" if some of them do not state their figure."""
    if total is None:
        return not_stated_fact(label)
    qualifier = Qualifier.EXACT if is_complete else Qualifier.AT_LEAST
    words, number, unit_text, whole = _texts(total, unit, qualifier, None, current_language())
    return Fact(
        label, whole, number, unit_text, "", ValueKind.ACTUAL, FactState.CURRENT, qualifier=words
    )


def missing_facts_note(facts: list[Fact]) -> str:
    """How many of ``facts`` no source states, in a sentence; empty if all are stated."""
    missing = sum(not fact.is_stated for fact in facts)
    if not missing:
        return ""
    return _("%(missing)d of %(all)d figures are not stated by any source we have read.") % {
        "missing": missing,
        "all": len(facts),
    }
