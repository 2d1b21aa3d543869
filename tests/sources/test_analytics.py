from datetime import datetime, timedelta

import pytest

from bot.facts.clock import DAY, HOUR, Grain
from bot.facts.directory import Person
from bot.facts.spend import COMPONENTS, SpendRow
from bot.sources.analytics import AnalyticsSource
from bot.sources.errors import BadAnswer
from tests.fakes.analytics import NOW, START, WINDOW, Item, Upstream, cost, used


def only(source: AnalyticsSource) -> SpendRow:
    (row,) = source.fetch(WINDOW, Grain.HOUR, NOW).rows
    return row


class TestMoney:
    @pytest.mark.parametrize(
        ("cents", "nano"),
        [
            pytest.param("123.45", 1_234_500_000, id="amounts are cents, not dollars"),
            pytest.param("0.0000001", 1, id="a nano-dollar"),
            pytest.param("-250", -2_500_000_000, id="a credit"),
            pytest.param("0", 0, id="nothing"),
        ],
    )
    def test_cents_become_nano_dollars(
        self, upstream: Upstream, source: AnalyticsSource, cents: str, nano: int
    ) -> None:
        upstream.costs = [[cost(cents)]]
        row = only(source)
        assert (row.usd, row.list_usd, row.usd_output) == (nano, nano, nano)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            pytest.param({"currency": "EUR"}, "data.0.cost.currency.*'EUR'", id="another currency"),
            pytest.param({"amount": 123.45}, "decimal string of cents", id="a number"),
            pytest.param({"amount": "NaN"}, "data.0.cost.amount", id="not a number"),
            pytest.param({"amount": "Infinity"}, "data.0.cost.amount", id="infinity"),
            pytest.param({"amount": "1e30"}, "data.0.cost.amount", id="more than there is"),
            pytest.param({"amount": ""}, "data.0.cost.amount", id="nothing written"),
            pytest.param({"amount": None}, "decimal string of cents", id="null"),
            pytest.param({"list_amount": "one"}, "data.0.cost.list_amount", id="a word"),
        ],
    )
    def test_what_is_no_amount_of_dollars_is_refused_by_its_place(
        self, upstream: Upstream, source: AnalyticsSource, change: Item, said: str
    ) -> None:
        item = cost("1")
        item["cost"] |= change
        upstream.costs = [[item]]
        with pytest.raises(BadAnswer, match=said):
            source.fetch(WINDOW, Grain.HOUR, NOW)

    @pytest.mark.parametrize(
        ("kind", "component"),
        [
            (("tokens", "uncached_input_tokens"), "usd_uncached_input"),
            (("tokens", "cache_read_input_tokens"), "usd_cache_read"),
            (("tokens", "cache_creation.ephemeral_5m_input_tokens"), "usd_cache_write_5m"),
            (("tokens", "cache_creation.ephemeral_1h_input_tokens"), "usd_cache_write_1h"),
            (("tokens", "output_tokens"), "usd_output"),
            (("web_search", None), "usd_web_search"),
            (("code_execution", None), "usd_code_execution"),
            (("session_usage", None), "usd_session"),
        ],
    )
    def test_every_kind_of_cost_has_its_place(
        self, upstream: Upstream, source: AnalyticsSource, kind: tuple[str, str | None], component: str
    ) -> None:
        upstream.costs = [[cost("7", cost_type=kind[0], token_type=kind[1])]]
        row = only(source)
        assert {name: getattr(row, name) for name in COMPONENTS if getattr(row, name)} == {
            component: 70_000_000
        }

    @pytest.mark.parametrize(
        ("kind", "named"),
        [
            pytest.param(("tokens", "thinking_tokens"), "tokens/thinking_tokens", id="new token type"),
            pytest.param(("gpu_rental", None), "gpu_rental/None", id="new cost type"),
            pytest.param((None, None), "None/None", id="no kind given"),
        ],
    )
    def test_an_unknown_kind_is_kept_as_other_and_said(
        self, upstream: Upstream, source: AnalyticsSource, kind: tuple[str | None, str | None], named: str
    ) -> None:
        upstream.costs = [[cost("5", cost_type=kind[0], token_type=kind[1]), cost("1")]]
        piece = source.fetch(WINDOW, Grain.HOUR, NOW)
        (row,) = piece.rows
        assert (row.usd, row.usd_other, row.usd_output) == (60_000_000, 50_000_000, 10_000_000)
        (notice,) = piece.notices
        assert repr(named) in notice


