"""Every test of the library has its own empty media folder."""

import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def stored_files(media):
    """A function that lists the stored files by their path in the media folder."""
    return lambda: sorted(
        str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()
    )
