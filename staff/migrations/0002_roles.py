"""Makes the four roles with their permissions."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

from staff.roles import ROLES


def make_roles(apps, schema_editor):
    """Permissions are made after all migrations only, so ask for them here and now."""
    for label in sorted({name.partition(".")[0] for role in ROLES for name in role.permissions}):
        config = apps.get_app_config(label)
        # create_permissions works on apps that have a models module; the state of a
        # migration has none.
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        config.models_module = None

    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        wanted = Q(pk__in=[])
        for name, actions in role.permissions.items():
            label, _dot, model = name.partition(".")
            if model == "*":
                models = [item._meta.model_name for item in apps.get_app_config(label).get_models()]
            else:
                models = [model]
            for model_name in models:
                codenames = [f"{action}_{model_name}" for action in actions]
                wanted |= Q(content_type__app_label=label, codename__in=codenames)
        group.permissions.set(Permission.objects.filter(wanted))


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=[role.name for role in ROLES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0001_initial"),
        ("publishing", "0001_initial"),
        ("library", "0001_initial"),
        ("parks", "0001_initial"),
        ("investment", "0001_initial"),
        ("news", "0001_initial"),
        ("inquiries", "0001_initial"),
        ("portal", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_roles, drop_roles)]
