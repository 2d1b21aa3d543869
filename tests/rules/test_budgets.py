"""What budgets allow around a scope: the tightest counts."""

import pytest

from bot.facts.directory import Directory
from bot.facts.scope import ORGANISATION, Scope
from bot.rules.budgets import allowed_a_week
from bot.rules.rulebook import read

KEY = Scope(workspace_id="research", api_key_id="ci", team="search")


def rules(*fields: str) -> str:
    return "rules:\n" + "".join(
        f"  - {{name: r{number}, because: b, {one}}}\n" for number, one in enumerate(fields)
    )


@pytest.mark.parametrize(
    ("budgets", "scope", "dollars"),
    [
        pytest.param((), KEY, None, id="no budget"),
        pytest.param(("per: organisation, budget: $3100 a month",), KEY, 700.0, id="a week of a month"),
        pytest.param(("per: key, budget: $80 a day",), KEY, 80.0, id="a day has no week"),
        pytest.param(
            ("per: organisation, budget: $3100 a month", "per: workspace, budget: $50 a week"),
            KEY,
            50.0,
            id="the tightest",
        ),
        pytest.param(("per: key, budget: $80 a day",), ORGANISATION, None, id="of a part, not of the whole"),
        pytest.param(
            ("per: key, where: {team: search}, budget: $7 a week",), KEY, 7.0, id="of a team's keys"
        ),
        pytest.param(
            ("per: key, except: {workspace: research}, budget: $7 a week",), KEY, None, id="left out"
        ),
        pytest.param(("per: key, above: $5, within: 1h",), KEY, None, id="a cap is no budget"),
    ],
)
def test_the_tightest_budget_around_a_scope(
    budgets: tuple[str, ...], scope: Scope, dollars: float | None
) -> None:
    assert allowed_a_week(read({"r.yaml": rules(*budgets)}), scope, Directory()) == dollars
