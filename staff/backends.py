"""Who may log in: members of staff, and nobody else."""

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from staff.models import User


class StaffBackend(AuthenticationBackend):
    """Password login for staff.

    An account that is not staff fails like a wrong password: same words, same time. The rule is
    asked again on every request, so taking away ``is_staff`` or ``is_active`` ends the session.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is None:
            # allauth keeps an account that may not log in, to tell its owner so. That would
            # tell a stranger that the password was right.
            self.unstash_authenticated_user()
        return user

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_staff and super().user_can_authenticate(user)
