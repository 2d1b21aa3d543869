import io

import pytest
from inline_snapshot import snapshot
from rich.console import Console

from bot.facts.delivery import Message, NotSent, Sent, Why
from bot.facts.incident import Point, State
from bot.facts.money import usd_from_dollars
from bot.facts.severity import Severity
from bot.slack.barchart import bar_chart
from bot.slack.console import ConsoleSender
from bot.slack.messages import incident_message
from bot.slack.mrkdwn import styled
from tests.fakes.incidents import DIRECTORY, HOUR, START, runaway
from tests.slack.deliveries import delivery

COURSE = tuple(
    Point(START + at * HOUR, usd_from_dollars(spent), usd_from_dollars(8.5))
    for at, spent in enumerate((8, 9, 8, 7, 8, 41, 82, 91))
)


def printed(message: Message, why: Why = Why.FIRST, *, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=80, force_terminal=colour, color_system="truecolor" if colour else None
    )
    assert ConsoleSender(console).send(delivery(message=message, why=why)) == Sent()
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_an_alert_at_80_columns_without_colour() -> None:
    message = incident_message(runaway(course=COURSE), DIRECTORY, Why.FIRST)
    assert printed(message) == snapshot("""\
╭─ C01ALERTS · new ────────────────────────────────────────────────────────────╮
│  🔴 Runaway spend on key ci-eval: +$412.00, 9.0x                             │
│                                                                              │
│  Critical: key ci-eval spent $463.50 since 19 Nov 02:00 UTC, expected        │
│  $38.00 to $61.00. Running at $84.20/h above normal, $23,576 more by the     │
│  end of the month if left.                                                   │
│                                                                              │
│  Owner: ada <ada@example.com>                                                │
│  Model: claude-opus-5                                                        │
│  Why: Requests rose 8.7x while the tokens of each stayed the same.           │
│  Next step: Ask ada whether the nightly evaluation loops; if nobody          │
│  answers, disable the key.                                                   │
│                                                                              │
│  What makes up the +$412.00:                                                 │
│  • +$301.26 more requests                                                    │
│  • +$88.13 uncached input                                                    │
│  • +$16.10 longer output                                                     │
│  • +$6.51 the rest                                                           │
│                                                                              │
│  Spend per hour (USD)                                                        │
│  $91                   ▃▃ ██                                                 │
│                        ██ ██                                                 │
│                        ██ ██                                                 │
│                     ▆▆ ██ ██                                                 │
│                     ██ ██ ██                                                 │
│   $0 ▄▄─▅▅─▄▄─▄▄─▄▄─██─██─██─                                                │
│      02:00             09:00                                                 │
│      █ actual   ─ expected   (USD)                                           │
│                                                                              │
│  Billed figures up to 19 Nov 08:00 UTC · details: claude-spend incident      │
│  inc_7f3a                                                                    │
╰──────────────────────────────────────────────────────────────────────────────╯
""")


@pytest.mark.parametrize(
    ("why", "news"),
    [
        (Why.FIRST, "new"),
        (Why.GREW, "grew"),
        (Why.EDIT, "edited"),
        (Why.REOPENED, "reopened"),
        (Why.RESOLVED, "resolved"),
    ],
)
def test_the_border_says_why(why: Why, news: str) -> None:
    assert printed(delivery().message, why).startswith(f"╭─ C01ALERTS · {news} ─")


@pytest.mark.parametrize(
    ("changes", "colour"),
    [
        pytest.param({"severity": Severity.CRITICAL}, "\x1b[31m", id="critical is red"),
        pytest.param({"severity": Severity.WARNING}, "\x1b[33m", id="a warning is yellow"),
        pytest.param({"severity": Severity.NOTICE}, "\x1b[34m", id="a notice is blue"),
        pytest.param({"state": State.RESOLVED}, "\x1b[32m", id="resolved is green"),
    ],
)
def test_the_border_has_the_colour_of_the_severity(changes: dict[str, object], colour: str) -> None:
    message = incident_message(runaway(**changes), DIRECTORY, Why.FIRST)
    assert printed(message, colour=True).startswith(f"{colour}╭─")


