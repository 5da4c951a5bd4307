"""A project's public stage is its last milestone that is done."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from investment.models import Project, ProjectMilestone


@receiver([post_save, post_delete], sender=ProjectMilestone)
def refresh_project_stage(instance: ProjectMilestone, **kwargs: object) -> None:
    """Lock the project, so that two milestones at once do not undo each other's stage."""
    with transaction.atomic():
        project = Project.objects.select_for_update().filter(pk=instance.project_id).first()
        if project is not None:
            project.refresh_stage()
