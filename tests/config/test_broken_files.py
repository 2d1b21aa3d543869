"""Each file in broken/ holds the one mistake it is named after; the table says what people are told."""

from pathlib import Path

import pytest

from bot.config import ConfigError, load

BROKEN = Path(__file__).parent / "broken"
ADDRESS = "should be a web address such as https://example.com, without user name or query."
PATH = 'should be a path such as "data/x" or "/var/lib/x", without ~.'
MODES = "'socket', 'http', 'webhook' or 'console'"
SECTION = "slack should be a section; write [slack] with its keys on the lines below."
ZONE = "timezone should be an IANA time zone name such as"
TABLE = 'table such as {search = ["ci-*"]} (in the environment {"search": ["ci-*"]})'


def unknown(key: str, nearest: str) -> str:
    return f"{key} is unknown; rename it to {nearest}, the nearest known, or remove it."


def secret(key: str, variable: str) -> str:
    return f"{key} holds a secret; remove it and set {variable} in the environment."


def syntax(what: str) -> str:
    return f"this is not TOML: {what}; correct that line."


SAID = {
    "unknown-key": [unknown("slack.chanel", "slack.channel")],
    "unknown-section": [unknown("slak.mode", "slack.mode")],
    "unknown-empty-section": [unknown("detecting", "detection.sensitivity")],
    "key-outside-its-section": [unknown("channel", "slack.channel")],
    "key-with-odd-letters": [unknown('"time\\nzone"', "timezone")],
    "section-as-value": [SECTION],
    "section-as-list": [SECTION],
    "value-as-section": ["timezone should be text in quotes."],
    "misspelt-choice": ["anthropic.api should be 'auto', 'analytics' or 'admin'."],
    "misspelt-mode": [f"slack.mode should be {MODES}."],
    "misspelt-sensitivity": ["detection.sensitivity should be 'low', 'medium' or 'high'."],
    "number-for-text": ["slack.channel should be text in quotes."],
    "text-for-number": ["anthropic.requests_per_minute should be a whole number."],
    "true-for-number": ["anthropic.requests_per_minute should be a whole number."],
    "no-requests": ["anthropic.requests_per_minute should be greater than 0."],
    "too-many-requests": ["anthropic.requests_per_minute should be less than or equal to 100000."],
    "address-without-scheme": [f"anthropic.base_url {ADDRESS}"],
    "address-without-host": [f"slack.api_url {ADDRESS}"],
    "address-with-password": [f"anthropic.base_url {ADDRESS}"],
    "address-with-bad-port": [f"anthropic.base_url {ADDRESS}"],
    "empty-path": [f"history.path {PATH}"],
    "path-with-tilde": [f"rules.path {PATH}"],
    "path-as-number": [f"history.path {PATH}"],
    "misspelt-time-zone": [f"{ZONE} Europe/Berlin."],
    "time-zone-that-is-a-folder": [f"{ZONE} Europe/Rome."],
    "time-zone-outside-the-database": [f"{ZONE} Europe/Berlin."],
    "team-with-one-pattern-bare": ["teams.search should be a list."],
    "team-with-empty-pattern": ["teams.search item 2 should have at least 1 character."],
    "team-without-patterns": ["teams.search should have at least 1 item."],
    "team-without-name": ['teams."" should have at least 1 character.'],
    "teams-as-list": [f"teams should be a {TABLE}."],
    "secret-by-its-variable": [secret("anthropic_ADMIN_key", "ANTHROPIC_ADMIN_KEY")],
    "secret-in-its-section": [secret("slack.signing_secret", "SLACK_SIGNING_SECRET")],
    "secret-in-own-section": [secret("secrets.SLACK_APP_TOKEN", "SLACK_APP_TOKEN")],
    "secret-file-in-the-file": [secret("slack.webhook_url_file", "SLACK_WEBHOOK_URL")],
    "secret-under-another-name": [secret("anthropic.api_key", "ANTHROPIC_ADMIN_KEY")],
    "admin-key-as-value": [secret("anthropic.base_url", "ANTHROPIC_ADMIN_KEY")],
    "other-key-as-value": [secret("anthropic.api", "ANTHROPIC_ADMIN_KEY or ANTHROPIC_ANALYTICS_KEY")],
    "bot-token-as-value": [secret("slack.channel", "SLACK_BOT_TOKEN")],
    "app-token-in-a-team": [secret("teams", "SLACK_APP_TOKEN")],
    "bot-token-as-team-name": [secret("teams", "SLACK_BOT_TOKEN")],
    "webhook-as-value": [secret("slack.api_url", "SLACK_WEBHOOK_URL")],
    "bot-token-as-key": ["a secret is used as a name; remove it and set SLACK_BOT_TOKEN in the environment."],
    "half-a-line": [syntax("Expected '=' after a key in a key/value pair (at line 3, column 6)")],
    "end-too-soon": [syntax("Unterminated string (at line 2, column 16)")],
    "key-twice": [syntax("Cannot overwrite a value (at line 2, column 17)")],
    "not-utf-8": ["line 3 is not UTF-8 text; save the file as UTF-8."],
    "four-mistakes": [
        unknown("zone", "timezone"),
        secret("anthropic.admin_key", "ANTHROPIC_ADMIN_KEY"),
        f"{ZONE} Europe/Berlin.",
        "anthropic.api should be 'auto', 'analytics' or 'admin'.",
    ],
}


@pytest.mark.parametrize("name", SAID)
def test_a_mistake_is_told_with_file_key_and_remedy(name: str) -> None:
    path = BROKEN / f"{name}.toml"
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert list(caught.value.problems) == [f"{path}: {sentence}" for sentence in SAID[name]]
    assert "made-up" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_every_broken_file_is_in_the_table() -> None:
    assert {path.stem for path in BROKEN.iterdir()} == set(SAID)
