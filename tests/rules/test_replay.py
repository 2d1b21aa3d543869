"""Replay says what hour-by-hour evaluation says, exactly, and puts it together into episodes."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import HOUR
from bot.facts.scope import Scope
from bot.rules.evaluate import breaches
from bot.rules.replay import replay
from bot.rules.verdicts import verdicts
from tests.rules.test_evaluate import DIRECTORY, DOLLAR, START, panel, rule

DOLLARS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), min_size=1, max_size=40)
QUIET = timedelta(hours=3)


@settings(deadline=None, max_examples=60)
@given(DOLLARS, st.sampled_from(["key", "model", "organisation"]), st.sampled_from(["1h", "3h", "24h"]))
def test_replay_equals_live(rows: list[tuple[int, int, bool]], per: str, within: str) -> None:
    given_ = panel([row[0] for row in rows], [row[1] for row in rows], known=[row[2] for row in rows])
    cap = rule(per=per, within=within)
    found = verdicts(cap, given_, DIRECTORY)
    for column in range(given_.columns):
        if given_.known[column]:
            live = {finding.scope: finding.observed for finding in breaches([cap], given_, column, DIRECTORY)}
            at_once = {
                found.groups.scope(int(member)): int(found.spent[member, column])
                for member in np.flatnonzero(found.above[:, column])
            }
            assert at_once == live


def test_hours_above_are_one_episode_until_it_was_quiet_for_long() -> None:
    dollars = [0, 12, 0, 0, 0, 0, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 13]
    first, second = replay(rule(), panel(dollars), DIRECTORY, START, QUIET)
    assert (first.scope, first.rule) == (Scope(api_key_id="k1"), "cap")
    assert (first.start, first.end) == (START + HOUR, START + 9 * HOUR)
    assert (first.peak, first.spent) == (15 * DOLLAR, 27 * DOLLAR)
    assert (second.start, second.spent) == (START + 16 * HOUR, 13 * DOLLAR)


def test_what_began_before_is_left_out_and_members_come_by_time() -> None:
    given_ = panel([11, 0, 0, 0, 0, 0, 0, 0, 0, 12], [0] * 10, [0, 0, 0, 0, 30, 0, 0, 0, 0, 0])
    found = replay(rule(), given_, DIRECTORY, START + 2 * HOUR, QUIET)
    assert [(one.scope.api_key_id, one.start) for one in found] == [
        ("k2", START + 4 * HOUR),
        ("k1", START + 9 * HOUR),
    ]
