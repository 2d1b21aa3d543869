"""What many share is told once, as the workspace's or everybody's; what sticks out is told beside it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.facts.answer import Answer, Verb
from bot.facts.clock import DAY, HOUR
from bot.facts.finding import Finding
from bot.facts.incident import Incident, State
from bot.facts.scope import ORGANISATION, Scope
from bot.incidents.answers import act
from tests.fakes.incidents import finding
from tests.incidents.world import World, whats

RESEARCH, PRODUCT = Scope(workspace_id="research"), Scope(workspace_id="product")
LAUNCH = {"research/a": 2.5, "research/b": 2.4, "research/c": 2.6, "research/d": 2.3}
ELSEWHERE = {"product/x": 1.0, "product/y": 1.1, "product/z": 0.9}


def leaf(name: str) -> Scope:
    """Written "workspace/key"."""
    workspace, key = name.split("/")
    return Scope(workspace, key, "opus", "ada", "api")


def key(name: str) -> Scope:
    return Scope(api_key_id=leaf(name).api_key_id)


def rising(multiples: Mapping[str, float]) -> dict[Scope, float]:
    return {leaf(name): multiple for name, multiple in multiples.items()}


def told_of(name: str, hours: int = 0, dollars: int = 100, **changes: Any) -> Finding:
    return finding(key(name), {leaf(name): dollars}, hours, **changes)


def open_scopes(world: World) -> list[dict[str, str]]:
    going_on = [one.scope.pinned() for one in world.incidents.values() if not one.state.is_over]
    return sorted(going_on, key=repr)


def lived(multiples: Mapping[str, float], told: Sequence[str]) -> World:
    """Keys are told one an hour, while all rise as they do."""
    world = World(hours=0, rose=rising(multiples))
    for hour, name in enumerate(told):
        world.hours = hour + 1
        world.step(told_of(name, hour))
    return world


@pytest.mark.parametrize(
    ("multiples", "told", "scopes"),
    [
        pytest.param(
            LAUNCH | ELSEWHERE, ["research/a"], [key("research/a")], id="one key alone is told as that key"
        ),
        pytest.param(
            LAUNCH | ELSEWHERE,
            ["research/a", "research/b"],
            [RESEARCH],
            id="the second one that rises as all of its workspace does makes it the workspace's",
        ),
        pytest.param(
            LAUNCH | ELSEWHERE,
            ["research/a", "research/b", "research/c", "research/d"],
            [RESEARCH],
            id="whoever comes later is a part of it",
        ),
        pytest.param(
            LAUNCH | dict.fromkeys(ELSEWHERE, 2.5),
            ["research/a", "product/x"],
            [ORGANISATION],
            id="what all workspaces share is everybody's",
        ),
        pytest.param(
            dict.fromkeys(LAUNCH, 2.5),
            ["research/a", "research/b"],
            [ORGANISATION],
            id="the only workspace is everybody",
        ),
        pytest.param(
            ELSEWHERE | {"research/a": 3.0, "research/b": 3.1, "research/c": 1.0, "research/d": 1.1},
            ["research/a", "research/b"],
            [key("research/a"), key("research/b")],
            id="two keys among many that spend as usual stay two",
        ),
        pytest.param(
            ELSEWHERE | {"research/a": 3.0, "research/b": 3.0, "research/c": 1.0},
            ["research/a", "research/b"],
            [key("research/a"), key("research/b")],
            id="two of three are not many",
        ),
        pytest.param(
            LAUNCH | ELSEWHERE | {"research/a": 30.0},
            ["research/a", "research/b", "research/c"],
            [key("research/a"), RESEARCH],
            id="one that ran away before the launch stays its own",
        ),
        pytest.param(
            LAUNCH | ELSEWHERE | {"research/d": 30.0},
            ["research/a", "research/b", "research/d"],
            [key("research/d"), RESEARCH],
            id="one that runs away in the midst of it is told beside it",
        ),
        pytest.param(
            LAUNCH | ELSEWHERE | {"product/x": 2.5},
            ["research/a", "research/b", "product/x"],
            [key("product/x"), RESEARCH],
            id="a key of another workspace that rises by as much is another cause",
        ),
        pytest.param(
            ELSEWHERE | dict.fromkeys(LAUNCH, 1.1) | {"research/a": 9.0, "product/x": 8.0},
            ["research/a", "product/x"],
            [key("research/a"), key("product/x")],
            id="two unrelated causes at once stay two",
        ),
    ],
)
def test_what_is_told_in_the_end(
    multiples: Mapping[str, float], told: Sequence[str], scopes: Sequence[Scope]
) -> None:
    assert open_scopes(lived(multiples, told)) == sorted((one.pinned() for one in scopes), key=repr)


def test_the_incident_that_was_told_first_is_widened_and_keeps_its_name_and_start() -> None:
    world = lived(LAUNCH | ELSEWHERE, ["research/a"])
    first = world.only()
    world.hours = 2
    world.step(told_of("research/b", 1))
    whole = world.only()
    assert (whole.id, whole.start, whole.opened_at) == (first.id, first.start, first.opened_at)
    assert (whole.scope, whole.state) == (RESEARCH, State.OPEN)
    assert whats(whole)[-1] == "widened"
    assert whole.history[-1].reason == "2 parts and the rest of it rise about alike"
    assert {part.scope for part in whole.parts} == {leaf("research/a"), leaf("research/b")}


def one_by_one() -> tuple[World, list[Incident]]:
    """Two keys were told before their workspace rose."""
    world = lived(ELSEWHERE | dict.fromkeys(LAUNCH, 1.0), ["research/a", "research/b"])
    apart = sorted(world.incidents.values(), key=lambda one: one.opened_at)
    world.hours, world.rose = 6, rising(LAUNCH | ELSEWHERE)
    return world, apart


def test_what_was_told_one_by_one_is_told_as_the_oldest_once_all_rise() -> None:
    world, (first, second) = one_by_one()
    world.step()
    assert world.incidents[first.id].scope == RESEARCH
    assert world.incidents[second.id].state is State.RESOLVED
    assert world.incidents[second.id].history[-1].reason == f"told as incident {first.id}"


def test_a_workspace_that_is_told_itself_takes_over_the_keys_that_it_explains() -> None:
    world, (first, second) = one_by_one()
    world.step(finding(RESEARCH, {leaf(name): 50 for name in LAUNCH}, 5))
    assert {one.id for one in world.incidents.values()} == {first.id, second.id}
    assert open_scopes(world) == [RESEARCH.pinned()]
    assert whats(world.incidents[first.id])[-1] == "widened"


def test_what_was_told_as_another_stays_over_and_the_same_look_again_changes_nothing() -> None:
    world, _ = one_by_one()
    world.step()
    assert world.step() == []
    world.hours = 7
    world.step(told_of("research/b", 6))
    assert open_scopes(world) == [RESEARCH.pinned()]


def test_a_key_that_runs_away_later_opens_an_incident_of_its_own() -> None:
    world = lived(LAUNCH | ELSEWHERE, ["research/a", "research/b"])
    launch = world.only()
    world.hours, world.rose = 30, rising(LAUNCH | ELSEWHERE | {"research/b": 20.0})
    (opened,) = [one for one in world.step(told_of("research/b", 29)) if one.id != launch.id]
    assert (opened.scope, opened.state) == (key("research/b"), State.OPEN)
    assert world.incidents[launch.id].scope == RESEARCH


@pytest.mark.parametrize(
    ("later", "scopes"),
    [
        pytest.param(3 * HOUR, [key("research/b"), RESEARCH], id="it stands by itself for a day"),
        pytest.param(DAY, [RESEARCH], id="after a day it is told as the launch"),
    ],
)
def test_a_runaway_that_is_back_to_what_all_spend(later: timedelta, scopes: Sequence[Scope]) -> None:
    world = lived(LAUNCH | ELSEWHERE, ["research/a", "research/b"])
    world.hours, world.rose = 30, rising(LAUNCH | ELSEWHERE | {"research/b": 20.0})
    world.step(told_of("research/b", 29))
    world.hours, world.rose = 30 + later // HOUR, rising(LAUNCH | ELSEWHERE)
    world.step()
    assert open_scopes(world) == sorted((one.pinned() for one in scopes), key=repr)


@pytest.mark.parametrize("kind", ["price", "dormant", "new"])
def test_what_says_more_than_that_it_rose_has_a_cause_of_its_own(kind: str) -> None:
    world = lived(LAUNCH | ELSEWHERE, ["research/a", "research/b"])
    world.hours = 3
    world.step(told_of("research/c", 2, kind=kind))
    assert open_scopes(world) == [key("research/c").pinned(), RESEARCH.pinned()]


def test_what_was_said_of_one_key_does_not_silence_a_launch() -> None:
    world = lived(LAUNCH | ELSEWHERE, ["research/a"])
    first = world.only()
    acknowledged = act(first, Answer(Verb.ACKNOWLEDGE, "ada", world.now))
    world.incidents[first.id] = acknowledged
    world.hours = 2
    world.step(told_of("research/b", 1))
    assert (world.only().state, world.only().answer) == (State.OPEN, None)


def test_what_a_workspace_bears_is_told_of_it_not_of_the_organisation() -> None:
    world = World(rose=rising(LAUNCH | ELSEWHERE))
    (opened,) = world.step(finding(ORGANISATION, {leaf(name): 50 for name in LAUNCH}))
    assert opened.scope == RESEARCH


def test_what_fell_silent_together_is_not_gathered() -> None:
    world = World(hours=1, rose=rising(dict.fromkeys(LAUNCH, 0.1)))
    fell = [told_of(name, dollars=-100, kind="drop") for name in ("research/a", "research/b")]
    world.step(*fell)
    assert open_scopes(world) == [key("research/a").pinned(), key("research/b").pinned()]


def test_people_without_keys_launch_together_too() -> None:
    people = {
        Scope("research", "", "opus", name, "claude_code"): 2.5 for name in ("ada", "bob", "cat", "dan")
    }
    world = World(rose=people)
    for hour, leaf in enumerate(list(people)[:2]):
        world.hours = hour + 1
        world.step(finding(Scope(actor=leaf.actor), {leaf: 100}, hour))
    assert open_scopes(world) == [ORGANISATION.pinned()]
