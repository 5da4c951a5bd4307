"""Texts of installed packages that come without Chinese, or without all of it.

Nothing imports this module. It is here for ``make messages``, so that these texts get into the
portal's own catalogue, which Django asks before those of the packages. Texts that the packages'
scripts show are in ``locale/*/LC_MESSAGES/djangojs.po``.
"""

from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

#: Django: what its Simplified catalogue lacks.
DJANGO = (
    gettext_noop("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    gettext_noop("Add link"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
    gettext_noop("Forgotten your login credentials?"),
    gettext_noop("In case you’ve forgotten, you are:"),
    gettext_noop("Model name"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)

#: Django: what reads better without the spaces, colons and stiff words of its own Chinese.
DJANGO_ADMIN = (
    gettext_noop(":"),
    gettext_noop(":?.!"),
    gettext_noop("Add"),
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Select %s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("0 of %(cnt)s selected"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Filter"),
    gettext_noop("Action:"),
    gettext_noop("An authenticator app is not active."),
    gettext_noop("Run the selected action"),
    gettext_noop("Delete selected %(verbose_name_plural)s"),
    gettext_noop("Successfully deleted %(count)d %(items)s."),
    gettext_noop("The %(name)s “%(obj)s” was deleted successfully."),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("Models in the %(name)s application"),
)

#: django-solo, django-tasks-db and django-axes have no Chinese at all.
OTHER_PACKAGES = (
    gettext_noop("{obj} was changed successfully."),
    pgettext_lazy("Task", "Ready"),
    pgettext_lazy("Task", "Running"),
    pgettext_lazy("Task", "Failed"),
    pgettext_lazy("Task", "Successful"),
    gettext_noop("status"),
    gettext_noop("enqueued at"),
    gettext_noop("started at"),
    gettext_noop("finished at"),
    gettext_noop("args kwargs"),
    gettext_noop("priority"),
    gettext_noop("task path"),
    gettext_noop("worker id"),
    gettext_noop("queue name"),
    gettext_noop("backend name"),
    gettext_noop("run after"),
    gettext_noop("return value"),
    gettext_noop("exception class path"),
    gettext_noop("traceback"),
    gettext_noop("Task Result"),
    gettext_noop("Task Results"),
    gettext_noop("Account locked: too many login attempts. Please try again later."),
    gettext_noop(
        "Account locked: too many login attempts. Contact an admin to unlock your account."
    ),
)

#: django-countries: names that are missing, or that an office of the mainland writes otherwise.
COUNTRIES_AND_REGIONS = (
    gettext_noop("Bahamas (The)"),
    gettext_noop("Democratic Republic of the Congo"),
    gettext_noop("Eswatini"),
    gettext_noop("Falkland Islands (Malvinas)"),
    gettext_noop("Hong Kong"),
    gettext_noop("Macao"),
    gettext_noop("Micronesia"),
    gettext_noop("Naoero"),
    gettext_noop("Netherlands (Kingdom of the)"),
    gettext_noop("North Macedonia"),
    gettext_noop("Palestine"),
    gettext_noop("Saint Helena"),
    gettext_noop("South Georgia"),
    gettext_noop("Taiwan"),
    gettext_noop("Tanzania, the United Republic of"),
    gettext_noop("Turkey"),
    gettext_noop("Türkiye"),
    gettext_noop("Vatican City"),
)
