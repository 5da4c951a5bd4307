"""The picture that a shared link shows: the page's title over the crags and the river.

Drawn with whatever fonts the machine has. Without a Chinese font a Chinese title is left out
rather than drawn as a row of empty boxes; the picture itself still says whose page it is.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
TEXT_WIDTH = WIDTH - 2 * MARGIN
#: The text ends here, above the landscape.
TEXT_BOTTOM = 430
TITLE_SIZES = (84, 72, 62, 52, 46)
TITLE_TOP = 150
LINE_HEIGHT = 1.28
KICKER_SIZE = 32
KICKER_BASELINE = 112
SITE_SIZE = 32
SITE_BASELINE = 604
#: Longer texts could not be read in a preview; they would only cost time.
MAX_TITLE = 120
MAX_LABEL = 60

PAPER, INK, RIVER_INK, ON_HILL = "#faf6ee", "#45222d", "#0d636c", "#fbf8f0"
SUN, FAR, MIDDLE, CRAG, HILL = "#f0c777", "#c3d0bf", "#7fa287", "#3c6a55", "#17523d"
RIVER, GLINT = "#3f878c", "#8fbcbd"

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/opt/homebrew/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)
#: File names by preference: heavy faces for titles, plain ones for the rest.
CHINESE_FONTS = {
    True: (
        "NotoSerifCJK-Bold.ttc",
        "NotoSansCJK-Bold.ttc",
        "SourceHanSerif-Bold.ttc",
        "NotoSansCJK-Regular.ttc",
        "wqy-zenhei.ttc",
        "PingFang.ttc",
    ),
    False: (
        "NotoSansCJK-Regular.ttc",
        "NotoSerifCJK-Regular.ttc",
        "SourceHanSans-Regular.ttc",
        "wqy-zenhei.ttc",
        "PingFang.ttc",
    ),
}
LATIN_FONTS = {
    True: (
        "P052-Bold.otf",
        "NotoSerif-Bold.ttf",
        "LiberationSerif-Bold.ttf",
        "DejaVuSerif-Bold.ttf",
    ),
    False: ("NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "DejaVuSans.ttf"),
}
#: Faces inside the Noto and Source Han collections: the same sign is drawn differently.
COLLECTION_FACES = {"en": 2, "zh-hans": 2, "zh-hant": 4}

HAN = re.compile("[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
#: Never at the start of a line, never at its end.
CLOSING = "，。、；：！？）」』》】”’…％%,.;:!?)]}"
OPENING = "（「『《【“‘([{"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_share_image(
    title: str, kicker: str, site_name: str, language: str, seed: str = ""
) -> bytes:
    """A PNG of 1200 × 630: ``kicker`` above ``title``, ``site_name`` below, on a landscape.

    Every ``seed`` has a landscape of its own; the empty one is the river at Zhaoqing.

    Pure: equal inputs give equal bytes. About a tenth of a second; texts are cut to what fits.
    """
    picture = _landscape(seed).copy()
    pen = ImageDraw.Draw(picture)
    title = _presentable(title, MAX_TITLE)
    kicker = _presentable(kicker, MAX_LABEL)
    site_name = _presentable(site_name, MAX_LABEL)
    if title:
        _draw_title(pen, title, language)
    for text, size, baseline, colour in (
        (kicker, KICKER_SIZE, KICKER_BASELINE, RIVER_INK),
        (site_name, SITE_SIZE, SITE_BASELINE, ON_HILL),
    ):
        if text:
            font = _font(text, language, size, is_title=False)
            line = wrap_text(text, font, TEXT_WIDTH)[0]
            pen.text((MARGIN, baseline), line, font=font, fill=colour, anchor="ls")
    buffer = io.BytesIO()
    # Flat colours: a palette makes the file a quarter of the size.
    picture.quantize(96, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def wrap_text(text: str, font: Font, width: float) -> list[str]:
    """Lines of at most ``width`` pixels: Latin breaks at spaces, Chinese after any sign.

    No line begins with a closing mark or ends with an opening one. A word longer than a line is
    cut.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and font.getlength((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line = (line + piece).lstrip()
        while font.getlength(line.rstrip()) > width and len(line) > 1:
            fitting = next(
                count
                for count in range(len(line) - 1, 0, -1)
                if count == 1 or font.getlength(line[:count]) <= width
            )
            lines.append(line[:fitting].rstrip())
            line = line[fitting:].lstrip()
    if line.strip():
        lines.append(line.rstrip())
    return lines


def chinese_font_path(is_title: bool = True) -> Path | None:
    """The best font with Chinese signs on this machine, or None."""
    return _find_font(CHINESE_FONTS[is_title])


def _pieces(text: str) -> Iterator[str]:
    """What a line may break between: words with their space, and single Chinese signs."""
    held = ""
    for piece in re.findall(rf"{HAN.pattern}|\s+|(?:(?!{HAN.pattern})\S)+", text):
        if not held:
            held = piece
        elif piece.isspace() or piece[0] in CLOSING or held[-1] in OPENING:
            held += piece
        else:
            yield held
            held = piece
    if held:
        yield held


def _draw_title(pen: ImageDraw.ImageDraw, title: str, language: str) -> None:
    """In the largest size that fits the space; in the smallest the rest is cut with an ellipsis."""
    for size in TITLE_SIZES:
        font = _font(title, language, size, is_title=True)
        lines = wrap_text(title, font, TEXT_WIDTH)
        room = int((TEXT_BOTTOM - TITLE_TOP) // (size * LINE_HEIGHT))
        if len(lines) <= min(room, 3):
            break
    else:
        lines = lines[:room]
        while lines[-1] and font.getlength(lines[-1] + "…") > TEXT_WIDTH:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    for number, line in enumerate(lines):
        baseline = TITLE_TOP + size * (0.95 + number * LINE_HEIGHT)
        pen.text((MARGIN, baseline), line, font=font, fill=INK, anchor="ls")


def _presentable(text: str, length: int) -> str:
    """One line of at most ``length`` signs, or nothing if this machine cannot draw it."""
    text = " ".join(text.split())[:length]
    return "" if HAN.search(text) and chinese_font_path() is None else text


@lru_cache(maxsize=32)
def _loaded(path: Path | None, face: int, size: int) -> Font:
    if path is None:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(path, size, index=face)
    except OSError:  # a collection with fewer faces
        return ImageFont.truetype(path, size)


def _font(text: str, language: str, size: int, is_title: bool) -> Font:
    """The font for a text: by what is written in it, then by the language of the page."""
    if HAN.search(text):
        path = chinese_font_path(is_title)
        is_collection = path is not None and path.name.startswith(("Noto", "SourceHan"))
        face = COLLECTION_FACES.get(language, 2) if is_collection else 0
        return _loaded(path, face, size)
    return _loaded(_find_font(LATIN_FONTS[is_title]), 0, size)


@lru_cache(maxsize=8)
def _find_font(names: tuple[str, ...]) -> Path | None:
    """The first of ``names`` that lies in a font folder. Searches the disk once per process."""
    found = {
        path.name: path
        for folder in FONT_FOLDERS
        if folder.is_dir()
        for path in folder.rglob("*.[ot]t[cf]")
    }
    return next((found[name] for name in names if name in found), None)


class Scene(NamedTuple):
    """What differs from one landscape to the next; the defaults are the first one drawn."""

    is_mirrored: bool = False
    sun: tuple[int, int, int] = (1044, 412, 40)
    #: Of the crags: how far to the left, and how tall.
    shift: int = 0
    height: float = 1.0
    #: Of the hills behind, in turn.
    rises: tuple[int, ...] = (0,)


def _scene(seed: str) -> Scene:
    """A scene made of the seed alone. All of it stays below the text."""
    if not seed:
        return Scene()
    dice = hashlib.blake2b(seed.encode(), digest_size=16).digest()
    return Scene(
        is_mirrored=dice[0] % 2 == 1,
        sun=(140 + dice[1] * 920 // 255, 462 + dice[2] % 24, 30 + dice[3] % 20),
        shift=dice[4] * 620 // 255,
        height=0.6 + dice[5] / 255 * 0.22,
        rises=tuple(die % 34 - 17 for die in dice[6:]),
    )


@lru_cache(maxsize=2)
def _landscape(seed: str = "") -> Image.Image:
    """Paper above, crags and the river below. Drawn at double size for smooth edges."""
    scene = _scene(seed)
    scale = 2
    picture = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), PAPER)
    pen = ImageDraw.Draw(picture)

    def shape(colour: str, *points: tuple[int, int]) -> None:
        pen.polygon([(x * scale, y * scale) for x, y in points], fill=colour)

    def ridge(colour: str, *points: tuple[int, int]) -> None:
        rises = cycle(scene.rises)
        raised = [(x, y + next(rises)) for x, y in points]
        shape(colour, (0, HEIGHT), *raised, (WIDTH, HEIGHT))

    def crag(*points: tuple[int, int]) -> None:
        foot = 560
        shape(
            CRAG, *((x - scene.shift, foot - round((foot - y) * scene.height)) for x, y in points)
        )

    x, y, radius = scene.sun
    pen.ellipse([v * scale for v in (x - radius, y - radius, x + radius, y + radius)], fill=SUN)
    ridge(FAR, (0, 500), (120, 470), (230, 492), (380, 452), (520, 484), (700, 446), (820, 478),
          (960, 438), (1080, 470), (1200, 446))  # fmt: skip
    ridge(MIDDLE, (0, 528), (160, 508), (330, 522), (560, 500), (640, 512), (690, 470), (720, 462),
          (748, 486), (770, 516), (900, 500), (1200, 520))  # fmt: skip
    crag((800, 560), (822, 470), (846, 440), (872, 436), (890, 462), (902, 510), (916, 452),
         (940, 414), (968, 408), (988, 436), (1004, 500), (1024, 476), (1046, 470), (1064, 500),
         (1076, 560))  # fmt: skip
    shape(RIVER, (0, 548), (300, 534), (700, 542), (1200, 530), (1200, 584), (0, 584))
    for left, right, level in ((120, 260, 551), (420, 640, 556), (860, 1010, 549)):
        pen.line([left * scale, level * scale, right * scale, level * scale], fill=GLINT, width=6)
    shape(HILL, (0, HEIGHT), (0, 566), (240, 556), (520, 562), (860, 552), (1200, 560),
          (WIDTH, HEIGHT))  # fmt: skip
    if scene.is_mirrored:
        picture = ImageOps.mirror(picture)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
