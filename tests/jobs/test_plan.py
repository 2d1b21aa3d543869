from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.clock import DAY, HOUR, Grain, Window
from bot.jobs.plan import Appetite, Plan, Step, plan, wanted
from bot.panel.coverage import Coverage, Mask

START = datetime(2026, 10, 1, tzinfo=UTC)
LOOKBACK = 6 * HOUR


def pages(rows: int, hours: int) -> int:
    """As the analytics source estimates."""
    del hours
    return 2 * (rows // 1000 + 1)


def never_read(days: int, hours: int = 0) -> Coverage:
    return Coverage.none(Window(START, START + days * DAY + hours * HOUR))


def all_read(days: int, hours: int = 0, read_at: datetime | None = None) -> Coverage:
    """Every hour read by hour and complete but the last."""
    coverage = never_read(days, hours)
    for mask in (coverage.known, coverage.complete, coverage.hourly):
        mask[:] = True
    coverage.complete[-1] = False
    coverage.read_at[:] = int((read_at or coverage.window.end).timestamp())
    return coverage


def read_by_day(coverage: Coverage, day: int) -> Coverage:
    coverage.hourly[day * 24 : day * 24 + 24] = False
    return coverage


def hours_of(mask: Mask) -> list[int]:
    return [int(hour) for hour in np.flatnonzero(mask)]


def spans(plan_: Plan) -> list[tuple[int, int, str]]:
    """Steps as (first hour, hours, grain)."""
    return [((s.window.start - START) // HOUR, s.window.length // HOUR, str(s.grain)) for s in plan_.steps]


def everything(coverage: Coverage) -> Mask:
    return np.ones(len(coverage.known), np.bool_)


class TestWanted:
    def ask(self, coverage: Coverage, *restated: datetime) -> list[int]:
        return hours_of(wanted(coverage, coverage.window.end, LOOKBACK, restated))

    def test_all_of_what_was_never_read(self) -> None:
        assert self.ask(never_read(2)) == list(range(48))

    def test_the_newest_hours_and_the_unfinished_one(self) -> None:
        assert self.ask(all_read(2)) == list(range(41, 48))

    def test_a_hole(self) -> None:
        coverage = all_read(3)
        coverage.known[5:7] = False
        assert self.ask(coverage)[:3] == [5, 6, 65]

    def test_hours_that_were_unfinished_when_they_were_read(self) -> None:
        coverage = all_read(3)
        coverage.complete[20:22] = False
        assert self.ask(coverage)[:3] == [20, 21, 65]

    def test_a_restated_day_whole(self) -> None:
        assert self.ask(all_read(3), START + DAY) == [*range(24, 48), *range(65, 72)]

    @pytest.mark.parametrize("days", [-2, 40], ids=["before the window", "after it"])
    def test_a_restated_day_outside_is_no_error(self, days: int) -> None:
        assert set(self.ask(all_read(3), START + days * DAY)) >= set(range(65, 72))

    def test_the_day_with_the_hour_read_longest_ago(self) -> None:
        coverage = all_read(20)
        coverage.read_at[24 * 9 + 3] -= 8 * 24 * 3600
        coverage.read_at[24 * 12 : 24 * 13] -= int(7.5 * 24 * 3600)
        assert self.ask(coverage)[:24] == list(range(24 * 9, 24 * 10))
        assert len(self.ask(coverage)) == 24 + 7

    def test_nothing_of_old_when_all_was_read_this_week(self) -> None:
        coverage = all_read(20)
        coverage.read_at[:] -= 6 * 24 * 3600
        assert len(self.ask(coverage)) == 7

    def test_days_beyond_restatement_are_left_alone(self) -> None:
        coverage = all_read(60)
        coverage.read_at[: 24 * 20] -= 50 * 24 * 3600
        assert len(self.ask(coverage)) == 7

    def test_a_day_read_as_a_whole_is_wanted_as_a_whole(self) -> None:
        """Else its last hours would stand beside a total that holds them already."""
        coverage = read_by_day(all_read(2, 3), day=1)
        assert self.ask(coverage) == list(range(24, 51))
        assert self.ask(read_by_day(all_read(2, 3), day=0)) == list(range(44, 51))


class TestPlan:
    def test_all_by_hour_when_it_fits(self) -> None:
        coverage = never_read(10, 5)
        plan_ = plan(coverage, everything(coverage), Appetite(10.0, 100, pages))
        assert spans(plan_) == [(0, 245, "hour")]
        assert (plan_.requests, plan_.left_out) == (pages(2450, 1), 0)

    def test_newest_by_hour_older_by_day_oldest_not_at_all(self) -> None:
        coverage = never_read(20)
        plan_ = plan(coverage, everything(coverage), Appetite(1000.0, 120, pages))
        assert spans(plan_) == [(384, 48, "day"), (432, 48, "hour")]
        assert plan_.left_out == 16
        assert plan_.requests <= 120

    def test_no_step_is_longer_than_31_days_or_too_much_for_memory(self) -> None:
        coverage = never_read(84)
        steps = plan(coverage, everything(coverage), Appetite(1.0, 800, pages)).steps
        assert [step.window.length / DAY for step in steps] == [31, 31, 22]
        steps = plan(coverage, everything(coverage), Appetite(500.0, 10_000, pages)).steps
        assert all(500 * (step.window.length / HOUR) <= 100_000 for step in steps)
        assert sum((step.window.length for step in steps), timedelta()) == 84 * DAY

    def test_of_a_day_too_dear_to_read_whole_the_newest_hours_are_read(self) -> None:
        coverage = all_read(2, 22)
        coverage.known[48:] = coverage.complete[48:] = coverage.hourly[48:] = False
        coverage.read_at[48:] = 0
        mask = wanted(coverage, coverage.window.end, LOOKBACK, ())
        plan_ = plan(coverage, mask, Appetite(20_000.0, 800, pages))
        assert spans(plan_)[-1] == (51, 19, "hour")
        assert plan_.requests <= 800

    def test_a_restated_day_too_dear_to_read_at_once_is_read_in_parts_and_never_by_day(self) -> None:
        coverage = all_read(3)
        appetite = Appetite(20_000.0, 800, pages)
        read: list[int] = []
        for cycle in range(1, 4):
            mask = wanted(coverage, coverage.window.end, LOOKBACK, [START])
            for first, count, grain in spans(plan(coverage, mask, appetite)):
                assert grain == "hour"
                coverage.read_at[first : first + count] += cycle * 3600
                read += [hour for hour in range(first, first + count) if hour < 24]
        assert set(read) == set(range(24))

    def test_a_day_read_as_a_whole_is_read_by_hour_once_that_fits(self) -> None:
        coverage = read_by_day(all_read(2), day=0)
        mask = wanted(coverage, coverage.window.end, LOOKBACK, [START])
        assert spans(plan(coverage, mask, Appetite(10.0, 100, pages)))[0] == (0, 24, "hour")
        assert spans(plan(coverage, mask, Appetite(10_000.0, 300, pages)))[0] == (0, 24, "day")

    def test_no_budget_no_steps(self) -> None:
        coverage = never_read(3)
        plan_ = plan(coverage, everything(coverage), Appetite(1.0, 1, pages))
        assert (plan_.steps, plan_.left_out) == ((), 3)
        assert plan_.describe(60) == "nothing to pull"

    def test_it_is_told_in_a_sentence(self) -> None:
        coverage = never_read(20)
        plan_ = plan(coverage, everything(coverage), Appetite(1000.0, 120, pages))
        assert plan_.describe(60) == (
            "2.0 days by hour and 2 days by day, from 2026-10-17: about 112 requests, 2 min at 60 a minute; "
            "16 older days would take too long and are left out"
        )


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Some days never read, some read by day, some by hour, some in part."""
    kinds = draw(st.lists(st.sampled_from(["never", "day", "hour", "part"]), min_size=1, max_size=8))
    coverage = never_read(len(kinds), draw(st.integers(0, 23)))
    for day, kind in enumerate(kinds):
        hours = slice(day * 24, day * 24 + (24 if kind != "part" else draw(st.integers(1, 23))))
        if kind != "never":
            coverage.known[hours] = coverage.complete[hours] = True
            coverage.hourly[hours] = kind != "day"
            coverage.read_at[hours] = draw(st.integers(1, 10**9))
    return coverage


@given(
    coverages(),
    st.lists(st.integers(-1, 9), max_size=4),
    st.sampled_from([0.0, 3.0, 800.0, 20_000.0]),
    st.integers(0, 900),
)
def test_whatever_was_read_a_plan_keeps_its_promises(
    coverage: Coverage, restated: list[int], rows_per_hour: float, budget: int
) -> None:
    mask = wanted(coverage, coverage.window.end, LOOKBACK, [START + day * DAY for day in restated])
    plan_ = plan(coverage, mask, Appetite(rows_per_hour, budget, pages))
    assert plan_.requests <= budget
    previous = coverage.window.start
    for step in plan_.steps:
        assert previous <= step.window.start
        previous = step.window.end
        _check(step, coverage, mask)
    assert previous <= coverage.window.end


def _check(step: Step, coverage: Coverage, mask: Mask) -> None:
    hours = slice(*((at - START) // HOUR for at in (step.window.start, step.window.end)))
    assert mask[hours].all()
    assert step.window.length <= 31 * DAY
    if step.grain is Grain.DAY:
        assert step.window.start.hour == step.window.end.hour == 0
        assert not coverage.hourly[hours].any()
    else:
        by_day = coverage.known[hours] & ~coverage.hourly[hours]
        assert by_day.sum() % 24 == 0


class TestVolume:
    """Requests of an hourly cycle, in which the API allows about one a second."""

    @pytest.mark.parametrize(
        ("rows_per_hour", "others", "at_most"),
        [
            pytest.param(150, 1 + 2 + 4, 30, id="100 keys"),
            pytest.param(3_000, 1 + 8 + 6, 400, id="2,000 keys"),
            pytest.param(20_000, 1 + 20 + 30, 900, id="20,000 keys"),
            pytest.param(40_000, 1 + 20 + 30, 900, id="20,000 keys with two models each"),
        ],
    )
    @pytest.mark.parametrize(
        ("stale", "restated", "missed"),
        [
            pytest.param(0, 0, 0, id="a plain hour"),
            pytest.param(8, 0, 0, id="a day looked at again"),
            pytest.param(8, 1, 0, id="yesterday settled"),
            pytest.param(8, 35, 40, id="all restated after an outage"),
        ],
    )
    def test_a_cycle_stays_within_its_quarter_of_an_hour(
        self, rows_per_hour: int, others: int, at_most: int, stale: int, restated: int, missed: int
    ) -> None:
        """`others`: the choice of a source, the totals of 35 days, and the names."""
        coverage = all_read(84, 14)
        coverage.read_at[24 * 60 : 24 * 61] -= stale * 24 * 3600
        known = len(coverage.known) - missed
        coverage.known[known:] = coverage.complete[known:] = coverage.hourly[known:] = False
        coverage.read_at[known:] = 0
        days = [START + (83 - day) * DAY for day in range(restated)]
        mask = wanted(coverage, coverage.window.end, LOOKBACK, days)
        plan_ = plan(coverage, mask, Appetite(float(rows_per_hour), 800, pages))
        assert plan_.requests + others <= (at_most if restated < 2 else 900)
        assert plan_.steps[-1].window.end == coverage.window.end, "the newest hour comes first"

    def test_the_newest_hours_of_20_000_keys_leave_room(self) -> None:
        coverage = all_read(84, 14)
        mask = wanted(coverage, coverage.window.end, LOOKBACK, ())
        assert plan(coverage, mask, Appetite(20_000.0, 800, pages)).requests <= 320
