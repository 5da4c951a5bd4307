"""The people at the desk."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff."""

    language = models.CharField(
        _("language of the desk"),
        max_length=7,
        blank=True,
        help_text=_("Empty: as the browser asks."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        """As colleagues know each other; the login name of who has told no other."""
        return self.get_full_name() or self.get_username()
