"""Seven keys of two workspaces, lived hour by hour: a launch is one incident, and hides no other cause."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.facts.clock import HOUR, Grain, Window
from bot.facts.incident import Incident
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import Slice, SpendRow
from bot.history.store import History
from bot.jobs.detect import detect
from tests.fakes.rows import row, summed
from tests.jobs.town import DAYS, MIDNIGHT, WATCH

RESEARCH, PRODUCT = Scope(workspace_id="research"), Scope(workspace_id="product")
USUAL = {"research/a": 20, "research/b": 30, "research/c": 40, "research/d": 24}
USUAL |= {"product/x": 50, "product/y": 30, "product/z": 20}
"""Dollars an hour."""
FLICKER = (0.9, 1.05, 1.0, 1.1, 0.95)
Multiple = Callable[[str, int], float]
"""By what a key, written "workspace/key", spends more than usual in an hour after midnight."""


def key(name: str) -> Scope:
    return Scope(api_key_id=name)


def rows(hours: range, times: Multiple, uncached: frozenset[tuple[str, int]]) -> list[SpendRow]:
    """What all spend in some hours; each flickers by a tenth in its own rhythm."""
    return [
        spent_by(
            name, hour, round(dollars * FLICKER[(hour * (number + 2)) % 5] * times(name, hour)), uncached
        )
        for hour in hours
        for number, (name, dollars) in enumerate(USUAL.items())
    ]


def spent_by(name: str, hour: int, dollars: int, uncached: frozenset[tuple[str, int]]) -> SpendRow:
    workspace, api_key = name.split("/")
    plain = row(MIDNIGHT + hour * HOUR, dollars, workspace_id=workspace, api_key_id=api_key, model="opus")
    if (name, hour) not in uncached:
        return plain
    fresh = plain.uncached_input_tokens + plain.cache_read_tokens
    dearer = plain._replace(uncached_input_tokens=fresh, cache_read_tokens=0, usd_cache_read=Usd(0))
    return summed(dearer._replace(usd_uncached_input=Usd(fresh * 10_000)))


@dataclass
class Place:
    """The history at `path`, and what befalls those who spend."""

    path: Path
    times: Multiple
    uncached: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    def live(self, hours: range) -> None:
        """Every hour, five minutes after it ended, by a process of its own."""
        for hour in hours:
            with History(self.path) as history:
                store(history, rows(range(hour, hour + 1), self.times, self.uncached))
                detect(history, WATCH, MIDNIGHT + (hour + 1) * HOUR + HOUR / 12)

    def incidents(self) -> list[Incident]:
        with History(self.path) as history:
            return sorted(history.incidents.latest(), key=lambda one: (one.opened_at, one.id))

    def open(self) -> list[Scope]:
        return [broad_or_key(one.scope) for one in self.incidents() if not one.state.is_over]


def broad_or_key(scope: Scope) -> Scope:
    """A key on its only model is that key."""
    return key(scope.api_key_id) if scope.api_key_id else scope


def store(history: History, spent: list[SpendRow]) -> None:
    window = Window(spent[0].hour, spent[-1].hour + HOUR)
    history.spend.replace(Slice("analytics", window, Grain.HOUR, window.end, spent), window.end)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("launch") / "history.db"
    with History(path) as history:
        store(history, rows(range(-DAYS * 24, 0), lambda *_: 1.0, frozenset()))
        history.runs.remember("judged_until", MIDNIGHT.isoformat())
    return path


@pytest.fixture
def place(quiet: Path, tmp_path: Path) -> Place:
    shutil.copy(quiet, tmp_path / "history.db")
    return Place(tmp_path / "history.db", lambda *_: 1.0)


def since(begun: Mapping[str, tuple[int, float]]) -> Multiple:
    """Keys or workspaces that spend a multiple from some hour on; all that fit count."""

    def times(name: str, hour: int) -> float:
        multiple = 1.0
        for what, (start, more) in begun.items():
            if name.startswith(what) and hour >= start:
                multiple *= more
        return multiple

    return times


LAUNCH = {"research": (2, 2.5)}


@pytest.mark.parametrize(
    ("begun", "scopes"),
    [
        pytest.param(LAUNCH, [RESEARCH], id="a launch of a workspace is the workspace's"),
        pytest.param({"": (2, 2.5)}, [ORGANISATION], id="a launch of all is everybody's"),
        pytest.param(
            {"research/b": (1, 2.5), "research/a": (2, 2.5), "research/c": (3, 2.5), "research/d": (5, 2.5)},
            [RESEARCH],
            id="a launch that comes key by key is the workspace's in the end",
        ),
        pytest.param(
            LAUNCH | {"research/a": (9, 8.0)},
            [RESEARCH, key("a")],
            id="a key that runs away inside a launch is told beside it",
        ),
        pytest.param(
            {"research/a": (1, 20.0), "product/x": (3, 4.0)},
            [key("a"), key("x")],
            id="two unrelated keys at once stay two",
        ),
        pytest.param(
            {"research/c": (2, 2.5), "product/x": (2, 0.2)},
            [key("c")],
            id="a key that rises while another falls under a flat total is told",
        ),
    ],
)
def test_one_cause_is_one_incident(
    begun: Mapping[str, tuple[int, float]], scopes: list[Scope], place: Place
) -> None:
    place.times = since(begun)
    place.live(range(20))
    assert place.open() == scopes


def test_a_launch_is_told_under_one_name_from_its_first_hour_on(place: Place) -> None:
    place.times = since(LAUNCH)
    place.live(range(4))
    (first,) = place.incidents()
    place.live(range(4, 40))
    assert [(one.id, one.start) for one in place.incidents()] == [(first.id, MIDNIGHT + 2 * HOUR)]


def test_restated_hours_of_a_launch_open_nothing_more(place: Place) -> None:
    place.times = since(LAUNCH)
    place.live(range(12))
    before = place.incidents()
    place.times = since({"research": (2, 2.4)})
    with History(place.path) as history:
        store(history, rows(range(2, 10), place.times, place.uncached))
    place.live(range(12, 14))
    assert [one.id for one in place.incidents()] == [one.id for one in before]
    assert place.open() == [RESEARCH]


def test_a_cache_that_breaks_in_another_workspace_during_a_launch_is_told_for_itself(place: Place) -> None:
    place.times = since(LAUNCH)
    place.uncached = frozenset(("product/x", hour) for hour in range(4, 40))
    place.live(range(20))
    assert place.open() == [RESEARCH, key("x")]
    assert [one.cause.headline for one in place.incidents()] == ["More traffic", "Prompt cache broke"]
