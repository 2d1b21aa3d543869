"""Words in a drawing: taken literally, drawable, and no wider than their room. Loads matplotlib."""

from collections.abc import Sequence

from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.text import Text

from bot.slack.wording import clean, shorten

_FONT = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
"""matplotlib brings it along, so every machine draws the same letters."""
_GLYPHS = frozenset(get_font(_FONT).get_charmap())
_NO_GLYPH = "\u25a1"
_ROOM = 280.0
"""Pixels for a name beside others."""

INK = "#1d1c1d"
SMALL = FontProperties(fname=_FONT, size=19)
LARGE = FontProperties(fname=_FONT, size=25)


def write(label: Text, words: str, font: FontProperties = SMALL, room: float = _ROOM) -> None:
    """Put words on a label. Dollar signs are no formula; what is wider than `room` pixels is made smaller."""
    label.set(parse_math=False, fontproperties=font, color=INK, text=words)
    width = widest([label])
    if width > room:
        label.set_fontsize(font.get_size_in_points() * room / width)


def widest(labels: Sequence[Text]) -> float:
    """How far the widest label reaches, in pixels."""
    return max(label.get_window_extent().width for label in labels)


def drawable(text: str, longest: int) -> str:
    """One line of letters that the font has, at most `longest`; matplotlib warns of any other."""
    return "".join(char if ord(char) in _GLYPHS else _NO_GLYPH for char in shorten(clean(text), longest))
