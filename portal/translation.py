"""Which texts exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from portal.models import HistoryEvent, MenuItem, Page

SEO = ("seo_title", "seo_description")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "summary", "body", *SEO)


@register(MenuItem)
class MenuItemTranslation(TranslationOptions):
    fields = ("label",)


@register(HistoryEvent)
class HistoryEventTranslation(TranslationOptions):
    fields = ("title", "summary", *SEO)
