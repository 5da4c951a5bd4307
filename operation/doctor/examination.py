"""All looks in order, none of which can hold up the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Thread

from django.db import Error, connection

from operation.doctor import database, files, place, services, work
from operation.doctor.finding import Finding, Look, fail

#: Longer than any answer that is worth something; mail servers may take EMAIL_TIMEOUT twice.
LONGEST = 15.0

LOOKS: tuple[Look, ...] = (
    place.look_at_place,
    place.look_at_settings,
    database.look_at_database,
    database.look_at_disk,
    database.look_at_clock,
    services.look_at_cache,
    services.look_at_mail,
    services.look_at_mailbox,
    services.look_at_scanner,
    work.look_at_worker,
    work.look_at_mails,
    work.look_at_tasks,
    work.look_at_search,
    files.look_at_storage,
    files.look_at_static,
    files.look_at_translations,
    files.look_at_backup,
)


def examine(looks: Iterable[Look] = LOOKS, longest: float = LONGEST) -> Iterator[Finding]:
    """Findings as they come. A look that hangs is left behind after ``longest`` seconds."""
    for look in looks:
        found: list[Finding] = []
        thread = Thread(target=_run, args=(look, found), daemon=True)
        thread.start()
        thread.join(longest)
        yield from list(found)
        if thread.is_alive():
            yield fail(
                f"{subject(look)}: no answer in {longest:.0f} s.",
                "Something hangs: look at the server it asks, then at the network.",
            )


def _run(look: Look, found: list[Finding]) -> None:
    try:
        found.extend(look())
    except Exception as error:
        # Its text may hold a password or a person.
        remedy = "Mend the lines above first, then ask again."
        if not isinstance(error, Error):
            remedy = "This is a fault in the doctor: please report it."
        found.append(fail(f"{subject(look)}: not examined ({type(error).__name__}).", remedy))
    finally:
        connection.close()


def subject(look: Look) -> str:
    """``look_at_mail`` → ``Mail``."""
    return look.__name__.removeprefix("look_at_").capitalize()
