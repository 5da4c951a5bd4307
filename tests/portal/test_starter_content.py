"""The starter content: complete, sourced, in three languages, and never in an editor's way."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction

from core.models import Citation, Contact, SiteSettings, Source
from core.provenance import ValueKind
from investment.models import Indicator, Project, ProjectMilestone, Statistic
from news.models import Post
from parks.models import ChainLink, Industry, Park, ParkPoint, TransportLink
from portal import starter_content, starter_files
from portal.models import HistoryEvent, MenuItem, Page, StarterRecord
from portal.starter_content import load_starter_content
from portal.starter_files import STARTER_FILES, STARTER_FOLDER, StarterError
from publishing.models import Publishable
from publishing.translation_state import TranslationState, language_state
from publishing.visibility import Status
from tests.reading import LANGUAGES, text

FIGURE = re.compile(r"\d")


@pytest.fixture(scope="module")
def first_load(django_db_setup, django_db_blocker) -> Iterator[Counter[str]]:
    """The starter content for all tests of this file; each undoes its own changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_starter_content()
        transaction.set_rollback(True)


@pytest.fixture
def starter(first_load, db) -> Counter[str]:
    """Counts of the first load, with its records in the database."""
    return first_load


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the starter files that a test may change."""
    copied = copytree(STARTER_FOLDER, tmp_path / "starter")
    for module in (starter_content, starter_files):
        monkeypatch.setattr(module, "STARTER_FOLDER", copied)
    return copied


def rows(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((STARTER_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def replace(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def sourced_rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row in the files that must name its source itself, and where it stands."""
    for name in ("contacts", "statistics", "history"):
        for row in rows(name):
            yield f"{name}.yaml: {row.get('key') or row.get('slug') or row.get('indicator')}", row
    inlines = {"parks": ("points", "transport"), "projects": ("milestones",)}
    inlines["industries"] = ("chain",)
    for name, kinds in inlines.items():
        for row in rows(name):
            for kind in kinds:
                for item in row.get(kind, []):
                    if item.get("kind") == "limit" and not FIGURE.search(item["text"]["en"]):
                        continue  # "no source states the area" is what no source says
                    yield f"{name}.yaml: {row['slug']}: {kind}", item


# --- Loading


def test_everything_is_new_in_an_empty_portal(starter):
    assert starter["created"] == StarterRecord.objects.count()
    assert set(starter) == {"created"}


def test_a_second_load_changes_nothing(starter):
    before = {
        model: list(model._base_manager.order_by("pk").values())
        for model in {starter_file.model for starter_file in STARTER_FILES}
        | {SiteSettings, Citation, ChainLink, ParkPoint, TransportLink, ProjectMilestone}
    }

    counts = load_starter_content()

    assert counts == {"unchanged": starter["created"]}
    for model, values in before.items():
        assert list(model._base_manager.order_by("pk").values()) == values, model


def test_the_command_says_what_it_did(starter):
    out = StringIO()

    call_command("load_starter", stdout=out)

    assert str(starter["created"]) in out.getvalue()


def test_what_an_editor_changed_is_kept(starter, folder):
    park = Park.objects.get(slug="gba-ecological-technology")
    park.summary_en = "Written by an editor."
    park.save()
    replace(folder / "parks.yaml", "kind: cluster_park", "kind: local_park")

    counts = load_starter_content()
    park.refresh_from_db()

    assert counts["kept"] == 1
    assert park.summary_en == "Written by an editor."
    assert park.kind == Park.Kind.CLUSTER_PARK


@pytest.mark.parametrize("change", ["inline", "citation", "link"])
def test_an_editors_change_to_what_belongs_to_a_record_counts_too(starter, folder, change):
    park = Park.objects.get(slug="gba-ecological-technology")
    if change == "inline":
        park.points.first().delete()
    elif change == "citation":
        Citation.objects.create(
            record=park, field="planned_area", source=Source.objects.earliest("pk")
        )
    else:
        park.industries.remove(park.industries.first())
    replace(folder / "parks.yaml", "kind: cluster_park", "kind: local_park")

    assert load_starter_content()["kept"] == 1
    park.refresh_from_db()
    assert park.kind == Park.Kind.CLUSTER_PARK


def test_what_an_editor_deleted_stays_deleted(starter, folder):
    HistoryEvent.objects.get(slug="dawang-state-farm").delete()
    assert load_starter_content()["created"] == 0

    replace(folder / "history.yaml", 'date: "1958"', 'date: "1959"')

    assert load_starter_content()["kept"] == 1
    assert not HistoryEvent.objects.filter(slug="dawang-state-farm").exists()


def test_what_an_editor_took_down_stays_down(starter):
    event = HistoryEvent.objects.get(slug="dawang-state-farm")
    event.status = Status.ARCHIVED
    event.save()

    load_starter_content()
    event.refresh_from_db()

    assert event.status == Status.ARCHIVED


