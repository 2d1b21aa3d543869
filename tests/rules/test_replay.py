"""Replay says what hour-by-hour evaluation says, exactly, and puts it together into episodes."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.facts.clock import HOUR, Grain, index
from bot.facts.scope import ORGANISATION, Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from bot.rules.evaluate import breaches
from bot.rules.language import Rule
from bot.rules.replay import replay
from bot.rules.rulebook import read
from bot.rules.verdicts import verdicts
from bot.rules.view import View
from tests.rules.test_evaluate import DIRECTORY, LEAVES, START, panel, rule

QUIET = timedelta(hours=3)
DAYS = 75
CONDITIONS = (
    "above: $30; within: 1h",
    "above: $400; within: 31d",
    "above: $300; within: month to date; until: $200; for: 2h",
    "watch: requests; above: 90; within: 3h; until: 40",
    "watch: cost per request; above: $0.30; within: 6h; missing: hold",
    "watch: cache read share; below: 40%; within: 2h; missing: hold; until: 60%",
    "watch: share of total; above: 60%; within: 1d",
    "watch: models; above: 1; within: 2h",
    "watch: users; above: 1; within: 7d; missing: alert",
    "rises: 50%; within: 1d",
    "rises: 2x; within: month to date",
    "rises: 2x; within: 3h; against: same weekday; for: 2h",
    "rises: 2x; within: 3d; against: expected; missing: hold",
    "falls: 60%; within: 6h; against: same weekday",
    "falls: 100%; within: 1d",
    "appears: 3d; within: 6h",
    "appears: 60d; within: 7d",
    "disappears: 6h",
    "budget: $900 a month; at: [20%, 80%]",
    "budget: $60 a day",
    "budget: $1,200 a month; on: forecast; missing: hold; for: 24h",
    "budget: $900 a month; burns: 3x; within: 12h",
    "above: $12; within: 1h; outside: Mon-Fri 07:00-20:00 Europe/Berlin; mute: Sun",
    (
        "all: [{above: $30, within: 1d}, {watch: output share, above: 30%, within: 2h}, "
        "{not: {falls: 50%, within: 1d}}]"
    ),
    "any: [{below: $1, within: 2h}, {watch: keys, above: 1, within: 1d}]",
)


def asked(condition: str, per: str) -> Rule:
    fields = "".join(f"    {line.strip()}\n" for line in condition.split(";"))
    return read({"r.yaml": f"rules:\n  - name: r\n    because: Agreed.\n    per: {per}\n{fields}"}).rules[0]


def lived(seed: int, counts: set[str]) -> Panel:
    """Months of four leaves, with silences, gaps, and an end that still fills."""
    rng, hours = np.random.default_rng(seed), DAYS * 24
    shape = (len(LEAVES), hours)
    active = np.repeat(rng.random((len(LEAVES), DAYS)) < 0.8, 24, axis=1) & (rng.random(shape) < 0.7)
    active[2, : -24 * rng.integers(2, 7)] = False
    amounts = rng.integers(0, 9, shape) * active * rng.choice([1, 1, 1, 7], (len(LEAVES), DAYS)).repeat(24, 1)
    known = np.repeat(rng.random(DAYS * 4) < 0.97, 6)
    known[: rng.integers(0, 24 * 5)] = False
    complete = known & (np.arange(hours) < hours - 2)
    beside = {name: amounts * rng.integers(0, 40, shape) for name in sorted(counts)}
    first = index(START, Grain.HOUR)
    return Panel(Grain.HOUR, first, Leaves.of(LEAVES), amounts * 10**9, known, complete, beside)


@pytest.mark.parametrize("condition", CONDITIONS)
@settings(deadline=None, max_examples=6)
@given(
    seed=st.integers(0, 10**6),
    per=st.sampled_from(["key", "workspace", "organisation", "[key, product]"]),
    columns=st.lists(st.integers(0, DAYS * 24 - 1), min_size=3, max_size=10),
)
def test_replay_equals_live(condition: str, seed: int, per: str, columns: list[int]) -> None:
    assume("share of total" not in condition or per != "organisation")
    one = asked(condition, per)
    given_ = lived(seed, one.counts)
    found = verdicts(one, View.of(one, given_, DIRECTORY))
    told = np.flatnonzero(found.speaks.any(axis=0))[:: max(1, found.speaks.any(axis=0).sum() // 5)]
    for column in {*columns, *told.tolist()}:
        if given_.known[column]:
            live = {finding.scope: finding.why for finding in breaches(one, given_, column, DIRECTORY)}
            at_once = {found.groups.scope(int(row)) for row in np.flatnonzero(found.speaks[:, column])}
            assert at_once | ({ORGANISATION} if found.unseen[column] else set()) == set(live)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_conditions_above_do_fire(condition: str) -> None:
    one = asked(condition, "organisation" if "users" in condition else "key")
    assert any(
        verdicts(one, View.of(one, lived(seed, one.counts), DIRECTORY)).speaks.any() for seed in range(8)
    )


def test_hours_above_are_one_episode_until_it_was_quiet_for_long() -> None:
    dollars = [0, 12, 0, 0, 0, 0, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 13]
    first, second = replay(rule(), View.of(rule(), panel(dollars), DIRECTORY), START, QUIET)
    assert (first.scope, first.rule) == (Scope(api_key_id="k1"), "cap")
    assert (first.start, first.end) == (START + HOUR, START + 9 * HOUR)
    assert (first.said, first.spent) == ("at least $12.00 in 3 hours, the cap is $10.00", 27 * 10**9)
    assert (second.start, second.spent) == (START + 16 * HOUR, 13 * 10**9)


def test_what_began_before_is_there_as_long_as_it_is_not_over() -> None:
    given_ = panel([11, 0, 0, 0, 0, 0, 0, 0, 0, 12], [0] * 10, [0, 0, 0, 0, 30, 0, 0, 0, 0, 0])
    found = replay(rule(), View.of(rule(), given_, DIRECTORY), START + 2 * HOUR, QUIET)
    assert [(one.scope.api_key_id, one.start) for one in found] == [
        ("k1", START),
        ("k2", START + 4 * HOUR),
        ("k1", START + 9 * HOUR),
    ]
    later = replay(rule(), View.of(rule(), given_, DIRECTORY), START + 8 * HOUR, QUIET)
    assert [one.start for one in later] == [START + 9 * HOUR]


def test_every_share_of_a_budget_is_an_episode_of_its_own() -> None:
    one = asked("budget: $100 a day; at: [20%, 50%]", "key")
    hours = [*[5] * 11, *[0] * 13, *[5] * 5, *[0] * 19]
    found = replay(one, View.of(one, panel(hours), DIRECTORY), START, QUIET)
    assert [((episode.start - START) // HOUR, episode.said.split(",")[0]) for episode in found] == [
        (4, "$25.00 so far today"),
        (10, "$55.00 so far today"),
        (28, "$25.00 so far today"),
    ]
