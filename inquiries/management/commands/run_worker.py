"""``manage.py run_worker``: the task worker, which first looks after what earlier ones left."""

from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from inquiries.daily import ensure_nightly
from inquiries.tasks import ensure_sweep


class Command(WorkerCommand):
    """Same options as ``db_worker``, which stays usable."""

    help = "Run the task worker; mails that an earlier worker left are sent first."

    def handle(self, **options: object) -> None:
        ensure_sweep()
        ensure_nightly()
        super().handle(**options)
