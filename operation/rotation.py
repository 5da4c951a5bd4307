"""Which backups are kept: the newest of each of the last days, weeks and months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

NAME = re.compile(r"portal-(\d{8}T\d{6})Z\.tar\.gz(\.age)?")
MOMENT = "%Y%m%dT%H%M%S"
CHECKSUM = ".sha256"

PERIODS: dict[str, Callable[[datetime], object]] = {
    "daily": lambda moment: moment.date(),
    "weekly": lambda moment: moment.isocalendar()[:2],
    "monthly": lambda moment: (moment.year, moment.month),
}


def name_for(moment: datetime, *, is_encrypted: bool) -> str:
    """portal-20261123T065500Z.tar.gz"""
    return f"portal-{moment.astimezone(UTC):{MOMENT}}Z.tar.gz{'.age' if is_encrypted else ''}"


def moment_of(path: Path) -> datetime | None:
    """When a backup was made, by its name; None for any other file."""
    match = NAME.fullmatch(path.name)
    return datetime.strptime(match[1], MOMENT).replace(tzinfo=UTC) if match else None


def backups_in(folder: Path) -> list[Path]:
    """All backups in a folder, newest first."""
    return sorted((path for path in folder.iterdir() if moment_of(path)), reverse=True)


def kept(backups: Iterable[Path], keep: Mapping[str, int]) -> set[Path]:
    """Those of ``backups``, newest first, that the rule keeps; the newest in any case."""
    backups = list(backups)
    found = set(backups[:1])
    for period, number in keep.items():
        newest: dict[object, Path] = {}
        for path in backups:
            newest.setdefault(PERIODS[period](moment_of(path)), path)
        found.update(list(newest.values())[:number])
    return found


def rotate(folder: Path, keep: Mapping[str, int]) -> list[Path]:
    """Delete the backups that the rule does not keep; which they were."""
    backups = backups_in(folder)
    gone = sorted(set(backups) - kept(backups, keep))
    for path in gone:
        path.unlink()
        path.with_name(path.name + CHECKSUM).unlink(missing_ok=True)
    return gone
