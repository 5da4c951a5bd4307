"""Which texts exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from investment.models import Indicator, Project, ProjectMilestone, Statistic

SEO = ("seo_title", "seo_description")


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("name", "investor", "summary", "body", "products", *SEO)


@register(ProjectMilestone)
class ProjectMilestoneTranslation(TranslationOptions):
    fields = ("title", "note")


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("name", "description", *SEO)


@register(Statistic)
class StatisticTranslation(TranslationOptions):
    fields = ("note",)
