"""What a token costs by the table that ships, and which tables are refused."""

from datetime import date
from fractions import Fraction

import pytest

from bot.facts.spend import TOKENS
from bot.sources.prices import PLAIN, PriceTable, Traffic, pricing_id, times
from bot.sources.prices_file import BadPrices, read_price_file

TABLE = PriceTable.load()
NOVEMBER = date(2026, 11, 20)
INPUT, READ, WRITE_5M, WRITE_1H, OUTPUT = TOKENS


@pytest.mark.parametrize(
    ("model", "kind", "day", "traffic", "dollars_per_million"),
    [
        pytest.param("claude-opus-5-5", INPUT, NOVEMBER, PLAIN, "4", id="plain input"),
        pytest.param("claude-opus-5-5", OUTPUT, NOVEMBER, PLAIN, "20", id="plain output"),
        pytest.param("claude-opus-5-5", READ, NOVEMBER, PLAIN, "0.20", id="a read at a twentieth"),
        pytest.param("claude-fable-5-2", READ, NOVEMBER, PLAIN, "0.20", id="a read at a fortieth"),
        pytest.param("claude-haiku-4-5", WRITE_5M, NOVEMBER, PLAIN, "1.25", id="a five-minute write"),
        pytest.param("claude-haiku-4-5", WRITE_1H, NOVEMBER, PLAIN, "2", id="a one-hour write"),
        pytest.param("claude-opus-4-6-20260205", INPUT, NOVEMBER, PLAIN, "5", id="a dated snapshot"),
        pytest.param(
            "claude-sonnet-5-5", READ, date(2026, 10, 6), PLAIN, "0.20", id="before reads got cheaper"
        ),
        pytest.param(
            "claude-sonnet-5-5", READ, date(2026, 10, 7), PLAIN, "0.10", id="the day reads got cheaper"
        ),
        pytest.param("claude-opus-5-5", INPUT, date(2026, 9, 20), PLAIN, "4", id="before the launch date"),
        pytest.param("claude-opus-5", INPUT, NOVEMBER, Traffic(tier="batch"), "2.5", id="batch is half"),
        pytest.param(
            "claude-opus-5", READ, NOVEMBER, Traffic(tier="batch"), "0.25", id="batch halves reads too"
        ),
        pytest.param(
            "claude-opus-5", INPUT, NOVEMBER, Traffic(tier="priority"), "5", id="priority as standard"
        ),
        pytest.param(
            "claude-opus-5", OUTPUT, NOVEMBER, Traffic(geo="us"), "27.5", id="in the US a tenth more"
        ),
        pytest.param("claude-opus-4-5", OUTPUT, NOVEMBER, Traffic(geo="us"), "25", id="older models not"),
        pytest.param("claude-opus-4-8", OUTPUT, NOVEMBER, Traffic(speed="fast"), "50", id="fast is double"),
        pytest.param(
            "claude-opus-4-6", INPUT, date(2026, 3, 1), Traffic(speed="fast"), "30", id="fast preview"
        ),
        pytest.param(
            "claude-opus-5-5",
            INPUT,
            NOVEMBER,
            Traffic(speed="fast", geo="us"),
            "8.8",
            id="fast and in the US",
        ),
        pytest.param(
            "claude-opus-5",
            INPUT,
            NOVEMBER,
            Traffic(tier="batch", speed="fast"),
            "2.5",
            id="batch is never fast",
        ),
        pytest.param(
            "claude-opus-4-6",
            OUTPUT,
            date(2026, 3, 12),
            Traffic(context="200k-1M"),
            "37.5",
            id="long, before",
        ),
        pytest.param(
            "claude-opus-4-6",
            OUTPUT,
            date(2026, 3, 13),
            Traffic(context="200k-1M"),
            "25",
            id="long, flat since",
        ),
        pytest.param(
            "claude-sonnet-4-5",
            READ,
            date(2026, 4, 1),
            Traffic(context="200k-1M"),
            "0.6",
            id="long cache reads",
        ),
        pytest.param(
            "claude-haiku-5-5", INPUT, NOVEMBER, PLAIN, "0.10", id="below or above the step, so low"
        ),
        pytest.param(
            "claude-haiku-5-5",
            INPUT,
            NOVEMBER,
            Traffic(context="200k-1M"),
            "0.50",
            id="surely above the step",
        ),
    ],
)
def test_price(model: str, kind: str, day: date, traffic: Traffic, dollars_per_million: str) -> None:
    assert TABLE.price(model, kind, day, traffic) == Fraction(dollars_per_million) * 1000


