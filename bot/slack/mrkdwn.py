"""Slack's mrkdwn as styled text for a terminal."""

import html
import re

from rich.style import Style
from rich.text import Text

_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<!date\^[^|<>]*\|(?P<date>[^<>]*)>"
    r"|<(?P<link>(?:https?|mailto):[^|<>]*)(?:\|(?P<label>[^<>]*))?>"
    r"|(?<!\w)\*(?P<bold>[^*\n]+)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^~\n]+)~(?!\w)"
)
_STYLES = {"code": "cyan", "date": "", "bold": "bold", "italic": "italic", "strike": "strike"}
_TERMINAL_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2066-\u2069]")


def styled(mrkdwn: str, style: str = "") -> Text:
    """Bold, italic, struck, code, links by their label, dates as their UTC fallback, entities resolved."""
    text, at = Text(style=style), 0
    for match in _TOKEN.finditer(mrkdwn):
        text.append(readable(mrkdwn[at : match.start()]))
        text.append_text(_piece(match))
        at = match.end()
    return text.append(readable(mrkdwn[at:]))


def readable(words: str) -> str:
    """Entities resolved, and nothing left that a terminal would obey."""
    return _TERMINAL_CONTROLS.sub("", html.unescape(words))


def _piece(match: re.Match[str]) -> Text:
    kind = match.lastgroup or ""
    if kind in _STYLES:
        inner = match[kind]
        return styled(inner, "bold") if kind == "bold" else Text(readable(inner), _STYLES[kind])
    label = readable(match["label"] or match["link"])
    return Text(label, Style(underline=True, link=readable(match["link"])))
