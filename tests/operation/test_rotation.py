"""Which backups stay."""

from datetime import UTC, datetime, timedelta

from operation.rotation import CHECKSUM, backups_in, kept, moment_of, name_for, rotate

KEEP = {"daily": 7, "weekly": 4, "monthly": 3}
END = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def make(folder, moments, *, is_encrypted=False):
    for moment in moments:
        path = folder / name_for(moment, is_encrypted=is_encrypted)
        path.write_bytes(b"")
        path.with_name(path.name + CHECKSUM).write_bytes(b"")


def days(folder):
    return [f"{moment_of(path):%m-%d}" for path in backups_in(folder)]


def test_a_name_says_when(tmp_path):
    name = name_for(END, is_encrypted=True)
    assert name == "portal-20261123T030000Z.tar.gz.age"
    assert moment_of(tmp_path / name) == END
    assert moment_of(tmp_path / "portal-20261123T030000Z.tar.gz.sha256") is None


def test_a_year_of_days_leaves_days_weeks_and_months(tmp_path):
    make(tmp_path, [END - timedelta(days=number) for number in range(365)])
    gone = rotate(tmp_path, KEEP)
    assert days(tmp_path) == [
        *("11-23", "11-22", "11-21", "11-20", "11-19", "11-18", "11-17"),
        *("11-15", "11-08", "10-31", "09-30"),
    ]
    assert len(gone) == 365 - 11
    assert len(list(tmp_path.glob("*" + CHECKSUM))) == 11
    assert rotate(tmp_path, KEEP) == []


def test_days_without_a_backup_cost_none(tmp_path):
    """A machine that was off for a month does not lose its last backups."""
    make(tmp_path, [END - timedelta(days=30 + number) for number in range(3)])
    assert rotate(tmp_path, KEEP) == []


def test_the_newest_of_a_day_stays(tmp_path):
    make(tmp_path, [END, END - timedelta(hours=1)], is_encrypted=True)
    rotate(tmp_path, KEEP)
    assert [moment_of(path) for path in backups_in(tmp_path)] == [END]


def test_the_newest_stays_in_any_case(tmp_path):
    make(tmp_path, [END, END - timedelta(days=1)])
    assert len(kept(backups_in(tmp_path), {"daily": 0, "weekly": 0, "monthly": 0})) == 1


def test_other_files_are_left_alone(tmp_path):
    for name in ("notes.txt", "portal-old.tar.gz", "erasures.json"):
        (tmp_path / name).write_bytes(b"")
    rotate(tmp_path, {"daily": 0})
    assert len(list(tmp_path.iterdir())) == 3
