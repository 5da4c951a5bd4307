"""What is held about a person as a PDF, one column to read and to keep.

It uses a Chinese font that every reader of PDF files brings along, so no font has to be shipped.
"""

import io
import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

FONT = "STSong-Light"
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def pdf_bytes(title: str, note: str, chapters: Iterable[tuple[str, list[list[str]]]]) -> bytes:
    """``chapters`` are a heading and its rows, each a list of lines; those without rows go."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    flow: list[Flowable] = [_paragraph(title, 16, after=8), _paragraph(note, 9, after=6)]
    for heading, rows in chapters:
        if rows:
            flow.append(_paragraph(heading, 12, before=10, after=4))
        for lines in rows:
            flow += [_paragraph(line, 9) for line in lines]
            flow.append(Spacer(0, 2 * mm))
    content = io.BytesIO()
    margin = 20 * mm
    SimpleDocTemplate(
        content,
        pagesize=A4,
        title=title,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), margin),
    ).build(flow)
    return content.getvalue()


def _paragraph(text: str, size: int, *, before: float = 0, after: float = 1) -> Paragraph:
    """Chinese may be broken anywhere, English between words."""
    style = ParagraphStyle(
        "copy",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.5,
        spaceBefore=before,
        spaceAfter=after,
        wordWrap="CJK" if CHINESE.search(text) else None,
    )
    return Paragraph(escape(text).replace("\n", "<br/>"), style)
