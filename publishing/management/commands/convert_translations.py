"""``manage.py convert_translations``: the interface's 繁體 made from its 简体."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publishing.traditional import interface_converter, to_traditional

SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"
HEADER = """Traditional Chinese (Hong Kong) of {name}, made by manage.py convert_translations.
Change zh_Hans and convert again. To keep a text of your own here, write the comment "# by hand"
above its entry."""
#: A translator's comment that begins like this keeps the text of a person.
BY_HAND = "by hand"


class Command(BaseCommand):
    """The catalogue of zh_Hant is written anew from that of zh_Hans, entry by entry.

    An entry with the translator's comment ``# by hand`` keeps its 繁體. An entry that has no
    简体 yet, or a fuzzy one, stays empty, so that nobody takes a guess for a translation.
    """

    help = "Write locale/zh_Hant from locale/zh_Hans; entries commented “by hand” are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail where something would change."
        )

    def handle(self, *, check: bool, verbosity: int, **options: object) -> None:
        behind = []
        for folder in map(Path, settings.LOCALE_PATHS):
            for source in sorted((folder / SIMPLIFIED / "LC_MESSAGES").glob("*.po")):
                target = folder / TRADITIONAL / "LC_MESSAGES" / source.name
                present = target.read_text(encoding="utf-8") if target.exists() else ""
                catalogue = converted(polib.pofile(str(source)), present)
                catalogue.header = HEADER.format(name=source.name)
                text = f"{str(catalogue).rstrip()}\n"
                if text == present:
                    continue
                behind.append(target)
                if not check:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, encoding="utf-8")
        if check and behind:
            raise CommandError(
                f"Not made from today's 简体: {', '.join(map(str, behind))}. "
                "Run manage.py convert_translations."
            )
        if verbosity > 0:
            self.stdout.write(f"Catalogues written: {0 if check else len(behind)}")


def converted(simplified: polib.POFile, present: str) -> polib.POFile:
    """The catalogue in Traditional characters; ``present`` is the file as it is now."""
    kept = {
        (entry.msgctxt, entry.msgid): entry
        for entry in (polib.pofile(present) if present else ())
        if entry.tcomment.startswith(BY_HAND)
    }
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {**simplified.metadata, "Language": TRADITIONAL}
    for source in simplified:
        if source.obsolete:
            continue
        entry = polib.POEntry(
            msgctxt=source.msgctxt,
            msgid=source.msgid,
            msgid_plural=source.msgid_plural,
            comment=source.comment,
            occurrences=source.occurrences,
            flags=[flag for flag in source.flags if flag != "fuzzy"],
        )
        by_hand = kept.get((source.msgctxt, source.msgid))
        if by_hand is not None:
            entry.tcomment = by_hand.tcomment
        copy_texts(by_hand or source, entry, str if by_hand else interface_text)
        catalogue.append(entry)
    return catalogue


def copy_texts(source: polib.POEntry, target: polib.POEntry, change: Callable[[str], str]) -> None:
    """Copy the translation, singular or plural, through ``change``; a fuzzy one is left empty."""
    is_usable = source.translated()
    if source.msgid_plural:
        texts = source.msgstr_plural.items()
        target.msgstr_plural = {form: change(text) if is_usable else "" for form, text in texts}
    else:
        target.msgstr = change(source.msgstr) if is_usable else ""


def interface_text(text: str) -> str:
    return to_traditional(text, interface_converter())
