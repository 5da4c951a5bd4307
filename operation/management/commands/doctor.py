"""``manage.py doctor``: one line for each thing an operator should know."""

import sys

from django.core.management.base import BaseCommand

from operation.doctor.examination import examine


class Command(BaseCommand):
    """Starts whatever is broken, so Django's own checks are among the findings instead."""

    requires_system_checks = ()

    help = "Say in plain words what is wrong with this portal and how to mend it."

    def handle(self, **options: object) -> None:
        counts = {"OK": 0, "WARN": 0, "FAIL": 0}
        for finding in examine():
            counts[finding.word] += 1
            self.stdout.write(str(finding))
        self.stdout.write(f"\n{counts['FAIL']} to mend, {counts['WARN']} to look at.")
        if counts["FAIL"]:
            sys.exit(1)
