import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detect.robust import Floats
from bot.detect.tails import Tail, student_beyond

RNG = np.random.default_rng(7)
NORMAL, HEAVY = RNG.normal(size=20_000), RNG.standard_t(4, size=20_000)
FINITE = st.floats(-1e9, 1e9, allow_nan=False)
DEGREES = (4, 6, 8, 10, 14, 20, 30, 60)


@pytest.mark.parametrize(
    ("degrees", "quantile", "chance"),
    [
        pytest.param(4, 0.0, 0.5, id="half lies above the middle"),
        pytest.param(4, 2.131847, 0.05, id="5 % of four degrees"),
        pytest.param(4, 3.746947, 0.01, id="1 % of four degrees"),
        pytest.param(4, 7.173182, 0.001, id="0.1 % of four degrees"),
        pytest.param(6, 1.943180, 0.05, id="5 % of six degrees"),
        pytest.param(6, 5.207626, 0.001, id="0.1 % of six degrees"),
        pytest.param(8, 2.306004, 0.025, id="2.5 % of eight degrees"),
        pytest.param(8, 3.355387, 0.005, id="0.5 % of eight degrees"),
        pytest.param(10, 4.143700, 0.001, id="0.1 % of ten degrees"),
        pytest.param(30, 2.457262, 0.01, id="1 % of thirty degrees"),
        pytest.param(60, 3.231709, 0.001, id="0.1 % of sixty degrees"),
        pytest.param(60, -1.670649, 0.95, id="what lies above a low one"),
    ],
)
def test_chances_are_those_of_the_printed_tables(degrees: int, quantile: float, chance: float) -> None:
    assert student_beyond(np.array([quantile]), degrees)[0] == pytest.approx(chance, rel=1e-5)


@given(st.sampled_from(DEGREES), st.lists(FINITE, min_size=2, max_size=8))
@settings(deadline=None, max_examples=60)
def test_a_larger_error_is_never_likelier_and_both_sides_are_alike(degrees: int, errors: list[float]) -> None:
    ordered = np.sort(np.array(errors))
    chances = student_beyond(ordered, degrees)
    assert (np.diff(chances) <= 1e-14).all()
    assert ((chances >= -1e-14) & (chances <= 1)).all()
    assert chances + student_beyond(-ordered, degrees) == pytest.approx(1.0)


def test_four_degrees_are_heavier_than_sixty_far_out() -> None:
    far = [float(student_beyond(np.array([4.0]), degrees)[0]) for degrees in DEGREES]
    assert far == sorted(far, reverse=True)


@pytest.mark.parametrize(
    ("sample", "at", "chance"),
    [
        pytest.param(NORMAL, 3.0, 0.00135, id="a normal sample"),
        pytest.param(NORMAL * 5, 15.0, 0.00135, id="a normal sample five times as wide"),
        pytest.param(HEAVY, 3.0, 0.01997, id="a heavy one"),
        pytest.param(HEAVY / 3, 1.0, 0.01997, id="a heavy one a third as wide"),
        pytest.param(HEAVY, 7.173182, 0.001, id="a heavy one, far out"),
    ],
)
def test_a_large_sample_speaks_for_itself(sample: Floats, at: float, chance: float) -> None:
    assert Tail.of(sample).beyond(np.array([at]))[0] == pytest.approx(chance, rel=0.35)


def test_a_heavier_sample_makes_the_same_error_likelier() -> None:
    heavy, normal = Tail.of(HEAVY), Tail.of(NORMAL)
    assert heavy.degrees < normal.degrees
    assert heavy.beyond(np.array([5.0]))[0] > 10 * normal.beyond(np.array([5.0]))[0]


@pytest.mark.parametrize(
    "sample",
    [
        pytest.param(np.zeros(0), id="nothing was seen"),
        pytest.param(NORMAL[:19] * 9, id="fewer than twenty errors"),
    ],
)
def test_the_prior_speaks_while_there_is_little(sample: Floats) -> None:
    tail = Tail.of(sample)
    assert tail.degrees == 8
    assert tail.scale == pytest.approx(1.0, rel=1e-6)


def test_the_prior_gives_way_bit_by_bit() -> None:
    wide = [Tail.of(NORMAL[:count] * 3).beyond(np.array([6.0]))[0] for count in (10, 60, 600, 6_000)]
    assert wide == sorted(wide)


def test_a_few_incidents_among_many_errors_hardly_matter() -> None:
    series = NORMAL[:2_000].reshape(20, 100)
    clean = Tail.of(series)
    struck = Tail.of(np.vstack([series[:-2], np.where(np.arange(100) < 94, series[-2:], 40.0)]))
    three = np.array([3.0])
    assert struck.beyond(three)[0] < 1.5 * clean.beyond(three)[0]


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=60),
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=6),
)
@settings(deadline=None, max_examples=60)
def test_any_sample_gives_chances_that_fall(sample: list[float], errors: list[float]) -> None:
    tail = Tail.of(np.array(sample))
    chances = tail.beyond(np.sort(np.array(errors)))
    assert np.isfinite([tail.scale, *chances]).all()
    assert tail.scale > 0
    assert (np.diff(chances) <= 1e-14).all()
    assert ((chances >= -1e-14) & (chances <= 1)).all()
