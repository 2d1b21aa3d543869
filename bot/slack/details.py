"""All that is known of an incident: every part of its excess, where it lies, why it was found, its history.

For the first reply in its thread, "Why?" and answers: sections only, which modals take as well (S7).
"""

from collections.abc import Iterator, Sequence

from bot.facts.delivery import Message
from bot.facts.directory import Directory
from bot.facts.incident import Change, Incident
from bot.facts.money import Usd, show
from bot.slack.answer_fitting import Block, fitted, listed, paragraphs
from bot.slack.answer_parts import parts_of, places
from bot.slack.answer_words import figures
from bot.slack.headline import headline, named, times, what
from bot.slack.ink import MRKDWN, TEXT, Ink, section
from bot.slack.tables import in_columns
from bot.slack.wording import bare, prose

_RULES = 5
_MILLION = 6
"""As a score. Rarer than once in a million is more than a few months of history can tell."""


def details_message(incident: Incident, directory: Directory) -> Message:
    """All of it as a message of its own; the `text` names the incident first."""

    def spoken(most: int) -> list[str]:
        return [_named(incident, directory), *sentences(incident, directory, most)]

    return fitted(spoken, lambda most: sections(incident, directory, most))


def _named(incident: Incident, directory: Directory) -> str:
    return what(incident, bare) if incident.is_blind else headline(incident, directory, bare)


def details_blocks(incident: Incident, directory: Directory) -> tuple[Block, ...]:
    """All of it for a page or a message of its own: one section at least, 12,000 characters at most."""
    return details_message(incident, directory).blocks


def sections(incident: Incident, directory: Directory, most: int, *, alone: bool = True) -> list[Block]:
    """The sections, with so many lines of history; `alone` where no alert beside them says the cost."""
    titled = _titled(incident, directory, most, MRKDWN, alone=alone)
    return [section(words) for title, lines in titled for words in paragraphs(listed(title, lines))]


def sentences(incident: Incident, directory: Directory, most: int, *, alone: bool = True) -> list[str]:
    """The same for the plain text."""
    titled = _titled(incident, directory, most, TEXT, alone=alone)
    return [f"{title}: {'; '.join(lines)}" for title, lines in titled]


def _titled(
    incident: Incident, directory: Directory, most: int, ink: Ink, *, alone: bool
) -> Iterator[tuple[str, list[str]]]:
    """What there is to say, a title and its lines each."""
    total, parts = parts_of(incident.excess, incident.cause.drivers, ink)
    found = (
        ("What it cost", list(_cost(incident, directory, ink)) if alone else []),
        (f"What makes up the {total}", parts),
        ("Where it lies", places(incident.cause.where, directory, ink)),
        ("Why it was found", list(_evidence(incident, ink))),
        ("History", _history(incident.history, most, ink)),
    )
    return ((title, lines) for title, lines in found if lines)


def _cost(incident: Incident, directory: Directory, ink: Ink) -> Iterator[str]:
    """What was spent and what was expected; nothing where it is about something else than dollars."""
    if incident.is_blind or incident.period or (incident.rule and not incident.excess):
        return
    write, ((spent, less),) = in_columns([incident.observed, Usd(-incident.expected)])
    span = f"from {ink.instant(incident.start)} to {ink.instant(incident.measured_until)}"
    yield f"{ink.bold(write(spent))} by {named(incident.scope, directory, ink.name)}, {span}"
    held_against = "allowed" if incident.rule else "expected"
    low, high = Usd(max(incident.low, 0)), incident.high
    usual = "" if incident.rule or high <= 0 else f", {show(low)} to {show(high)} is no surprise"
    yield f"{ink.bold(write(Usd(-less)))} {held_against}{usual}{times(incident)}"


def _evidence(incident: Incident, ink: Ink) -> Iterator[str]:
    """What was seen, how rare that is, and in which figures."""
    why = prose(incident.why.removeprefix(f"{incident.rule}: "))
    if incident.rule:
        yield f"rule “{prose(incident.rule, 120)}”{f': {why}' if why else ''}"
    elif why:
        yield why
    if incident.is_blind:
        yield "it is about this bot, not about what was spent"
        return
    if incident.breaks:
        yield f"it breaks {', '.join(f'rule {ink.name(rule)}' for rule in incident.breaks[:_RULES])}"
    if incident.score > 0:
        yield f"score {incident.score:.1f}: by chance {_odds(incident.score)} {incident.grain}s"
    yield f"{figures(incident.basis, incident.measured_until, ink)}, by the {incident.grain}"


def _odds(score: float) -> str:
    """A score as people say it, to two digits: "1 in 20,000"."""
    if score > _MILLION:
        return "less than 1 in a million"
    return f"1 in {round(10**score, 1 - int(score)):,.0f}"


def _history(history: Sequence[Change], most: int, ink: Ink) -> list[str]:
    """The newest changes and the first, in the order in which they came."""
    left_out = len(history) - max(most, 1)
    if left_out <= 0:
        return [_change(change, ink) for change in history]
    newest = [_change(change, ink) for change in history[left_out + 1 :]]
    return [_change(history[0], ink), f"… {left_out} more …", *newest]


def _change(change: Change, ink: Ink) -> str:
    by = f" by {prose(change.actor, 60)}" if change.actor else ""
    reason = f": {prose(change.reason, 300)}" if change.reason else ""
    return f"{ink.instant(change.at)} {ink.bold(prose(change.what, 80))}{by}{reason}"
