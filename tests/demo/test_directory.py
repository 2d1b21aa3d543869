from dataclasses import replace
from typing import Any

import pytest

from tests.demo.asking import HEADERS, ROOT, Asker

NEWER = HEADERS | {"anthropic-version": "2026-10-21"}


def _names(ask: Asker, what: str, text: str) -> list[str]:
    return [entry["name"] for entry in ask.page(f"{ROOT}/{what}", f"limit=1000 {text}")["data"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "", ["Production", "Internal tools", "Research", "Claude Code"], id="as upstream lists them"
        ),
        pytest.param(
            "include_default=true",
            ["Default", "Production", "Internal tools", "Research", "Claude Code"],
            id="with the default one",
        ),
        pytest.param(
            "include_archived=true",
            ["Production", "Internal tools", "Research", "Claude Code", "Prototype 2025"],
            id="with the archived one",
        ),
        pytest.param(
            "ids[]=wrkspc_01Research,wrkspc_01Default", ["Research"], id="two by id, one not asked for"
        ),
    ],
)
def test_workspaces(ask: Asker, text: str, names: list[str]) -> None:
    assert _names(ask, "workspaces", text) == names


def test_the_default_workspace_is_found_by_its_id(ask: Asker) -> None:
    assert ask.page(f"{ROOT}/workspaces/wrkspc_01Default", "")["name"] == "Default"


def test_keys_page_by_id_in_both_directions(ask: Asker) -> None:
    path = f"{ROOT}/api_keys"
    whole = ask.page(path, "limit=1000")["data"]
    first = ask.page(path, "limit=10")
    second = ask.page(path, f"limit=10 after_id={first['last_id']}")
    third = ask.page(path, f"limit=10 after_id={second['last_id']}")
    assert [*first["data"], *second["data"], *third["data"]] == whole
    assert [page["has_more"] for page in (first, second, third)] == [True, True, False]
    back = ask.page(path, f"limit=10 before_id={third['first_id']}")
    assert back["data"] == second["data"]
    assert back["has_more"]
    assert len(ask.page(path, "")["data"]) == 20


def test_page_numbers_are_ignored(ask: Asker) -> None:
    assert ask.page(f"{ROOT}/users", "page=2&offset=20") == ask.page(f"{ROOT}/users", "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("status=inactive", ["legacy-import", "intern-sandbox"], id="switched off"),
        pytest.param("status=archived", ["old-voice-agent"], id="archived"),
        pytest.param("status=expired", [], id="expired"),
        pytest.param("created_by_user_id=user_01Kofi", ["voice-agent", "old-voice-agent"], id="by maker"),
        pytest.param(
            "workspace_id=wrkspc_01Research", ["ci-eval", "notebooks", "agent-lab"], id="by workspace"
        ),
    ],
)
def test_keys_by_what_they_are(ask: Asker, text: str, names: list[str]) -> None:
    assert _names(ask, "api_keys", text) == names


def test_a_key_says_its_workspace_as_its_version_does(ask: Asker) -> None:
    def key(name: str, headers: dict[str, str]) -> dict[str, Any]:
        return replace(ask, headers=headers).page(f"{ROOT}/api_keys/apikey_01{name}", "")

    assert key("CiEval", HEADERS)["workspace_id"] == "wrkspc_01Research"
    assert key("StatusPage", HEADERS)["workspace_id"] is None
    assert key("StatusPage", NEWER)["scope"] == {"type": "workspace", "workspace_id": "wrkspc_01Default"}
    assert "workspace_id" not in key("StatusPage", NEWER)
    assert key("NightlyBatch", HEADERS)["principal"] == {"id": "svac_01Batch", "type": "service_account"}
    assert key("CiEval", NEWER)["created_by"] == {"id": "user_01Sami", "type": "user"}


def test_people_who_left_are_not_listed(ask: Asker) -> None:
    names = _names(ask, "users", "")
    assert len(names) == 30
    assert "Edda" not in names
    assert _names(ask, "users", "roles[]=admin,billing") == ["Ada", "Bela", "Carlo"]
    assert _names(ask, "users", "email=ada@lighthouse.example") == ["Ada"]
