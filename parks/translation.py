"""Which texts exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from parks.models import ChainLink, District, Industry, Park, ParkPoint, TransportLink

SEO = ("seo_title", "seo_description")


@register(District)
class DistrictTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(Industry)
class IndustryTranslation(TranslationOptions):
    fields = ("name", "summary", "body", *SEO)


@register(ChainLink)
class ChainLinkTranslation(TranslationOptions):
    fields = ("name", "note")


@register(Park)
class ParkTranslation(TranslationOptions):
    fields = ("name", "short_name", "summary", "body", "location", *SEO)


@register(ParkPoint)
class ParkPointTranslation(TranslationOptions):
    fields = ("text",)


@register(TransportLink)
class TransportLinkTranslation(TranslationOptions):
    fields = ("name",)