@pytest.mark.parametrize(
    ("mrkdwn", "plain", "spans"),
    [
        pytest.param("*a* b", "a b", ["bold"], id="bold"),
        pytest.param("_a_ ~b~ `c*d*`", "a b c*d*", ["italic", "strike", "cyan"], id="italic, struck, code"),
        pytest.param(
            "*since <!date^1^{date}|1 Jan UTC>*", "since 1 Jan UTC", ["bold"], id="a date by its fallback"
        ),
        pytest.param(
            "&lt;b&gt; &amp;amp; [red]", "<b> &amp; [red]", [], id="entities resolved once, rich markup not"
        ),
        pytest.param("\x1b[2Ja\u2068b\u2069", "[2Jab", [], id="nothing the terminal obeys"),
        pytest.param("2*3*4 snake_case_name", "2*3*4 snake_case_name", [], id="no formatting inside words"),
    ],
)
def test_mrkdwn(mrkdwn: str, plain: str, spans: list[str]) -> None:
    text = styled(mrkdwn)
    assert text.plain == plain
    assert [str(span.style) for span in text.spans] == spans


@pytest.mark.parametrize(
    ("link", "label"),
    [("<https://example.com/a|runbook>", "runbook"), ("<https://example.com/a>", "https://example.com/a")],
)
def test_a_link_shows_its_label(link: str, label: str) -> None:
    text = styled(f"see {link}")
    assert text.plain == f"see {label}"
    assert "https://example.com/a" in str(text.spans[0].style)


def test_other_blocks() -> None:
    def words(text: str) -> dict[str, str]:
        return {"type": "mrkdwn", "text": text}

    button = {"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}
    blocks = (
        {"type": "section", "fields": [words("*a*\none"), words("b"), words("c")]},
        {"type": "divider"},
        {"type": "actions", "elements": [button]},
        {"type": "table"},
    )
    assert printed(Message("text", blocks)) == snapshot("""\
╭─ C01ALERTS · new ────────────────────────────────────────────────────────────╮
│  a                                    b                                      │
│  one                                                                         │
│  c                                                                           │
│                                                                              │
│  ──────────────────────────────────────────────────────────────────────────  │
│                                                                              │
│  [ Acknowledge ]                                                             │
│                                                                              │
│  (table)                                                                     │
╰──────────────────────────────────────────────────────────────────────────────╯
""")


def test_a_message_without_blocks_shows_its_text() -> None:
    assert "only *words*".replace("*", "") in printed(Message("only *words*"))


@pytest.mark.parametrize(
    ("labels", "actual", "expected"),
    [
        pytest.param(["a"], [0.0], [0.0], id="nothing at all"),
        pytest.param(["a", "b"], [-5.0, 3.0], [1.0, -2.0], id="negative values"),
        pytest.param(["a", "b"], [1e-6, 2e-6], [1e-6, 1e-6], id="tiny values"),
    ],
)
def test_odd_charts_keep_their_shape(labels: list[str], actual: list[float], expected: list[float]) -> None:
    rows = bar_chart(labels, actual, expected).plain.splitlines()
    assert len(rows) == 8
    assert rows[5].lstrip().startswith("$0")


def test_a_closed_terminal_is_reported() -> None:
    file = io.StringIO()
    file.close()
    outcome = ConsoleSender(Console(file=file)).send(delivery())
    assert isinstance(outcome, NotSent)


def test_a_terminal_of_another_encoding_is_reported() -> None:
    outcome = ConsoleSender(Console(file=io.TextIOWrapper(io.BytesIO(), "ascii"))).send(delivery())
    assert isinstance(outcome, NotSent)
    assert "PYTHONIOENCODING" in outcome.error


def test_it_cannot_edit() -> None:
    assert not ConsoleSender.edits
