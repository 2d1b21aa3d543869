"""Incidents to tell about: a runaway key, and whatever a test makes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.facts.clock import Grain, Window
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.finding import Finding, Part
from bot.facts.incident import Cause, Incident, State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import Scope
from bot.facts.severity import Severity

START = datetime(2026, 11, 19, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)

DIRECTORY = Directory(
    organisation="Example",
    keys={"apikey_ci": Key("apikey_ci", "ci-eval", workspace_id="wrkspc_research", owner="user_ada")},
    workspaces={"wrkspc_research": Workspace("wrkspc_research", "research")},
    people={"user_ada": Person("user_ada", "ada", "ada@example.com")},
)

_RUNAWAY = Incident(
    id="inc_7f3a",
    scope=Scope(api_key_id="apikey_ci"),
    kind="spike",
    grain=Grain.HOUR,
    state=State.OPEN,
    severity=Severity.CRITICAL,
    start=START,
    opened_at=START + HOUR,
    measured_until=START + 6 * HOUR,
    last_hot=START + 6 * HOUR,
    observed=usd_from_dollars("463.50"),
    expected=usd_from_dollars("51.50"),
    low=usd_from_dollars(38),
    high=usd_from_dollars(61),
    per_hour=usd_from_dollars("84.20"),
    cause=Cause(
        headline="Runaway spend",
        evidence="Requests rose 8.7x while the tokens of each stayed the same.",
        drivers=(
            ("more requests", usd_from_dollars("301.255")),
            ("uncached input", usd_from_dollars("88.13")),
            ("longer output", usd_from_dollars("16.10")),
            ("web searches", usd_from_dollars("6.515")),
        ),
        model="claude-opus-5",
        owner="ada <ada@example.com>",
        next_step="Ask ada whether the nightly evaluation loops; if nobody answers, disable the key.",
    ),
)


def runaway(**changes: Any) -> Incident:
    """Key ci-eval, six hours into $412 more than expected, with `changes`."""
    return replace(_RUNAWAY, **changes)


def because(**changes: Any) -> Cause:
    """The runaway key's cause, with `changes`."""
    return replace(_RUNAWAY.cause, **changes)


def dollars(amount: str | float) -> int:
    """Nano-dollars, to write amounts shortly."""
    return usd_from_dollars(amount)


def finding(scope: Scope, leaves: Mapping[Scope, int], hours: int = 0, **changes: Any) -> Finding:
    """What a detector says of a scope `hours` after the start, given whole dollars too much by leaf.

    Only leaves inside the scope count; ten dollars were usual.
    """
    inside = {leaf: usd for leaf, usd in leaves.items() if scope.covers(leaf)}
    parts = tuple(
        Part(leaf, usd_from_dollars(usd)) for leaf, usd in sorted(inside.items(), key=lambda i: -i[1])
    )
    usual = usd_from_dollars(10)
    at = START + hours * HOUR
    plain = Finding(
        kind="spike",
        scope=scope,
        grain=Grain.HOUR,
        window=Window(at, at + HOUR),
        observed=Usd(usual + sum(part.excess for part in parts)),
        expected=usual,
        low=usd_from_dollars(7),
        high=usd_from_dollars(14),
        score=9.0,
        start=at,
        why="much more than usual",
        parts=parts,
    )
    return replace(plain, **changes)
