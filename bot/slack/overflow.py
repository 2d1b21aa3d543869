"""What a day's alert budget has no room for, in one message."""

from collections.abc import Iterator, Sequence

from bot.facts.delivery import Message
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.slack.drivers import signed
from bot.slack.headline import MARKS, subject
from bot.slack.wording import bare, code

_ROOM = 2500
"""Of the 3,000 characters of a section (S7)."""
_REMEDY = "All of them: `claude-spend incidents`. How many may ring is `slack.alerts_a_day` in config.toml."


def overflow_message(held: Sequence[Incident], directory: Directory, budget: int) -> Message:
    """The incidents beyond the budget, as they come: the largest first."""
    title = f"{len(held)} more incident{'s' * (len(held) > 1)} today, beyond the {budget} a day that ring"
    lines = [f"{MARKS[one.severity]} *{signed(one.excess)}* {subject(one, directory, code)}" for one in held]
    kept = list(_fitting(lines))
    more = [f"and {len(lines) - len(kept)} smaller ones"] if len(lines) > len(kept) else []
    plain = [f"{signed(one.excess)} {subject(one, directory, bare)}" for one in held[: len(kept)]]
    words = "\n".join((f"*{title}*", *kept, *more, _REMEDY))
    section = {"type": "section", "expand": True, "text": {"type": "mrkdwn", "text": words}}
    return Message(f"{title}: {'; '.join((*plain, *more))}", (section,))


def _fitting(lines: Sequence[str]) -> Iterator[str]:
    left = _ROOM
    for line in lines:
        left -= len(line.encode("utf-16-le")) // 2 + 1
        if left < 0:
            return
        yield line
