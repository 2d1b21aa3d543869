"""What usage lists at, when the reports show tier and context in one pass, place and speed in another."""

from datetime import UTC, datetime

import pytest

from bot.sources.admin_usage import CellKey, Counts, Mode, Usage
from bot.sources.listing import Lister
from bot.sources.prices import PriceTable

HOUR = datetime(2026, 11, 18, 9, tzinfo=UTC)
PRICES = PriceTable.load()
US, FAST, FAST_US = Mode("us", "standard"), Mode("global", "fast"), Mode("us", "fast")


def cell(tier: str = "standard", model: str = "claude-opus-5", hour: datetime = HOUR) -> CellKey:
    return CellKey(hour, "wrkspc_lab", "apikey_ci", model, tier)


def inputs(tokens: int) -> Counts:
    return [tokens, 0, 0, 0, 0, 0]


def usage(cells: dict[str, int], modes: dict[Mode, int], model: str = "claude-opus-5") -> Usage:
    return Usage(
        cells={cell(tier, model): inputs(tokens) for tier, tokens in cells.items()},
        modes={cell(model=model).group(): {mode: inputs(tokens) for mode, tokens in modes.items()}},
    )


@pytest.mark.parametrize(
    ("cells", "modes", "listed"),
    [
        pytest.param({"standard": 100}, {}, [500_000], id="plain"),
        pytest.param({"batch": 100}, {}, [250_000], id="batch"),
        pytest.param({"standard": 100}, {US: 100}, [550_000], id="all in the US"),
        pytest.param({"standard": 100}, {US: 50}, [525_000], id="half in the US"),
        pytest.param(
            {"standard": 100, "batch": 100}, {US: 200}, [550_000, 275_000], id="batch in the US too"
        ),
        pytest.param({"standard": 100}, {FAST: 100}, [1_000_000], id="all fast"),
        pytest.param({"standard": 100}, {FAST: 10}, [550_000], id="a tenth fast"),
        pytest.param({"standard": 100}, {FAST_US: 100}, [1_100_000], id="all fast and in the US"),
        pytest.param(
            {"standard": 100}, {FAST: 50, US: 50}, [775_000], id="half fast, the other half in the US"
        ),
        pytest.param(
            {"standard": 100, "batch": 300}, {FAST: 100}, [1_000_000, 750_000], id="batch is never fast"
        ),
        pytest.param(
            {"standard": 9, "batch": 9}, {FAST: 18}, [90_000, 22_500], id="not even when it seems so"
        ),
        pytest.param(
            {"standard": 100}, {FAST: 120}, [1_000_000], id="fast tokens that came after the first pass"
        ),
        pytest.param({"standard": 100}, {US: 120}, [550_000], id="US tokens that came after the first pass"),
    ],
)
def test_listed(cells: dict[str, int], modes: dict[Mode, int], listed: list[int]) -> None:
    lines = Lister(PRICES).lines(usage(cells, modes))
    assert [sum(line.listed) for line in lines] == listed


def test_long_prompts_cost_more_while_they_did() -> None:
    then = datetime(2026, 3, 1, tzinfo=UTC)
    key = cell(model="claude-opus-4-6", hour=then)
    [line] = Lister(PRICES).lines(Usage(cells={key: inputs(100)}, long={key: inputs(30)}))
    assert line.listed[0] == 70 * 5000 + 30 * 10_000


def test_long_prompts_cost_the_same_today() -> None:
    key = cell()
    [line] = Lister(PRICES).lines(Usage(cells={key: inputs(100)}, long={key: inputs(30)}))
    assert line.listed[0] == 500_000


def test_a_component_is_rounded_half_even_once() -> None:
    key = cell("batch", model="claude-haiku-5-5")
    counts = [0, 0, 3, 0, 0, 0]
    [line] = Lister(PRICES).lines(Usage(cells={key: counts}))
    assert line.listed[2] == 188  # three times 62.5 is 187.5


def test_a_model_without_a_price_keeps_its_searches() -> None:
    key = cell(model="claude-quasar-9")
    [line] = Lister(PRICES).lines(Usage(cells={key: [7, 0, 0, 0, 0, 2]}))
    assert not line.priced
    assert line.listed == [0, 0, 0, 0, 0, 20_000_000]


def test_a_model_without_a_fast_price_is_listed_plain_and_named() -> None:
    lister = Lister(PRICES)
    [line] = lister.lines(usage({"standard": 100}, {FAST_US: 100}, model="claude-sonnet-5"))
    assert line.listed[0] == 220_000
    assert lister.not_fast == {"claude-sonnet-5"}


def test_modes_of_tokens_that_the_first_pass_did_not_see_are_left_alone() -> None:
    late = Usage(modes={cell().group(): {US: inputs(5)}})
    assert list(Lister(PRICES).lines(late)) == []
