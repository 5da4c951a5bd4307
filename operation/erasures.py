"""Erasures that a backup does not know: kept beside the archives, repeated after a restore.

An archive holds what was erased after it was made. So each backup writes a list of all erasures
into its folder: references and moments, nobody's name. A restore finds the list there and erases
again what was erased since, before anybody can read it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.db.models import Q

from inquiries.models import DataRequest, Inquiry
from inquiries.privacy import erase
from inquiries.retention import purge
from operation.archive import Refused

FILE = "erasures.json"

#: A reference, and when it was erased.
Erasure = tuple[str, datetime]


def read_list(path: Path) -> list[Erasure]:
    """Raises ``Refused`` if there is no such file, or another one."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [(str(reference), moment(at)) for reference, at in rows]
    except FileNotFoundError:
        raise Refused(f"There is no list of erasures at {path}.") from None
    except (OSError, ValueError, TypeError):
        raise Refused(f"{path} is no list of erasures.") from None


def moment(text: str) -> datetime:
    """SQLite's moments carry no zone: they are in UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def add_to_list(folder: Path, rows: Iterable[Iterable[str]]) -> None:
    """Bring the list in ``folder`` up to date. What stood there stays: nothing is un-erased."""
    path = folder / FILE
    known = set(read_list(path)) if path.exists() else set()
    known |= {(reference, moment(at)) for reference, at in rows}
    ordered = sorted(known, key=lambda erasure: (erasure[1], erasure[0]))
    unfinished = folder / f".{FILE}.part"
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([[reference, at.isoformat()] for reference, at in ordered], file, indent=0)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def repeat(erasures: Iterable[Erasure]) -> int:
    """Erase again what the database holds although it was erased; then purge what is due.

    An inquiry that came after the moment of an erasure is another one with the same number.
    """
    count = 0
    for reference, at in erasures:
        holding = Q(erased_at=None) | Q(erased_at__lt=at)
        for inquiry in Inquiry.objects.filter(holding, reference=reference, created_at__lte=at):
            erase(inquiry, None, DataRequest.Kind.ERASURE)
            count += 1
    purge()
    return count
