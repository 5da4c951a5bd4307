"""A place of their own for backups and files."""

from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage

from inquiries.models import InquiryFile


@pytest.fixture
def place(settings, tmp_path, monkeypatch):
    """Folders that are empty; ``move_to`` goes to others, as a second machine would."""

    def move_to(name: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        settings.DATA_DIR = folder
        settings.MEDIA_ROOT = folder / "media"
        settings.PRIVATE_ROOT = folder / "private"
        private = InquiryFile._meta.get_field("file").storage
        monkeypatch.setattr(private, "_location", str(settings.PRIVATE_ROOT))
        for cached in ("base_location", "location"):
            private.__dict__.pop(cached, None)
        assert default_storage.location == str(settings.MEDIA_ROOT)

    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_KEY = ""
    move_to("first")
    yield SimpleNamespace(move_to=move_to, backups=settings.BACKUP_DIR, folder=tmp_path)
    private = InquiryFile._meta.get_field("file").storage
    monkeypatch.undo()
    for cached in ("base_location", "location"):
        private.__dict__.pop(cached, None)
