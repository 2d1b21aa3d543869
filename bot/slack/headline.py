"""What an incident is called: in the headline, in lists, and where to find more of it."""

from collections.abc import Callable

from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.text import multiple, scope_name
from bot.slack.drivers import signed
from bot.slack.wording import bare, clean

MARKS = {Severity.CRITICAL: "🔴", Severity.WARNING: "🟠", Severity.NOTICE: "🔵"}
"""The sign before the headline; the word stands in the first sentence."""
RESOLVED_MARK = "✅"
_IN_SHORT = ("api_key_id", "actor", "team", "product", "workspace_id", "model")


def headline(incident: Incident, directory: Directory, write: Callable[[str, int], str]) -> str:
    """`🔴 Runaway spend on key ci-eval: +$412.00, 9.0x`: the narrowest name only, within 150 characters."""
    pinned = incident.scope.pinned()
    lead = next((dimension for dimension in _IN_SHORT if dimension in pinned), None)
    short = Scope.of({lead: pinned[lead]} if lead else {})
    where = named(short, directory, lambda name: write(name, 40))
    dollars = (incident.excess or not incident.rule) and not incident.period
    amount = f": {signed(incident.excess)}{times(incident)}" if dollars else ""
    return f"{MARKS[incident.severity]} {what(incident, write)} {_whose(incident)} {where}{amount}"


def what(incident: Incident, write: Callable[[str, int], str]) -> str:
    """What it is, in a few words."""
    return write(clean(incident.cause.headline) or "Unusual spend", 56)


def times(incident: Incident) -> str:
    """How many times the usual, behind a comma; nothing where it is about too little."""
    if incident.observed <= 0 or incident.fell:
        return ""
    return f", {'over 1000x' if 1000 < incident.multiple < float('inf') else multiple(incident.multiple)}"


def named(scope: Scope, directory: Directory, name: Callable[[str], str]) -> str:
    """The scope as people call it, each name in it written by `name`."""
    pinned = scope.pinned().items()
    written = {at: name(directory.name_of(at, value)) if value else "" for at, value in pinned}
    return scope_name(Scope.of(written), Directory())


def details(incident: Incident) -> str:
    """The command that shows all of it."""
    return f"claude-spend incident {incident.id}"


def subject(incident: Incident, directory: Directory, name: Callable[[str], str]) -> str:
    """What it is and where: "Runaway loop on key ci-eval", each name written by `name`."""
    return f"{what(incident, bare)} {_whose(incident)} {named(incident.scope, directory, name)}"


def _whose(incident: Incident) -> str:
    """A budget is spent by somebody, everything else happens on something."""
    return "by" if incident.period else "on"
