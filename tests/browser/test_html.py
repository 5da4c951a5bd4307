"""The Nu checker of the W3C finds no error in any kind of page, in any language."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.browser.addresses import LANGUAGES, PAGES
from tests.browser.conftest import find_tool
from tests.browser.running_portal import PROJECT, fetch

JAR = PROJECT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.fixture
def checker() -> list[str]:
    """Command that checks the files named after it."""
    java = find_tool("java", "apt-get install default-jre-headless")
    jar = Path(os.environ.get("VNU_JAR", JAR))
    if not jar.exists():
        find_tool(str(jar), "npm install --ignore-scripts")
    return [java, "-jar", str(jar), "--format", "json", "--errors-only"]


def test_every_kind_of_page_is_valid_html(portal, checker, tmp_path):
    files = {}
    for language in LANGUAGES:
        for kind, path in PAGES.items():
            file = tmp_path / f"{kind}.{language}.html"
            file.write_bytes(fetch(portal.page(language, path)))
            files[file.name] = file
        for kind in ("inquiry", "question-form"):
            # Without a cookie the form comes back, with everything that is wrong with it.
            file = tmp_path / f"{kind}-refused.{language}.html"
            file.write_bytes(fetch(portal.page(language, PAGES[kind]), body=b"message=Hello"))
            files[file.name] = file
    files["login.html"] = tmp_path / "login.html"
    files["login.html"].write_bytes(fetch(f"{portal.url}/accounts/login/"))

    done = subprocess.run(
        [*checker, *map(str, files.values())], capture_output=True, text=True, check=False
    )

    report = json.loads(done.stderr)["messages"]
    errors = [
        f"{Path(found['url']).name}:{found.get('lastLine')}: {found['message']} "
        f"{found.get('extract', '')!r}"
        for found in report
    ]
    assert errors == []
    assert len(files) > len(PAGES) * len(LANGUAGES)
    assert all(file.stat().st_size > 2000 for file in files.values())