def test_a_changed_file_updates_a_record_that_nobody_touched(starter, folder):
    replace(folder / "history.yaml", 'date: "1958"', 'date: "1959-03"')

    counts = load_starter_content()

    assert counts["updated"] == 1
    assert counts["unchanged"] == starter["created"] - 1
    assert str(HistoryEvent.objects.get(slug="dawang-state-farm").date) == "1959-03"
    assert load_starter_content() == {"unchanged": starter["created"]}


def test_changed_site_settings_are_updated_while_nobody_touched_them(starter, folder):
    path = folder / "site.yaml"
    row = yaml.safe_load(path.read_text(encoding="utf-8"))
    row["claim"]["en"] = "Another claim"
    path.write_text(yaml.safe_dump(row, allow_unicode=True), encoding="utf-8")

    assert load_starter_content()["updated"] == 1
    assert SiteSettings.current().claim_en == "Another claim"


def test_site_settings_that_an_editor_changed_are_kept(starter, folder):
    site = SiteSettings.current()
    site.claim_en = "By an editor"
    site.save()
    path = folder / "site.yaml"
    row = yaml.safe_load(path.read_text(encoding="utf-8"))
    row["claim"]["en"] = "Another claim"
    path.write_text(yaml.safe_dump(row, allow_unicode=True), encoding="utf-8")

    assert load_starter_content()["kept"] == 1
    assert SiteSettings.current().claim_en == "By an editor"


def test_a_record_that_an_editor_made_first_is_kept(starter):
    mine = Source.objects.get(key="nanfang-plus-16-jun-2022-reprint")
    StarterRecord.objects.filter(file="sources", key=mine.key).delete()
    Source.objects.filter(pk=mine.pk).update(publisher_en="Mine")

    assert load_starter_content()["kept"] == 1
    mine.refresh_from_db()
    assert mine.publisher_en == "Mine"


@pytest.mark.parametrize(
    ("file", "old", "new", "record"),
    [
        ("history", 'date: "1958"', 'date: "1958-13"', "dawang-state-farm"),
        ("history", "source: zhaoqing-high-tech", "source: nowhere-", "dawang-state-farm"),
        ("parks", "kind: cluster_park", "kind: palace", "gba-ecological-technology"),
        ("parks", "kind: cluster_park", "colour: red", "gba-ecological-technology"),
        ("statistics", "value: 270505000000", "value: much", "gdp/zhaoqing"),
        ("projects", "industry: ", "industry: no-", ""),
    ],
)
def test_a_file_that_does_not_fit_names_file_and_record(starter, folder, file, old, new, record):
    replace(folder / f"{file}.yaml", old, new)
    before = StarterRecord.objects.count()

    with pytest.raises(StarterError) as error, transaction.atomic():
        load_starter_content()

    assert str(error.value).startswith(f"{file}.yaml, {record}")
    assert StarterRecord.objects.count() == before


def test_the_command_repeats_the_error_in_one_line(starter, folder):
    replace(folder / "history.yaml", 'date: "1958"', 'date: "1958-13"')

    with pytest.raises(CommandError, match=r"history\.yaml, dawang-state-farm"):
        call_command("load_starter", stdout=StringIO())


def test_a_file_that_is_no_list_says_so(starter, folder):
    (folder / "topics.yaml").write_text("slug: cluster\n", encoding="utf-8")

    with pytest.raises(StarterError, match=r"topics\.yaml"), transaction.atomic():
        load_starter_content()


def test_every_file_of_the_folder_is_loaded():
    files = {path.stem for path in STARTER_FOLDER.glob("*.yaml")}

    assert files == {starter_file.name for starter_file in STARTER_FILES} | {"site"}


# --- What it holds


@pytest.mark.parametrize(
    ("model", "least"),
    [
        (Park, 5),
        (Industry, 6),
        (Project, 15),
        (HistoryEvent, 12),
        (Post, 8),
    ],
)
def test_there_is_enough_to_read(starter, model, least):
    assert model.objects.public().count() >= least


def test_there_are_thirty_figures_two_contacts_and_the_standing_pages(starter):
    assert Statistic.objects.public().count() >= 30
    assert Contact.objects.count() >= 2
    assert set(Page.objects.public().values_list("slug", flat=True)) >= {
        "about",
        "privacy",
        "accessibility",
        "terms",
    }
    assert MenuItem.objects.filter(menu="main").count() >= 5


def test_the_four_parks_of_the_cluster_and_the_high_tech_zone_are_there(starter):
    assert Park.objects.public().filter(kind=Park.Kind.CLUSTER_PARK).count() >= 4
    assert Park.objects.public().filter(slug="zhaoqing-high-tech-zone").exists()