class TestCounts:
    def test_all_five_kinds_of_tokens_requests_and_searches(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        written = {"ephemeral_5m_input_tokens": 7, "ephemeral_1h_input_tokens": 8}
        usage = {"cache_creation": written, "server_tool_use": {"web_search_requests": 2}}
        upstream.usages = [[used(usage=usage)]]
        row = only(source)
        assert row[SpendRow._fields.index("requests") :][:7] == (3, 10, 20, 7, 8, 5, 2)

    @pytest.mark.parametrize(
        "usage",
        [
            pytest.param({}, id="no cache, no tools"),
            pytest.param({"cache_creation": {}, "server_tool_use": {}}, id="both empty"),
            pytest.param({"requests": None, "new_field": {"x": 1}}, id="no requests, and something new"),
        ],
    )
    def test_what_is_missing_counts_nothing(
        self, upstream: Upstream, source: AnalyticsSource, usage: Item
    ) -> None:
        upstream.usages = [[used(usage=usage)]]
        row = only(source)
        assert (row.cache_write_5m_tokens, row.cache_write_1h_tokens, row.web_searches) == (0, 0, 0)
        assert row.uncached_input_tokens == 10

    @pytest.mark.parametrize(
        ("usage", "place"),
        [
            pytest.param({"output_tokens": -1}, "data.0.usage.output_tokens", id="less than none"),
            pytest.param({"output_tokens": float("nan")}, "page 1", id="not a number"),
            pytest.param({"output_tokens": 1.5}, "data.0.usage.output_tokens", id="half a token"),
            pytest.param({"output_tokens": 10**30}, "data.0.usage.output_tokens", id="more than ever"),
            pytest.param({"output_tokens": "many"}, "data.0.usage.output_tokens", id="a word"),
            pytest.param({"requests": -3}, "data.0.usage.requests", id="requests taken back"),
            pytest.param({"cache_creation": None}, "data.0.usage.cache_creation", id="null for an object"),
        ],
    )
    def test_what_is_no_count_is_refused_by_its_place(
        self, upstream: Upstream, source: AnalyticsSource, usage: Item, place: str
    ) -> None:
        upstream.usages = [[used(usage=usage)]]
        with pytest.raises(BadAnswer, match=place):
            source.fetch(WINDOW, Grain.HOUR, NOW)


class TestJoin:
    def test_cost_and_usage_of_one_group_make_one_row(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        upstream.costs = [[cost("1"), cost("2", token_type="uncached_input_tokens")]]
        upstream.usages = [[used()]]
        row = only(source)
        assert (row.usd, row.requests, row.hour) == (30_000_000, 3, START)
        assert sum(getattr(row, name) for name in COMPONENTS) == row.usd

    def test_rows_that_share_a_group_are_added_up(self, upstream: Upstream, source: AnalyticsSource) -> None:
        """Identities the server cannot render come back as several rows with actor null (reference 4.2)."""
        upstream.costs = [[cost("1", actor=None), cost("2", actor=None)], [cost("4", actor=None)]]
        upstream.usages = [[used(actor=None), used(actor=None)]]
        row = only(source)
        assert (row.usd, row.requests, row.actor) == (70_000_000, 6, "")

    def test_money_without_usage_and_usage_without_money_both_stay(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        upstream.costs = [[cost("9", model=None, api_key_id=None, cost_type="code_execution")]]
        upstream.usages = [[used()]]
        free, keyless = sorted(source.fetch(WINDOW, Grain.HOUR, NOW).rows, key=lambda row: row.usd)
        assert (keyless.usd, keyless.model, keyless.api_key_id, keyless.requests) == (90_000_000, "", "", 0)
        assert (free.usd, free.requests) == (0, 3)

    @pytest.mark.parametrize(
        ("actor", "identity"),
        [
            ({"type": "user_actor", "user_id": "user_ada", "name": "ada"}, "user_ada"),
            ({"type": "service_account_actor", "service_account_id": "svac_1"}, "svac_1"),
            ({"type": "api_actor", "api_key_id": "apikey_ci"}, ""),
            ({"type": "federated_actor", "subject": "repo:x", "provider": {"type": "oidc"}}, "repo:x"),
            (
                {"type": "federated_actor", "subject": None, "provider": {"type": "aws", "account_id": "12"}},
                "aws:12",
            ),
            ({"type": "something_new", "thing_id": "t_1"}, ""),
        ],
    )
    def test_whoever_it_was_is_kept_by_one_id(
        self, upstream: Upstream, source: AnalyticsSource, actor: Item, identity: str
    ) -> None:
        upstream.costs = [[cost("1", actor=actor)]]
        assert only(source).actor == identity

    def test_people_are_named_by_what_they_used(self, upstream: Upstream, source: AnalyticsSource) -> None:
        ada = {"type": "user_actor", "user_id": "user_ada", "name": "ada", "email_address": "ada@example.com"}
        gone = {"type": "user_actor", "user_id": "user_gone", "name": None, "email_address": None}
        upstream.costs = [[cost("1", actor=ada), cost("1", actor=gone), cost("2", actor=ada)]]
        people = source.fetch(WINDOW, Grain.HOUR, NOW).people
        assert people == (Person("user_ada", "ada", "ada@example.com"), Person("user_gone", "user_gone"))

    def test_unknown_products_models_and_fields_pass_through(
        self, upstream: Upstream, source: AnalyticsSource
    ) -> None:
        item = cost("1", product="claude_on_mars", model="claude-zenith-9", planet="mars")
        item["colour"] = "red"
        upstream.costs = [[item]]
        row = only(source)
        assert (row.product, row.model) == ("claude_on_mars", "claude-zenith-9")

    @pytest.mark.parametrize(
        "hour",
        [
            pytest.param(START - HOUR, id="before"),
            pytest.param(START + 2 * HOUR, id="after"),
            pytest.param(START + timedelta(minutes=30), id="half past"),
            pytest.param(START - 365 * DAY, id="last year"),
        ],
    )
    def test_a_row_from_elsewhere_is_refused(
        self, upstream: Upstream, source: AnalyticsSource, hour: datetime
    ) -> None:
        upstream.ignores_window = True
        upstream.costs = [[cost("1"), cost("1", hour)]]
        with pytest.raises(BadAnswer, match=r"in the answer for 2026-11-19 14:00 to 2026-11-19 16:00 UTC"):
            source.fetch(WINDOW, Grain.HOUR, NOW)
