"""What the new stages ask of every inquiry, once the old ones have it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0003_stages")]

    operations = [
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), _negated=True),
                    models.Q(("close_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="closed_inquiry_has_reason",
                violation_error_message="Choose why the inquiry is closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("close_reason", "lost"), _negated=True),
                    models.Q(("lost_to", ""), _negated=True),
                    _connector="OR",
                ),
                name="lost_inquiry_says_to_whom",
                violation_error_message="Write to whom or where it was lost.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_confidential", False),
                    models.Q(("code_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="confidential_inquiry_has_code_name",
                violation_error_message="Give a confidential inquiry a code name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paused_at", None),
                    models.Q(("pause_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="paused_inquiry_has_reason",
                violation_error_message="Choose why the clock is paused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating", None), ("rating__range", (1, 5)), _connector="OR"),
                name="inquiry_rating_in_range",
                violation_error_message="A rating is between 1 and 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("backup", None),
                    models.Q(("backup", models.F("assigned_to")), _negated=True),
                    _connector="OR",
                ),
                name="inquiry_backup_is_not_owner",
                violation_error_message="Choose somebody else than the owner as backup.",
            ),
        ),
    ]
