"""`summary`: every kind of answer, as people read it in the terminal."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.facts.clock import DAY, Grain, Window
from bot.facts.incident import State
from bot.facts.spend import Slice
from bot.history.store import History
from bot.jobs.rulebook import take_up
from tests.cli.conftest import MIDNIGHT, Ask
from tests.fakes.incidents import runaway
from tests.fakes.rows import row

NOW = ("--now", "2026-11-19T05:30:00Z")
RULES = b"""rules:
  - {name: the month, because: Agreed., per: organisation, budget: $5000 a month}
  - {name: the day, because: Agreed., per: organisation, budget: $20 a day}
"""


def words(text: str) -> str:
    return " ".join(text.split())


def said(ask: Ask, told: Path, *question: str) -> str:
    """What a question is answered with, on one line."""
    code, out, err = ask("summary", *question, "--config", str(told), *NOW)
    assert (code, err) == (0, "")
    return words(out)


@pytest.fixture
def steady(told: Path) -> Path:
    """Forty more days, a dollar an hour; today is as it was."""
    hours = (MIDNIGHT - hour * DAY / 24 for hour in range(1, 40 * 24 + 1))
    rows = [row(at, api_key_id="k2" if at.hour % 4 else "apikey_ci") for at in hours]
    with History(told.with_name("history.db")) as history:
        window = Window(MIDNIGHT - 40 * DAY, MIDNIGHT)
        history.spend.replace(Slice("admin", window, Grain.HOUR, window.end, rows), MIDNIGHT)
        take_up(history.runs, lambda: {"rules/r.yaml": RULES}, MIDNIGHT)
    return told


def test_it_adds_up_to_the_cent(told: Path, ask: Ask) -> None:
    out = said(ask, told)
    assert out.startswith("$10.00 today (billed, 2026-11-19 00:00 to 2026-11-19 06:00 UTC); no earlier weeks")
    assert "key spend share requests" in out
    assert "ci-eval $6.67 67% 200" in out
    assert "$3.33 33% 100" in out


def test_names_are_shown_as_they_are(told: Path, ask: Ask) -> None:
    assert "[red]loud[/red] <!channel>" in said(ask, told)


def test_by_another_dimension(told: Path, ask: Ask) -> None:
    out = said(ask, told, "by", "models", "today")
    assert "claude-opus-5 $6.67" in out
    assert "claude-haiku-4-5 $3.33" in out


@pytest.mark.parametrize("quoted", ["key:[red]loud[/red] <!channel>", 'key:"[red]loud[/red] <!channel>"'])
def test_only_what_was_asked_about(quoted: str, told: Path, ask: Ask) -> None:
    out = said(ask, told, "today", quoted)
    assert out.startswith("$3.33 today")
    assert "only key [red]loud[/red] <!channel>" in out


def test_against_what_is_usual(steady: Path, ask: Ask) -> None:
    out = said(ask, steady, "today", "top", "1")
    assert "; usually $6.00, +67%" in out
    assert "key spend share change requests" in out
    assert "ci-eval $6.67 67% 3.3x 200" in out
    assert "1 other $3.33 33% -17% 100" in out


def test_hours_that_are_missing(told: Path, ask: Ask) -> None:
    with History(told.with_name("history.db")) as history:
        window = Window(MIDNIGHT - DAY, MIDNIGHT - DAY + timedelta(hours=20))
        history.spend.replace(Slice("admin", window, Grain.HOUR, window.end, []), MIDNIGHT)
    assert "4 hours of it were never read" in said(ask, told, "last 2 days")


def test_where_the_month_is_heading(steady: Path, ask: Ask) -> None:
    out = said(ask, steady, "month")
    assert out.startswith("$442.00 this month (billed, 2026-11-01 00:00 to 2026-11-19 06:00 UTC)")
    assert "expected by the end of November, 80% between $" in out
    assert "budget 'the month': $442.00 of $5,000 (9%) budget" in out
    assert "budget 'the day': $10.00 of $20.00 (50%); at this pace it ends on 19 Nov" in out


def test_two_periods_side_by_side(steady: Path, ask: Ask) -> None:
    out = said(ask, steady, "compare", "today")
    assert out.startswith("$10.00 today against $6.00 in ")
    assert (
        "same hours yesterday: +$4.00, +67% (billed) 2026-11-19 00:00 to 2026-11-19 06:00 UTC against" in out
    )
    assert "key now before change" in out
    assert "ci-eval $6.67 $2.00 +$4.67 3.3x" in out
    assert "[red]loud[/red] <!channel> $3.33 $4.00 -$0.67 -17%" in out


def test_rows_of_two_periods_add_up_to_the_cent(steady: Path, ask: Ask) -> None:
    lines = ask("summary", "compare today by model", "--config", str(steady), *NOW)[1].splitlines()
    rows = [line.split() for line in lines if line.startswith("claude")]
    amounts = [[Decimal(cell.replace("$", "").replace("+", "")) for cell in cells[1:4]] for cells in rows]
    assert all(now - before == change for now, before, change in amounts)
    assert sum(now for now, _, _ in amounts) == Decimal(10)


def test_periods_of_different_length(steady: Path, ask: Ask) -> None:
    out = said(ask, steady, "compare yesterday with 10 nov to 15 nov")
    assert out.startswith("$24.00 a day yesterday against $24.00 a day from 10 to 15 Nov: $0.00, 0% (billed)")
    assert "the periods differ in length: all amounts are means of a day" in out


def test_why(steady: Path, ask: Ask) -> None:
    out = said(ask, steady, "why today key:ci-eval vs yesterday")
    assert out.startswith(
        "key ci-eval, 2026-11-19 00:00 to 2026-11-19 06:00 UTC: +$5.17 spent $6.67 (billed)"
    )


def test_incidents_and_how_many_are_open(told: Path, ask: Ask) -> None:
    out = said(ask, told, "incidents")
    assert "1119-ab12 open critical" in out
    assert out.endswith("1 open")


def test_no_incidents(config: Path, ask: Ask) -> None:
    History(config.with_name("history.db")).close()
    assert said(ask, config, "incidents") == "No incidents."


def test_rules_and_what_is_wrong_with_them(steady: Path, ask: Ask) -> None:
    assert "rule incidents because where the month 0 Agreed. rules/r.yaml:2 the day 0" in said(
        ask, steady, "rules"
    )
    with History(steady.with_name("history.db")) as history:
        take_up(history.runs, lambda: {"rules/r.yaml": b"rules: [{nam: x}]"}, MIDNIGHT)
    out = said(ask, steady, "rules")
    assert out.startswith("✗ rules/r.yaml:1: rules[1]")
    assert "the last good rules stay in force" in out
    assert "the month 0 Agreed." in out


def test_no_rules(config: Path, ask: Ask) -> None:
    History(config.with_name("history.db")).close()
    assert said(ask, config, "rules") == "No rule is in force."


def test_freshness(told: Path, ask: Ask) -> None:
    out = said(ask, told, "freshness")
    assert out.startswith("complete until 20 Nov 00:00 UTC, read until 20 Nov 00:00 UTC ✓ figures")


def test_help_is_a_list_of_words(config: Path, ask: Ask) -> None:
    History(config.with_name("history.db")).close()
    assert "yesterday by model a whole day" in said(ask, config, "help")


def test_what_was_never_read_is_not_nothing(told: Path, ask: Ask) -> None:
    code, out, err = ask("summary", "yesterday", "--config", str(told), *NOW)
    assert (code, out) == (1, "")
    assert err.startswith("claude-spend: no figures for yesterday: the history reaches from 19 Nov 00:00 UTC")


def test_an_unknown_word_is_met_with_the_nearest(told: Path, ask: Ask) -> None:
    code, out, err = ask("summary", "yesterdy", "--config", str(told))
    assert (code, out) == (1, "")
    assert err.endswith("; try: yesterday\n")


def test_how_words_were_taken_is_said(steady: Path, ask: Ask) -> None:
    assert "read opus as model *opus*" in said(ask, steady, "today opus")


@pytest.mark.parametrize(
    ("question", "state"),
    [
        pytest.param(("snooze", "261119-ab12", "4h"), State.SNOOZED, id="snooze"),
        pytest.param(("ack 261119-ab12 I look into it",), State.ACKNOWLEDGED, id="acknowledge"),
        pytest.param(("expected", "261119-ab12"), State.EXPECTED, id="expected"),
    ],
)
def test_what_is_said_of_an_incident_is_done(
    question: tuple[str, ...], state: State, told: Path, ask: Ask
) -> None:
    with History(told.with_name("history.db")) as history:
        history.incidents.save([runaway(id="261119-ab12")])
    out = said(ask, told, *question)
    assert out.startswith("261119-ab12 Runaway spend on key ci-eval")
    with History(told.with_name("history.db")) as history:
        ((_, answer),) = history.answers.after(0)
        assert history.incidents.find("261119-ab12")[0].state is state
    assert answer.actor
