"""The views people may query: their columns are a promise, their names are names."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.facts.clock import DAY, HOUR, Grain, Window, floor
from bot.facts.delivery import Delivery, Message, Told, Why
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.incident import State
from bot.facts.money import Usd
from bot.facts.severity import Severity
from bot.facts.spend import Basis, Slice, SpendRow
from bot.history.store import History
from tests.fakes.incidents import START, runaway
from tests.fakes.rows import OPUS, row

TODAY = floor(START, Grain.DAY)
TOKENS = [
    "uncached_input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
]
WHOSE = ["workspace_id", "workspace", "api_key_id", "api_key", "model", "actor", "product"]
SPEND = [*WHOSE, "usd", "list_usd", "requests", *TOKENS, "basis"]
EXACT = ["nano_usd", "nano_list_usd", "web_searches"]
COLUMNS = {
    "spend_hour": ["hour", *SPEND, *EXACT, "first_seen", "last_changed"],
    "spend_day": ["day", *SPEND, *EXACT],
    "incidents": [
        "id",
        "state",
        "severity",
        "kind",
        "scope",
        "start",
        "opened_at",
        "resolved_at",
        "basis",
        "why",
        "headline",
        "observed_usd",
        "expected_usd",
        "excess_usd",
    ],
    "answers": ["id", "incident_id", "verb", "actor", "actor_id", "at", "until", "expectation", "note"],
    "deliveries": [
        "id",
        "role",
        "incident_id",
        "why",
        "channel",
        "state",
        "attempts",
        "ts",
        "error",
        "created_at",
        "text",
    ],
    "job_runs": ["id", "job", "started_at", "ended_at", "ok", "said"],
}
NAMES = Directory(
    keys={"apikey_ci": Key("apikey_ci", "ci-eval"), "nameless": Key("nameless", "")},
    workspaces={"wrkspc_research": Workspace("wrkspc_research", "research")},
    people={"user_ada": Person("user_ada", "ada")},
)


@pytest.fixture
def reader(history: History, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who opens the file to read it, with nothing of ours."""
    history.names.remember(NAMES)
    with closing(sqlite3.connect(f"file:{tmp_path / 'history.db'}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        yield db


def ask(reader: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    return [dict(found) for found in reader.execute(query)]


def keep(history: History, rows: list[SpendRow], grain: Grain = Grain.HOUR) -> None:
    window = Window(TODAY, TODAY + DAY)
    history.spend.replace(Slice("analytics", window, grain, START, rows), START + timedelta(minutes=5))


@pytest.mark.parametrize("view", COLUMNS)
def test_columns_are_a_promise(view: str, reader: sqlite3.Connection) -> None:
    found = reader.execute(f"SELECT * FROM {view}")
    assert [name for name, *_ in found.description] == COLUMNS[view]


def test_an_hour_of_spend(history: History, reader: sqlite3.Connection) -> None:
    one = row(START, actor="user_ada", product="messages_api", basis=Basis.ESTIMATED)
    keep(history, [one])
    (found,) = ask(reader, "SELECT * FROM spend_hour")
    assert found == {
        "hour": "2026-11-19T02:00:00Z",
        "workspace_id": "wrkspc_research",
        "workspace": "research",
        "api_key_id": "apikey_ci",
        "api_key": "ci-eval",
        "model": OPUS,
        "actor": "ada",
        "product": "messages_api",
        "usd": 1.0,
        "list_usd": 1.0,
        "requests": 100,
        "uncached_input_tokens": 20_000,
        "cache_read_tokens": 300_000,
        "cache_write_5m_tokens": 8_000,
        "cache_write_1h_tokens": 0,
        "output_tokens": 10_000,
        "basis": "estimated",
        "nano_usd": 10**9,
        "nano_list_usd": 10**9,
        "web_searches": 0,
        "first_seen": "2026-11-19T02:05:00Z",
        "last_changed": "2026-11-19T02:05:00Z",
    }


def test_a_day_is_the_sum_of_its_hours(history: History, reader: sqlite3.Connection) -> None:
    keep(history, [row(START), row(START + HOUR, 2), row(START, api_key_id="other", basis=Basis.ESTIMATED)])
    days = ask(reader, "SELECT day, api_key, usd, requests, basis FROM spend_day ORDER BY api_key")
    assert days == [
        {"day": "2026-11-19", "api_key": "ci-eval", "usd": 3.0, "requests": 300, "basis": "billed"},
        {"day": "2026-11-19", "api_key": "other", "usd": 1.0, "requests": 100, "basis": "estimated"},
    ]


def test_what_was_read_by_the_day_has_no_hour(history: History, reader: sqlite3.Connection) -> None:
    keep(history, [row(TODAY)], Grain.DAY)
    assert ask(reader, "SELECT * FROM spend_hour") == []
    assert len(ask(reader, "SELECT * FROM spend_day")) == 1


@pytest.mark.parametrize("view", ["spend_hour", "spend_day"])
def test_what_has_no_name_is_called_by_its_id(
    view: str, history: History, reader: sqlite3.Connection
) -> None:
    keep(history, [row(START, workspace_id="", api_key_id="nameless", actor="someone@example.com")])
    (found,) = ask(reader, f"SELECT workspace, api_key, actor FROM {view}")
    assert found == {"workspace": "", "api_key": "nameless", "actor": "someone@example.com"}


def test_an_incident(history: History, reader: sqlite3.Connection) -> None:
    history.incidents.save(
        [runaway(), runaway(id="inc_2", state=State.RESOLVED, resolved_at=START + 9 * HOUR)]
    )
    found = ask(reader, "SELECT * FROM incidents ORDER BY id")
    assert found[0] | {"scope": ""} == {
        "id": "inc_2",
        "state": "resolved",
        "severity": "critical",
        "kind": "spike",
        "scope": "",
        "start": "2026-11-19T02:00:00Z",
        "opened_at": "2026-11-19T03:00:00Z",
        "resolved_at": "2026-11-19T11:00:00Z",
        "basis": "billed",
        "why": "",
        "headline": "Runaway spend",
        "observed_usd": 463.5,
        "expected_usd": 51.5,
        "excess_usd": 412.0,
    }
    assert found[1]["resolved_at"] is None
    assert '"api_key_id":"apikey_ci"' in found[1]["scope"]


def test_a_delivery_and_a_run(history: History, reader: sqlite3.Connection) -> None:
    history.incidents.save([runaway()])
    told = Told(State.OPEN, Severity.WARNING, Usd(1), Message("words"))
    history.outbox.add(Delivery("dlv", "inc_7f3a", Why.FIRST, "#ai", Message("words"), START), told)
    history.runs.finish(history.runs.start("collect", START), START + HOUR, ok=False, said="blind")
    (delivery,) = ask(reader, "SELECT why, state, created_at, text FROM deliveries")
    assert delivery == {
        "why": "first",
        "state": "pending",
        "created_at": "2026-11-19T02:00:00Z",
        "text": "words",
    }
    (run,) = ask(reader, "SELECT job, started_at, ended_at, ok, said FROM job_runs")
    assert run == {
        "job": "collect",
        "started_at": "2026-11-19T02:00:00Z",
        "ended_at": "2026-11-19T03:00:00Z",
        "ok": 0,
        "said": "blind",
    }
