"""Who may log in: members of staff, and nobody else."""

from allauth.account.auth_backends import AuthenticationBackend

from staff.models import User


class StaffBackend(AuthenticationBackend):
    """Password login for staff.

    An account that is not staff fails like a wrong password: same words, same time. The rule is
    asked again on every request, so taking away ``is_staff`` or ``is_active`` ends the session.
    """

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_staff and super().user_can_authenticate(user)
