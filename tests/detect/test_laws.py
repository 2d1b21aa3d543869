"""What holds for every organisation: of the newest day alone, and of a watcher that lives with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.days import judge_day
from bot.detect.gates import Gates, typical_day
from bot.detect.watch import Watcher
from bot.facts.finding import Finding
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel
from tests.fakes.life import Life, Use, day, organisation, panel_of, rows_of

DAYS = 50
QUIET = organisation(DAYS)
KEYS = sorted(QUIET)


@dataclass(frozen=True)
class Blow:
    """Something that befalls a key shortly before the newest day, or on it."""

    key: str
    ago: int
    days: int
    how: Callable[[Use, slice], Use]

    def struck(self, life: Life) -> Use:
        begin = DAYS - 1 - self.ago
        return self.how(life[self.key], slice(begin, min(begin + self.days, DAYS)))


HOW: tuple[Callable[[Use, slice], Use], ...] = (
    lambda one, when: one.times(when, 1.6),
    lambda one, when: one.times(when, 3.0),
    lambda one, when: one.times(when, 9.0),
    lambda one, when: one.times(when, 0.0),
    lambda one, when: one.uncached(when),
)
A_BLOW = st.builds(Blow, st.sampled_from(KEYS), st.integers(0, 6), st.integers(1, 7), st.sampled_from(HOW))
BLOWS = st.lists(A_BLOW, min_size=1, max_size=4)


def struck(blows: list[Blow]) -> Panel:
    life = dict(QUIET)
    for blow in blows:
        life[blow.key] = blow.struck(life)
    return panel_of(life, DAYS)


def judged(panel: Panel) -> list[Finding]:
    return judge_day(panel, Gates(typical_day(panel.before(panel.columns - 1))))


Essence = dict[tuple[int, Scope], tuple[str, bool, float, float]]


def essence(found: Iterable[list[Finding]], nano: float = 1e9) -> Essence:
    """Kind, said, score and excess (in so many nano-dollars) by day and scope."""
    return {
        (n, one.scope): (one.kind, one.said, one.score, one.excess / nano)
        for n, findings in enumerate(found)
        for one in findings
    }


def renamed(essence_: Essence, called: dict[str, str]) -> Essence:
    """The same of keys that are called otherwise."""
    return {
        (n, replace(scope, api_key_id=called[scope.api_key_id]) if scope.api_key_id else scope): what
        for (n, scope), what in essence_.items()
    }


def assert_alike(one: Essence, other: Essence) -> None:
    """Scores are rounded, and sums in another order differ in the last digit."""
    assert one.keys() == other.keys()
    for place, (kind, is_said, score, excess) in one.items():
        assert (kind, is_said) == other[place][:2]
        assert other[place][2] == pytest.approx(score, abs=0.011)
        assert other[place][3] == pytest.approx(excess, rel=1e-6)


@given(BLOWS)
@settings(deadline=None, max_examples=8)
def test_the_same_day_gives_the_same_findings(blows: list[Blow]) -> None:
    assert judged(struck(blows)) == judged(struck(blows))


@given(BLOWS, st.integers(1, 5))
@settings(deadline=None, max_examples=8)
def test_what_comes_later_changes_nothing(blows: list[Blow], back: int) -> None:
    panel = struck(blows)
    later = panel.usd.copy()
    later[:, DAYS - back :] *= 50
    assert judged(replace(panel, usd=later).before(DAYS - back)) == judged(panel.before(DAYS - back))


@given(BLOWS)
@settings(deadline=None, max_examples=8)
def test_a_thousand_times_the_dollars_are_as_odd(blows: list[Blow]) -> None:
    panel = struck(blows)
    rich = replace(panel, usd=panel.usd * 1000)
    assert_alike(essence([judged(panel)]), essence([judged(rich)], 1e12))


@given(BLOWS, st.permutations(range(len(KEYS))))
@settings(deadline=None, max_examples=8)
def test_the_order_of_leaves_changes_nothing(blows: list[Blow], order: list[int]) -> None:
    panel = struck(blows)
    shuffled = replace(
        panel,
        leaves=Leaves.of(panel.leaves.values[leaf] for leaf in order),
        usd=panel.usd[order],
        counts={name: values[order] for name, values in panel.counts.items()},
    )
    assert_alike(essence([judged(panel)]), essence([judged(shuffled)]))


@given(BLOWS, st.permutations(KEYS))
@settings(deadline=None, max_examples=8)
def test_other_names_change_nothing_but_the_names(blows: list[Blow], names: list[str]) -> None:
    panel, called = struck(blows), dict(zip(KEYS, names, strict=True))
    leaves = Leaves.of((space, called[key], *rest) for space, key, *rest in panel.leaves.values)
    expected = renamed(essence([judged(panel)]), called)
    assert_alike(expected, essence([judged(replace(panel, leaves=leaves))]))


LIVED = 32


@cache
def eventful() -> tuple[tuple[SpendRow, ...], ...]:
    """Six keys for a month, of which some are odd in the last ten days."""
    life = {key: QUIET[key] for key in ("steady1", "steady4", "steady6", "office1", "office3", "batch")}
    life["steady1"] = life["steady1"].times(slice(22, 24), 7).times(slice(30, 31), 7)
    life["steady4"] = life["steady4"].uncached(slice(25, 29))
    life["steady6"] = life["steady6"].times(slice(27, None), 1.9)
    life["office3"] = life["office3"].times(slice(28, 30), 0)
    return tuple(tuple(rows_of(life.values(), n)) for n in range(LIVED))


def watched(days: Iterable[Sequence[SpendRow]]) -> list[list[Finding]]:
    """What a new watcher finds on each of these days."""
    watcher = Watcher()
    return [watcher.observe(day(n), rows, candidates=True) for n, rows in enumerate(days)]


@cache
def plain() -> list[list[Finding]]:
    """What is found in the eventful life as it is."""
    found = watched(eventful())
    assert sum(one.said for findings in found for one in findings) >= 8
    return found


def test_the_same_life_gives_the_same_findings() -> None:
    assert watched(eventful()) == plain()


def test_a_longer_life_begins_like_a_shorter_one() -> None:
    assert watched(eventful()[:27]) == plain()[:27]


def test_a_life_of_a_thousand_times_the_dollars_is_as_odd() -> None:
    dollars = [name for name in SpendRow._fields if "usd" in name]
    rich = [
        [one._replace(**{name: getattr(one, name) * 1000 for name in dollars}) for one in rows]
        for rows in eventful()
    ]
    assert_alike(essence(plain()), essence(watched(rich), 1e12))


def test_the_order_of_rows_changes_nothing() -> None:
    random = Random(9)
    shuffled = [random.sample(rows, len(rows)) for rows in eventful()]
    assert_alike(essence(plain()), essence(watched(shuffled)))


def test_a_life_under_other_names_differs_in_nothing_but_the_names() -> None:
    keys = sorted({one.api_key_id for rows in eventful() for one in rows})
    called = dict(zip(keys, keys[2:] + keys[:2], strict=True))
    masked = [[one._replace(api_key_id=called[one.api_key_id]) for one in rows] for rows in eventful()]
    assert_alike(renamed(essence(plain()), called), essence(watched(masked)))


def in_two(one: SpendRow) -> tuple[SpendRow, SpendRow]:
    """What a row says, split over two hours of its day."""
    early = one._replace(usd=Usd(one.usd // 3), requests=0, output_tokens=0)
    late = one._replace(usd=Usd(one.usd - one.usd // 3), uncached_input_tokens=0, cache_read_tokens=0)
    return early, late._replace(hour=one.hour + timedelta(hours=5))


def test_rows_by_the_hour_say_what_their_day_says() -> None:
    split = [[half for one in rows for half in in_two(one)] for rows in eventful()]
    assert watched(split) == plain()
