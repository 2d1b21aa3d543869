"""What a period cost: the finding, its course, whose it is, and for a month where it is heading."""

from collections.abc import Iterator, Sequence

from bot.facts.delivery import Message
from bot.facts.money import ZERO, Usd
from bot.facts.scope import WORDS
from bot.questions.answers import Line, Spend
from bot.slack.answer_fitting import Block, fitted, footing
from bot.slack.answer_outlook import outlook
from bot.slack.answer_words import asked_of, during, figures, only, taken
from bot.slack.charts import chart_block, course_chart
from bot.slack.ink import MRKDWN, TEXT, Ink, section
from bot.slack.tables import NAME, against, gathered, in_full, share, table, written
from bot.slack.wording import plain, prose

_LARGEST = 3
_FAR = 0.05
"""Of all that was spent, or is usual: by so much a line must differ from its usual to be named."""

_Written = list[tuple[Line, str]]
"""Lines with their amounts as written, which add up."""


def spend_message(spend: Spend) -> Message:
    """The answer, with as many lines as fit; what lies beyond them is added up in the last."""
    return fitted(lambda most: _sentences(spend, most), lambda most: _blocks(spend, most))


def _lines(spend: Spend, most: int) -> tuple[str, _Written]:
    """The total and the lines."""
    lines = gathered(spend.lines, spend.others, most, _together)
    if not lines:
        return in_full(spend.total), []
    total, amounts = written([line.usd for line in lines])
    return total, list(zip(lines, amounts, strict=True))


def _together(name: str, lines: Sequence[Line]) -> Line:
    usual = [line.usual for line in lines if line.usual is not None]
    known = Usd(sum(usual)) if len(usual) == len(lines) else None
    return Line(name, Usd(sum(line.usd for line in lines)), sum(line.requests for line in lines), known)


def _blocks(spend: Spend, most: int) -> list[Block]:
    total, lines = _lines(spend, most)
    chart = course_chart(spend.course) if spend.lines else None
    ahead = "\n".join(outlook(spend, MRKDWN))
    opening = (*_finding(spend, total, MRKDWN), _largest(spend, lines), _furthest(spend, MRKDWN))
    return [
        section("\n".join(filter(None, opening))),
        *([section(ahead)] if ahead else []),
        *([chart_block(chart, "" if spend.usual is None else "Usual")] if chart else []),
        *([_table(spend, lines)] if len(lines) > 1 else []),
        footing((*_small_print(spend, MRKDWN), _beyond(spend))),
    ]


def _sentences(spend: Spend, most: int) -> list[str]:
    total, lines = _lines(spend, most)
    parts = "; ".join(f"{amount} {TEXT.name(line.name)}{_measured(spend, line)}" for line, amount in lines)
    return [
        *_finding(spend, total, TEXT),
        *outlook(spend, TEXT),
        f"By {WORDS[spend.question.by]}: {parts}" if parts else "",
        _furthest(spend, TEXT),
        *_small_print(spend, TEXT),
    ]


def _finding(spend: Spend, total: str, ink: Ink) -> Iterator[str]:
    """How much, when, against what is usual; of what; and where the period is not known to its end."""
    period, window = spend.question.period, spend.window
    if spend.total or spend.lines:
        yield ink.bold(f"{total} {during(period)}{_usually(spend)}")
        yield only(spend.question, ink)
    else:
        yield _nothing(spend, ink)
    if window.end < period.window.end and not period.goes_on:
        yield f"The figures end at {ink.instant(window.end)}: what came after is not known yet"
    if spend.unread:
        yield f"{spend.unread} hours of it were never read"


def _nothing(spend: Spend, ink: Ink) -> str:
    filters = asked_of(spend.question, ink)
    usual = f", where {in_full(spend.usual)} is usual" if spend.usual else ""
    return f"Nothing was spent {during(spend.question.period)}{f' on {filters}' if filters else ''}{usual}."


def _usually(spend: Spend) -> str:
    if spend.usual is None:
        return ""
    if not spend.usual:
        return ", usually nothing"
    change = against(spend.total, spend.usual)
    by_now = " by now" if during(spend.question.period).endswith("so far") else ""
    return f", usually {in_full(spend.usual)}{by_now}{f' ({change})' if change else ''}"


def _largest(spend: Spend, lines: _Written) -> str:
    """The key figures once more in words: not every client draws a table."""
    if len(lines) == 1:
        return f"All of it: {MRKDWN.name(lines[0][0].name)}"
    largest = [line for line in lines[:_LARGEST] if line[0] in spend.lines]
    named = [f"{MRKDWN.name(line.name)} {amount}{_of(spend, line)}" for line, amount in largest]
    return f"Largest: {', '.join(named)}" if named else ""


def _of(spend: Spend, line: Line) -> str:
    part = share(line.usd, spend.total)
    return f" ({part})" if part else ""


def _furthest(spend: Spend, ink: Ink) -> str:
    """What makes the difference to the usual."""
    apart = [(Usd(line.usd - line.usual), line.name) for line in spend.lines if line.usual is not None]
    if len(apart) < 2:
        return ""
    difference, name = max(apart, key=lambda one: abs(one[0]))
    if abs(difference) < _FAR * max(abs(spend.total), spend.usual or ZERO):
        return ""
    direction = "above" if difference > 0 else "below"
    return f"Most {direction} its usual: {ink.name(name)} by {in_full(Usd(abs(difference)))}"


def _measured(spend: Spend, line: Line) -> str:
    measures = (share(line.usd, spend.total), against(line.usd, line.usual))
    words = ", ".join(filter(None, measures))
    return f" ({words})" if words else ""


def _table(spend: Spend, lines: _Written) -> Block:
    """Against the usual where it is known, else by shares: a phone has room for two figures and a name."""
    title = WORDS[spend.question.by].capitalize()
    if any(line.usual is not None for line, _ in lines):
        rows = [(amount, against(line.usd, line.usual), plain(line.name, NAME)) for line, amount in lines]
        return table(("Spend", "vs usual", title), rows)
    rows = [(amount, share(line.usd, spend.total), plain(line.name, NAME)) for line, amount in lines]
    return table(("Spend", "Share", title), rows)


def _small_print(spend: Spend, ink: Ink) -> Iterator[str]:
    yield figures(spend.basis, spend.window.end, ink)
    if spend.usual is None:
        yield "No earlier weeks to compare with yet"
    yield taken(spend.question)


def _beyond(spend: Spend) -> str:
    return f"{prose(spend.others.name, 60)} in one line" if spend.others else ""
