"""The app that Slack is given: what it may do and hears fits what the program does."""

import json
import re
from pathlib import Path

import pytest

from bot.slack.manifest import SCOPES, manifest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("file", "url"),
    [
        pytest.param("manifest-socket.json", "", id="socket"),
        pytest.param("manifest-http.json", "https://spend.example.com", id="http"),
    ],
)
def test_the_manifests_in_the_docs_are_those_that_are_printed(file: str, url: str) -> None:
    assert json.loads((ROOT / "docs" / file).read_text()) == manifest(url)


def test_a_socket_needs_no_address_and_requests_over_http_have_one_everywhere() -> None:
    assert "http" not in json.dumps(manifest())
    over_http = json.dumps(manifest("https://spend.example.com/bot/"))
    assert over_http.count('"https://spend.example.com/bot/slack/events"') == 3
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert manifest("https://spend.example.com")["settings"]["socket_mode_enabled"] is False


def test_every_scope_is_explained_in_the_docs() -> None:
    page = (ROOT / "docs" / "slack.md").read_text()
    assert [scope for scope in SCOPES if f"| `{scope}` | {SCOPES[scope]} |" not in page] == []


def test_the_lengths_are_those_slack_takes() -> None:
    app = manifest()
    (command,) = app["features"]["slash_commands"]
    assert len(app["display_information"]["name"]) <= 35
    assert len(app["display_information"]["description"]) <= 140
    assert re.fullmatch(r"/[a-z-]{1,31}", command["command"])
