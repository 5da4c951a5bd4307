"""Whether the programs that nobody sees are at work."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.models import Heartbeat

WORKER = "worker"
#: The worker beats every half minute; who misses four is taken for dead.
SILENT_AFTER = timedelta(minutes=2)


def beat(name: str) -> None:
    """Note that ``name`` is at work. One query."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def worker_state() -> str:
    """``"ok"``, ``"silent"`` (dead or stuck) or ``"never"`` (not started yet). One query."""
    last = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
    if last is None:
        return "never"
    return "ok" if timezone.now() - last < SILENT_AFTER else "silent"
