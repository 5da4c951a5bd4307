"""The life of stored files: never removed before the database has let go of them."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.signals import post_delete

from library.models import Document, Image, Rendition


def remove_files(names: Iterable[str | None]) -> None:
    """Delete stored files once the surrounding transaction has committed.

    After a rollback the rows, and so the files, are still wanted. A file that is already gone is
    no error; a storage that is down leaves an orphan and the log says so.
    """
    for name in {name for name in names if name}:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def remove_file_of(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Receiver of ``post_delete``; so deleting by queryset or by cascade cleans up too."""
    remove_files([instance.file.name])


def connect_removal() -> None:
    """Watch every model of this app that owns a file."""
    for model in (Image, Rendition, Document):
        post_delete.connect(remove_file_of, sender=model, dispatch_uid=f"{model.__name__} file")
