"""Spend as stored, case by case: what a replaced window keeps, what it forgets, and what was read of it."""

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np
import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window, index
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import Basis, SpendRow
from bot.history.store import History
from tests.fakes.rows import HAIKU, OPUS, row
from tests.history.spending import FIRST, NOW, WHOLE, cells, everything, hours, kept, piece

A_DAY = hours(0, 24)
LATER = NOW + HOUR


def times(history: History) -> dict[str, tuple[str, str]]:
    """When each key's row was first seen and last changed, in hours and minutes."""
    query = "SELECT api_key_id, substr(first_seen, 12, 5), substr(last_changed, 12, 5) FROM spend_hour"
    return {key: (seen, changed) for key, seen, changed in history._db.execute(query)}


class TestReplacing:
    def test_what_is_read_back_is_what_was_put(self, history: History) -> None:
        rows = [
            row(FIRST, 3, actor="user_ada", product="api", service_tier="batch", web_searches=2),
            row(FIRST + HOUR, api_key_id="", model="", workspace_id="", basis=Basis.ESTIMATED),
        ]
        assert history.spend.replace(piece(A_DAY, rows), NOW) == 2
        assert kept(history) == sorted(rows)

    @pytest.mark.parametrize(
        ("second", "changed"),
        [
            pytest.param([row(FIRST), row(FIRST + HOUR)], 0, id="the same again changes nothing"),
            pytest.param([row(FIRST + HOUR), row(FIRST)], 0, id="the same in another order changes nothing"),
            pytest.param([row(FIRST), row(FIRST + HOUR, 2)], 1, id="a row that grew"),
            pytest.param(
                [row(FIRST), row(FIRST + HOUR, output_tokens=7)], 1, id="a count alone that changed"
            ),
            pytest.param([row(FIRST), row(FIRST + HOUR, basis=Basis.ESTIMATED)], 1, id="another basis"),
            pytest.param([row(FIRST)], 1, id="a row that vanished"),
            pytest.param([row(FIRST), row(FIRST + HOUR, model=HAIKU)], 2, id="a row under another model"),
            pytest.param([], 2, id="everything vanished"),
        ],
    )
    def test_a_window_read_again(self, second: list[SpendRow], changed: int, history: History) -> None:
        history.spend.replace(piece(A_DAY, [row(FIRST), row(FIRST + HOUR)]), NOW)
        assert history.spend.replace(piece(A_DAY, second), LATER) == changed
        assert kept(history) == sorted(second)

    def test_rows_beside_the_window_stay(self, history: History) -> None:
        rows = [row(FIRST + at * HOUR, at + 1) for at in range(6)]
        history.spend.replace(piece(A_DAY, rows), NOW)
        history.spend.replace(piece(hours(2, 4), []), LATER)
        assert kept(history) == [*rows[:2], *rows[4:]]

    def test_each_row_knows_when_it_was_first_seen_and_last_changed(self, history: History) -> None:
        same, grows = row(FIRST, api_key_id="same"), row(FIRST, api_key_id="grows")
        history.spend.replace(piece(A_DAY, [same, grows]), NOW)
        grown, fresh = row(FIRST, 2, api_key_id="grows"), row(FIRST, api_key_id="new")
        history.spend.replace(piece(A_DAY, [same, grown, fresh]), LATER)
        assert times(history) == {
            "same": ("00:00", "00:00"),
            "grows": ("00:00", "01:00"),
            "new": ("01:00", "01:00"),
        }

    def test_a_day_read_by_the_day_is_replaced_by_its_hours(self, history: History) -> None:
        history.spend.replace(piece(A_DAY, [row(FIRST, 24)], Grain.DAY), NOW)
        assert not history.spend.coverage(A_DAY).hourly.any()
        history.spend.replace(piece(A_DAY, [row(FIRST + at * HOUR) for at in range(24)]), LATER)
        assert history.spend.coverage(A_DAY).hourly.all()
        assert set(cells(history, Grain.DAY).values()) == {24 * 10**9}
        assert len(cells(history, Grain.HOUR)) == 24