def test_most_projects_have_milestones_and_the_others_say_why(starter):
    """A step that no source dates is not made up: then the text says that none is known."""
    without = [project for project in Project.objects.public() if not project.milestones.exists()]

    assert len(without) < Project.objects.public().count() / 2
    for project in without:
        assert re.search(r"stage|step|started|building", project.body_en), project.slug


def test_the_stage_of_every_project_is_its_last_milestone_that_is_done(starter):
    for project in Project.objects.public():
        done = project.milestones.filter(is_done=True)
        assert bool(project.stage) is done.exists(), project.slug


def test_every_menu_entry_leads_somewhere(starter, client):
    for item in MenuItem.objects.all():
        path = item.page.get_absolute_url() if item.page else f"/en{item.address}"
        assert client.get(path).status_code == 200, item


def test_every_park_has_strengths_and_every_chain_link_a_known_state(starter):
    assert all(park.points.filter(kind="strength").exists() for park in Park.objects.all())


# --- Where it comes from


def test_every_row_of_the_files_names_a_source_that_exists():
    known = {row["key"] for row in rows("sources")}
    without = [place for place, row in sourced_rows() if row.get("source") not in known]

    assert without == []


def test_every_figure_of_a_record_has_a_citation():
    known = {row["key"] for row in rows("sources")}
    figures = {
        "parks": {*Park.figure_units, "founded"},
        "projects": set(Project.figure_units),
        "districts": {"area"},
    }
    without = [
        f"{name}.yaml: {row['slug']}: {field}"
        for name, fields in figures.items()
        for row in rows(name)
        for field in fields & set(row)
        if row.get("citations", {}).get(field, {}).get("source") not in known
    ]

    assert without == []


def test_every_post_names_its_source():
    known = {row["key"] for row in rows("sources")}

    assert [row["slug"] for row in rows("posts") if row.get("source") not in known] == []


def test_a_year_that_was_not_over_is_no_actual(starter):
    assert not Statistic.objects.filter(kind=ValueKind.ACTUAL, period_end__year__gte=2027).exists()
    assert Statistic.objects.filter(kind=ValueKind.TARGET).exists()


def test_promised_figures_are_not_marked_as_actual(starter):
    promised = Citation.objects.filter(field__startswith="promised_", kind=ValueKind.ACTUAL)

    assert [str(citation.record) for citation in promised] == []


# --- In three languages


def test_english_and_simplified_are_written_and_traditional_is_marked_as_converted(starter):
    wrong = [
        f"{record._meta.model_name} {record.slug} {language}: {state}"
        for model in Publishable.__subclasses__()
        for record in model.objects.all()
        for language, wanted in (
            ("en", {TranslationState.REVIEWED}),
            ("zh-hans", {TranslationState.REVIEWED}),
            ("zh-hant", {TranslationState.MACHINE}),
        )
        if (state := language_state(record, language)) not in wanted
    ]

    assert wrong == []


def test_traditional_is_really_converted(starter):
    park = Park.objects.get(slug="gba-ecological-technology")

    assert park.name_zh_hans == "粤港澳大湾区生态科技产业园"
    assert park.name_zh_hant == "粵港澳大灣區生態科技產業園"


SEED_FIGURES = (
    ("23", "23", "23"),
    ("RMB 7.635 billion", "76.35亿元", "76.35億元"),
    ("1,355 mu", "1355亩", "1355畝"),
    ("RMB 8.915 billion", "89.15亿元", "89.15億元"),
    ("RMB 445 million", "4.45亿元", "4.45億元"),
)


@pytest.mark.parametrize(("place", "language"), list(enumerate(LANGUAGES)))
def test_january_to_september_2022_reads_right_in_every_language(starter, client, place, language):
    page = text(client.get(f"/{language}/statistics/"))

    for figure in SEED_FIGURES:
        assert figure[place] in page
    assert ("Jan–Sep 2022", "2022年1—9月", "2022年1—9月")[place] in page


def test_the_figures_of_january_to_september_2022_are_exact(starter):
    values = set(
        Statistic.objects.filter(period_start="2022-01-01", period_end="2022-09-30").values_list(
            "value", flat=True
        )
    )

    assert {Decimal(23), Decimal(7_635_000_000), Decimal(8_915_000_000), Decimal(445_000_000)} <= (
        values
    )
    assert any(abs(value - 1355 * Decimal(2000) / 3) < 1 for value in values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_starter_content_is_shown(starter, client, language):
    addresses = [
        record.get_absolute_url()
        for model in (Park, Industry, Project, Post, Page)
        for record in model.objects.public()
    ]
    for address in addresses:
        response = client.get(address.replace("/en/", f"/{language}/", 1))
        assert response.status_code == 200, address
        if language != "zh-hant":
            assert "language-notice" not in response.content.decode(), address


def test_an_indicator_without_figures_would_be_an_empty_promise(starter):
    assert list(Indicator.objects.filter(statistics=None)) == []
