"""``manage.py ensure_admin``: the first key to the desk."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Runs at every start and acts once: a portal that has staff is left alone."""

    help = "Make a superuser `admin` with a random password, if there is no staff account."

    def handle(self, **options: object) -> None:
        users = get_user_model()._default_manager
        if users.filter(is_staff=True).exists():
            return
        name = "admin" if not users.filter(username="admin").exists() else "admin-2"
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=name, email="", password=password)
        self.stdout.write(
            f"\nA first account for the desk was made. Note it now, it is not shown again:\n"
            f"  user name {name}\n  password  {password}\n"
        )