TWICE = [row(FIRST), row(FIRST + HOUR, api_key_id="apikey_new"), row(FIRST, 2)]


def replace_in_vain(history: History, rows: list[SpendRow]) -> None:
    with history.transaction():
        history.spend.replace(piece(A_DAY, rows), NOW)
        raise ZeroDivisionError


class TestFailing:
    def test_two_rows_for_one_place_change_nothing(self, history: History) -> None:
        history.spend.replace(piece(A_DAY, [row(FIRST)]), NOW)
        before = everything(history)
        with pytest.raises(ValueError, match="two rows for one bucket"):
            history.spend.replace(piece(A_DAY, TWICE), LATER)
        assert everything(history) == before

    def test_what_is_undone_around_it_is_undone_with_it(self, history: History) -> None:
        lost, stays = row(FIRST, api_key_id="lost"), row(FIRST, api_key_id="stays")
        with pytest.raises(ZeroDivisionError):
            replace_in_vain(history, [lost])
        assert history.spend.leaves().values == []
        history.spend.replace(piece(A_DAY, [lost, stays]), LATER)
        assert kept(history) == [lost, stays]


class TestCoverage:
    def test_hours_never_read_are_neither_known_nor_complete(self, history: History) -> None:
        history.spend.replace(piece(hours(2, 4), []), NOW)
        coverage = history.spend.coverage(hours(0, 6))
        expected = [False, False, True, True, False, False]
        assert coverage.known.tolist() == coverage.hourly.tolist() == coverage.complete.tolist() == expected
        assert (coverage.read_at > 0).tolist() == expected
        assert coverage.read_at[2] == NOW.timestamp()

    @pytest.mark.parametrize(
        ("watermark", "complete"),
        [
            pytest.param(FIRST, 0, id="nothing has settled"),
            pytest.param(FIRST + timedelta(minutes=59), 0, id="the first hour may still fill"),
            pytest.param(FIRST + HOUR, 1, id="an hour is complete as it ends"),
            pytest.param(FIRST + 2.5 * HOUR, 2, id="the hour in progress is not"),
            pytest.param(NOW, 3, id="the source is ahead of the window"),
        ],
    )
    def test_complete_is_what_ends_before_the_watermark(
        self, watermark: datetime, complete: int, history: History
    ) -> None:
        history.spend.replace(piece(hours(0, 3), [row(FIRST)], watermark=watermark), NOW)
        coverage = history.spend.coverage(hours(0, 3))
        assert coverage.known.all()
        assert coverage.complete.tolist() == [True] * complete + [False] * (3 - complete)

    def test_nothing_read_at_all(self, history: History) -> None:
        coverage = history.spend.coverage(WHOLE)
        assert not (coverage.known | coverage.complete | coverage.hourly).any()
        assert not coverage.read_at.any()
        assert history.spend.last_read() is None
        assert history.spend.rows_per_hour() == 0

    def test_how_far_it_reaches(self, history: History) -> None:
        history.spend.replace(piece(hours(30, 48), [row(FIRST + 40 * HOUR)]), NOW)
        history.spend.replace(piece(hours(2, 4), [], watermark=FIRST), NOW)
        assert history.spend.last_read() == (hours(2, 48), NOW)
        assert history.spend.rows_per_hour() == 1 / 20


