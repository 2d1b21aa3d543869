from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window, ceil, floor
from bot.facts.directory import Directory, Key, Person
from bot.facts.scope import ORGANISATION
from bot.facts.spend import Slice
from bot.facts.trouble import Stopping, Trouble
from bot.history.store import History
from bot.jobs.collect import Collector, collect_names
from bot.jobs.cycle import Report
from tests.fakes.source import CENT, FakeSource, Quiet

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)
FIRST = datetime(2026, 10, 1, tzinfo=UTC)
REACH = timedelta(days=84)
PLENTY = 800


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as history:
        yield history


@pytest.fixture
def source() -> FakeSource:
    return FakeSource(FIRST)


def collect(
    history: History, source: FakeSource, now: datetime = NOW, budget: int = PLENTY, reach: timedelta = REACH
) -> Report:
    return Collector(source, history, Quiet()).collect(now, reach, budget)


def stored(history: History, now: datetime = NOW) -> dict[tuple[datetime, str], int]:
    rows = history.spend.rows(Window(floor(NOW - REACH, Grain.DAY), ceil(now, Grain.HOUR)), ORGANISATION)
    return {(row.hour, row.api_key_id): row.usd for row in rows}


def truth(source: FakeSource, now: datetime = NOW) -> dict[tuple[datetime, str], int]:
    hours = [window.start for window in Window(source.first, ceil(now, Grain.HOUR)).split(HOUR)]
    return {
        (hour, f"k{key}"): CENT + (0 if key else source.extra.get(hour, 0))
        for hour in hours
        for key in range(source.keys)
    }


def asked_hours(source: FakeSource) -> set[datetime]:
    return {hour.start for window, _ in source.asked for hour in window.split(HOUR)}


def test_the_first_look_learns_the_size_and_all_is_read(history: History, source: FakeSource) -> None:
    assert collect(history, source) == Report()
    assert source.asked[0] == (
        Window(datetime(2026, 10, 15, 20, tzinfo=UTC), NOW.replace(hour=2, minute=0)),
        "hour",
    )
    assert stored(history) == truth(source)


def test_a_second_cycle_reads_the_newest_hours_alone(history: History, source: FakeSource) -> None:
    collect(history, source)
    source.asked.clear()
    collect(history, source, NOW + HOUR)
    newest = Window(NOW.replace(day=15, hour=19, minute=0), NOW.replace(hour=3, minute=0))
    assert source.asked == [(newest, "hour")]
    assert stored(history, NOW + HOUR) == truth(source, NOW + HOUR)


def test_missed_hours_are_caught_up(history: History, source: FakeSource) -> None:
    collect(history, source)
    later = NOW + timedelta(days=3, hours=5)
    collect(history, source, later)
    assert stored(history, later) == truth(source, later)


def trouble_of(history: History, source: FakeSource) -> str:
    """What is said of a pull that fails: a first look raises, later steps are reported."""
    try:
        return " ".join(collect(history, source).problems)
    except Trouble as trouble:
        return str(trouble)


@pytest.mark.parametrize(
    ("confined", "newest_is_read"),
    [
        pytest.param(True, True, id="one window that makes no sense does not keep newer hours away"),
        pytest.param(False, False, id="an upstream that is down is not asked again and again"),
    ],
)
def test_a_window_that_cannot_be_read(
    history: History, source: FakeSource, confined: bool, newest_is_read: bool
) -> None:
    source.first = datetime(2026, 9, 20, tzinfo=UTC)
    collect(history, source)
    later = NOW + timedelta(days=2)
    first = len(source.asked)
    source.broken = lambda _: len(source.asked) == first + 1
    source.confined = confined
    source.extra = {NOW.replace(minute=0) - timedelta(days=9): 10**9}
    report = collect(history, source, later)
    assert "the upstream is broken" in report.problems[0]
    assert (source.asked[-1][0].end >= later) == newest_is_read


@pytest.mark.parametrize("broken_at", range(1, 5))
def test_an_interrupted_pull_keeps_what_is_whole_and_is_continued(
    history: History, source: FakeSource, broken_at: int
) -> None:
    """Twelve weeks are a first look and three steps."""
    source.first = datetime(2026, 7, 24, tzinfo=UTC)
    whole = truth(source)
    source.broken = lambda _: len(source.asked) == broken_at
    assert "the upstream is broken" in trouble_of(history, source)
    assert (len(stored(history)) > 0) == (broken_at > 1)
    assert stored(history).items() <= whole.items()
    source.broken = lambda _: False
    assert collect(history, source) == Report()
    assert stored(history) == whole


@pytest.mark.parametrize("raised", [Stopping(), ZeroDivisionError(), KeyboardInterrupt()], ids=repr)
def test_nothing_is_stored_of_a_window_that_was_not_read_to_its_end(
    history: History, source: FakeSource, raised: BaseException
) -> None:
    def interrupt(_: Window) -> bool:
        raise raised

    collect(history, source)
    before = stored(history)
    source.broken, source.extra = interrupt, {NOW.replace(minute=0): 5}
    with pytest.raises(type(raised)):
        collect(history, source, NOW + HOUR)
    assert stored(history) == before


def test_two_rows_for_one_place_are_an_error_and_change_nothing(history: History, source: FakeSource) -> None:
    collect(history, source)
    before = stored(history)

    source.twice = True
    with pytest.raises(ValueError, match="two rows for one bucket"):
        collect(history, source, NOW + HOUR)
    assert stored(history, NOW + HOUR) == before


