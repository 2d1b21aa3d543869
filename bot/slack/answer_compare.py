"""Two periods side by side: which is more, by how much, and what moved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.facts.clock import DAY
from bot.facts.delivery import Message
from bot.facts.money import Usd
from bot.facts.scope import WORDS
from bot.questions.answers import Comparison, Move
from bot.slack.answer_fitting import Block, fitted, footing
from bot.slack.answer_words import during, figures, only, taken
from bot.slack.ink import MRKDWN, TEXT, Ink, section
from bot.slack.tables import NAME, against, gain, gathered, in_columns, table
from bot.slack.wording import plain

_LARGEST = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as written: every column adds up, and now less before is the change in every row."""

    name: str
    now: str
    before: str
    change: str


def comparison_message(comparison: Comparison) -> Message:
    """The answer, with as many lines as fit; what lies beyond them is added up in the last."""
    return fitted(lambda most: _sentences(comparison, most), lambda most: _blocks(comparison, most))


def _together(name: str, lines: Sequence[Move]) -> Move:
    return Move(name, Usd(sum(line.now for line in lines)), Usd(sum(line.before for line in lines)))


def _rows(comparison: Comparison, most: int) -> tuple[_Row, list[_Row]]:
    """The total and the lines."""
    lines = gathered(comparison.lines, comparison.others, most, _together) or [comparison.total]
    write, (now, before) = in_columns([line.now for line in lines], [line.before for line in lines])
    rows = [
        _row(line.name, write, *amounts)
        for line, amounts in zip(lines, zip(now, before, strict=True), strict=True)
    ]
    return _row("", write, Usd(sum(now)), Usd(sum(before))), rows


def _row(name: str, write: Callable[[Usd], str], now: Usd, before: Usd) -> _Row:
    return _Row(name, write(now), write(before), gain(write(Usd(now - before))))


def _blocks(comparison: Comparison, most: int) -> list[Block]:
    total, rows = _rows(comparison, most)
    opening = (*_finding(comparison, total, MRKDWN), _movers(rows, MRKDWN, _LARGEST))
    title = WORDS[comparison.question.by].capitalize()
    # What it was before follows from these: a phone has room for two figures and a name.
    cells = [(row.change, row.now, plain(row.name, NAME)) for row in rows]
    return [
        section("\n".join(filter(None, opening))),
        *([table(("Change", "Now", title), cells)] if comparison.lines else []),
        footing(_small_print(comparison, MRKDWN)),
    ]


def _sentences(comparison: Comparison, most: int) -> list[str]:
    total, rows = _rows(comparison, most)
    lines = [f"{row.change} {TEXT.name(row.name)} ({row.now}, before {row.before})" for row in rows]
    return [
        *_finding(comparison, total, TEXT),
        f"By {WORDS[comparison.question.by]}: {'; '.join(lines)}" if comparison.lines else "",
        *_small_print(comparison, TEXT),
    ]


def _finding(comparison: Comparison, total: _Row, ink: Ink) -> Iterator[str]:
    """Which is more, and by how much."""
    now, then = during(comparison.question.period), _then(comparison)
    a_day = " a day" if comparison.per_day else ""
    change, percent = total.change[1:], against(comparison.total.now, comparison.total.before)
    if total.now == total.before:
        yield ink.bold(f"As much{a_day} {now} as {then}: {total.now}")
    else:
        more = "less" if total.change.startswith("-") else "more"
        amounts = f"{total.now} against {total.before}{a_day}{f' ({percent})' if percent else ''}"
        yield ink.bold(f"{change} {more}{a_day} {now} than {then}")
        yield amounts
    if comparison.per_day:
        yield f"The periods differ in length ({_days(comparison)}): all amounts are means of a day"
    if comparison.unread:
        yield f"{comparison.unread} hours were never read"
    yield only(comparison.question, ink)


def _then(comparison: Comparison) -> str:
    named = comparison.question.against
    return during(named) if named else f"from {comparison.before}"


def _days(comparison: Comparison) -> str:
    now, before = (f"{window.length / DAY:.3g}" for window in (comparison.now, comparison.before))
    return f"{now} day{'s' * (now != '1')} against {before}"


def _movers(rows: Sequence[_Row], ink: Ink, most: int) -> str:
    """The key figures once more in words: not every client draws a table."""
    moved = [
        f"{ink.name(row.name)} {row.change}" for row in rows[:most] if row.name and row.now != row.before
    ]
    return f"Moved most: {', '.join(moved)}" if moved else ""


def _small_print(comparison: Comparison, ink: Ink) -> Iterator[str]:
    yield figures(comparison.basis, comparison.now.end, ink)
    yield taken(comparison.question)
