"""Which texts exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from inquiries.models import AnswerBlock


@register(AnswerBlock)
class AnswerBlockTranslation(TranslationOptions):
    fields = ("title", "text")
