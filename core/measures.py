"""Numbers as people read them, in the language of the page.

The database holds SI units and yuan; everything here turns them into words on display: mu and
hectares, 亿 and billion. All arithmetic is decimal. The number words belong to the unit, so they
stand in tables here and not among the translations. Every function takes a language code and
uses the active language when it gets none; a missing value always reads "Not stated".
"""

import calendar
import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db import models
from django.utils import translation
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.languages import current_language
from core.partial_dates import ENGLISH_SHORT_MONTHS, PartialDate
from core.provenance import Qualifier

SQUARE_METRES_PER_HECTARE = Decimal(10_000)
SQUARE_METRES_PER_KM2 = Decimal(1_000_000)
#: From here on an area is a territory and reads in km²; below it is land, in mu.
KM2_THRESHOLD = 10 * SQUARE_METRES_PER_KM2
MINUS = "\N{MINUS SIGN}"

Number = Decimal | int | float | str


class Unit(models.TextChoices):
    """What a stored number counts."""

    YUAN = "yuan", _("Yuan (RMB)")
    M2 = "m2", _("Square metres")
    PERCENT = "percent", _("Per cent")
    PERSON = "person", pgettext_lazy("unit", "People")
    PROJECT = "project", _("Projects")
    ENTERPRISE = "enterprise", _("Enterprises")
    JOB = "job", _("Jobs")
    KM = "km", _("Kilometres")
    MINUTE = "minute", _("Minutes")
    HOUR = "hour", _("Hours")
    TONNE_PER_YEAR = "tonne_per_year", _("Tonnes a year")
    VEHICLE = "vehicle", _("Vehicles")
    VEHICLE_PER_YEAR = "vehicle_per_year", _("Vehicles a year")
    GWH = "gwh", _("Gigawatt-hours")
    KWH = "kwh", _("Kilowatt-hours")
    DAY = "day", _("Days")
    PORT = "port", _("Ports")
    NAUTICAL_MILE = "nautical_mile", _("Nautical miles")
    TEU_PER_YEAR = "teu_per_year", _("Containers (TEU) a year")
    MEGAWATT = "megawatt", _("Megawatts")
    COUNT = "count", _("Plain number")


class Scale(NamedTuple):
    """A number word: from how much on, called what, with how many decimals at most."""

    size: Decimal
    word: str
    decimals: int


class SplitValue(NamedTuple):
    """A figure in two parts, so that a page can set the number large and the unit small."""

    number: str
    unit: str


PLAIN = Scale(Decimal(1), "", 4)
#: Below it a number is only shortened to 万 where the decimals asked for lose nothing.
FEWEST_TO_SHORTEN = Decimal(10) ** 6
SCALES = {
    "en": (
        Scale(Decimal(10) ** 12, "trillion", 3),
        Scale(Decimal(10) ** 9, "billion", 3),
        Scale(Decimal(10) ** 6, "million", 2),
        PLAIN,
    ),
    "zh-hans": (
        Scale(Decimal(10) ** 12, "万亿", 4),
        Scale(Decimal(10) ** 8, "亿", 4),
        Scale(Decimal(10) ** 4, "万", 4),
        PLAIN,
    ),
    "zh-hant": (
        Scale(Decimal(10) ** 12, "萬億", 4),
        Scale(Decimal(10) ** 8, "億", 4),
        Scale(Decimal(10) ** 4, "萬", 4),
        PLAIN,
    ),
}
#: English singular and plural, then Simplified and Traditional Chinese.
UNIT_WORDS = {
    Unit.YUAN: ("RMB", "RMB", "元", "元"),
    Unit.M2: ("m²", "m²", "平方米", "平方米"),
    Unit.PERCENT: ("%", "%", "%", "%"),
    Unit.PERSON: ("person", "people", "人", "人"),
    Unit.PROJECT: ("project", "projects", "项", "項"),
    Unit.ENTERPRISE: ("enterprise", "enterprises", "家", "家"),
    Unit.JOB: ("job", "jobs", "个岗位", "個崗位"),
    Unit.KM: ("km", "km", "公里", "公里"),
    Unit.MINUTE: ("minute", "minutes", "分钟", "分鐘"),
    Unit.HOUR: ("hour", "hours", "小时", "小時"),
    Unit.TONNE_PER_YEAR: ("tonne a year", "tonnes a year", "吨/年", "噸/年"),
    Unit.VEHICLE: ("vehicle", "vehicles", "辆", "輛"),
    Unit.VEHICLE_PER_YEAR: ("vehicle a year", "vehicles a year", "辆/年", "輛/年"),
    Unit.GWH: ("GWh", "GWh", "吉瓦时", "吉瓦時"),
    Unit.KWH: ("kWh", "kWh", "千瓦时", "千瓦時"),
    Unit.DAY: ("day", "days", "天", "天"),
    Unit.PORT: ("port", "ports", "个港口", "個港口"),
    Unit.NAUTICAL_MILE: ("nautical mile", "nautical miles", "海里", "海里"),
    Unit.TEU_PER_YEAR: ("TEU a year", "TEU a year", "标准箱/年", "標準箱/年"),
    Unit.MEGAWATT: ("MW", "MW", "兆瓦", "兆瓦"),
    Unit.COUNT: ("", "", "", ""),
}
MU_WORDS = {"en": "mu", "zh-hans": "亩", "zh-hant": "畝"}
KM2_WORDS = {"en": "km²", "zh-hans": "平方公里", "zh-hant": "平方公里"}
CHINESE_QUARTERS = "一二三四"


