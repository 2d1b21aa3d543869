"""Who may press buttons is named so that it can be somebody."""

import pytest

from bot.config import ConfigError, load


def operators(*named: str) -> dict[str, str]:
    listed = ", ".join(f'"{name}"' for name in named)
    return {"CLAUDE_SPEND__SLACK__OPERATORS": f"[{listed}]"}


def test_users_groups_and_addresses_are_taken() -> None:
    known = ("U0123456789", "W0123456789", "S0123456789", "ada@example.com")
    assert load(None, operators(*known)).slack.operators == known


@pytest.mark.parametrize(
    "name", ["@ada", "ada", "#ops", "C0123456789", "u0123456789", "", "ada@", "<@U0123456>"]
)
def test_what_can_be_nobody_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="should be a user id such as"):
        load(None, operators(name))
