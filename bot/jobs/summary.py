"""What was spent in a period, by whom or on what, against what is usual: the question people ask most."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Protocol

from bot.explain.owner import NO_TEAMS, Teams, team_of
from bot.facts.clock import DAY, Grain, Window, ceil, floor
from bot.facts.directory import Directory
from bot.facts.money import ZERO, Usd
from bot.facts.scope import CALLED, Scope
from bot.facts.spend import Basis
from bot.facts.trouble import Trouble

_WEEK = timedelta(days=7)
_REFERENCES = 4

TEAM, UNATTRIBUTED = "team", "(unattributed)"
ASKED_BY = tuple(CALLED)
"""By what a summary may be split."""
PERIODS = ("today", "yesterday", "week", "month")


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension by name, with its dollars (nano-USD) and requests in the period."""

    name: str
    usd: Usd
    requests: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Question:
    """A period and a dimension."""

    period: str = "today"
    by: str = "key"


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer. `usual` is the median of the same stretch in four earlier weeks, None when not known."""

    question: Question
    window: Window
    lines: tuple[Line, ...]
    """Largest first; their dollars sum to `total`."""
    total: Usd
    usual: Usd | None
    basis: Basis


class Totals(Protocol):
    """What a summary needs of the stored spend."""

    def by(self, dimension: str, window: Window) -> list[tuple[str, Usd, int, Basis]]:
        """(value, dollars, requests, basis) of a window by the values of a dimension, largest first."""

    def by_owner(self, window: Window) -> list[tuple[Scope, Usd, int, Basis]]:
        """(workspace, key and person, dollars, requests, basis) of a window, largest first."""

    def total(self, window: Window) -> Usd | None:
        """Dollars of a window; None when a part of it was never read."""

    def read_until(self, window: Window) -> datetime | None:
        """The end of the last hour of a window that was read; None when none was."""


def understand(words: Sequence[str]) -> Question:
    """Read "yesterday by model", in any order. Raises Trouble that names the nearest word that works."""
    question = Question()
    for word in (word.lower() for word in words if word.lower() != "by"):
        if word in PERIODS:
            question = Question(word, question.by)
        elif word.removesuffix("s") in ASKED_BY:
            question = Question(question.period, word.removesuffix("s"))
        else:
            near = difflib.get_close_matches(word, [*PERIODS, *ASKED_BY], n=1)
            meant = f"did you mean {near[0]!r}?" if near else "try: today by key"
            raise Trouble(
                f"{word!r} is neither one of {', '.join(PERIODS)} nor one of {', '.join(ASKED_BY)}; {meant}"
            )
    return question


def summarise(
    question: Question, spend: Totals, directory: Directory, now: datetime, teams: Teams = NO_TEAMS
) -> Summary:
    """Answer a question as of `now`."""
    window = _read_so_far(spend, period_window(question.period, now))
    if question.by == TEAM:
        lines = _by_team(spend, window, directory, teams)
    else:
        dimension = CALLED[question.by]
        lines = tuple(
            Line(directory.name_of(dimension, value), usd, requests, basis)
            for value, usd, requests, basis in spend.by(dimension, window)
        )
    return Summary(
        question=question,
        window=window,
        lines=lines,
        total=Usd(sum((line.usd for line in lines), ZERO)),
        usual=_usual(spend, window),
        basis=max((line.basis for line in lines), default=Basis.BILLED),
    )


def _read_so_far(spend: Totals, window: Window) -> Window:
    """The window up to the last hour that was read: what is not known yet is not $0."""
    read = spend.read_until(window)
    return Window(window.start, read) if read and window.start < read < window.end else window


def _by_team(spend: Totals, window: Window, directory: Directory, teams: Teams) -> tuple[Line, ...]:
    """What the patterns of each team cover, and what none does."""
    of: dict[str, Line] = {}
    for owner, usd, requests, basis in spend.by_owner(window):
        name = team_of(owner, directory, teams) or UNATTRIBUTED
        line = of.get(name, Line(name, ZERO, 0, basis))
        of[name] = Line(name, Usd(line.usd + usd), line.requests + requests, max(line.basis, basis))
    return tuple(sorted(of.values(), key=lambda line: (-line.usd, line.name)))


def period_window(period: str, now: datetime) -> Window:
    """The UTC window a word means; periods that are not over end with the current hour."""
    today, until = floor(now, Grain.DAY), ceil(now + timedelta(microseconds=1), Grain.HOUR)
    starts = {"today": today, "week": today - 6 * DAY, "month": today.replace(day=1)}
    if period == "yesterday":
        return Window(today - DAY, today)
    return Window(starts[period], until)


def _usual(spend: Totals, window: Window) -> Usd | None:
    """The median of the same hours, as many whole weeks earlier as do not overlap."""
    weeks = -(-window.length // _WEEK)
    shifts = [weeks * _WEEK * (number + 1) for number in range(_REFERENCES)]
    totals = [spend.total(Window(window.start - shift, window.end - shift)) for shift in shifts]
    known = [total for total in totals if total is not None]
    return median_low(known) if known else None
