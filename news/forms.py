"""A reader's question under a post."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_guard import GuardedForm
from news.models import Question


class QuestionForm(GuardedForm, forms.ModelForm):
    """Question and, if the reader likes, a name. Guarded against robots, no personal data."""

    class Meta:
        model = Question
        fields = ["text", "author_name"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5, "maxlength": 1000})}
        help_texts = {
            "text": _(
                "Up to 1,000 characters. Please write no telephone numbers or other personal data:"
                " question and answer are published here."
            ),
        }
