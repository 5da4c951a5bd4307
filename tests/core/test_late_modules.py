"""Large libraries are loaded by the first who needs them."""

import subprocess
import sys

import pytest

from core.late_modules import LateModule
from tests.browser.running_portal import PROJECT

STARTED = """
import sys
from cluster_site.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(sorted({"openpyxl", "reportlab", "snowballstemmer"} & set(sys.modules)))
"""


def test_a_late_module_is_used_like_any_other():
    assert LateModule("json").loads("[1]") == [1]


def test_a_module_that_is_missing_says_so_at_its_first_use():
    missing = LateModule("no_such_module")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        missing.anything()


def test_a_server_that_starts_loads_no_library_for_tables_pdf_or_stems(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", STARTED],
        cwd=PROJECT,
        env={"DATA_DIR": str(tmp_path), "PYTHONPATH": str(PROJECT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
