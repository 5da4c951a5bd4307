"""Members of staff for tests."""

from django.contrib.auth.models import Group

from staff.models import User

PASSWORD = "a-long-password-for-tests"


def member(role: str | None = None, **values: object) -> User:
    """Somebody at the desk with ``role``; without one they may log in and see nothing."""
    name = values.pop("username", (role or "nobody").lower().replace(" ", "-"))
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, **values)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def superuser() -> User:
    """Somebody who may do everything."""
    return member(username="root", is_superuser=True)
