from collections.abc import Mapping

import numpy as np
import pytest

from bot.detect.robust import Floats
from bot.detect.sleepers import FRESH, started, woken
from bot.panel.coverage import Mask

DAYS = 60
READ = np.ones(DAYS, np.bool_)
RNG = np.random.default_rng(3)
PEERS = np.exp(RNG.normal(np.log(50.0), 0.8, (10, 1)) + RNG.normal(0.0, 0.1, (10, DAYS)))
"""Ten keys of every day, mostly between $20 and $120."""


def spent(**days: float) -> Floats:
    """Dollars of one key: $20 a day, changed from a day on: `d10=0` from day 10."""
    dollars = np.full(DAYS, 20.0)
    for name, amount in days.items():
        dollars[int(name[1:]) :] = amount
    return dollars


def alone(dollars: Floats, read: Mask = READ) -> tuple[Floats, Mask, Mask, int]:
    """Of these keys nothing was told, and there are no other series."""
    return dollars, np.zeros(dollars.shape, np.bool_), read, len(dollars)


def wake(dollars: Floats, read: Mask = READ) -> float:
    return float(woken(*alone(np.vstack([dollars, PEERS]), read))[0])


def wake_beside(others: Floats) -> float:
    return float(woken(*alone(np.vstack([spent(d12=0, d59=20), others, PEERS])))[0])


def start(dollars: Floats, read: Mask = READ, peers: Floats = PEERS) -> float:
    return float(started(np.vstack([dollars, peers]), read, len(peers) + 1)[0])


@pytest.mark.parametrize(
    ("dollars", "rare"),
    [
        pytest.param(spent(d12=0, d59=20), True, id="slept for seven weeks and spends as of old"),
        pytest.param(spent(d12=0, d57=20), True, id="woke three days ago and spends since"),
        pytest.param(spent(d47=0, d59=20), False, id="slept for less than a fortnight"),
        pytest.param(spent(d45=0, d59=20), True, id="slept for a fortnight"),
        pytest.param(spent(d12=0, d54=20), False, id="woke a week ago"),
        pytest.param(spent(d12=0, d57=20, d59=0), False, id="woke and sleeps again"),
        pytest.param(spent(d12=0, d57=20, d58=0, d59=20), False, id="woke, rested a day, and spends"),
        pytest.param(spent(), False, id="never slept"),
        pytest.param(np.zeros(DAYS), False, id="never spent"),
        pytest.param(spent(d0=0, d59=20), False, id="never spent before"),
        pytest.param(spent(d5=0, d25=20, d26=0, d59=20), False, id="slept nearly as long once before"),
        pytest.param(spent(d5=0, d15=20, d16=0, d59=20), True, id="slept four times as long as ever before"),
        pytest.param(np.where(np.arange(DAYS) % 20 == 19, 20.0, 0.0), False, id="wakes every three weeks"),
    ],
)
def test_a_wake_is_rare_when_it_slept_long_and_longer_than_it_does(dollars: Floats, rare: bool) -> None:
    chance = wake(dollars)
    assert chance < 1e-3 if rare else chance == 1.0


def test_the_more_it_spends_against_its_old_self_the_rarer() -> None:
    chances = [wake(spent(d12=0, d59=dollars)) for dollars in (2, 20, 200, 2_000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 100 * chances[-1]


def test_where_sleepers_often_wake_a_wake_is_less_rare() -> None:
    restless = np.stack([spent(d8=0, **{f"d{at}": 20, f"d{at + 1}": 0}) for at in range(25, 45)])
    assert wake_beside(restless) > 10 * wake_beside(np.zeros((len(restless), DAYS)))


@pytest.mark.parametrize(
    ("woke", "of", "rare"),
    [
        pytest.param([59], 10, True, id="one of ten sleepers"),
        pytest.param([59, 59], 4, True, id="two are not many, though they are half of them"),
        pytest.param([59, 59, 59], 20, True, id="three of twenty are not many either"),
        pytest.param([59, 59, 59], 10, False, id="three of ten come back from a holiday"),
        pytest.param([57] * 10, 10, False, id="all of them, three days ago"),
        pytest.param([57, 58, 59], 10, True, id="three, one day after the other"),
    ],
)
def test_many_that_wake_on_one_day_have_rested_together(woke: list[int], of: int, rare: bool) -> None:
    sleepers = [spent(**{"d12": 0, f"d{at}": 20}) for at in woke] + [spent(d12=0)] * (of - len(woke))
    chances = woken(*alone(np.vstack([*sleepers, PEERS])))[: len(woke)]
    assert (chances < 1e-3).all() if rare else (chances == 1.0).all()


def test_days_that_were_not_read_are_no_sleep() -> None:
    read = READ.copy()
    read[30:59] = False
    assert wake(spent(d30=0, d59=20), read) == 1.0


@pytest.mark.parametrize(
    ("dollars", "new"),
    [
        pytest.param(spent(d0=0, d59=900), True, id="first seen today"),
        pytest.param(spent(d0=0, d57=900), True, id="first seen three days ago"),
        pytest.param(spent(d0=0, d54=900), False, id="first seen six days ago"),
        pytest.param(spent(d0=0, d58=900, d59=0), False, id="first seen yesterday and silent today"),
        pytest.param(spent(d0=20), False, id="always there"),
        pytest.param(np.zeros(DAYS), False, id="never there"),
    ],
)
def test_who_is_new(dollars: Floats, new: bool) -> None:
    assert (start(dollars) < 1e-3) == new
    assert new or start(dollars) == 1.0


def test_the_bigger_a_new_one_starts_the_rarer() -> None:
    chances = [start(spent(d0=0, d59=dollars)) for dollars in (5, 50, 500, 5_000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 100 * chances[-1]


def test_where_new_ones_come_every_few_days_one_more_is_less_rare() -> None:
    comers = np.stack([spent(**{"d0": 0, f"d{at}": 50}) for at in range(20, 50, 3)])
    newest = spent(d0=0, d59=500)
    assert start(newest, peers=np.vstack([PEERS, comers])) > 3 * start(newest)


@pytest.mark.parametrize(
    ("read", "peers"),
    [
        pytest.param({"since": DAYS - 13}, PEERS, id="an organisation that is not two weeks old"),
        pytest.param({"since": 0}, PEERS[:2], id="hardly anyone to compare with"),
    ],
)
def test_it_is_too_early_to_call_anyone_new(read: Mapping[str, int], peers: Floats) -> None:
    known = np.arange(DAYS) >= read["since"]
    assert start(spent(d0=0, d59=5_000), known, peers * known) == 1.0


def test_only_the_last_few_days_are_fresh() -> None:
    by_age = [start(spent(**{"d0": 0, f"d{DAYS - age}": 900})) < 1 for age in range(1, 8)]
    assert by_age == [age <= FRESH for age in range(1, 8)]
