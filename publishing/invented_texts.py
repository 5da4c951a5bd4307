"""Texts for benchmarks, in which words are as common and as rare as in real ones.

The word at place n of a vocabulary is used about 1/n as often as the first (Zipf's law), so a few
words stand in every text and most in hardly any.
"""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate

ENGLISH = """
    industrial park investment battery vehicle electronics manufacturing supply chain land water
    power logistics expressway factory project signed construction production line component
    material chemical food aluminium region district officer growth export technology research
"""
CHINESE = """
    园区 项目 投资 招商引资 新能源 汽车 电子 制造 产业 集聚区 土地 供水 供电 物流
    高速公路 工厂 签约 开工 投产 零部件 新材料 化工 食品 铝业 区域 增长 出口 技术
    研发 企业 建设 服务 政策 肇庆 高要 四会 广宁
"""
VOCABULARY = 20_000
SYLLABLES = [first + vowel for first in "bcdfghklmnprstvw" for vowel in ("a", "e", "i", "o", "u")]
#: Common characters of Chinese begin here in no order; so many of them are used.
FIRST_CHARACTER, CHARACTERS = 0x4E00, 2_500


def same_choices() -> random.Random:
    """Chooses the same at every run, so that runs can be compared. Not for secrets."""
    return random.Random(20221013)  # noqa: S311


@cache
def vocabulary(*, is_english: bool) -> tuple[list[str], list[float]]:
    """Words, the most common first, and how often each and those before it are used together."""
    choose = same_choices()
    words = dict.fromkeys((ENGLISH if is_english else CHINESE).split())
    characters = [chr(FIRST_CHARACTER + 7 * number) for number in range(CHARACTERS)]
    while len(words) < VOCABULARY:
        parts = (
            choose.choices(SYLLABLES, k=choose.randint(3, 4))
            if is_english
            else choose.choices(characters, k=2)
        )
        words["".join(parts)] = None
    return list(words), list(accumulate(1 / place for place in range(1, VOCABULARY + 1)))


def invented_text(choose: random.Random, *, is_english: bool, words: int) -> str:
    """Words in chance order; three Chinese ones in a row without a sign between them."""
    known, sums = vocabulary(is_english=is_english)
    parts = choose.choices(known, cum_weights=sums, k=words)
    if is_english:
        return " ".join(parts)
    return "，".join("".join(parts[place : place + 3]) for place in range(0, words, 3))
