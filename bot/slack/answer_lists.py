"""Lists to answer with: the rules in force, how fresh the figures are, what can be asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.facts.delivery import Message
from bot.questions.answers import Freshness, Help, RuleLine, Rules
from bot.slack.answer_fitting import list_message
from bot.slack.answer_words import COMMAND, typed
from bot.slack.ending import lasted
from bot.slack.ink import Ink
from bot.slack.wording import prose

_NOT_WELL, _WELL = "🔴", "✅"
_MISTAKES = 5


def rules_message(rules: Rules) -> Message:
    """What is wrong with the files, then the rules in force."""
    return list_message(
        lambda ink: list(_in_force(rules, ink)),
        rules.lines,
        _rule,
        "more rules",
    )


def freshness_message(fresh: Freshness, now: datetime) -> Message:
    """How far the figures reach, and what was looked at: the worst first."""
    checks = sorted(fresh.checks, key=lambda check: check[1])
    return list_message(
        lambda ink: list(_reach(fresh, now, ink)),
        checks,
        _check,
        "more checks",
    )


def help_message(asked: Help) -> Message:
    """What can be asked, and where."""
    return list_message(
        lambda ink: [f"{ink.bold('Ask what Claude costs:')} type {ink.name(COMMAND)} and then …"],
        asked.examples,
        _example,
        "more",
        _where_to_ask,
    )


def _in_force(rules: Rules, ink: Ink) -> Iterator[str]:
    if rules.broken:
        yield f"{_NOT_WELL} {ink.bold('The rule files are broken: the last good rules stay in force')}"
        mistakes = [line for line in rules.broken.splitlines() if line.strip()]
        yield from (_mistake(mistake, ink) for mistake in mistakes[:_MISTAKES])
        if len(mistakes) > _MISTAKES:
            yield f"{len(mistakes) - _MISTAKES} more mistakes"
    number = len(rules.lines)
    in_force = "No rule is" if not number else "1 rule is" if number == 1 else f"{number} rules are"
    yield ink.bold(f"{in_force} in force")


def _mistake(mistake: str, ink: Ink) -> str:
    place, colon, what = mistake.partition(": ")
    return f"{ink.name(place)}: {prose(what, 300)}" if colon else prose(mistake, 300)


def _rule(line: RuleLine, ink: Ink) -> str:
    number = line.incidents
    often = f"opened {number} incident{'s' * (number > 1)}" if number else "never spoke"
    because = f": {prose(line.because, 200).removesuffix('.')}" if line.because else ""
    return f"{ink.bold(f'“{prose(line.name, 80)}”')}{because}\n{often} · {ink.name(line.place)}"


def _reach(fresh: Freshness, now: datetime, ink: Ink) -> Iterator[str]:
    if fresh.complete_until is None:
        yield f"{_NOT_WELL} {ink.bold('Nothing was read yet')}"
    else:
        age = lasted(max(now - fresh.complete_until, timedelta()))
        reach = ink.bold(f"The figures are complete until {age} ago")
        yield f"{reach} ({ink.instant(fresh.complete_until)})"
    if fresh.read_until is not None:
        yield f"Read until {ink.instant(fresh.read_until)}; the newest hours may still grow"
    bad = sum(not well for _, well, _ in fresh.checks)
    if bad:
        yield f"{bad} of {len(fresh.checks)} checks {'are' if bad > 1 else 'is'} not well"


def _check(check: tuple[str, bool, str], ink: Ink) -> str:
    name, well, said = check
    mark = f"{_WELL} " if well else f"{_NOT_WELL} Not well: "
    return f"{mark}{ink.bold(prose(name, 60))}: {prose(said, 300)}"


def _example(example: tuple[str, str], ink: Ink) -> str:
    words, meaning = example
    return f"{typed(words, ink)} {prose(meaning, 200)}"


def _where_to_ask(ink: Ink) -> str:
    said = "The same words work in direct messages and when you mention me"
    return f"{said}. Add {ink.name('share')} and everybody sees the answer"
