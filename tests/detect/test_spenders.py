"""What each key spent against its usual, and by what multiple they rose together."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.detect.reduce import explains
from bot.detect.spenders import Spender, common_multiple, many_share, multiple, spenders
from bot.facts.clock import DAY, HOUR, Grain, Window, index
from bot.facts.scope import ORGANISATION, Scope
from bot.panel.leaves import Leaves
from bot.panel.panel import Panel

START = datetime(2026, 3, 2, tzinfo=UTC)
LAUNCH = START + 35 * DAY
LEAVES = (
    ("w", "a", "opus", "", ""),
    ("w", "a", "haiku", "", ""),
    ("w", "b", "opus", "", ""),
    ("v", "", "opus", "ada", ""),
)


def panel(hours: int = 36 * 24, read: int = 0) -> Panel:
    """Every leaf spends $2 an hour, from the launch on $5; the first `read` hours were never read."""
    usd = np.full((len(LEAVES), hours), 2 * 10**9, np.int64)
    usd[:, 35 * 24 :] = 5 * 10**9
    known = np.arange(hours) >= read
    return Panel(Grain.HOUR, index(START, Grain.HOUR), Leaves.of(LEAVES), usd, known, known.copy())


def of(*multiples: float, usual: Sequence[float] = ()) -> list[Spender]:
    dear = usual or [10.0] * len(multiples)
    return [Spender(Scope(), each * times, each) for times, each in zip(multiples, dear, strict=True)]


def test_keys_are_summed_over_their_models_and_people_stand_for_themselves() -> None:
    found = spenders(panel(), ORGANISATION, LAUNCH, Window(LAUNCH, LAUNCH + 3 * HOUR))
    assert [(one.place, one.observed, one.usual) for one in found] == [
        (Scope("w", "a"), 30.0, 12.0),
        (Scope("w", "b"), 15.0, 6.0),
        (Scope("v", "", None, "ada"), 15.0, 6.0),
    ]


@pytest.mark.parametrize(
    ("scope", "places"),
    [
        pytest.param(Scope(workspace_id="w"), ["a", "b"], id="of a workspace"),
        pytest.param(Scope(api_key_id="b"), ["b"], id="of a key"),
        pytest.param(Scope(api_key_id="c"), [], id="of nobody"),
    ],
)
def test_who_spends_in_a_scope(scope: Scope, places: list[str]) -> None:
    found = spenders(panel(), scope, LAUNCH, Window(LAUNCH, LAUNCH + HOUR))
    assert [one.place.api_key_id for one in found] == places


def test_the_usual_of_a_later_window_is_still_from_before_it_began() -> None:
    later = Window(LAUNCH + 12 * HOUR, LAUNCH + 24 * HOUR)
    assert multiple(spenders(panel(), ORGANISATION, LAUNCH, later)) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("known", "since"),
    [
        pytest.param(panel(), START - DAY, id="it begins before what is stored"),
        pytest.param(panel(), START + 60 * DAY, id="it begins after what is stored"),
        pytest.param(panel(read=32 * 24), LAUNCH, id="three days of history are too early to say"),
    ],
)
def test_nothing_is_said_of(known: Panel, since: datetime) -> None:
    assert spenders(known, ORGANISATION, since, Window(since, since + HOUR)) == []


@pytest.mark.parametrize(
    ("found", "common"),
    [
        pytest.param(of(), 1.0, id="nobody rose"),
        pytest.param(of(2.4, 2.5, 2.6), 2.5, id="all alike"),
        pytest.param(of(1.0, 1.0, 1.0, 30.0), 1.0, id="one who runs away"),
        pytest.param(of(9.0, 1.0, 1.0, 1.0, 1.0, usual=[60, 10, 10, 10, 10]), 1.0, id="a dear one alone"),
        pytest.param(of(0.0, 2.0, usual=[0, 10]), 2.0, id="who usually spends nothing says nothing"),
    ],
)
def test_the_common_multiple(found: list[Spender], common: float) -> None:
    assert common_multiple(found) == pytest.approx(common)


@pytest.mark.parametrize(
    ("found", "many"),
    [
        pytest.param(of(2.5, 2.5, 2.2), True, id="three alike"),
        pytest.param(of(2.5, 2.5, 1.0), False, id="two alike"),
        pytest.param(of(2.5, 2.5, 2.5, usual=[50, 50, 0.1]), False, id="two, and one who hardly spends"),
    ],
)
def test_whether_many_share_it(found: list[Spender], many: bool) -> None:
    assert many_share(found, 2.5) is many


@pytest.mark.parametrize(
    ("common", "own", "enough"),
    [
        pytest.param(2.5, 2.0, True, id="less"),
        pytest.param(2.5, 4.0, True, id="a little more"),
        pytest.param(2.5, 6.0, False, id="far more"),
        pytest.param(1.0, 1.2, False, id="nothing explains nothing"),
        pytest.param(2.5, float("inf"), False, id="from nothing"),
    ],
)
def test_what_a_common_multiple_explains(common: float, own: float, enough: bool) -> None:
    assert explains(common, own) is enough
