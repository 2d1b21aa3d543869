"""The daily and the weekly digest as messages."""

from collections.abc import Iterator

from bot.facts.clock import DAY
from bot.facts.delivery import Message
from bot.facts.incident import Incident, State
from bot.facts.money import Usd, show
from bot.questions.answers import Line
from bot.questions.digest import Digest
from bot.slack.answer_fitting import Block, fitted, footing, listed, paragraphs
from bot.slack.answer_outlook import outlook
from bot.slack.answer_words import figures
from bot.slack.charts import chart_block, course_chart
from bot.slack.drivers import signed
from bot.slack.headline import MARKS, RESOLVED_MARK, subject
from bot.slack.ink import MRKDWN, TEXT, Ink, plain_text, section
from bot.slack.tables import against, in_full
from bot.slack.wording import plain, prose

_POINT = 0.005
"""Half a percent: less has not changed."""


def digest_of_day(digest: Digest) -> Message:
    """What was spent against the usual, who moved, incidents and what became of them, and the outlook."""
    return fitted(lambda most: _sentences(digest, most), lambda most: _blocks(digest, most))


def _blocks(digest: Digest, most: int) -> list[Block]:
    chart = course_chart(digest.spend.course) if digest.is_weekly else None
    said = [
        words for title, lines in _parts(digest, most, MRKDWN) for words in paragraphs(listed(title, lines))
    ]
    return [
        {"type": "header", "text": plain_text(plain(_title(digest), 150))},
        section(_finding(digest, MRKDWN)),
        *([chart_block(chart, "Usual")] if chart else []),
        *(section(words) for words in said),
        footing([figures(digest.spend.basis, digest.spend.window.end, MRKDWN), "`/claude-spend help`"]),
    ]


def _sentences(digest: Digest, most: int) -> list[str]:
    parts = [f"{title}: {'; '.join(lines)}" for title, lines in _parts(digest, most, TEXT)]
    return [f"{_title(digest)}: {_finding(digest, TEXT)}", *parts]


def _title(digest: Digest) -> str:
    window = digest.spend.window
    if digest.is_weekly:
        return f"Claude spend, {window.start:%-d %b} to {window.end - DAY:%-d %b} (UTC)"
    return f"Claude spend, {window.start:%A %-d %b} (UTC)"


def _finding(digest: Digest, ink: Ink) -> str:
    spend = digest.spend
    change = against(spend.total, spend.usual)
    usual = f", usually {in_full(spend.usual)}{f' ({change})' if change else ''}" if spend.usual else ""
    return f"{ink.bold(in_full(spend.total))} {spend.question.period.name}{usual}"


def _parts(digest: Digest, most: int, ink: Ink) -> Iterator[tuple[str, list[str]]]:
    """Titles with their lines; those with nothing to say are left out."""
    incidents = digest.incidents[:most]
    left_out = len(digest.incidents) - len(incidents)
    found = (
        ("Who moved", [_mover(line, ink) for line in digest.movers]),
        (
            "Incidents",
            [_incident(one, digest, ink) for one in incidents]
            + ([f"and {left_out} more"] if left_out else []),
        ),
        ("Not told one by one", _held(digest)),
        ("Outlook", list(outlook(digest.month, ink)) if digest.month else []),
        ("Health", list(_health(digest))),
    )
    return ((title, lines) for title, lines in found if lines)


def _mover(line: Line, ink: Ink) -> str:
    usual = line.usual or Usd(0)
    change = against(line.usd, line.usual)
    return (
        f"{ink.bold(signed(Usd(line.usd - usual)))} {ink.name(line.name)}{f' ({change})' if change else ''}"
    )


def _incident(incident: Incident, digest: Digest, ink: Ink) -> str:
    mark = RESOLVED_MARK if incident.state.is_over else MARKS[incident.severity]
    state = "still open" if incident.state is State.OPEN else str(incident.state)
    by = f" by {prose(incident.answer.actor, 60)}" if incident.answer and incident.answer.actor else ""
    cost = f" {ink.bold(signed(incident.excess))}" if incident.excess and not incident.period else ""
    what = subject(incident, digest.directory, ink.name)
    return f"{mark}{cost} {what}: {state}{by} ({ink.name(incident.id)})"


def _held(digest: Digest) -> list[str]:
    if not digest.held:
        return []
    return [f"{digest.held} beyond the day's alert budget; `/claude-spend incidents` lists them"]


def _health(digest: Digest) -> Iterator[str]:
    if digest.unattributed:
        share = digest.unattributed / digest.spend.total if digest.spend.total else 0.0
        yield f"{show(digest.unattributed)} ({share:.0%}) belongs to no team"
    if digest.cache:
        now, before = digest.cache
        moved = f", {before:.0%} the week before" if abs(now - before) > _POINT else ", as the week before"
        yield f"{now:.0%} of all input was read from the prompt cache{moved}"
