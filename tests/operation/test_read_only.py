"""``manage.py read_only``: a switch that needs no database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import read_only


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("read_only", *arguments, stdout=output)
    return output.getvalue()


def test_it_is_switched_on_and_off():
    assert run().startswith("Normal")
    assert run("on").startswith("Read-only")
    assert read_only.is_on()
    assert run("on").startswith("Read-only")
    assert run().startswith("Read-only")
    assert run("off").startswith("Normal")
    assert run("off").startswith("Normal")
    assert not read_only.is_on()


def test_the_setting_is_not_overruled(settings):
    settings.READ_ONLY = True
    with pytest.raises(CommandError, match="READ_ONLY=true in the settings"):
        run("off")


def test_another_word_is_refused():
    with pytest.raises(CommandError):
        run("maybe")