@pytest.mark.parametrize(
    ("model", "traffic"),
    [
        pytest.param("claude-quasar-9", PLAIN, id="a model nobody has heard of"),
        pytest.param("claude-mythos-preview", PLAIN, id="a model with conflicting prices"),
        pytest.param("", PLAIN, id="no model"),
        pytest.param("claude-sonnet-5", Traffic(speed="fast"), id="a model without fast mode"),
    ],
)
def test_no_price(model: str, traffic: Traffic) -> None:
    assert TABLE.price(model, INPUT, NOVEMBER, traffic) is None


@pytest.mark.parametrize("model", TABLE.models())
def test_cache_writes_cost_five_quarters_and_double_the_input(model: str) -> None:
    rates = dict(zip(TOKENS, TABLE.rates(model, NOVEMBER) or (), strict=True))
    # Haiku 3 is the one that was rounded: 0.30 and not 0.3125 (reference 10.1).
    five_quarters = Fraction(300) if model == "claude-3-haiku" else rates[INPUT] * Fraction(5, 4)
    assert rates[WRITE_5M] == five_quarters
    assert rates[WRITE_1H] == rates[INPUT] * 2


def test_a_web_search_costs_a_cent() -> None:
    assert TABLE.web_search == 10_000_000


@pytest.mark.parametrize(
    ("model", "plain"),
    [
        pytest.param("claude-opus-4-6-20260205", "claude-opus-4-6", id="a snapshot"),
        pytest.param("claude-opus-4-6", "claude-opus-4-6", id="an alias"),
        pytest.param("claude-opus-4-6-2026020", "claude-opus-4-6-2026020", id="seven digits are no date"),
    ],
)
def test_pricing_id(model: str, plain: str) -> None:
    assert pricing_id(model) == plain


@pytest.mark.parametrize(
    ("amount", "rate", "whole"),
    [
        pytest.param(5, "1/2", 2, id="half to even, down"),
        pytest.param(7, "1/2", 4, id="half to even, up"),
        pytest.param(-5, "1/2", -2, id="a negative half to even"),
        pytest.param(2, "1/3", 1, id="up"),
        pytest.param(1, "1/3", 0, id="down"),
    ],
)
def test_times_rounds_half_even(amount: int, rate: str, whole: int) -> None:
    assert times(amount, Fraction(rate)) == whole
    assert times(amount * 3, Fraction(rate), Fraction(1, 3)) == whole


GOOD = "{input: 1, cache_read: 0.1, cache_write_5m: 1.25, cache_write_1h: 2, output: 5}"


def file(prices: str, ids: str = "[claude-a]") -> str:
    return f"batch: 0.5\nweb_search_per_1000: 10\nmodels:\n  - ids: {ids}\n    prices: {prices}\n"


def test_amounts_never_pass_through_a_float() -> None:
    third = GOOD.replace("0.1", "0.1000000000000000055")
    table = PriceTable(read_price_file(file(f"[{third}]")))
    assert table.price("claude-a", READ, NOVEMBER) == Fraction("0.1000000000000000055") * 1000


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(file(f"[{GOOD.replace('output: 5', 'output: -5')}]"), "output", id="a negative price"),
        pytest.param(file(f"[{GOOD.replace('output: 5', 'output: .nan')}]"), "output", id="not a number"),
        pytest.param(file(f"[{GOOD.replace('output: 5', 'outputs: 5')}]"), "output", id="a misspelt field"),
        pytest.param(file(f"[{GOOD.replace('{', '{from: soon, ')}]"), "from", id="no date"),
        pytest.param(file("[]"), "models.0.prices", id="a model without prices"),
        pytest.param(file(f"[{GOOD}, {GOOD}]"), "in order", id="two prices from the same day"),
        pytest.param(
            file(f"[{GOOD}]", "[claude-a, claude-a]"), "claude-a is listed twice", id="a model twice"
        ),
        pytest.param("batch: [", "not YAML", id="broken YAML"),
        pytest.param("", "top level", id="an empty file"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(BadPrices, match=place):
        read_price_file(text)
