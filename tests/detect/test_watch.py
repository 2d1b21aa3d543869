from collections.abc import Callable, Mapping
from random import Random

import pytest

from bot.detect.gates import Gates
from bot.detect.watch import Watcher
from bot.facts.clock import Window
from bot.facts.finding import Finding
from bot.facts.spend import SpendRow
from tests.fakes.life import OPUS, Life, Use, altered, at, day, live, organisation, rows_of, steady, use

DAYS = 100
WEDNESDAY, SATURDAY = 65, 68
ONCE, FROM_NOW = slice(WEDNESDAY, WEDNESDAY + 1), slice(WEDNESDAY, None)
AT_THE_WEEKEND = slice(SATURDAY, SATURDAY + 1)


def quiet(seed: int = 1) -> dict[str, Use]:
    """Twelve keys that go on, and one that fell asleep after twelve days."""
    sleeper = use("sleeper", steady(20, DAYS, seed)).times(slice(12, None), 0)
    return {**organisation(DAYS, seed), "sleeper": sleeper}


QUIET = quiet()


def but(*uses: Use) -> dict[str, Use]:
    """The quiet organisation, in which some keys are used otherwise."""
    return altered(*uses, of=QUIET)


def lived(days: int, life: Life = QUIET) -> Watcher:
    """A watcher that saw so many days; those are not judged, for it would have said nothing of them."""
    watcher = Watcher()
    for number in range(days):
        watcher._days.see(at(number), rows_of(life.values(), number))
    return watcher


def said(findings: Mapping[int, list[Finding]]) -> list[tuple[int, str, dict[str, str]]]:
    """Day, kind and scope of everything said."""
    return [(n, one.kind, one.scope.pinned()) for n, found in findings.items() for one in found]


@pytest.mark.parametrize("seed", [1, 2, 10])
def test_a_steady_organisation_is_left_in_peace(seed: int) -> None:
    assert said(live(lived(60, quiet(seed)), quiet(seed), range(60, 90))) == []


@pytest.mark.parametrize(
    ("life", "first", "key", "kind"),
    [
        pytest.param(but(QUIET["steady1"].times(ONCE, 8)), WEDNESDAY, "steady1", "spike", id="a small key"),
        pytest.param(
            but(QUIET["steady6"].times(ONCE, 8)), WEDNESDAY, "steady6", "spike", id="the largest key"
        ),
        pytest.param(but(QUIET["office2"].times(ONCE, 8)), WEDNESDAY, "office2", "spike", id="a weekday app"),
        pytest.param(
            but(QUIET["office2"].spending(AT_THE_WEEKEND, 560)),
            SATURDAY,
            "office2",
            "spike",
            id="a weekday app runs at the weekend, at eight times its weekday",
        ),
        pytest.param(
            but(QUIET["batch"].times(AT_THE_WEEKEND, 8)),
            SATURDAY,
            "batch",
            "spike",
            id="a weekend batch",
        ),
        pytest.param(
            but(use("newcomer", steady(300, DAYS, 8)).times(slice(WEDNESDAY), 0)),
            WEDNESDAY,
            "newcomer",
            "new",
            id="a new key starts big",
        ),
        pytest.param(
            but(QUIET["sleeper"].spending(ONCE, 30)),
            WEDNESDAY,
            "sleeper",
            "dormant",
            id="a key that slept",
        ),
        pytest.param(
            but(QUIET["sleeper"].spending(ONCE, 90)),
            WEDNESDAY,
            "sleeper",
            "dormant",
            id="a key that slept and spends far more than of old",
        ),
        pytest.param(
            but(QUIET["steady4"].uncached(FROM_NOW)),
            WEDNESDAY,
            "steady4",
            "price",
            id="a cache that breaks",
        ),
        pytest.param(
            but(QUIET["steady4"].times(FROM_NOW, 0)),
            WEDNESDAY,
            "steady4",
            "drop",
            id="a key falls silent",
        ),
        pytest.param(
            but(QUIET["office3"].times(FROM_NOW, 0)),
            WEDNESDAY,
            "office3",
            "drop",
            id="a weekday app falls silent",
        ),
    ],
)
def test_an_incident_is_said_the_same_day_and_names_its_key(
    life: Life, first: int, key: str, kind: str
) -> None:
    findings = lived(first).observe(day(first), rows_of(life.values(), first))
    assert [(one.kind, one.scope.api_key_id, one.said) for one in findings] == [(kind, key, True)]
    assert findings[0].parts[0].scope.api_key_id == key
    assert findings[0].window == Window(at(first), at(first + 1))


