"""What operators are told to copy exists, and says what the portal means."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def guide() -> str:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    return text.partition("### nginx, systemd and several nodes")[2].partition("\n### ")[0]


def test_every_file_of_the_guide_is_there_and_every_file_is_in_the_guide():
    named = set()
    for row in re.findall(r"^\| `(.*)", guide(), re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", f"`{row}".split("|")[0])
        named.add(first.rstrip("/"))
        for name in others:
            # "portal-purge.service", ".timer" and "compose/compose.yaml", "Dockerfile"
            beside = Path(first).with_suffix(name) if name[0] == "." else Path(first).parent / name
            named.add(str(beside))
    there = {
        str(path.relative_to(DEPLOY))
        for folder in (DEPLOY, DEPLOY / "systemd", DEPLOY / "site", DEPLOY / "compose")
        for path in folder.iterdir()
    }
    assert named == there - {"systemd", "site", "compose"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_every_unit_is_understood_by_systemd(unit, tmp_path):
    if not shutil.which("systemd-analyze"):
        assert not os.environ.get("TESTS_SKIP_NOTHING"), "apt-get install systemd"
        pytest.skip("systemd is not installed")
    for other in UNITS:
        text = other.read_text(encoding="utf-8").replace(
            "/srv/portal/.venv/bin/python", "/bin/true"
        )
        (tmp_path / other.name).write_text(text.replace("/srv/portal", "/"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "portal-" in line]
    assert not [line for line in ours if "Unknown" in line or "Failed to" in line], ours


@pytest.mark.parametrize("unit", [path for path in UNITS if path.suffix == ".service"], ids=str)
def test_every_unit_runs_a_command_that_exists(unit):
    [command] = re.findall(r"^ExecStart=\S+ (.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    words = command.split()
    if words[0] == "-m":
        assert (ROOT / f"{words[1].replace('.', '/')}.py").exists()
    else:
        assert words[0] == "manage.py"
        assert list(ROOT.glob(f"*/management/commands/{words[1]}.py"))


def test_every_setting_of_the_example_is_one():
    names = set(
        re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "portal.env.example").read_text(), re.MULTILINE)
    )
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert names <= known
    assert "SECRET_KEY" in names


def test_the_form_that_may_be_sent_twice_is_the_only_one():
    """A form without a key for each showing would be stored twice."""
    text = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*.conf"))
    places = re.findall(r"location ([^{]+)\{[^}]*non_idempotent", text)
    assert [place.strip() for place in places] == ["~ ^/(en|zh-hans|zh-hant)/inquiry/$"]
    assert text.count("non_idempotent") == 1


def test_nginx_writes_over_what_visitors_claim():
    proxy = (DEPLOY / "portal" / "proxy.conf").read_text(encoding="utf-8")
    for line in (
        "X-Forwarded-For $remote_addr;",
        "X-Forwarded-Proto $scheme;",
        'X-Forwarded-Host "";',
        "X-Proxy-Time $msec;",
    ):
        assert f"proxy_set_header {line}" in proxy
    others = [path for path in DEPLOY.rglob("*.conf") if path.name != "proxy.conf"]
    # One such line in a location would drop all of these.
    assert not [path for path in others if "proxy_set_header" in path.read_text(encoding="utf-8")]


def test_languages_of_nginx_are_those_of_the_portal(settings):
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    codes = "|".join(code for code, _name in settings.LANGUAGES)
    assert set(re.findall(r"\^/\((en[^)]*)\)/", text)) == {codes}