def to_decimal(value: Number) -> Decimal:
    """An exact decimal; a float counts as the digits it prints. Refuses NaN and infinities."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"Not a number that can be shown: {value!r}")
    return number


def not_stated(language: str | None = None) -> str:
    """What a page says instead of a number that no source gives."""
    with translation.override(language or current_language()):
        return gettext("Not stated")


def square_metres_to_mu(area: Number) -> Decimal:
    """Mu in an area; 1 mu = 2000/3 m², so 15 mu are a hectare."""
    return to_decimal(area) * 3 / 2000


def mu_to_square_metres(mu: Number) -> Decimal:
    """Square metres of an area that a source gives in mu, to the square centimetre."""
    return (to_decimal(mu) * 2000 / 3).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def format_number(value: Number | None, language: str | None = None, decimals: int = 4) -> str:
    """Digits without a unit: "12,345.6" in English, "12345.6" in Chinese; no trailing zeros."""
    if value is None:
        return not_stated(language)
    number = to_decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    grouped = (language or current_language()) == "en"
    digits = f"{abs(number):,f}" if grouped else f"{abs(number):f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{MINUS}{digits}" if number < 0 and digits != "0" else digits


def format_value(
    value: Number | None,
    unit: str,
    language: str | None = None,
    qualifier: str | None = None,
    decimals: int | None = None,
) -> str:
    """A number with its unit: "RMB 7.635 billion", "76.35亿元", "4.13 million", "8.5%".

    ``decimals`` limits the digits after the point of the number as shown. Areas in ``m2`` are
    taken for land and read in mu or km²; for floors use ``format_floor_area``.
    """
    language = language or current_language()
    if value is None:
        return not_stated(language)
    if unit == Unit.M2:
        return format_area(value, language, qualifier)
    number, scale_word = _scaled(to_decimal(value), language, decimals)
    text = _joined(number, scale_word, _unit_word(unit, language, number, scale_word), language)
    return _qualified(text, qualifier, language)


def format_money(
    value: Number | None, language: str | None = None, qualifier: str | None = None
) -> str:
    """Yuan as "RMB 445 million", "4.45亿元" or "4.45億元"."""
    return format_value(value, Unit.YUAN, language, qualifier)


def format_area(
    value: Number | None, language: str | None = None, qualifier: str | None = None
) -> str:
    """Land given in m²: "1,355 mu (90.33 ha)", "1355亩"; from 10 km² on "992 km²"."""
    language = language or current_language()
    if value is None:
        return not_stated(language)
    number, unit = _area_parts(to_decimal(value), language)
    text = f"{number} {unit}" if language == "en" else f"{number}{unit}"
    return _qualified(text, qualifier, language)


def format_floor_area(
    value: Number | None, language: str | None = None, qualifier: str | None = None
) -> str:
    """Floor space given in m², which nobody counts in mu: "120,000 m²", "12万平方米"."""
    language = language or current_language()
    if value is None:
        return not_stated(language)
    number, scale_word = _scaled(to_decimal(value), language, None)
    unit = _unit_word(Unit.M2, language, number, scale_word)
    return _qualified(_joined(number, scale_word, unit, language), qualifier, language)


def format_change(percent: Number | None, language: str | None = None) -> str:
    """A change in per cent, always with its sign: "+5.3%", "−1.2%"."""
    if percent is None:
        return not_stated(language)
    sign = "+" if to_decimal(percent) > 0 else ""
    return f"{sign}{format_number(percent, language)}%"


def split_value(
    value: Number | None,
    unit: str,
    language: str | None = None,
    qualifier: str | None = None,
    decimals: int | None = None,
) -> SplitValue:
    """The same text in two parts: ("7.635", "billion RMB"), ("76.35", "亿元"), ("1,355", "mu").

    The qualifier stays with the number; a missing value is ("Not stated", "").
    """
    language = language or current_language()
    if value is None:
        return SplitValue(not_stated(language), "")
    if unit == Unit.M2:
        number, word = _area_parts(to_decimal(value), language)
    else:
        number, scale_word = _scaled(to_decimal(value), language, decimals)
        unit_word = _unit_word(unit, language, number, scale_word)
        if language == "en":
            word = " ".join(part for part in (scale_word, unit_word) if part)
        else:
            word = f"{scale_word}{unit_word}"
    return SplitValue(_qualified(number, qualifier, language), word)


def period_label(
    start: datetime.date | None, end: datetime.date | None, language: str | None = None
) -> str:
    """What a span of days is called: "2022", "Q1 2025", "Jan–Sep 2022", "8 Dec 2025"."""
    start, end = start or end, end or start
    if start is None or end is None:
        return not_stated(language)
    language = language or current_language()
    english = language == "en"
    whole_months = start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]
    if not whole_months:
        return _day_span(start, end, language)
    if (start.month, end.month) == (1, 12):
        if start.year == end.year:
            return str(start.year) if english else f"{start.year}年"
        return f"{start.year}–{end.year}" if english else f"{start.year}—{end.year}年"
    first = PartialDate(start.year, start.month)
    last = PartialDate(end.year, end.month)
    if start.year != end.year:
        dash = "–" if english else "—"
        return f"{first.display(language, short=True)}{dash}{last.display(language, short=True)}"
    if first == last:
        return first.display(language, short=True)
    if start.month % 3 == 1 and end.month == start.month + 2:
        quarter = end.month // 3
        if english:
            return f"Q{quarter} {start.year}"
        return f"{start.year}年第{CHINESE_QUARTERS[quarter - 1]}季度"
    if english:
        return f"{ENGLISH_SHORT_MONTHS[start.month - 1]}–{last.display('en', short=True)}"
    return f"{start.year}年{start.month}—{end.month}月"


def _day_span(start: datetime.date, end: datetime.date, language: str) -> str:
    first = PartialDate.from_date(start).display(language, short=True)
    if start == end:
        return first
    last = PartialDate.from_date(end).display(language, short=True)
    return f"{first} – {last}" if language == "en" else f"{first}—{last}"


def _scaled(value: Decimal, language: str, decimals: int | None) -> tuple[str, str]:
    """The largest number word that fits, after rounding: 999,999,999 is "1" "billion"."""
    scales = SCALES[language]
    fitting = (rank for rank, scale in enumerate(scales) if abs(value) >= scale.size)
    rank = next(fitting, len(scales) - 1)
    number = _rounded(value, scales[rank], decimals)
    if decimals is not None and abs(value) < FEWEST_TO_SHORTEN:
        # In 万 these digits would go: 67,312 with no decimals is no "7万".
        whole = _rounded(value, PLAIN, decimals)
        if number * scales[rank].size != whole:
            return format_number(whole, language), ""
    if rank and abs(number) * scales[rank].size >= scales[rank - 1].size:
        rank -= 1
        number = _rounded(value, scales[rank], decimals)
    return format_number(number, language), scales[rank].word


def _rounded(value: Decimal, scale: Scale, decimals: int | None) -> Decimal:
    digits = scale.decimals if decimals is None else min(scale.decimals, decimals)
    return (value / scale.size).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _unit_word(unit: str, language: str, number: str, scale_word: str) -> str:
    singular, plural, simplified, traditional = UNIT_WORDS[Unit(unit)]
    if language != "en":
        return simplified if language == "zh-hans" else traditional
    if unit == Unit.PERSON and scale_word:
        return ""  # "Population: 4.13 million" needs no "people"
    return singular if number == "1" and not scale_word else plural


def _joined(number: str, scale_word: str, unit_word: str, language: str) -> str:
    if unit_word == "%":
        return f"{number}{scale_word}%"
    if language != "en":
        return f"{number}{scale_word}{unit_word}"
    if unit_word == UNIT_WORDS[Unit.YUAN][0]:
        parts = (unit_word, number, scale_word)
    else:
        parts = (number, scale_word, unit_word)
    return " ".join(part for part in parts if part)


def _area_parts(square_metres: Decimal, language: str) -> tuple[str, str]:
    """Number and unit of a piece of land; in English hectares follow the mu in brackets."""
    if abs(square_metres) >= KM2_THRESHOLD:
        number = format_number(square_metres / SQUARE_METRES_PER_KM2, language, 2)
        return number, KM2_WORDS[language]
    mu = square_metres_to_mu(square_metres)
    if language == "en":
        hectares = format_number(square_metres / SQUARE_METRES_PER_HECTARE, language, 2)
        return format_number(mu, language, _mu_decimals(mu)), f"{MU_WORDS['en']} ({hectares} ha)"
    number, scale_word = _scaled(mu, language, None if mu >= 10_000 else _mu_decimals(mu))
    return number, f"{scale_word}{MU_WORDS[language]}"


def _mu_decimals(mu: Decimal) -> int:
    """Stored m² carry rounding from mu; more digits would only show that."""
    return 1 if abs(mu) >= 100 else 2


def _qualified(text: str, qualifier: str | None, language: str) -> str:
    if not qualifier or qualifier == Qualifier.EXACT:
        return text
    with translation.override(language):
        patterns = {
            Qualifier.ABOUT: pgettext("quantity", "about %(value)s"),
            Qualifier.MORE_THAN: pgettext("quantity", "more than %(value)s"),
            Qualifier.NEARLY: pgettext("quantity", "nearly %(value)s"),
            Qualifier.AT_LEAST: pgettext("quantity", "at least %(value)s"),
            Qualifier.LESS_THAN: pgettext("quantity", "less than %(value)s"),
        }
        return patterns[Qualifier(qualifier)] % {"value": text}
