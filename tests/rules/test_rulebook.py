"""What rule files may say, and what it means."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.facts.severity import Severity
from bot.rules.amounts import Quantity, Unit
from bot.rules.examples import run
from bot.rules.language import Event, Rule
from bot.rules.periods import Span
from bot.rules.rulebook import Rulebook, read

SHIPPED = Path(__file__).parents[2] / "rules"
CAP = """\
rules:
  - watch: cost
    name: no key spends more than $500 in a day
    because: Nobody plans to.
    per: key
    above: $500
    within: 24h
"""
LAUNCH = """\
events:
  - name: assistant launch
    because: Announced.
    scope: {key: product-assistant}
    from: 2026-10-20T08:00Z
    to: 2026-10-22T20:00Z
    expected: 4x
"""


def rule(line: str) -> Rule:
    """The cap with one line added, in place of the line of the same field."""
    name = line.split(":", maxsplit=1)[0]
    kept = [text for text in CAP.splitlines() if not text.startswith(f"    {name}:")]
    [found] = read({"caps.yaml": "\n".join([*kept, f"    {line}"])}).rules
    return found


def event(line: str) -> Event:
    """The launch with the line of one field replaced."""
    name = line.split(":", maxsplit=1)[0]
    kept = [text for text in LAUNCH.splitlines() if not text.startswith(f"    {name}:")]
    [found] = read({"calendar.yaml": "\n".join([*kept, f"    {line}"])}).events
    return found


def test_a_cap_says_what_its_fields_say() -> None:
    text = CAP + '    severity: warning\n    where: {workspace: research, model: "claude-opus-*"}\n'
    [found] = read({"rules/caps.yaml": text}).rules
    assert found.name == "no key spends more than $500 in a day"
    assert found.because == "Nobody plans to."
    assert (found.watch, found.per, found.dimensions) == ("cost", ("key",), ("api_key_id",))
    assert found.where.patterns() == {"workspace_id": ("research",), "model": ("claude-opus-*",)}
    assert (found.above, found.within) == (Quantity(500 * 10**9, Unit.DOLLARS), Span(24))
    assert found.severity_at(0) is Severity.WARNING


def test_severity_and_patterns_may_be_left_to_the_bot() -> None:
    found = rule("per: organisation")
    assert found.severity_at(10**12) is None
    assert found.where.patterns() == {}
    assert found.dimensions == ()


@pytest.mark.parametrize(
    ("written", "nano"),
    [
        pytest.param("$200", 200 * 10**9, id="whole dollars"),
        pytest.param("$0.50", 5 * 10**8, id="cents"),
        pytest.param("$12,000.25", 12_000_250_000_000, id="thousands set apart"),
        pytest.param("$0.000000001", 1, id="one nano-dollar"),
        pytest.param("$0", 0, id="nothing at all may be spent"),
        pytest.param('"$1"', 10**9, id="in quotes"),
        pytest.param("$1,000,000,000", 10**18, id="the largest amount"),
    ],
)
def test_amounts_are_exact(written: str, nano: int) -> None:
    assert rule(f"above: {written}").above == Quantity(nano, Unit.DOLLARS)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        pytest.param("1h", 1, id="the shortest"),
        pytest.param("36h", 36, id="hours beyond a day"),
        pytest.param("1d", 24, id="a day"),
        pytest.param("31d", 744, id="the longest"),
        pytest.param("744h", 744, id="the longest in hours"),
    ],
)
def test_windows_are_whole_hours_or_days(written: str, hours: int) -> None:
    assert rule(f"within: {written}").within == Span(hours)


@pytest.mark.parametrize(
    ("line", "attribute", "value"),
    [
        pytest.param("name: no", "name", "no", id="no is a word, not a boolean"),
        pytest.param("name: 0123", "name", "0123", id="digits stay as they are written"),
        pytest.param("name: 2026-10-20", "name", "2026-10-20", id="a date is a fine name"),
        pytest.param('name: "null"', "name", "null", id="null in quotes is a word"),
        pytest.param(
            "because: >\n      Two lines\n      of reasons.\n",
            "because",
            "Two lines of reasons.",
            id="a folded reason is one sentence",
        ),
        pytest.param("because: |\n      Two\n\n      parts", "because", "Two parts", id="a block is one too"),
        pytest.param("name: 👩‍🔬 café", "name", "👩‍🔬 café", id="any script, joined signs too"),
    ],
)
def test_text_is_what_people_wrote(line: str, attribute: str, value: str) -> None:
    assert getattr(rule(line), attribute) == value


def test_an_event_says_what_its_fields_say() -> None:
    [found] = read({"rules/calendar.yaml": LAUNCH}).events
    assert (found.name, found.because) == ("assistant launch", "Announced.")
    assert found.scope.patterns() == {"api_key_id": ("product-assistant",)}
    assert found.window.start == datetime(2026, 10, 20, 8, tzinfo=UTC)
    assert found.window.end == datetime(2026, 10, 22, 20, tzinfo=UTC)
    assert found.expected == Decimal(4)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("2026-10-20T08:00Z", id="as in the documentation"),
        pytest.param("2026-10-20T08:00:00Z", id="with seconds, which YAML takes for a time"),
        pytest.param("2026-10-20 08:00:00+00:00", id="with a space"),
        pytest.param('"2026-10-20T08:00Z"', id="in quotes"),
        pytest.param("2026-10-20T10:00+02:00", id="in another zone"),
    ],
)
def test_times_are_read_as_utc(written: str) -> None:
    start = event(f"from: {written}").start
    assert start == datetime(2026, 10, 20, 8, tzinfo=UTC)
    assert start.tzinfo is UTC


def test_what_is_expected_is_a_multiple_or_anything() -> None:
    assert event("expected: 1.5x").expected == Decimal("1.5")
    assert event("expected: any").expected is None
    assert event("scope: {}").scope.patterns() == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("# nothing yet\n", id="only comments"),
        pytest.param("---\n", id="only the start of a document"),
        pytest.param("rules:\n#  - name: later\nevents:\n", id="every entry commented out"),
        pytest.param("rules: []\nevents: []\n", id="empty lists"),
        pytest.param("\ufeffrules: []\n", id="a byte order mark"),
        pytest.param("rules: []\r\nevents: []\r\n", id="lines as Windows ends them"),
    ],
)
def test_files_without_entries_are_fine(text: str) -> None:
    assert read({"rules/a.yaml": text}) == Rulebook()


def test_entries_come_in_the_order_of_file_names() -> None:
    texts = {"b.yaml": CAP, "a.yaml": CAP.replace("no key", "not one key") + LAUNCH, "c.yaml": LAUNCH}
    book = read(texts)
    assert [found.name.split()[0] for found in book.rules] == ["not", "no"]
    assert len(book.events) == 2


def test_the_files_that_are_shipped_are_valid_and_plan_nothing() -> None:
    book = read({path.name: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.yaml")})
    assert len(book.rules) >= 3
    assert book.events == ()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_in_the_comments_of_shipped_files_are_valid_too(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    entries = re.split("^(?=[a-z]+:)", text, maxsplit=1, flags=re.MULTILINE)[1]
    bare = re.sub(r"^#(  .*)?$", r"\1", entries, flags=re.MULTILINE)
    book, shipped = read({path.name: bare}), read({path.name: text})
    for name in ("rules", "events", "routes"):
        assert len(getattr(book, name)) >= len(getattr(shipped, name))
    assert (book.rules, book.events, book.routes) != (shipped.rules, shipped.events, shipped.routes)
    assert [outcome.problem for rule in book.rules for outcome in run(rule) if outcome.problem] == []
