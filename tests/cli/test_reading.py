"""`explain`, `incidents`, `incident`: what people read, and what programs do."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.history.store import History
from tests.cli.conftest import Ask
from tests.fakes.incidents import runaway

NOW = ("--now", "2026-11-19T05:30:00Z")


def words(text: str) -> str:
    return " ".join(text.split())


def test_incidents_are_listed_newest_first(told: Path, ask: Ask) -> None:
    code, out, err = ask("incidents", "--config", str(told))
    assert (code, err) == (0, "")
    assert out.split()[:3] == ["id", "state", "severity"]
    first, second = (line.split() for line in out.splitlines() if line.startswith("1119"))
    assert first[:3] == ["1119-ab12", "open", "critical"]
    assert second[:3] == ["1119-ab99", "resolved", "critical"]
    assert "$412.00" in out


def test_no_incidents_is_said(config: Path, ask: Ask) -> None:
    History(config.with_name("history.db")).close()
    assert ask("incidents", "--config", str(config))[:2] == (0, "No incidents.\n")
    assert ask("incidents", "--config", str(config), "--json")[:2] == (0, "[]\n")


@pytest.mark.parametrize("command", [["incidents"], ["incident", "1119-ab12"]], ids=lambda words: words[0])
def test_json_is_whole_and_its_money_is_in_nano_dollars(command: list[str], told: Path, ask: Ask) -> None:
    code, out, err = ask(*command, "--config", str(told), "--json")
    assert (code, err) == (0, "")
    found = json.loads(out, parse_float=Decimal)
    one = found[0] if isinstance(found, list) else found
    assert (one["id"], one["state"], one["unit"]) == ("1119-ab12", "open", "nano-USD")
    assert (one["observed"], one["expected"], one["excess"]) == (
        463_500_000_000,
        51_500_000_000,
        412_000_000_000,
    )
    assert sum(usd for _, usd in one["cause"]["drivers"]) == one["excess"]
    assert one["scope"]["api_key_id"] == "apikey_ci"
    assert datetime.fromisoformat(one["start"]) == runaway().start
    assert one["history"][0]["reason"] == "8.7x the usual"


def test_one_incident_is_told_whole(told: Path, ask: Ask) -> None:
    code, out, err = ask("incident", "1119-ab1", "--config", str(told))
    assert (code, err) == (0, "")
    said = words(out)
    for expected in (
        "1119-ab12 Runaway spend on key ci-eval: $412.00",
        "open, critical",
        "19 Nov 02:00 UTC, measured until 19 Nov 08:00 UTC",
        "$463.50 against $51.50 expected ($38.00 to $61.00), 9.0x, billed",
        "$84.20 an hour above usual",
        "claude-opus-5",
        "ada <ada@example.com>",
        "Requests rose 8.7x",
        "+$301.26 more requests",
        "19 Nov 03:00 UTC opened 8.7x the usual",
    ):
        assert expected in said


def test_a_resolved_incident_says_since_when(told: Path, ask: Ask) -> None:
    assert "resolved 19 Nov 11:00 UTC, critical" in words(
        ask("incident", "1119-ab99", "--config", str(told))[1]
    )


def test_its_drivers_add_up_to_the_cent(told: Path, ask: Ask) -> None:
    lines = ask("incident", "1119-ab12", "--config", str(told))[1].splitlines()
    amounts = [line.split()[0] for line in lines if line.strip().startswith(("+$", "-$"))]
    assert len(amounts) == 4
    assert sum(Decimal(amount.replace("$", "")) for amount in amounts) == Decimal("412.00")


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        pytest.param("1119-ab", "2 incidents begin with '1119-ab'", id="two begin so"),
        pytest.param("1120", "no incident has the id '1120'", id="none does"),
        pytest.param("%", "no incident has the id '%'", id="a wildcard means itself"),
    ],
)
def test_an_id_that_names_no_one_incident(id_: str, said: str, told: Path, ask: Ask) -> None:
    code, out, err = ask("incident", id_, "--config", str(told))
    assert (code, out) == (1, "")
    assert err == f"claude-spend: {said}; `claude-spend incidents` lists them\n"


def test_a_window_is_explained_with_parts_that_add_up(told: Path, ask: Ask) -> None:
    asked = ("--from", "2026-11-19", "--to", "2026-11-20", "--against", "2026-11-19", "2026-11-19T01:00:00Z")
    code, out, err = ask("explain", "--scope", "key:ci-eval", *asked, "--config", str(told))
    assert (code, err) == (0, "")
    assert words(out).startswith(
        "key ci-eval, 2026-11-19 00:00 to 2026-11-20 00:00 UTC: -$153.33 spent $6.67"
    )
    found = json.loads(ask("explain", *asked, "--json", "--config", str(told))[1])
    assert found["unit"] == "nano-USD"
    subject = found["subject"]
    assert sum(usd for _, usd in found["cause"]["drivers"]) == subject["observed"] - subject["expected"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--from", "2026-11-20", "--to", "2026-11-19"), "--to must lie after --from", id="back"),
        pytest.param(("--from", "yesterday"), "neither a day such as", id="a word"),
        pytest.param(
            ("--scope", "key:nobody", *NOW), "no key that spent is called 'nobody'", id="a stranger"
        ),
        pytest.param(("--from", "2025-01-01", "--to", "2025-01-02"), "nothing was read", id="the past"),
    ],
)
def test_what_cannot_be_explained_says_why(
    arguments: tuple[str, ...], said: str, told: Path, ask: Ask
) -> None:
    code, _, err = ask("explain", *arguments, "--config", str(told))
    assert code > 0
    assert said in words(err)
