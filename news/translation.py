"""Which texts exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from news.models import Post, Question, Topic


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name",)


@register(Post)
class PostTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "seo_title", "seo_description")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("answer",)