class TestAsking:
    ROWS = (
        row(FIRST, 1),
        row(FIRST + HOUR, 2, model=HAIKU),
        row(FIRST + 23 * HOUR, 3, api_key_id=""),
        row(FIRST + 25 * HOUR, 4),
    )

    @pytest.mark.parametrize(
        ("window", "scope", "found"),
        [
            pytest.param(WHOLE, ORGANISATION, (0, 1, 2, 3), id="everything"),
            pytest.param(WHOLE, Scope(model=OPUS), (0, 2, 3), id="a model"),
            pytest.param(WHOLE, Scope(api_key_id=""), (2,), id="what has no key"),
            pytest.param(WHOLE, Scope(api_key_id="apikey_ci", model=HAIKU), (1,), id="a key on a model"),
            pytest.param(WHOLE, Scope(actor="nobody"), (), id="nothing"),
            pytest.param(hours(1, 24), ORGANISATION, (1, 2), id="a window that cuts a day"),
            pytest.param(hours(23, 26), ORGANISATION, (2, 3), id="a window across midnight"),
            pytest.param(hours(24, 25), ORGANISATION, (), id="an hour in which nothing was spent"),
        ],
    )
    def test_rows_of_a_scope(
        self, window: Window, scope: Scope, found: tuple[int, ...], history: History
    ) -> None:
        history.spend.replace(piece(WHOLE, self.ROWS), NOW)
        assert history.spend.rows(window, scope) == [self.ROWS[at] for at in found]

    @pytest.mark.parametrize(
        ("window", "scope", "counted", "found"),
        [
            pytest.param(WHOLE, ORGANISATION, range(168), {OPUS: 8, HAIKU: 2}, id="everything once"),
            pytest.param(
                hours(1, 26),
                Scope(model=OPUS),
                range(168),
                {OPUS: 7},
                id="a model in a window that cuts days",
            ),
            pytest.param(WHOLE, ORGANISATION, {0, 1}, {OPUS: 1, HAIKU: 2}, id="some hours of the week"),
            pytest.param(WHOLE, ORGANISATION, {26}, {}, id="hours in which nothing was spent"),
        ],
    )
    def test_sums_of_some_hours_of_the_week(
        self, window: Window, scope: Scope, counted: Collection[int], found: dict[str, int], history: History
    ) -> None:
        rows = [one._replace(api_key_id="apikey_ci") for one in self.ROWS]
        history.spend.replace(piece(WHOLE, rows), NOW)
        assert sorted(history.spend.sums(window, scope, counted)) == sorted(
            row(window.start, dollars, model=model, api_key_id="apikey_ci")
            for model, dollars in found.items()
        )

    def test_cells_name_leaves_and_buckets(self, history: History) -> None:
        history.spend.replace(piece(WHOLE, self.ROWS), NOW)
        leaves, first = history.spend.leaves(), index(FIRST, Grain.HOUR)
        placed = {
            (leaves.values[leaf][1:3], hour - first): usd
            for (leaf, hour), usd in cells(history, Grain.HOUR).items()
        }
        assert placed == {
            ((one.api_key_id, one.model), (one.hour - FIRST) // HOUR): one.usd for one in self.ROWS
        }

    def test_days_by_workspace_and_model(self, history: History) -> None:
        history.spend.replace(piece(WHOLE, self.ROWS), NOW)
        assert history.spend.day_totals(hours(0, 48)) == {
            (FIRST, "wrkspc_research", OPUS): 4 * 10**9,
            (FIRST, "wrkspc_research", HAIKU): 2 * 10**9,
            (FIRST + DAY, "wrkspc_research", OPUS): 4 * 10**9,
        }

    def test_cells_are_exact_integers(self, history: History) -> None:
        large = row(FIRST, usd_other=10**17 + 1)
        history.spend.replace(piece(A_DAY, [large]), NOW)
        (chunk,) = history.spend.cells(A_DAY, Grain.DAY)
        assert chunk.dtype == np.int64
        assert chunk[0, 2] == large.usd


def test_a_row_whose_parts_do_not_add_up_is_refused_with_its_slice(
    history: History,
) -> None:
    good, bad = row(FIRST), row(FIRST + HOUR)._replace(usd_output=Usd(1), usd=Usd(2))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        history.spend.replace(piece(hours(0, 2), [good, bad]), NOW)
    assert history.spend.rows_per_hour() == 0
