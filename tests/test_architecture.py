"""The graph of apps is a rule, and these tests are what keeps it one.

``core ← publishing ← library ← parks ← investment ← {news, inquiries} ← portal ← staff ←
operation``: an app imports only to its left, and ``cluster_site`` is imported by nobody.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOOR = ("core", "publishing", "library", "parks", "investment")
MAY_IMPORT = {
    **{app: set(FLOOR[:place]) for place, app in enumerate(FLOOR)},
    "news": set(FLOOR),
    "inquiries": set(FLOOR),
    "portal": {*FLOOR, "news", "inquiries"},
    "staff": {*FLOOR, "news", "inquiries", "portal"},
    "operation": {*FLOOR, "news", "inquiries", "portal", "staff"},
}
APPS = set(MAY_IMPORT)
PROJECT = APPS | {"cluster_site"}

#: Modules named after nothing in particular collect everything.
NAMES_WITHOUT_SUBJECT = re.compile(r"(utils?|helpers?|common|misc|tools)")


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, ``from a import b`` as ``a.b``.

    ``LateModule("a.b")`` is an import, too.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LateModule":
            yield node.lineno, ast.literal_eval(node.args[0])


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@pytest.mark.parametrize("app", sorted(MAY_IMPORT))
def test_an_app_imports_only_to_its_left(app):
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(app)
        for line, name in imports(parse(path))
        if (package := name.split(".")[0]) in PROJECT
        and package != app
        and package not in MAY_IMPORT[app]
    ]
    assert not wrong


def test_nobody_imports_the_wiring():
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(*APPS)
        for line, name in imports(parse(path))
        if name.split(".")[0] == "cluster_site"
    ]
    assert not wrong


def test_migrations_point_only_to_the_left():
    wrong = []
    for app, allowed in MAY_IMPORT.items():
        for path in (ROOT / app / "migrations").glob("0*.py"):
            named = set(re.findall(r'\(\s*"([a-z_]+)",\s*"0\d{3}_', path.read_text("utf-8")))
            named |= set(re.findall(r'to="([a-z_]+)\.', path.read_text("utf-8")))
            wrong += [
                f"{path.relative_to(ROOT)} needs {other}"
                for other in (named & APPS) - allowed - {app}
            ]
    assert not wrong


def test_modules_form_no_cycle():
    names = {name_of(path): path for path in modules(*PROJECT)}
    graph = {}
    for name, path in names.items():
        found = {wanted for _line, wanted in imports(parse(path))}
        # ``from a.b import c`` may mean the module a.b.c or the name c in a.b.
        graph[name] = {
            target
            for wanted in found
            for target in (wanted, wanted.rpartition(".")[0])
            if target in names and target != name
        }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_imports_stand_at_the_top():
    wrong = []
    for path in modules(*PROJECT):
        for function in ast.walk(parse(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not (
                path.name == "apps.py" and function.name == "ready"
            ):
                wrong += [
                    f"{path.relative_to(ROOT)}:{line} in {function.name}: {name}"
                    for line, name in imports(function)
                ]
    assert not wrong


def test_imports_are_absolute():
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(*PROJECT, "tests")
        for line, name in imports(parse(path))
        if name.startswith(".")
    ]
    assert not wrong


def test_every_module_is_named_by_its_subject():
    wrong = [
        str(path.relative_to(ROOT))
        for path in modules(*PROJECT, "tests")
        if NAMES_WITHOUT_SUBJECT.fullmatch(path.stem)
    ]
    assert not wrong


def test_every_folder_with_tests_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [
        str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()
    ] == []


def test_every_test_module_would_be_found():
    strays = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if not path.name.startswith("test_")
        and re.search(r"^(?:async )?def test_", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert not strays