class TestRestatement:
    OLD = datetime(2026, 10, 5, 7, tzinfo=UTC)

    def test_a_day_whose_total_changed_is_read_again(self, history: History, source: FakeSource) -> None:
        collect(history, source)
        source.asked.clear()
        source.extra[self.OLD] = 5 * CENT
        collect(history, source, NOW + HOUR)
        assert stored(history, NOW + HOUR) == truth(source, NOW + HOUR)
        day = floor(self.OLD, Grain.DAY)
        assert (Window(day, day + DAY), "hour") in source.asked

    def test_money_that_vanished_vanishes(self, history: History, source: FakeSource) -> None:
        source.extra[self.OLD] = 5 * CENT
        collect(history, source)
        del source.extra[self.OLD]
        source.extra[self.OLD] = -CENT
        collect(history, source, NOW + HOUR)
        assert (self.OLD, "k0") not in stored(history)

    @pytest.mark.parametrize("nano", [-400, -1, 1, 400])
    def test_rounding_is_no_restatement(self, history: History, source: FakeSource, nano: int) -> None:
        """Else every day would be read again every hour, for ever."""
        source.rounding = nano
        collect(history, source)
        source.asked.clear()
        collect(history, source, NOW + HOUR)
        assert len(asked_hours(source)) == 8

    def test_totals_that_cannot_be_read_are_said_and_stop_no_new_hours(
        self, history: History, source: FakeSource
    ) -> None:
        collect(history, source)
        source.deaf = True
        report = collect(history, source, NOW + HOUR)
        assert report.problems == (
            "corrections of earlier days were not looked for: the totals are broken; wait",
        )
        assert stored(history, NOW + HOUR) == truth(source, NOW + HOUR)

    def test_whatever_was_read_more_than_a_week_ago_is_read_again_day_by_day(
        self, history: History, source: FakeSource
    ) -> None:
        collect(history, source)
        source.asked.clear()
        later = NOW + timedelta(days=8)
        collect(history, source, later)
        collect(history, source, later + HOUR)
        old = {floor(hour, Grain.DAY) for hour in asked_hours(source) if hour < NOW - 2 * DAY}
        assert old == {FIRST, FIRST + DAY}


class TestBudget:
    def test_a_small_one_reads_the_newest_and_the_rest_by_day(
        self, history: History, source: FakeSource
    ) -> None:
        source.keys = 300
        collect(history, source, budget=60)
        coverage = history.spend.coverage(Window(FIRST, ceil(NOW, Grain.HOUR)))
        assert coverage.hourly[-26:].all()
        assert not coverage.hourly[:24].any()
        by_day = history.spend.day_totals(Window(FIRST, FIRST + 15 * DAY))
        read = {FIRST + int(hour) // 24 * DAY for hour in coverage.known.nonzero()[0][:-26]}
        totals = {day: usd for (day, *_), usd in by_day.items() if day in read}
        assert totals == dict.fromkeys(read, 24 * 300 * CENT)

    def test_days_read_by_day_never_count_twice(self, history: History, source: FakeSource) -> None:
        """The newest hours reach back into a day that is known by its total alone."""
        collect(history, source)
        yesterday = Window(NOW.replace(day=15, hour=0, minute=0), NOW.replace(hour=0, minute=0))
        history.spend.replace(source.fetch(yesterday, Grain.DAY, NOW), NOW)
        collect(history, source, NOW + HOUR)
        totals = history.spend.day_totals(yesterday)
        assert set(totals.values()) == {24 * 2 * CENT}
        assert stored(history, NOW + HOUR) == truth(source, NOW + HOUR)


class TestSaid:
    def test_notices_of_every_window_come_once(self, history: History, source: FakeSource) -> None:
        source.notices = ("a new kind of cost",)
        assert collect(history, source).notices == ("a new kind of cost",)

    def test_a_notice_of_the_first_look_is_not_lost(self, history: History) -> None:
        class OnlyThen(FakeSource):
            def fetch(self, window: Window, grain: Grain, now: datetime) -> Slice:
                self.notices = ("seen at first",) if not self.asked else ()
                return super().fetch(window, grain, now)

        assert collect(history, OnlyThen(FIRST)).notices == ("seen at first",)

    def test_progress_adds_up_to_the_plan(self, history: History, source: FakeSource) -> None:
        quiet = Quiet()
        Collector(source, history, quiet).collect(NOW, REACH, PLENTY)
        assert [plan.requests for plan in quiet.plans] == [quiet.done]

    def test_who_used_it_is_remembered_by_name(self, history: History, source: FakeSource) -> None:
        collect(history, source)
        assert history.names.load().people == {"user_ada": Person("user_ada", "ada")}


class Names:
    """A directory that counts how often it is asked."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        self.asked = 0

    def fetch(self) -> Directory:
        self.asked += 1
        return Directory("Example", {key: Key(key, f"name of {key}") for key in self.keys})


class TestNames:
    def test_they_are_read_once_a_day(self, history: History) -> None:
        names = Names("k0")
        for hours in (0, 1, 23, 24, 25, 47, 49):
            collect_names(names, history, NOW + hours * HOUR)
        assert names.asked == 3

    def test_and_as_soon_as_spend_names_an_unknown_id(self, history: History, source: FakeSource) -> None:
        names = Names("k0", "k1")
        collect_names(names, history, NOW)
        source.keys = 3
        collect(history, source)
        collect_names(names, history, NOW + HOUR)
        assert names.asked == 2

    def test_an_id_that_stays_unknown_is_asked_for_once(self, history: History, source: FakeSource) -> None:
        names = Names()
        collect(history, source)
        for hours in range(5):
            collect_names(names, history, NOW + hours * HOUR)
        assert names.asked == 1

    def test_what_upstream_forgets_keeps_its_name(self, history: History) -> None:
        collect_names(Names("k0"), history, NOW)
        collect_names(Names("k1"), history, NOW + 2 * DAY)
        assert history.names.load().name_of("api_key_id", "k0") == "name of k0"
