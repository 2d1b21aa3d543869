"""Switching a key of the demo organisation; how keys are listed is in test_directory.py."""

import json
from dataclasses import replace

import pytest

from tests.demo.asking import HEADERS, ROOT, Asker

NEWER = HEADERS | {"anthropic-version": "2026-10-21"}
CI_EVAL = f"{ROOT}/api_keys/apikey_01CiEval"


def _switch(ask: Asker, body: object, path: str = CI_EVAL) -> tuple[int, dict[str, object]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = ask.answer(path, [], "POST", content)
    return answer.status, json.loads(answer.body)


def _listed(ask: Asker, status: str) -> set[str]:
    return {entry["name"] for entry in ask.page(f"{ROOT}/api_keys", f"limit=1000 status={status}")["data"]}


def test_a_key_stays_as_it_was_switched(ask: Asker) -> None:
    before = ask.page(CI_EVAL, "")
    assert _switch(ask, {"status": "inactive"}) == (200, {**before, "status": "inactive"})
    assert ask.page(CI_EVAL, "")["status"] == "inactive"
    assert _listed(ask, "inactive") == {"ci-eval", "legacy-import", "intern-sandbox"}
    assert "ci-eval" not in _listed(ask, "active")
    assert _switch(ask, {"status": "active"}) == (200, before)
    assert _listed(ask, "inactive") == {"legacy-import", "intern-sandbox"}


def test_a_key_that_is_so_already_stays_so(ask: Asker) -> None:
    assert _switch(ask, {"status": "active"}) == (200, ask.page(CI_EVAL, ""))


def test_an_archived_key_is_on_the_archived_list(ask: Asker) -> None:
    _switch(ask, {"status": "archived"})
    assert _listed(ask, "archived") == {"ci-eval", "old-voice-agent"}


def test_a_switched_key_looks_as_its_version_has_it(ask: Asker) -> None:
    status, key = _switch(replace(ask, headers=NEWER), {"status": "inactive"})
    assert status == 200
    assert key["scope"] == {"type": "workspace", "workspace_id": "wrkspc_01Research"}


def test_another_organisation_does_not_notice(ask: Asker) -> None:
    other = replace(ask)
    _switch(ask, {"status": "inactive"})
    assert other.page(CI_EVAL, "")["status"] == "active"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"", "body: Invalid JSON", id="nothing"),
        pytest.param(b"status=inactive", "body: Invalid JSON", id="a form"),
        pytest.param(b"\xff", "body: Invalid JSON", id="no text"),
        pytest.param(b"[" * 100_000, "body: Invalid JSON", id="a nest"),
        pytest.param(["inactive"], "body: Input should be an object", id="a list"),
        pytest.param({}, "status: Field required", id="no status"),
        pytest.param({"status": None}, "status: Input should be", id="null"),
        pytest.param({"status": "expired"}, "status: Input should be", id="a status that comes by itself"),
        pytest.param({"status": "off"}, "status: Input should be", id="an unknown status"),
        pytest.param({"status": "inactive", "colour": 1}, "colour: Extra inputs", id="an unknown field"),
    ],
)
def test_a_body_that_makes_no_sense_changes_nothing(ask: Asker, body: object, said: str) -> None:
    status, error = _switch(ask, body)
    assert status == 400
    assert said in str(error["error"])
    assert ask.page(CI_EVAL, "")["status"] == "active"


def test_an_unknown_key_is_not_found(ask: Asker) -> None:
    status, error = _switch(ask, {"status": "inactive"}, f"{ROOT}/api_keys/apikey_01None")
    assert (status, "apikey_01None was not found" in str(error["error"])) == (404, True)
