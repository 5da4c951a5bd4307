"""What operators are told to copy exists, and says what the portal means."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.urls import resolve

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


COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "compose" / "Dockerfile").read_text(encoding="utf-8")
#: Of the compose specification, what this file uses: a misspelt name would be ignored or refused.
OF_A_SERVICE = {
    *("build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "ports"),
    *("read_only", "restart", "security_opt", "stop_grace_period", "tmpfs", "volumes"),
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def test_the_compose_file_has_only_words_of_its_specification():
    assert {name for name in COMPOSE if not name.startswith("x-")} == {"services", "volumes"}
    for service in SERVICES.values():
        assert set(service) <= OF_A_SERVICE
        assert set(service.get("build", {})) <= {"context", "dockerfile", "target"}
        assert set(service.get("healthcheck", {})) <= {"test", "interval", "disable"}
        assert service["restart"] in {"no", "unless-stopped"}


def test_services_wait_for_such_as_can_become_ready():
    for service in SERVICES.values():
        needed = service.get("depends_on", {})
        for name in needed:
            other = SERVICES[name]
            condition = needed[name]["condition"] if isinstance(needed, dict) else "service_started"
            assert condition in CONDITIONS
            if condition == "service_healthy":
                assert other["healthcheck"]["test"]
            if condition == "service_completed_successfully":
                assert other["restart"] == "no"


def test_what_compose_keeps_lies_in_named_volumes():
    used = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    ]
    assert set(used) == set(COMPOSE["volumes"])
    for name in ("prepare", "node1", "node2", "worker"):
        # All else is read-only, so this is where the portal writes.
        assert SERVICES[name]["volumes"] == [f"data:{SERVICES[name]['environment']['DATA_DIR']}"]
    site = (DEPLOY / "compose" / "site" / "server.conf").read_text(encoding="utf-8")
    assert f"set $portal_data {SERVICES['node1']['environment']['DATA_DIR']};" in site


def test_images_of_compose_are_built_of_files_that_exist():
    targets = re.findall(r"^FROM (\S+) AS (\w+)$", DOCKERFILE, re.MULTILINE)
    for service in SERVICES.values():
        if "build" not in service:
            assert re.fullmatch(r"[a-z]+:\d+-bookworm", service["image"])
            continue
        context = DEPLOY / "compose" / service["build"]["context"]
        assert (context / service["build"]["dockerfile"]).resolve() == DEPLOY / "compose/Dockerfile"
        assert service["build"]["target"] in {name for _base, name in targets}
    for source in re.findall(r"^COPY (\S+) \S+$", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()


def test_no_image_takes_a_key_or_a_database_along():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var", ".env", "node_modules"} <= set(ignored)


def test_every_command_of_compose_exists():
    commands = [SERVICES[name]["command"] for name in ("prepare", "worker")]
    for command in commands:
        name = command[command.index("manage.py") + 1]
        assert list(ROOT.glob(f"*/management/commands/{name}.py"))
    assert 'CMD ["python", "-m", "cluster_site.web"]' in DOCKERFILE
    unit = (DEPLOY / "systemd" / "portal-worker.service").read_text(encoding="utf-8")
    # The worker as its unit starts it.
    assert " ".join(commands[1][2:]).replace("*", "'*'") in unit.replace('"', "'")


def test_nginx_and_health_checks_ask_the_nodes_where_they_listen(settings):
    upstream = (DEPLOY / "compose" / "site" / "upstream.conf").read_text(encoding="utf-8")
    nodes = re.findall(r"server (\w+):(\d+) max_fails=0;", upstream)
    assert nodes == [("node1", "8000"), ("node2", "8000")]
    assert settings.SERVER_PORT == 8000
    for name, port in nodes:
        assert "PORT" not in SERVICES[name]["environment"]
        [address] = re.findall(r"http://127.0.0.1:(\d+/\w+)", str(SERVICES[name]["healthcheck"]))
        assert address == f"{port}/healthz"
    assert resolve("/healthz").func.__name__ == "healthz"


def test_settings_of_compose_are_understood(tmp_path):
    """A portal begins with them, knows its host, and is asked for by that of its health check."""
    given = SERVICES["node1"]["environment"]
    assert all(SERVICES[name]["environment"] == given for name in ("prepare", "node2", "worker"))
    written = {"SECRET_KEY": "k" * 64, "POSTGRES_PASSWORD": "p" * 48}
    env = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: written[found[1]], value)
        for name, value in given.items()
    }
    shown = """
from django.conf import settings
print(settings.ALLOWED_HOSTS, settings.DATABASES["default"]["HOST"])
"""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", shown],
        cwd=ROOT,
        env={**env, "PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "'127.0.0.1'" in done.stdout
    assert done.stdout.split()[-1] == "postgres"
