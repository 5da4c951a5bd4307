"""Documents that could fall behind the code are compared with it."""

import re
from pathlib import Path

import pytest

from cluster_site import settings as portal_settings

ROOT = Path(__file__).resolve().parent.parent

#: For the test itself: where the settings are read strictly, and nowhere else.
READERS = {"cluster_site/settings.py", "cluster_site/environment.py"}
DOORS = {f"cluster_site/{name}.py" for name in ("supervisor", "web", "wsgi", "asgi")}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_in_code() -> set[str]:
    return set(portal_settings.env.names)


def test_every_setting_is_in_the_example_and_nothing_else():
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text_of(".env.example"), re.MULTILINE))
    assert named == settings_in_code()


def test_every_setting_is_explained_to_operators_and_nothing_else():
    table = text_of("docs/operators.md").partition("## Settings")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row.split("|")[1])}
    assert named == settings_in_code()


def test_the_environment_is_read_in_one_place():
    readers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in {"tests", "bin", ".venv", "var", "node_modules"}
        and re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    }
    assert readers - DOORS - {"manage.py"} <= READERS


def make_targets() -> dict[str, str]:
    """Name → help line of each target in the Makefile."""
    return dict(
        re.findall(r"^([a-z][a-z-]*):[^#\n=]*(?:## (.*))?$", text_of("Makefile"), re.MULTILINE)
    )


def test_every_make_target_has_a_line_of_help():
    assert {name for name, line in make_targets().items() if not line.strip()} == set()
    declared = re.findall(r"[a-z-]+", text_of("Makefile").partition(".PHONY:")[2].split("\n\n")[0])
    assert set(declared) == set(make_targets())


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/operators.md"])
def test_documents_name_only_targets_that_exist(document):
    named = set(re.findall(r"`make ([a-z-]+)`", text_of(document)))
    assert named <= make_targets().keys()


@pytest.mark.parametrize(
    "document",
    sorted(
        str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    ),
)
def test_links_between_documents_lead_somewhere(document):
    folder = (ROOT / document).parent
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text_of(document))
    assert [link for link in links if not (folder / link).exists()] == []


def test_no_two_decisions_share_a_number():
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")]
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))


def test_management_commands_explain_themselves():
    for path in ROOT.glob("*/management/commands/*.py"):
        if not path.name.startswith("_"):
            assert re.search(r"^    help = ", path.read_text("utf-8"), re.MULTILINE), path.name
