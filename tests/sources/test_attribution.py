"""A day's bill laid over its lines: who pays what, and that nothing is lost or made up."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.money import Usd
from bot.facts.spend import COMPONENTS
from bot.sources.admin_usage import CellKey
from bot.sources.attribution import OTHER, Charge, Line, attribute, unattributed

DAY = datetime(2026, 11, 18, tzinfo=UTC)
HOURS = [DAY + timedelta(hours=hour) for hour in range(24)]
INPUT, READ, OUTPUT, SEARCH, CODE = 0, 1, 4, 5, 6
MODEL = "claude-opus-5"


def line(
    tokens: int,
    key: str = "apikey_ci",
    *,
    listed: int = 0,
    model: str = MODEL,
    tier: str = "standard",
    component: int = INPUT,
    hour: int = 0,
) -> Line:
    counts, prices = [0] * 6, [0] * 6
    counts[component], prices[component] = tokens, listed
    return Line(CellKey(HOURS[hour], "wrkspc_lab", key, model, tier), counts, prices)


def charge(
    amount: int,
    component: int = INPUT,
    *,
    model: str = MODEL,
    tier: str = "standard",
    workspace: str = "wrkspc_lab",
) -> Charge:
    return Charge(DAY, workspace, model, tier, component, Usd(amount))


@pytest.mark.parametrize(
    ("lines", "charges", "money"),
    [
        pytest.param([line(10, listed=30), line(10, listed=10)], [charge(80)], [60, 20], id="by list price"),
        pytest.param([line(3), line(1)], [charge(80)], [60, 20], id="by tokens where nothing is listed"),
        pytest.param(
            [line(1, listed=5), line(0)], [charge(9)], [9, 0], id="nothing for a line without tokens"
        ),
        pytest.param(
            [line(1, listed=1), line(1, listed=1)], [charge(3)], [2, 1], id="the odd nano-dollar too"
        ),
        pytest.param([line(1, listed=3), line(1, listed=1)], [charge(-8)], [-6, -2], id="a credit"),
        pytest.param([line(1, listed=1)], [charge(5), charge(7)], [12], id="two charges of a kind together"),
        pytest.param(
            [line(1, listed=1, tier="batch"), line(1, listed=2)],
            [charge(5, tier="batch"), charge(9)],
            [5, 9],
            id="batch apart from standard",
        ),
        pytest.param(
            [line(1, listed=1, tier="flex"), line(1, listed=1)],
            [charge(8)],
            [4, 4],
            id="other tiers as standard",
        ),
        pytest.param(
            [line(9, listed=9, tier="priority"), line(1, listed=1)],
            [charge(8)],
            [0, 8],
            id="never priority tier",
        ),
        pytest.param(
            [line(1, listed=1, model="claude-opus-4-6-20260205")],
            [charge(8, model="claude-opus-4-6")],
            [8],
            id="a snapshot billed by its alias",
        ),
        pytest.param(
            [line(1, listed=9, model="claude-opus-4-6-20260205"), line(3, listed=9, model="claude-opus-4-6")],
            [charge(8, model="claude-opus-4-6")],
            [2, 6],
            id="between snapshots by tokens",
        ),
        pytest.param(
            [line(3, component=SEARCH), line(1, component=SEARCH)],
            [charge(80, SEARCH)],
            [60, 20],
            id="web searches by their number",
        ),
        pytest.param(
            [line(3, component=SEARCH), line(1, component=SEARCH, model="claude-haiku-4-5")],
            [charge(80, SEARCH, model="")],
            [60, 20],
            id="web searches billed without a model",
        ),
    ],
)
def test_a_bill_that_fits(lines: list[Line], charges: list[Charge], money: list[int]) -> None:
    assert attribute(lines, charges) == []
    assert [sum(line.money) for line in lines] == money


@pytest.mark.parametrize(
    "stray",
    [
        pytest.param(charge(5, CODE, model="", tier=""), id="code execution"),
        pytest.param(charge(5, OTHER), id="a kind of cost nobody knows"),
        pytest.param(charge(5, READ), id="a token type without tokens"),
        pytest.param(charge(5, tier="batch"), id="a tier without tokens"),
        pytest.param(charge(5, workspace="wrkspc_ops"), id="a workspace without tokens"),
        pytest.param(charge(5, model="claude-haiku-4-5"), id="a model without tokens"),
        pytest.param(charge(5, SEARCH), id="searches that nobody made"),
    ],
)
def test_a_charge_that_fits_no_line_is_handed_back(stray: Charge) -> None:
    lines = [line(1, listed=1)]
    assert attribute(lines, [stray]) == [stray]
    assert sum(lines[0].money) == 0


def test_unattributed_money_is_spread_over_the_day_without_a_key() -> None:
    new = unattributed([charge(50, CODE, model="", tier="")], [], HOURS)
    assert [line.money[CODE] for line in new] == [3, 3] + [2] * 22
    assert {line.key[1:] for line in new} == {("wrkspc_lab", "", "", "")}


def test_unattributed_money_joins_a_playground_line_of_the_same_kind() -> None:
    playground = line(1, key="", hour=3)
    new = unattributed([charge(24, READ)], [playground], HOURS)
    assert playground.money[READ] == 1
    assert len(new) == 23


def test_the_odd_nano_dollar_goes_to_the_same_line_in_any_order() -> None:
    lines = [line(1, key, listed=1) for key in ("apikey_b", "apikey_a", "apikey_c")]
    attribute(lines, [charge(4)])
    assert {line.key.api_key_id: line.money[INPUT] for line in lines} == {
        "apikey_a": 2,
        "apikey_b": 1,
        "apikey_c": 1,
    }


models = st.sampled_from([MODEL, "claude-haiku-4-5", "claude-quasar-9"])
tiers = st.sampled_from(["standard", "batch", "priority", "flex"])
lines_of_a_day = st.lists(
    st.builds(
        line,
        st.integers(0, 10**7),
        st.sampled_from(["apikey_ci", "apikey_app", ""]),
        listed=st.integers(0, 10**12),
        model=models,
        tier=tiers,
        component=st.integers(0, SEARCH),
        hour=st.integers(0, 23),
    ),
    max_size=12,
    unique_by=lambda line: line.key,
)
charges_of_a_day = st.lists(
    st.builds(
        charge,
        st.integers(-(10**13), 10**13),
        st.integers(0, OTHER),
        model=models,
        tier=st.sampled_from(["standard", "batch", ""]),
        workspace=st.sampled_from(["wrkspc_lab", "wrkspc_ops"]),
    ),
    max_size=12,
)


def billed(lines: Sequence[Line], charges: Sequence[Charge]) -> dict[CellKey, list[int]]:
    copies = [Line(line.key, line.counts, line.listed) for line in lines]
    new = unattributed(attribute(copies, charges), copies, HOURS)
    return {line.key: line.money for line in [*copies, *new]}


@given(lines_of_a_day, charges_of_a_day)
def test_every_component_of_every_workspace_sums_to_the_bill(
    lines: list[Line], charges: list[Charge]
) -> None:
    said: Counter[tuple[str, str, int]] = Counter()
    for owed in charges:
        said[owed.workspace_id, owed.model, owed.component] += owed.amount
    found: Counter[tuple[str, str, int]] = Counter()
    for key, money in billed(lines, charges).items():
        for component in range(len(COMPONENTS)):
            found[key.workspace_id, key.model, component] += money[component]
    assert {at: usd for at, usd in found.items() if usd} == {at: usd for at, usd in said.items() if usd}


@given(lines_of_a_day, charges_of_a_day, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_charges_does_not_matter(
    lines: list[Line], charges: list[Charge], random: Random
) -> None:
    before = billed(lines, charges)
    random.shuffle(lines)
    random.shuffle(charges)
    assert billed(lines, charges) == before


@given(lines_of_a_day, charges_of_a_day, st.integers(2, 1000))
def test_dearer_list_prices_all_alike_change_nothing(
    lines: list[Line], charges: list[Charge], times: int
) -> None:
    dearer = [Line(line.key, line.counts, [usd * times for usd in line.listed]) for line in lines]
    assert billed(dearer, charges) == billed(lines, charges)
