"""What the service asks for before it starts."""

import pytest

from bot.config import load, missing_for_service

ADMIN = {"ANTHROPIC_ADMIN_KEY": "made-up"}
ANALYTICS = {"ANTHROPIC_ANALYTICS_KEY": "made-up"}
BOT = {"SLACK_BOT_TOKEN": "made-up"}
SIGNED = {"SLACK_SIGNING_SECRET": "made-up"}
KEYS = {"CLAUDE_SPEND__ACTIONS__DISABLE_KEYS": "true"}
OPERATORS = {"CLAUDE_SPEND__SLACK__OPERATORS": '["U0123456789"]'}
CHANNEL = {"CLAUDE_SPEND__SLACK__CHANNEL": "#ai-spend"}


def api(name: str) -> dict[str, str]:
    return {"CLAUDE_SPEND__ANTHROPIC__API": name}


def mode(name: str) -> dict[str, str]:
    return {"CLAUDE_SPEND__SLACK__MODE": name} | ADMIN


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        pytest.param({}, ["ANTHROPIC_ADMIN_KEY or ANTHROPIC_ANALYTICS_KEY"], id="nothing is set"),
        pytest.param(ADMIN, [], id="an Admin key and the console are enough"),
        pytest.param(ANALYTICS, [], id="an analytics key and the console are enough"),
        pytest.param(api("analytics"), ["ANTHROPIC_ADMIN_KEY or ANTHROPIC_ANALYTICS_KEY"], id="analytics"),
        pytest.param(api("analytics") | ADMIN, [], id="an Admin key may read analytics"),
        pytest.param(
            api("admin") | ANALYTICS, ["ANTHROPIC_ADMIN_KEY"], id="analytics keys cannot read admin"
        ),
        pytest.param(mode("webhook"), ["SLACK_WEBHOOK_URL"], id="a webhook needs its address and no channel"),
        pytest.param(
            mode("webhook") | {"SLACK_WEBHOOK_URL": "https://x"}, [], id="a webhook with its address"
        ),
        pytest.param(mode("socket"), ["SLACK_BOT_TOKEN", "slack.channel"], id="socket needs two"),
        pytest.param(mode("socket") | BOT, ["slack.channel"], id="socket, channel forgotten"),
        pytest.param(
            mode("http") | CHANNEL, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"], id="http, secrets forgotten"
        ),
        pytest.param(mode("http") | BOT | SIGNED | CHANNEL, [], id="http with all three"),
        pytest.param(
            ANALYTICS | KEYS, ["slack.operators", "ANTHROPIC_ADMIN_KEY"], id="keys are switched by nobody"
        ),
        pytest.param(ADMIN | KEYS | OPERATORS, [], id="keys are switched by an operator"),
    ],
)
def test_what_is_missing_is_named(environ: dict[str, str], missing: list[str]) -> None:
    said = missing_for_service(load(None, environ))
    assert [sentence.partition(" needs ")[2].partition(";")[0] for sentence in said] == missing


def test_a_missing_thing_is_told_with_its_reason_and_remedy() -> None:
    assert missing_for_service(load(None, mode("webhook"))) == [
        'slack.mode = "webhook" needs SLACK_WEBHOOK_URL; set it in the environment.'
    ]
    assert missing_for_service(load(None, mode("http") | BOT | SIGNED)) == [
        'slack.mode = "http" needs slack.channel; set it to a channel id or name.'
    ]
