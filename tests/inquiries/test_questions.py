"""Which questions a message asks, in English and Chinese."""

import pytest

from inquiries.questions import LONGEST_QUESTION, own_words, split_questions

CASES = {
    "sentences": (
        "We make seats. Is there a port? We start in 2027. How much is power, at 10 kV?",
        ["Is there a port?", "How much is power, at 10 kV?"],
    ),
    "a sentence over two lines": ("Which park has\n20 hectares?", ["Which park has 20 hectares?"]),
    "an abbreviation": ("Is a plot of approx. 20 ha left?", ["Is a plot of approx. 20 ha left?"]),
    "numbers": (
        "Dear all,\n1. Land price\n2) Power at 110 kV\n(3) Tax holiday?\nRegards, Ada",
        ["Land price", "Power at 110 kV", "Tax holiday?"],
    ),
    "bullets with a second line": (
        "- Which permits\n  are needed?\n• Wages",
        ["Which permits are needed?", "Wages"],
    ),
    "an item that asks twice": (
        "1. Is there gas? Is there steam?",
        ["Is there gas?", "Is there steam?"],
    ),
    "Chinese sentences": (
        "您好！我公司做电池。园区有蒸汽吗？请问地价多少。谢谢！",
        ["园区有蒸汽吗？", "请问地价多少。"],
    ),
    "Chinese lists": (
        "1、土地价格\n二、税收优惠\n（3）用工成本\n④能评",
        ["土地价格", "税收优惠", "用工成本", "能评"],
    ),
    "a half-width mark in Chinese": ("有电吗?有水吗?", ["有电吗?", "有水吗?"]),
    "Traditional": ("請問園區有污水處理廠嗎？", ["請問園區有污水處理廠嗎？"]),
    "an address": ("See https://example.org/?a=b for us. Thank you.", []),
    "decimals and dates": ("1.5 hectares would do.\n2026-11-24 we met.", []),
    "the same twice": ("Is there gas? Is there gas?", ["Is there gas?"]),
    "nothing": ("We look for 20 hectares near a port.", []),
    "marks only": ("???\n- \n1.", []),
}


@pytest.mark.parametrize("name", CASES)
def test_questions_are_split_out(name):
    text, questions = CASES[name]
    assert split_questions(text) == questions


def test_windows_line_ends_make_no_difference():
    assert split_questions("1. Land\r\n2. Water\r\n") == ["Land", "Water"]


def test_a_flood_of_questions_is_cut_short():
    found = split_questions("Why? " * 3 + " ".join(f"Is {n} free?" for n in range(90)))
    assert len(found) == 30
    assert len(split_questions("- " + "a" * 900)[0]) == LONGEST_QUESTION


def test_a_long_line_does_not_take_long():
    split_questions("a " * 2500)
    split_questions("(" * 5000)
    split_questions("?" * 5000)


@pytest.mark.parametrize(
    "tail",
    [
        "On Tue, 24 Nov 2026 at 10:00, Desk <desk@example.org> wrote:\n> Is that all?",
        "-----Original Message-----\nIs that all?",
        "在 2026年11月24日，招商局 <desk@example.org> 写道：\n还有吗？",
        "发件人: 招商局 <desk@example.org>\n还有吗？",
        "> Is that all?",
    ],
)
def test_what_a_mail_quotes_is_not_asked_again(tail):
    assert own_words(f"Thank you.\n\n{tail}") == "Thank you."
