"""A home in Slack: the month, what is open, one's own keys, and how fresh it all is."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.facts.clock import HOUR
from bot.facts.directory import Directory
from bot.facts.incident import Incident, State
from bot.facts.money import cents_exact, show
from bot.questions.answers import Allowance, Line, Spend
from bot.slack.buttons import Controls, controls
from bot.slack.desk import Homepage
from bot.slack.headline import MARKS, headline, what
from bot.slack.ink import MRKDWN, mrkdwn, plain_text, section
from bot.slack.paragraphs import status
from bot.slack.wording import code, instant, plain, prose

Block = dict[str, Any]
_INCIDENTS, _KEYS, _RULES, _BUDGETS = 20, 10, 8, 5
_GAUGE = 20
"""Characters of a full gauge."""


def home_view(home: Homepage, name: str, now: datetime, can: Controls) -> dict[str, Any]:
    """The view to publish for somebody, as of `now`."""
    blocks = (
        _heading("Claude spend"),
        *(section(f":warning: {prose(trouble, 300)}") for trouble in home.troubles[:3]),
        *_month(home.month),
        {"type": "divider"},
        *_open(home.open, home.directory, can),
        {"type": "divider"},
        *_own_keys(home.own_keys, name),
        {"type": "divider"},
        *_foot(home, now),
    )
    return {"type": "home", "blocks": list(blocks)}


def troubled_view(trouble: str) -> dict[str, Any]:
    """What is shown where nothing else can be."""
    return {"type": "home", "blocks": [_heading("Claude spend"), section(prose(trouble))]}


def _month(month: Spend | None) -> Iterator[Block]:
    if month is None:
        yield section("Nothing of this month was read yet.")
        return
    ahead = month.forecast
    expected = ""
    if ahead:
        within = f"{show(ahead.low)} and {show(ahead.high)}"
        expected = f"\nAbout *{show(ahead.expected)}* by its end; in 8 of 10 cases between {within}."
    yield section(f"*{cents_exact(month.total)}* this month ({month.basis}).{expected}")
    for budget in month.budgets[:_BUDGETS]:
        yield section(_gauge(budget))


def _gauge(budget: Allowance) -> str:
    """How full a budget is, as a bar and in words."""
    share = budget.spent / budget.budget if budget.budget else 0.0
    full = min(max(round(share * _GAUGE), 0), _GAUGE)
    ends = f"; at this pace it ends on {budget.ends_on:%-d %b}" if budget.ends_on else ""
    said = f"{cents_exact(budget.spent)} of {cents_exact(budget.budget)} ({share:.0%}){ends}"
    return f"*{prose(budget.name, 80)}*\n`{'█' * full}{'░' * (_GAUGE - full)}` {said}"


def _open(incidents: Sequence[Incident], directory: Directory, can: Controls) -> Iterator[Block]:
    yield _heading(f"{len(incidents)} open" if incidents else "Nothing is open")
    for incident in incidents[:_INCIDENTS]:
        answered = status(incident, MRKDWN)
        said = "" if incident.state is State.OPEN or not answered else f"\n_{answered}_"
        blind = f"{MARKS[incident.severity]} {what(incident, prose)}"
        words = blind if incident.is_blind else headline(incident, directory, prose)
        yield section(f"*{words}*\nsince {instant(incident.start)} · {code(incident.id)}{said}")
        yield from controls(incident, directory, can)
    if len(incidents) > _INCIDENTS:
        yield section(f"and {len(incidents) - _INCIDENTS} more: {code('/claude-spend incidents')}")


def _own_keys(keys: Sequence[Line], name: str) -> Iterator[Block]:
    yield _heading("My keys this month")
    if not keys:
        yield section(f"No key that spent this month is on record as {prose(name, 60)}'s.")
        return
    lines = [f"• *{cents_exact(key.usd)}* {code(key.name)}" for key in keys[:_KEYS]]
    more = [f"and {len(keys) - _KEYS} more"] if len(keys) > _KEYS else []
    yield section("\n".join((*lines, *more)))


def _foot(home: Homepage, now: datetime) -> Iterator[Block]:
    fresh = "Nothing was read yet."
    if home.complete_until:
        hours = int(max((now - home.complete_until) / HOUR, 0.0))
        ago = f"{hours} h ago" if hours else "less than an hour ago"
        fresh = f"Figures are complete until {instant(home.complete_until)}, {ago}."
    names = ", ".join(prose(rule, 60) for rule in home.rules[:_RULES]) or "none"
    more = f" and {len(home.rules) - _RULES} more" if len(home.rules) > _RULES else ""
    asked = f"Ask anything: {code('/claude-spend help')}"
    for words in (fresh, f"*Rules in force:* {names}{more} · {code('/claude-spend rules')}", asked):
        yield {"type": "context", "elements": [mrkdwn(words)]}


def _heading(words: str) -> Block:
    return {"type": "header", "text": plain_text(plain(words, 150))}
