"""Groups as the table of roles says, after every migration.

The first migration made them as the table was then. What later models and permissions bring is
added here, so that a portal that is updated has the same roles as a new one. Nothing is taken
away: a group may have been given more by hand.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from staff.roles import ROLES, Role


def wanted_permissions(role: Role) -> Q:
    """The condition that all permissions of ``role`` fulfil; ``"app.*"`` are all its models."""
    wanted = Q(pk__in=[])
    for name, actions in role.permissions.items():
        label, _dot, model = name.partition(".")
        models = (
            [item._meta.model_name for item in installed.get_app_config(label).get_models()]
            if model == "*"
            else [model]
        )
        codenames = [f"{action}_{one}" for one in models for action in actions]
        wanted |= Q(content_type__app_label=label, codename__in=codenames)
    return wanted


def sync_roles(*, using: str = "default", **_signal: Any) -> None:
    """Make groups that are missing and add permissions that they lack. Four queries a role."""
    for role in ROLES:
        group, _created = Group.objects.using(using).get_or_create(name=role.name)
        group.permissions.add(*Permission.objects.using(using).filter(wanted_permissions(role)))