def test_a_dearer_model_is_said_as_a_price_while_requests_are_as_usual() -> None:
    stays, moved = QUIET["steady4"].moved(FROM_NOW, OPUS)
    life = {**QUIET, "steady4": stays, "moved": moved}
    found = live(lived(WEDNESDAY), life, range(WEDNESDAY, WEDNESDAY + 3))
    assert said(found) == [(WEDNESDAY + n, "price", {"api_key_id": "steady4"}) for n in range(3)]
    assert found[WEDNESDAY][0].parts[0].scope.model == OPUS
    assert found[WEDNESDAY][0].parts[0].excess > 0


@pytest.mark.parametrize(
    ("key", "factor", "days"),
    [
        pytest.param("steady3", 2, 7, id="twice the level, of a key of every day"),
        pytest.param("office1", 2, 7, id="twice the level, of a weekday app"),
        pytest.param("steady3", 1.5, 10, id="half as much again"),
    ],
)
def test_a_step_is_said_within_days(key: str, factor: float, days: int) -> None:
    life = but(QUIET[key].times(FROM_NOW, factor))
    found = live(lived(WEDNESDAY), life, range(WEDNESDAY, WEDNESDAY + days))
    assert found
    assert {one.scope.api_key_id for findings in found.values() for one in findings} == {key}
    kinds = {one.kind for findings in found.values() for one in findings}
    assert kinds <= {"spike", "rise"}
    assert factor >= 2 or kinds == {"rise"}


def resting(when: slice, *keys: str) -> dict[str, Use]:
    """Keys whose names begin so rest."""
    return {key: one.times(when, 0) if key.startswith(keys) else one for key, one in QUIET.items()}


@pytest.mark.parametrize(
    ("life", "first", "days"),
    [
        pytest.param(resting(ONCE, "office"), WEDNESDAY, 4, id="a holiday"),
        pytest.param(resting(slice(63, 68), "office"), 63, 9, id="a week in which all offices rest"),
        pytest.param(resting(slice(63, 66), "office", "steady"), 63, 4, id="three days of an outage for all"),
        pytest.param(but(QUIET["steady2"].times(ONCE, 1.3)), WEDNESDAY, 3, id="a third more"),
        pytest.param(but(QUIET["steady2"].times(ONCE, 0.7)), WEDNESDAY, 3, id="a third less"),
        pytest.param(
            but(use("newcomer", steady(0.5, DAYS, 8)).times(slice(WEDNESDAY), 0)),
            WEDNESDAY,
            4,
            id="a new small key",
        ),
        pytest.param(
            but(QUIET["batch"].times(AT_THE_WEEKEND, 1.3)), SATURDAY, 3, id="a weekend batch does more"
        ),
    ],
)
def test_what_is_no_incident(life: Life, first: int, days: int) -> None:
    assert said(live(lived(first), life, range(first, first + days))) == []


def test_a_new_key_far_smaller_than_its_peers_does_not_start_big() -> None:
    life = but(use("newcomer", steady(5, DAYS, 8)).times(slice(WEDNESDAY), 0))
    assert said(live(lived(WEDNESDAY), life, range(WEDNESDAY, WEDNESDAY + 4))) == []


def test_an_organisation_is_not_judged_in_its_first_week() -> None:
    life = but(QUIET["steady2"].times(slice(3, 4), 50).times(slice(6, 7), 50))
    found = live(Watcher(), life, range(7), candidates=True)
    assert {(one.kind, one.said) for day in found.values() for one in day} == {("early", False)}


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(("steady", "office"), id="all that spend on weekdays"),
        pytest.param(("steady",), id="all that never rest"),
    ],
)
def test_many_keys_that_rise_together_are_told_as_one(keys: tuple[str, ...]) -> None:
    life = {key: one.times(ONCE, 2.5) if key.startswith(keys) else one for key, one in QUIET.items()}
    [finding] = lived(WEDNESDAY).observe(day(WEDNESDAY), rows_of(life.values(), WEDNESDAY))
    risen = {key for key in QUIET if key.startswith(keys)}
    assert finding.scope.api_key_id is None
    assert {part.scope.api_key_id for part in finding.parts if part.excess > 0} >= risen


@pytest.mark.parametrize(
    ("how", "days"),
    [
        pytest.param(lambda one, when: one.times(when, 8), 1, id="a loop of one day"),
        pytest.param(lambda one, when: one.times(when, 8), 4, id="a loop of four days"),
        pytest.param(lambda one, when: one.uncached(when), 3, id="a cache that is mended"),
        pytest.param(lambda one, when: one.times(when, 0), 1, id="a key that comes back"),
    ],
)
def test_the_return_to_normal_is_not_said(how: Callable[[Use, slice], Use], days: int) -> None:
    over = WEDNESDAY + days
    watcher, life = lived(WEDNESDAY), but(how(QUIET["steady2"], slice(WEDNESDAY, over)))
    during = live(watcher, life, range(WEDNESDAY, over))
    assert set(during) == set(range(WEDNESDAY, over))
    assert said(live(watcher, life, range(over, over + 7))) == []


