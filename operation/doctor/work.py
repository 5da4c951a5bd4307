"""What waits or failed: worker, mails, tasks, search index."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django_tasks_db.models import DBTaskResult

from core import read_only
from core.heartbeat import worker_state
from inquiries.models import OutgoingMail
from operation.doctor.finding import Finding, fail, ok, warn
from operation.figures import waiting_work
from publishing.search.index import searchable_models
from publishing.search_models import SearchEntry

LATE = 3600  # seconds


def look_at_worker() -> Iterator[Finding]:
    """Alive, and done with what is due."""
    words = {
        "never": "Worker: it has never run; no mail goes out.",
        "silent": "Worker: no sign of life for two minutes; no mail goes out.",
    }
    state = worker_state()
    if state == "ok":
        yield ok("Worker: alive.")
    elif read_only.is_on():
        yield ok("Worker: pauses for maintenance.")
    else:
        yield fail(words[state], "Start manage.py run_worker, or the supervisor, and see its log.")
    waiting = waiting_work()
    if waiting["tasks_oldest_seconds"] > LATE:
        yield warn(
            f"Tasks: {waiting['tasks_waiting']} wait, the oldest for "
            f"{waiting['tasks_oldest_seconds'] / 60:.0f} minutes.",
            "Look at the worker's log; start a second worker if it only has too much to do.",
        )


def look_at_mails() -> Iterator[Finding]:
    """Given up, or late."""
    failed = OutgoingMail.objects.filter(status=OutgoingMail.Status.FAILED).count()
    if failed:
        yield fail(
            f"Mails: {failed} were given up after three days.",
            "At the desk under Mails, filter Given up: mend the address, then send again.",
        )
    waiting = waiting_work()
    if waiting["mails_oldest_seconds"] > LATE:
        yield warn(
            f"Mails: {waiting['mails_waiting']} wait, the oldest for "
            f"{waiting['mails_oldest_seconds'] / 60:.0f} minutes.",
            "The mail server refuses or does not answer: see the line about mail.",
        )
    elif not failed:
        yield ok(f"Mails: none given up, {waiting['mails_waiting']} waiting.")


def look_at_tasks() -> Iterator[Finding]:
    """Of the last week; the worker keeps them so long."""
    failed = DBTaskResult.objects.failed()
    paths = sorted(set(failed.values_list("task_path", flat=True)))
    if paths:
        yield warn(
            f"Tasks: {failed.count()} failed ({', '.join(paths)}).",
            "At the desk under Background tasks: each says where in the code.",
        )
    else:
        yield ok("Tasks: none failed.")


def look_at_search() -> Iterator[Finding]:
    """Each record that can be found is in the index. One query for each of its kinds."""
    missing = 0
    for model in searchable_models():
        kind = ContentType.objects.get_for_model(model)
        known = SearchEntry.objects.filter(content_type=kind).values("object_id")
        missing += model._base_manager.exclude(pk__in=known).count()
    if missing:
        yield warn(
            f"Search: {missing} records are not in the index.", "Run manage.py rebuild_search."
        )
    else:
        yield ok("Search: every record is in the index.")
