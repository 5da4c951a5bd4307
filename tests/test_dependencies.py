"""What the code imports is pinned, and what is pinned directly is used."""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.test_architecture import PROJECT, ROOT, imports, modules, parse

#: Named in settings or run as a program, never imported: say where.
USED_WITHOUT_IMPORT = {
    "granian": "cluster_site/supervisor.py",
    "whitenoise": "cluster_site/settings.py",
    "psycopg": "django.db.backends.postgresql",
    "django-tasks-db": "cluster_site/settings.py",
    "django-permissions-policy": "cluster_site/settings.py",
}


def pins(path: Path, *, direct_only: bool = False) -> dict[str, str]:
    """Normalised name → version of each pin in a requirements file."""
    text = path.read_text(encoding="utf-8")
    if direct_only:
        text = text.partition("# --- needed by the above")[0]
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;#]+)", text, re.MULTILINE)
    return {normalised(name): version for name, version in found}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """Distributions that the project's own modules import."""
    distributions = packages_distributions()
    names = {
        name.partition(".")[0] for path in modules(*PROJECT) for _line, name in imports(parse(path))
    }
    foreign = names - {"", *PROJECT} - sys.stdlib_module_names
    return {normalised(found) for name in foreign for found in distributions[name][:1]}


def test_every_import_is_pinned_directly():
    assert imported() - pins(ROOT / "requirements.txt", direct_only=True).keys() == set()


def test_every_direct_pin_is_used():
    direct = pins(ROOT / "requirements.txt", direct_only=True).keys()
    assert direct - imported() - USED_WITHOUT_IMPORT.keys() == set()


def test_every_line_is_an_exact_pin():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith(("#", "-r ")):
                assert "==" in line, f"{name}: {line}"


def test_every_direct_pin_says_why():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in text.partition("# --- needed by the above")[0].splitlines():
        if "==" in line:
            assert "  # " in line, line