@pytest.mark.parametrize(
    ("key", "first", "how"),
    [
        pytest.param("steady2", WEDNESDAY, lambda one, when: one.times(when, 8), id="a loop"),
        pytest.param(
            "office3", WEDNESDAY, lambda one, when: one.times(when, 8), id="a loop of a weekday app"
        ),
        pytest.param("office3", SATURDAY, lambda one, when: one.spending(when, 600), id="a loop at weekends"),
        pytest.param("steady2", WEDNESDAY, lambda one, when: one.uncached(when), id="a broken cache"),
        pytest.param("steady2", WEDNESDAY, lambda one, when: one.times(when, 0), id="silence"),
        pytest.param(
            "office3",
            WEDNESDAY,
            lambda one, when: one.times(when, 0),
            id="silence of a weekday app",
        ),
    ],
)
def test_an_incident_is_not_learnt_and_said_again_a_week_later(
    key: str, first: int, how: Callable[[Use, slice], Use]
) -> None:
    again = first + 7
    struck = how(how(QUIET[key], slice(first, first + 1)), slice(again, again + 1))
    found = live(lived(first), but(struck), range(first, again + 1))
    assert {n for n, findings in found.items() if findings[0].scope.api_key_id == key} == {first, again}


def test_candidates_are_marked_and_what_is_said_is_among_them() -> None:
    life = but(QUIET["steady2"].times(FROM_NOW, 1.5), QUIET["office1"].times(ONCE, 8))
    days = range(WEDNESDAY, WEDNESDAY + 4)
    everything = live(lived(WEDNESDAY), life, days, candidates=True)
    bold = {n: [one for one in found if one.said] for n, found in everything.items()}
    assert {n: found for n, found in bold.items() if found} == live(lived(WEDNESDAY), life, days)
    assert any(not one.said for found in everything.values() for one in found)
    bar = Gates(0.0).bar(1)
    assert all(one.score < bar + 3 for found in everything.values() for one in found if not one.said)


def late_rows(days: range) -> dict[int, tuple[list[SpendRow], list[SpendRow]]]:
    """Rows as first seen and corrected ones: one cell in twenty is missing or too low for a day."""
    random, shown = Random(4), {}
    corrections: list[SpendRow] = []
    for number in days:
        parts = {key: random.choice([0.0, 0.3, 0.6]) if random.random() < 0.05 else 1.0 for key in QUIET}
        seen = [one.times(slice(number, number + 1), parts[key]) for key, one in QUIET.items()]
        shown[number] = rows_of(seen, number), corrections
        corrections = rows_of([QUIET[key] for key, part in parts.items() if part < 1.0], number)
    return shown


def test_rows_that_come_late_are_no_incident() -> None:
    watcher = lived(40)
    found = {n: watcher.observe(day(n), *rows) for n, rows in late_rows(range(40, 76)).items()}
    assert said({n: findings for n, findings in found.items() if n >= 50}) == []


def test_a_day_that_came_late_as_a_whole_is_no_incident() -> None:
    watcher, uses = lived(WEDNESDAY), QUIET.values()
    assert watcher.observe(day(WEDNESDAY), []) == []
    after = rows_of(uses, WEDNESDAY + 1)
    assert watcher.observe(day(WEDNESDAY + 1), after, rows_of(uses, WEDNESDAY)) == []


def test_a_spike_that_shows_only_once_its_day_is_corrected_is_said_then_and_once() -> None:
    watcher, rows = lived(WEDNESDAY), rows_of(QUIET.values(), WEDNESDAY)
    loop = [QUIET["steady2"].times(ONCE, 30).row(WEDNESDAY, at(WEDNESDAY))]
    assert watcher.observe(day(WEDNESDAY), rows) == []
    [found] = watcher.observe(day(WEDNESDAY + 1), rows_of(QUIET.values(), WEDNESDAY + 1), loop)
    assert (found.kind, found.scope.api_key_id, found.window.start) == ("spike", "steady2", at(WEDNESDAY))
    assert watcher.observe(day(WEDNESDAY + 2), rows_of(QUIET.values(), WEDNESDAY + 2), loop) == []


@pytest.mark.parametrize(
    ("corrected", "odd"),
    [
        pytest.param(range(0), True, id="while the past stands as it was seen"),
        pytest.param(range(WEDNESDAY), False, id="once the past is corrected to as much"),
    ],
)
def test_corrections_of_earlier_days_are_learnt(corrected: range, odd: bool) -> None:
    tripled = QUIET["steady2"].times(slice(None), 3)
    restated = [tripled.row(n, at(n)) for n in corrected]
    rows = rows_of(but(tripled).values(), WEDNESDAY)
    assert bool(lived(WEDNESDAY).observe(day(WEDNESDAY), rows, restated)) == odd


def test_days_come_in_order() -> None:
    with pytest.raises(ValueError, match="lies before the first bucket"):
        lived(3).observe(day(-1), [])
