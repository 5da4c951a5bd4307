"""A migrated SQLite file. Migrating takes longer than any test, so processes copy what one made."""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / ".pytest_cache" / "migrated"


def migrated_file() -> Path:
    """Made by the first that asks, and again as soon as any code or package is another."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(sys.version.encode())
    apps = [found.parent for found in PROJECT.glob("*/__init__.py") if found.parent.name != "tests"]
    sources = [source for app in apps for source in app.rglob("*.py")]
    for source in sorted([*sources, PROJECT / "requirements.txt"]):
        digest.update(source.read_bytes())
    made = FOLDER / f"{digest.hexdigest()[:20]}.sqlite3"
    with open(FOLDER / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in FOLDER.glob("*.sqlite3"):
                old.unlink()
            with TemporaryDirectory(dir=FOLDER) as folder:
                migrate(Path(folder)).rename(made)
    return made


def migrate(folder: Path) -> Path:
    """A file in ``folder`` without a journal beside it, which alone may be copied."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(folder)},
        check=True,
    )
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("VACUUM INTO ?", [str(folder / "whole")])
    return folder / "whole"
