"""Words chosen by other people (names, sentences about names), made safe to show in Slack (S4).

What comes out holds no control, bidi or other invisible characters of theirs, fits its length, cannot ping
anybody and cannot switch formatting on or off. Text is always shortened before it is escaped, so that no
entity is ever cut in two.
"""

import re
import unicodedata
from datetime import datetime

from bot.facts.text import when

NAME = 60
"""The longest name shown, in characters."""
_UNNAMED = "(unnamed)"
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_FORMATTING = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`|:(?=[\w+'-]*[^\W\d][\w+'-]*:)")
_BROADCAST = re.compile(r"(?<!\w)@(?=here|channel|everyone)", re.IGNORECASE)
_MENTION = re.compile(r"<(?=[!@#]|https?:)")
_LOOKALIKE = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "'", ":": "\u2236"}


def clean(text: str) -> str:
    """One line of `text` without invisible characters, runs of space collapsed."""
    seen = (char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return " ".join("".join(seen).split())


def shorten(name: str, longest: int = NAME) -> str:
    """`name`, its middle left out where it is longer than `longest`: both ends tell similar names apart."""
    if len(name) <= longest:
        return name
    head = longest // 2
    return f"{name[:head]}…{name[len(name) - (longest - head - 1) :]}"


def plain(text: str, longest: int = NAME) -> str:
    """A name for `plain_text`, where Slack reads no markup; nothing in it looks like a mention either."""
    return _MENTION.sub("\u2039", _isolated(shorten(clean(text), longest))) or _UNNAMED


def code(name: str, longest: int = NAME) -> str:
    """A name as inline code for mrkdwn; backticks in it are dropped."""
    return f"`{escape(_isolated(shorten(clean(name.replace('`', '')), longest))) or _UNNAMED}`"


def bare(name: str, longest: int = NAME) -> str:
    """A name for the top-level `text`: without backticks, which notifications may show as they are."""
    return prose(shorten(clean(name), longest)) or _UNNAMED


def prose(sentence: str, longest: int = 500) -> str:
    """A sentence for mrkdwn, at most `longest` characters before escaping.

    Overlong words are shortened first and whole words left out of the middle next, so that no figure is
    halved. Characters that would format are replaced by their look-alikes.
    """
    words = " ".join(shorten(word) for word in clean(sentence).split())
    return escape(_defused(_isolated(_fewer_words(words, longest))))


def escape(text: str) -> str:
    """The three characters of mrkdwn's own markup, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def instant(at: datetime) -> str:
    """An instant in the reader's own zone, in UTC where it cannot be shown so."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{when(at)}>"


def _fewer_words(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    half = (longest - 3) // 2
    text = " ".join(shorten(word, half - 1) for word in text.split())
    if len(text) <= longest:
        return text
    return f"{text[:half].rpartition(' ')[0]} … {text[-half:].partition(' ')[2]}"


def _isolated(text: str) -> str:
    """Keep right-to-left text from reordering the figures beside it."""
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return f"{_ISOLATE}{text}{_END_ISOLATE}"
    return text


def _defused(text: str) -> str:
    return _BROADCAST.sub("\uff20", _FORMATTING.sub(lambda match: _LOOKALIKE[match[0]], text))
