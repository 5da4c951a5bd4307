"""``manage.py copy_media``: files of a folder into the configured storage."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.management.base import BaseCommand, CommandError

from operation.archive import Refused, state
from operation.stored_files import state_of, storages, store


class Command(BaseCommand):
    """Can be repeated: files that are there already are only compared."""

    requires_system_checks = ()

    help = "Copy the files of DATA_DIR (media/ and private/) into the configured storage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="folder", type=Path, required=True, metavar="FOLDER",
            help="the DATA_DIR with the folders media and private",
        )  # fmt: skip

    def handle(self, *, folder: Path, **options: object) -> None:
        found = {kind: folder.resolve() / kind for kind in storages()}
        if not any(path.is_dir() for path in found.values()):
            raise CommandError(f"{folder} has neither {' nor '.join(found)}: name the DATA_DIR.")
        try:
            for kind, path in found.items():
                self.copy(kind, path)
        except Refused as error:
            raise CommandError(str(error)) from None
        except (OSError, SuspiciousFileOperation) as error:
            raise CommandError(
                f"Stopped ({type(error).__name__}); what was copied stays. Run it again."
            ) from None

    def copy(self, kind: str, folder: Path) -> None:
        """Each file is read again from where it was written."""
        storage, copied, size, files = storages()[kind], 0, 0, 0
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            with path.open("rb") as content:
                expected = state(content)
                if not storage.exists(name):
                    content.seek(0)
                    store(storage, name, content)
                    copied += 1
            if state_of(storage, name) != expected:
                raise Refused(f"{kind}/{name} is there with another content: nothing is replaced.")
            files, size = files + 1, size + expected.size
        self.stdout.write(
            f"{kind}: {files:,} files, {size:,} bytes, sizes and checksums the same; "
            f"{copied:,} of them copied now."
        )
