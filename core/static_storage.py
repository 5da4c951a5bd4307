"""One stylesheet for visitors out of many small files for those who write them.

``css/site.css`` lists its parts as ``@import url("part.css") layer(name);``. A browser can follow
that list as it is, one request after another. ``collectstatic`` puts the parts in its place, so
that a visitor fetches one file: no build step, nothing generated in the checkout.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,]) ?")
_AFTER_COLON = re.compile(r"([a-z-]): (?=[^;{}]*[;}])")


class UnsafeStylesheetError(ValueError):
    """A part says something that would change its meaning once it stands in another file."""


def join_stylesheet(entry: Path) -> str:
    """Text of the stylesheet ``entry`` with its imports in place and without comments.

    Raises FileNotFoundError for a part that is not there, and UnsafeStylesheetError for one that
    refers to a file (the address would be relative to another folder) or imports in turn.
    """

    def part(match: re.Match[str]) -> str:
        path = entry.parent / match[1]
        text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        if "url(" in text or "@import" in text:
            raise UnsafeStylesheetError(f"{path.name}: a part may not refer to other files.")
        return f"@layer {match[2]}{{{text}}}"

    return squeeze(_IMPORT.sub(part, _COMMENT.sub("", entry.read_text(encoding="utf-8"))))


def squeeze(css: str) -> str:
    """``css`` without the spaces that only people need. Strings here never hold two spaces."""
    css = _AROUND.sub(r"\1", _SPACE.sub(" ", css))
    return _AFTER_COLON.sub(r"\1:", css).replace(";}", "}").strip()


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, as WhiteNoise makes them, and one joined stylesheet."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool | Exception]]:
        """Join first, so that the hash is that of the joined text.

        The parts are read from where they are written: ``collectstatic`` does not copy an
        unchanged ``site.css`` again, and the copy has no imports left to follow.
        """
        source = finders.find(STYLESHEET)
        if source and STYLESHEET in paths and not dry_run:
            joined = join_stylesheet(Path(source))
            Path(self.path(STYLESHEET)).write_text(joined, encoding="utf-8")
            # Hash what was just written, not the list of imports it came from.
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)
