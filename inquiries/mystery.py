"""The month's test inquiry: how well the bureau answers when nobody knows that it is a test.

It is made as visitors make theirs and looks like any other at the desk and in mails. Only chiefs
see what it is. It counts in no figure. Its mails go to an address of the bureau's leadership
(setting ``MYSTERY_EMAIL``); without one there are no tests.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from inquiries.choices import InvestmentBand, Kind, Role, Start, Subject
from inquiries.models import Inquiry, InquiryEvent, MysteryShop, new_secret
from inquiries.services import InquiryContext, submit_inquiry

#: Days of the month from which one is drawn, so that none can be guessed.
FIRST_DAY, LAST_DAY = 3, 25


@dataclass(frozen=True, slots=True)
class Part:
    """An invented investor, who asks several things at once, as real ones do."""

    name: str
    organisation: str
    country: str
    language: str
    message: str


PARTS = (
    Part(
        "Martin Keller",
        "Keller Antriebstechnik",
        "DE",
        "en",
        "We make drive shafts for electric cars and compare three regions in South China for a "
        "plant of about 25,000 m². Which of your parks has such a plot ready to build on, and at "
        "what price? How long does it take from the contract to the building permit? Which of our "
        "customers could be reached by lorry within two hours?",
    ),
    Part(
        "林志明",
        "志明精密五金",
        "HK",
        "zh-hant",
        "我們在東莞從事精密五金加工，計劃於明年擴充產能，需要約15畝工業用地或約8000平方米標準廠房。"
        "請問貴區哪些園區適合？廠房租金和電價大約是多少？環評手續一般需時多久？",
    ),
    Part(
        "陈思远",
        "思远新材料",
        "CN",
        "zh-hans",
        "我司生产锂电池用导电浆料，拟投资约一亿元建设二期项目，需用地约30亩。"
        "请问哪些园区可以接纳精细化工类项目？污水处理能力是否有余量？现有哪些扶持政策，申报条件是什么？",
    ),
    Part(
        "Hannah Lim",
        "Lim & Ong Advisory",
        "SG",
        "en",
        "A client of ours, a maker of food packaging, is looking for a second site in the Greater "
        "Bay Area: 10,000 m² of workshop to rent, 120 staff, start in about a year. Could you tell "
        "us what is available, what wages for skilled operators are usual, and which ports the "
        "site would use? We would like to visit in the coming weeks.",
    ),
)


def is_switched_on() -> bool:
    return bool(settings.MYSTERY_EMAIL)


def send_mystery_inquiry(day: date | None = None) -> MysteryShop | None:
    """Make the test inquiry of the month of ``day``; None if there is one, or without a setting."""
    month = (day or timezone.localdate()).replace(day=1)
    if not is_switched_on() or MysteryShop.objects.filter(month=month).exists():
        return None
    number = month.year * 12 + month.month
    part = PARTS[number % len(PARTS)]
    addresses = settings.MYSTERY_EMAIL
    is_adviser = "Advisory" in part.organisation
    answers: dict[str, Any] = {
        "name": part.name,
        "organisation": part.organisation,
        "email": addresses[number % len(addresses)],
        "country": part.country,
        "subject": Subject.INVEST,
        "message": part.message,
        "kind": Kind.SELECTOR if is_adviser else Kind.INVESTOR,
        "role": Role.ADVISES if is_adviser else Role.DECIDES,
        "investment_band": InvestmentBand.TO_100M,
        "start": Start.TWO_YEARS,
        "is_synthetic": True,
    }
    with transaction.atomic():
        inquiry = submit_inquiry(
            answers, InquiryContext(), key=new_secret(), language=part.language
        )
        return MysteryShop.objects.create(month=month, inquiry=inquiry)


def chosen_day(month: date) -> int:
    """On which day of ``month`` the test is made: the same for every worker, known to none."""
    text = f"{settings.SECRET_KEY} {month:%Y-%m}"
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    return FIRST_DAY + number % (LAST_DAY - FIRST_DAY + 1)


def send_if_due(now: Any = None) -> MysteryShop | None:
    """For the worker, every night: once in a month, on or after the chosen day."""
    today = timezone.localdate(now)
    return send_mystery_inquiry(today) if today.day >= chosen_day(today) else None


def observed(inquiry: Inquiry) -> dict[str, bool]:
    """What the portal itself knows of four of the five questions.

    Whether a case was made for the place is for people to judge.
    """
    replies = inquiry.replies.exclude(sent_at=None).select_related("author")
    has_open_points = inquiry.points.filter(answered_at=None).exists()
    return {
        "reached": bool(inquiry.first_reply_at and inquiry.first_reply_at <= inquiry.due_at),
        "named": any(reply.author and reply.author.get_full_name() for reply in replies),
        "all_answered": bool(inquiry.first_reply_at) and not has_open_points,
        "followed_up": inquiry.events.filter(kind=InquiryEvent.Kind.FOLLOW_UP).exists(),
    }
