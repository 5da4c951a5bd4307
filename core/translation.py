"""Which texts exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from core.models import Citation, Contact, SiteSettings, Source


@register(SiteSettings)
class SiteSettingsTranslation(TranslationOptions):
    fields = ("name", "short_name", "claim", "intro", "response_note", "footer_note")


@register(Contact)
class ContactTranslation(TranslationOptions):
    fields = ("organisation", "desk", "person", "role", "address")


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ("publisher", "title")


@register(Citation)
class CitationTranslation(TranslationOptions):
    fields = ("note",)
