"""What people say about an incident from the terminal: `incident ID --snooze 4h`."""

import argparse
from datetime import datetime

from bot.cli.instants import Until, after, until
from bot.cli.loading import user
from bot.facts.answer import Answer, Expectation, Verb


def add_answers(command: argparse.ArgumentParser) -> None:
    """The options of which one may be given."""
    group = command.add_mutually_exclusive_group()
    group.add_argument("--acknowledge", action="store_true", help="you look after it: quiet for four hours")
    group.add_argument(
        "--snooze", type=until, metavar="UNTIL", help="quiet for 4h or 2d, or until an instant"
    )
    group.add_argument(
        "--expected",
        type=expectation,
        metavar="HOW",
        help="one-off, new-level, or until when it was planned (such as 3d)",
    )
    group.add_argument("--false-alarm", action="store_true", help="nothing was wrong: tell less of this here")
    group.add_argument("--reopen", action="store_true", help="take it back")
    command.add_argument("--note", default="", help="why, for those who read it later")
    command.add_argument("--by", default=None, metavar="NAME", help="who says so (default: you)")


def answer_in(options: argparse.Namespace, now: datetime) -> Answer | None:
    """The answer among the options, None when there is none."""
    actor = options.by or user()
    if options.snooze:
        return Answer(Verb.SNOOZE, actor, now, after(now, options.snooze), note=options.note)
    if isinstance(options.expected, Expectation):
        return Answer(Verb.EXPECT, actor, now, None, options.expected, options.note)
    if options.expected:
        end = after(now, options.expected)
        return Answer(Verb.EXPECT, actor, now, end, Expectation.PLANNED, options.note)
    said = {
        Verb.ACKNOWLEDGE: options.acknowledge,
        Verb.DISMISS: options.false_alarm,
        Verb.REOPEN: options.reopen,
    }
    verb = next((verb for verb, given in said.items() if given), None)
    return Answer(verb, actor, now, note=options.note) if verb else None


def expectation(text: str) -> Expectation | Until:
    """One of the words, or an end."""
    words = {"one-off": Expectation.ONE_OFF, "new-level": Expectation.NEW_LEVEL}
    return words[text] if text in words else until(text)
