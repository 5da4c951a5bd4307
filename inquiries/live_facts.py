"""Facts inside approved words: ``{{ park.planned_area }}`` becomes value, date and source.

They are filled in when the words are put into a reply, so that the officer reads what is sent.
What no source states reads "not stated" there, and the officer is told; a target is called one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.facts import Fact, not_stated_fact, record_fact
from core.languages import translated
from core.measures import not_stated
from core.provenance import ValueKind
from investment.models import Indicator, Project, Statistic
from parks.models import Park

#: Without braces inside, and as long as a name: read in one go, whatever is written.
MARK = re.compile(r"\{\{([^{}]{0,200})\}\}")
#: Models whose figures a mark may name, by its first word.
RECORDS: dict[str, type[models.Model]] = {"park": Park, "project": Project}
CLUSTER = "cluster"
PROMISES = [kind.value for kind in ValueKind if kind.is_promise]


@dataclass(slots=True)
class Filled:
    """Words with their facts, and the names of the facts that nobody states."""

    text: str
    missing: list[str] = field(default_factory=list)


def marks_in(text: str) -> list[str]:
    """What stands between the braces, each once: ``["park.planned_area"]``."""
    return list(dict.fromkeys(mark.strip() for mark in MARK.findall(text)))


def known_marks() -> list[str]:
    """All marks that can be written. One query."""
    names = [
        f"{kind}.{name}" for kind, model in RECORDS.items() for name in ("name", *figures(model))
    ]
    slugs = Indicator.objects.public().order_by("slug").values_list("slug", flat=True)
    return names + [f"{CLUSTER}.{slug}" for slug in slugs]


def check_marks(text: str) -> None:
    """Raise ``ValidationError`` naming the marks that stand for nothing. At most one query."""
    marks = marks_in(text)
    known = set(known_marks()) if marks else set()
    wrong = [mark or "{{ }}" for mark in marks if mark not in known]
    rest = MARK.sub("", text)
    if "{{" in rest or "}}" in rest:
        wrong.append("{{")
    if wrong:
        words = _("These marks stand for no fact: %(marks)s. Take one of the list below.")
        raise ValidationError(words % {"marks": ", ".join(wrong)}, code="unknown_mark")


def fill(text: str, language: str, park: Park | None, project: Project | None) -> Filled:
    """``text`` with a fact in the place of each mark, in ``language``.

    Only what a visitor may see is told. A few queries for each mark.
    """
    filled = Filled(text)
    records = {"park": _public(park), "project": _public(project)}

    def words_for(match: re.Match[str]) -> str:
        kind, _dot, name = match[1].strip().partition(".")
        if kind in RECORDS and name == "name":
            return _name(records[kind], kind, filled)
        fact = _cluster_fact(name) if kind == CLUSTER else _record_fact(kind, name, records)
        if not fact.is_stated:
            filled.missing.append(fact.label)
        return fact_words(fact)

    with translation.override(language):
        filled.text = MARK.sub(words_for, text)
    return filled


def fact_words(fact: Fact) -> str:
    """ "47.33 km² (Target; as of 2022; source: Southern Magazine, 27 Oct 2023)". No query."""
    if not fact.is_stated:
        return f"[{fact.label}{pgettext('punctuation', ': ')}{fact.value}]"
    remarks = []
    if fact.kind is not ValueKind.ACTUAL:
        remarks.append(str(fact.kind.label))
    if fact.as_of:
        remarks.append(_("as of %(date)s") % {"date": fact.as_of})
    if fact.source:
        remarks.append(_("source: %(source)s") % {"source": _source_words(fact)})
    else:
        remarks.append(_("no source given"))
    between = pgettext("punctuation between remarks in brackets", "; ")
    return pgettext("figure with remarks", "%(value)s (%(remarks)s)") % {
        "value": fact.value,
        "remarks": between.join(remarks),
    }


def _source_words(fact: Fact) -> str:
    source = fact.source
    names = [translated(source, "publisher").value, translated(source, "title").value]
    if source.published:
        names.append(source.published.display())
    return pgettext("punctuation", ", ").join(name for name in names if name)


def _public(record: models.Model | None) -> models.Model | None:
    """The record if a visitor may see it, with its sources. Two queries."""
    if record is None:
        return None
    return type(record).objects.public().with_citations().filter(pk=record.pk).first()


def _name(record: models.Model | None, kind: str, filled: Filled) -> str:
    label = str(RECORDS[kind]._meta.verbose_name)
    name = translated(record, "name").value if record else ""
    if not name:
        filled.missing.append(label)
        return f"[{label}{pgettext('punctuation', ': ')}{not_stated()}]"
    return name


def _record_fact(kind: str, name: str, records: dict[str, models.Model | None]) -> Fact:
    if kind not in RECORDS or name not in figures(RECORDS[kind]):
        return not_stated_fact(f"{kind}.{name}")
    record = records[kind]
    if record is None:
        label = str(RECORDS[kind]._meta.get_field(name).verbose_name)
        return not_stated_fact(label[:1].upper() + label[1:])
    return record_fact(record, name)


def figures(model: type[models.Model]) -> list[str]:
    """Names of the figures of a record that have a unit."""
    return list(model.figure_units)


def _cluster_fact(slug: str) -> Fact:
    """The key figure of the home page, else the newest actual one of a district. Two queries."""
    indicator = Indicator.objects.public().filter(slug=slug).first()
    if indicator is None:
        return not_stated_fact(f"{CLUSTER}.{slug}")
    newest = (
        Statistic.objects.public()
        .filter(indicator=indicator, park=None)
        .alias(is_promise=models.Case(models.When(kind__in=PROMISES, then=1), default=0))
        .select_related("indicator", "source")
        .order_by(F("headline_order").asc(nulls_last=True), "is_promise", "-period_end", "pk")
        .first()
    )
    return newest.fact() if newest else not_stated_fact(indicator.name)
