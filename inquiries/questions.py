"""Which questions a message asks: in English and Chinese, in sentences and in lists.

No list of words is complete, so an officer can add, change and take away; this only saves the
typing and keeps the fourth question of a long message from being forgotten.
"""

from __future__ import annotations

import re

MOST_QUESTIONS = 30
#: As long as a point at the desk may be.
LONGEST_QUESTION = 500

#: "1.", "(2)", "3、", "（4）", "⑤", "六、", "a)", "-", "•" at the beginning of a line.
LIST_MARK = re.compile(
    r"""\s*(?:
        [(（]?\d{1,2}[.)）、．](?!\d)
        | [①-⑳]
        | [(（][一二三四五六七八九十]{1,3}[)）]
        | [一二三四五六七八九十]{1,3}[、．]
        | [(（]?[a-hA-H][)）]
        | [•·‣▪●○■□]
        | [-*–—](?=\s)
    )\s*""",
    re.VERBOSE,
)
#: Where a sentence ends. A full stop only before a capital, so that "approx. 20 ha" stays whole.
SENTENCE_END = re.compile(
    r"(?<=[。！？；])\s*|(?<=[?!])\s+|(?<=\?)(?=[\u4e00-\u9fff])|(?<=[.])\s+(?=[A-Z\"“(\u4e00-\u9fff])"
)
#: Questions that are asked without a question mark.
ASKS_IN_CHINESE = re.compile(r"请问|請問|[吗嗎呢][。！；.!;]?$")

#: From here on a mail repeats what was written before.
QUOTATION_BEGINS = re.compile(
    r"\s*(?:-{2,}\s*(?:Original Message|Forwarded message|原始邮件|原始郵件|转发邮件)"
    r"|On .{5,200} wrote:\s*$|在.{4,200}写道[:：]\s*$|於.{4,200}寫道[:：]\s*$"
    r"|(?:发件人|發件人|寄件者|From)\s*[:：].+@)",
    re.IGNORECASE,
)


def split_questions(text: str) -> list[str]:
    """The questions of ``text`` in their order, each once: list items, and sentences that ask."""
    found: dict[str, None] = {}
    for part, is_item in _parts(text):
        sentences = [words.strip() for words in SENTENCE_END.split(part)]
        asking = [words for words in sentences if is_question(words)]
        # An item of a list is asked for as a whole, unless it asks for several things.
        for words in [part] if is_item and len(asking) < 2 else asking:
            if any(character.isalnum() for character in words):
                found.setdefault(_short(words))
    return list(found)[:MOST_QUESTIONS]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks something."""
    bare = sentence.rstrip("\"'”’)）】 ")
    return bare.endswith(("?", "？")) or bool(ASKS_IN_CHINESE.search(bare))


def own_words(text: str) -> str:
    """A mail without what it quotes of earlier ones."""
    lines: list[str] = []
    for line in text.splitlines():
        if QUOTATION_BEGINS.match(line):
            break
        if not line.lstrip().startswith((">", "＞")):
            lines.append(line)
    return "\n".join(lines).strip()


def _parts(text: str) -> list[tuple[str, bool]]:
    """Paragraphs and items of lists, their lines joined."""
    parts: list[tuple[list[str], bool]] = []
    is_new = True
    for line in text.splitlines():
        mark = LIST_MARK.match(line)
        words = line[mark.end() :].strip() if mark else line.strip()
        if not words:
            is_new = True
        elif mark:
            parts.append(([words], True))
            is_new = False
        elif is_new or (parts[-1][1] and not line.startswith((" ", "\t", "\u3000"))):
            # After a list, what is not indented is a new paragraph.
            parts.append(([words], False))
            is_new = False
        else:
            parts[-1][0].append(words)
    return [(" ".join(lines), is_item) for lines, is_item in parts]


def _short(words: str) -> str:
    if len(words) <= LONGEST_QUESTION:
        return words
    return words[: LONGEST_QUESTION - 1] + "…"
