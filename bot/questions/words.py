"""Text as people type it and as Slack sends it, taken apart into words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.questions.calendar_words import MONTHS, WEEKDAYS

_THE_BOT = re.compile(r"\s*(?:<@[^<>]*>[\s,:]*)+")
_MARKUP = re.compile(
    r"<@[^|<>]*\|(?P<mention>[^<>]*)>"
    r"|(?P<channel><#[^<>]*>)"
    r"|<(?:https?://|mailto:|tel:)(?P<link>[^|<>]*)(?:\|(?P<label>[^<>]*))?>"
)
_ENTITY = re.compile("&(amp|lt|gt);")
_MEANT = {"amp": "&", "lt": "<", "gt": ">"}
_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"
_STRAIGHT = str.maketrans(
    dict.fromkeys(_QUOTES, '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | dict.fromkeys("\u2014\u2015", "--")
    | {"\u2026": "...", "`": " "}
)
_DOUBLED = str.maketrans(dict.fromkeys(f'"{_QUOTES}', '""'))
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
_CALLED = r"(?P<called>[^\W\d][\w-]*)[:=]"
_TOKEN = re.compile(
    rf"""(?:{_CALLED})?(?:"(?P<double>(?:[^"]|"")*)"|'(?P<single>[^']+)'(?![^\s,;.!?]))"""
    r"|[^\W\d][\w-]*[:=]\S*|[^\s,]+"
)
_FILTER = re.compile(rf"{_CALLED}(?P<value>.*)")
_NAMES = "|".join((*MONTHS, *WEEKDAYS))
_DAY = rf"(?:(?:{_NAMES})\d{{0,2}}|\d{{1,2}}(?:{_NAMES}))"
_NUMBER = r"\d{1,2}(?::\d\d|\.\d{1,2}\.(?:\d{4})?)?"
_APART = (
    re.compile(r"(?P<one>[^.].*?)(?P<to>\.\.)\.?(?P<other>[^.].*)"),
    re.compile(r"(?P<one>\d{4}-\d{1,2}-\d{1,2}[^/]*?)(?P<to>--?|/)(?P<other>\d{4}-\d{1,2}-\d{1,2}.*)"),
    re.compile(rf"(?P<one>{_NUMBER})(?P<to>-)(?P<other>{_NUMBER})"),
    re.compile(rf"(?P<one>{_DAY})(?P<to>-)(?P<other>{_DAY}|{_NUMBER})", re.IGNORECASE),
)
"""Ranges without spaces: 10..15, 2026-11-10/2026-11-15, 10-15, 14:00-16:00, mon-fri, 10 nov-15 nov."""
_KEEPS_ITS_POINTS = re.compile(r"\d{1,2}\.\d{1,2}\.|\.\.")
_SIMPLE = re.compile(r"[!-_a-~]*")
"""Most names: there are thousands of them, and nothing in them needs care."""
_UNQUOTED = re.compile(r"[\w*/@+-](?:[\w*/@+.-]*[\w*/@+-])?")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as typed, what it says, and the words or the dimension it is looked up by."""

    raw: str
    text: str
    """Without quotes, and without the dimension that it was called by."""
    key: str
    """What it is looked up by: in small letters; "" for what stands in quotes, which is always a name."""
    start: int
    end: int
    called: str = ""
    """The word before its colon: "key" in key:ci-eval."""
    quoted: bool = False


def plain(text: str) -> str:
    """What a person meant to type, on one line: Slack's markup resolved, typographic marks made plain.

    Who is mentioned at the beginning is the bot itself and is left out; others become their names, links
    their labels. Channels are left out.
    """
    text = _MARKUP.sub(_readable, _THE_BOT.sub("", text, 1) if _THE_BOT.match(text) else text)
    return straight(_ENTITY.sub(lambda match: _MEANT[match[1]], text))


def _readable(match: re.Match[str]) -> str:
    if match["channel"]:
        return " "
    name = match["mention"] or match["label"] or match["link"] or ""
    return f'"{name}"' if " " in name else name


def straight(text: str) -> str:
    """One line without invisible characters, with plain quotes and dashes."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.translate(_STRAIGHT))
        text = "".join(one for one in text if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    return " ".join(text.replace("`", " ").split())


def fold(text: str) -> str:
    """The form in which names are compared: straight, in small letters."""
    if _SIMPLE.fullmatch(text):
        return text.lower()
    return unicodedata.normalize("NFC", straight(text).casefold())


def split(line: str) -> tuple[Word, ...]:
    """The words of a plain line."""
    return tuple(word for match in _TOKEN.finditer(line) for word in _words(match))


def _words(match: re.Match[str]) -> Iterator[Word]:
    raw, start = match[0], match.start()
    if match["double"] is not None or match["single"] is not None:
        text = match["single"] or (match["double"] or "").replace('""', '"')
        yield Word(raw, text, "", start, match.end(), (match["called"] or "").casefold(), quoted=True)
    elif named := _FILTER.fullmatch(raw):
        value = _bare(named["value"])
        yield Word(raw, value, _key(value), start, match.end(), named["called"].casefold())
    elif apart := next((found for one in _APART if (found := one.fullmatch(raw))), None):
        for part in ("one", "to", "other"):
            yield _word(apart[part], start + apart.start(part))
    else:
        yield _word(raw, start)


def _word(raw: str, start: int) -> Word:
    return Word(raw, _bare(raw), _key(raw), start, start + len(raw))


def _bare(raw: str) -> str:
    """Without the marks around a word; 19.11. keeps its last one."""
    bare = raw.removeprefix("--").strip('"').rstrip(",;!?:")
    return bare if _KEEPS_ITS_POINTS.fullmatch(bare) else bare.rstrip(".")


def _key(raw: str) -> str:
    key = fold(_bare(raw)).lstrip("#")
    return key.removesuffix("'s").removesuffix("'")


def key_at(keys: Sequence[str], at: int) -> str:
    """The word at a place, "" beyond the last one."""
    return keys[at] if at < len(keys) else ""


def quoted(value: str) -> str:
    """A value so that it is read as one word, as it is."""
    return value if _UNQUOTED.fullmatch(value) and ".." not in value else in_quotes(value)


def in_quotes(value: str) -> str:
    """A value in quotes, safe from being taken for markup."""
    escaped = _ENTITY.sub(r"&amp;\1;", value).replace("<", "&lt;")
    return f'"{escaped.translate(_DOUBLED)}"'
