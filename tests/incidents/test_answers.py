"""What people say about an incident: each word, what it changes, and for what it speaks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.facts.answer import Answer, Expectation, Verb
from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.facts.finding import Finding, Part
from bot.facts.incident import Incident, State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.incidents.answers import Refused, act, is_learnt, spoken_for, woken
from tests.fakes.incidents import START, finding, runaway
from tests.incidents.world import KEY, LEAVES, World, live

NOW = START + 6 * HOUR
WEEK = timedelta(weeks=1)
OPEN = runaway(observed=usd_from_dollars(72), expected=usd_from_dollars(12), scope=KEY)
"""Ten dollars an hour too much, for six hours."""
RESOLVED = replace(OPEN, state=State.RESOLVED, resolved_at=NOW)


def said(
    verb: Verb, until: timedelta | None = None, how: Expectation | None = None, note: str = ""
) -> Answer:
    return Answer(verb, "ada", NOW, NOW + until if until is not None else None, how, note)


ACKNOWLEDGE, SNOOZE = said(Verb.ACKNOWLEDGE), said(Verb.SNOOZE, 4 * HOUR)
ONE_OFF, NEW_LEVEL = (said(Verb.EXPECT, how=how) for how in (Expectation.ONE_OFF, Expectation.NEW_LEVEL))
PLANNED = said(Verb.EXPECT, WEEK, Expectation.PLANNED, "load test")
FALSE = said(Verb.DISMISS)


@pytest.mark.parametrize(
    ("answer", "state", "line"),
    [
        pytest.param(
            ACKNOWLEDGE,
            State.ACKNOWLEDGED,
            ("acknowledged", "told again if it still grows after 4 hours"),
            id="acknowledged",
        ),
        pytest.param(
            SNOOZE,
            State.SNOOZED,
            ("snoozed until 19 Nov 12:00 UTC", "told again if it still goes on then"),
            id="snoozed",
        ),
        pytest.param(
            ONE_OFF,
            State.EXPECTED,
            ("expected (one-off)", "nothing of this size is told again until 22 Nov 08:00 UTC"),
            id="expected once",
        ),
        pytest.param(
            NEW_LEVEL,
            State.EXPECTED,
            ("expected (new level)", "nothing of this size is told again until 17 Dec 08:00 UTC"),
            id="expected from now on",
        ),
        pytest.param(PLANNED, State.EXPECTED, ("expected (planned)", "load test"), id="planned, with a note"),
        pytest.param(
            FALSE,
            State.FALSE_ALARM,
            ("false alarm", "nothing of this size is told again until 17 Feb 08:00 UTC"),
            id="false alarm",
        ),
    ],
)
def test_each_answer_is_on_record_with_its_author(
    answer: Answer, state: State, line: tuple[str, str]
) -> None:
    after = act(OPEN, answer)
    change = after.history[-1]
    assert (after.state, change.what, change.reason) == (state, *line)
    assert (change.at, change.actor) == (NOW, "ada")
    assert after.resolved_at == (NOW if state.is_over else None)


@pytest.mark.parametrize("answer", [ACKNOWLEDGE, SNOOZE, ONE_OFF, NEW_LEVEL, PLANNED, FALSE])
def test_saying_it_twice_is_saying_it_once(answer: Answer) -> None:
    after = act(OPEN, answer)
    assert act(after, replace(answer, actor="bob")) == after


@pytest.mark.parametrize("answer", [ACKNOWLEDGE, SNOOZE, ONE_OFF, FALSE])
def test_everything_can_be_taken_back(answer: Answer) -> None:
    after = act(act(OPEN, answer), said(Verb.REOPEN))
    assert (after.state, after.answer, after.resolved_at) == (State.OPEN, None, None)


@pytest.mark.parametrize(
    ("incident", "answer", "why"),
    [
        pytest.param(RESOLVED, ACKNOWLEDGE, "is over .resolved.: there is nothing to acknowledge", id="over"),
        pytest.param(RESOLVED, SNOOZE, "is over .resolved.: there is nothing to snooze", id="over too"),
        pytest.param(OPEN, said(Verb.SNOOZE), "say until when", id="no end"),
        pytest.param(OPEN, said(Verb.SNOOZE, timedelta()), "say until when", id="an end that has passed"),
        pytest.param(OPEN, said(Verb.SNOOZE, 91 * DAY), "at most 90 days", id="without an end to see"),
        pytest.param(
            OPEN, said(Verb.EXPECT, None, Expectation.PLANNED), "say until when", id="planned, but for when"
        ),
    ],
)
def test_what_does_not_fit_is_refused(incident: Incident, answer: Answer, why: str) -> None:
    with pytest.raises(Refused, match=why):
        act(incident, answer)


def test_what_is_over_may_still_be_called_a_false_alarm() -> None:
    assert act(RESOLVED, FALSE).state is State.FALSE_ALARM


def later(
    dollars: int, hours: int = 1, after: timedelta = HOUR, scope: Scope = KEY, **changes: Any
) -> Finding:
    """So many dollars too much in a stretch after the answer."""
    at = NOW + after
    told = finding(KEY, dict.fromkeys(LEAVES, dollars), start=at, window=Window(at, at + hours * HOUR))
    return replace(told, scope=scope, grain=Grain.HOUR if hours == 1 else Grain.DAY, **changes)


@pytest.mark.parametrize(
    ("answer", "found", "spoken"),
    [
        pytest.param(ONE_OFF, later(10), True, id="an hour as dear"),
        pytest.param(ONE_OFF, later(15), True, id="half as dear again"),
        pytest.param(ONE_OFF, later(16), False, id="more than that"),
        pytest.param(ONE_OFF, later(240, 24), True, id="a day at that pace"),
        pytest.param(ONE_OFF, later(400, 24), False, id="a day at more"),
        pytest.param(ONE_OFF, later(10, after=73 * HOUR), False, id="after three days a one-off is news"),
        pytest.param(NEW_LEVEL, later(10, after=3 * WEEK), True, id="a new level counts for four weeks"),
        pytest.param(NEW_LEVEL, later(10, after=4 * WEEK), False, id="then it is learnt"),
        pytest.param(PLANNED, later(10, after=6 * DAY), True, id="inside what was planned"),
        pytest.param(PLANNED, later(10, after=WEEK), False, id="after what was planned"),
        pytest.param(FALSE, later(10, after=12 * WEEK), True, id="a false alarm counts for three months"),
        pytest.param(
            FALSE, later(10, scope=ORGANISATION), True, id="the organisation, for that key's dollars"
        ),
        pytest.param(ACKNOWLEDGE, later(10), False, id="who looks after it has not judged it"),
    ],
)
def test_for_what_a_verdict_speaks(answer: Answer, found: Finding, spoken: bool) -> None:
    judged = act(OPEN, answer)
    assert (spoken_for(found, [judged]) is judged) == spoken


def test_a_verdict_on_one_key_says_nothing_of_another() -> None:
    other = Scope(api_key_id="key-b")
    parts = tuple(replace(part, scope=replace(part.scope, api_key_id="key-b")) for part in later(10).parts)
    assert spoken_for(later(10, scope=other, parts=parts), [act(OPEN, FALSE)]) is None


def test_a_rise_that_was_expected_says_nothing_of_a_fall() -> None:
    fell = later(-10)
    assert fell.fell
    assert spoken_for(fell, [act(OPEN, ONE_OFF)]) is None


@pytest.mark.parametrize(
    ("answer", "learnt"),
    [(ONE_OFF, False), (PLANNED, False), (NEW_LEVEL, True), (FALSE, True), (SNOOZE, False)],
)
def test_what_is_kept_out_of_the_usual(answer: Answer, learnt: bool) -> None:
    assert is_learnt(act(OPEN, answer)) == learnt


@pytest.mark.parametrize(
    ("answer", "hours", "cost", "reason"),
    [
        pytest.param(SNOOZE, 3, 500, "", id="a snooze lasts"),
        pytest.param(SNOOZE, 4, 60, "the snooze is over, and it goes on", id="and ends"),
        pytest.param(ACKNOWLEDGE, 3, 500, "", id="whoever looks after it has time"),
        pytest.param(ACKNOWLEDGE, 4, 80, "it was acknowledged, and still grows", id="but not for ever"),
        pytest.param(ACKNOWLEDGE, 40, 70, "", id="if it has stopped growing there is no hurry"),
    ],
)
def test_when_silence_ends(answer: Answer, hours: int, cost: int, reason: str) -> None:
    quiet = replace(act(OPEN, answer), observed=Usd(OPEN.expected + usd_from_dollars(cost)))
    after = woken(quiet, NOW + hours * HOUR)
    assert (after.history[-1].reason if after != quiet else "") == reason
    assert (after.state is State.OPEN) == bool(reason)


@pytest.mark.parametrize("verb", [Verb.ACKNOWLEDGE, Verb.SNOOZE])
def test_what_is_quiet_is_still_followed_until_it_is_over(verb: Verb) -> None:
    world = World(hot=(range(8),))
    live(world, 3)
    incident = world.only()
    until = world.now + 40 * HOUR if verb is Verb.SNOOZE else None
    world.incidents[incident.id] = act(incident, Answer(verb, "ada", world.now, until))
    before = incident.excess
    live(world, 5, lambda hour: hour < 8)
    assert world.only().state.value == f"{verb}d"
    assert world.only().excess > before
    live(world, 20, lambda hour: hour < 8)
    assert (world.only().state, world.only().answer) == (State.RESOLVED, None)


def test_a_verdict_on_all_does_not_hide_a_key_that_was_not_part_of_it() -> None:
    broad = act(replace(OPEN, scope=ORGANISATION, parts=later(60).parts), FALSE)
    assert spoken_for(later(10), [broad]) is broad
    other = replace(next(iter(LEAVES)), api_key_id="key-z")
    stranger = replace(later(10, scope=Scope(api_key_id="key-z")), parts=(Part(other, usd_from_dollars(10)),))
    assert spoken_for(stranger, [broad]) is None


def test_a_burst_that_was_expected_may_come_again_as_dear() -> None:
    burst = act(replace(OPEN, dearest_hour=usd_from_dollars(50)), PLANNED)
    assert spoken_for(later(50), [burst]) is burst
    assert spoken_for(later(80), [burst]) is None


def test_saying_a_verdict_again_later_is_no_news() -> None:
    after = act(OPEN, FALSE)
    assert act(after, replace(FALSE, at=NOW + HOUR)) == after
    assert act(OPEN, said(Verb.REOPEN)) == OPEN
