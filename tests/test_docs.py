"""What people read is held against the program: commands, settings, links, examples, numbers."""

import json
import re
import shlex
import sqlite3
import tomllib
from argparse import _SubParsersAction
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bot import VERSION
from bot.cli.parser import parser
from bot.config import load
from bot.config.settings import DEFAULTS, SECRETS, SECTIONS, Slack
from bot.detect import days, gates, laws, measure, newcomers, reduce, sleepers, told
from bot.detect import hours as hours_
from bot.detect.gates import Gates
from bot.detect.sensitivity import Sensitivity
from bot.facts.answer import Expectation
from bot.facts.clock import Grain
from bot.facts.severity import Severity
from bot.history.store import History
from bot.incidents import answers, follow, severity, sight
from bot.incidents.match import QUIET_PERIOD
from bot.jobs.collect import BACKFILL_BUDGET, CYCLE_BUDGET, CYCLE_REACH
from bot.jobs.plan import RESTATED_FOR
from bot.questions.understand import understand
from bot.rules.examples import run
from bot.rules.language import Member, Rule
from bot.rules.metrics import METRICS
from bot.rules.rulebook import read
from bot.sources.admin import AdminSource
from bot.sources.analytics import AnalyticsSource
from bot.sources.pace import IMPATIENT_LADDER, LADDER
from bot.sources.prices_file import read_price_file

ROOT = Path(__file__).parents[1]
PAGES = {
    page.name: page for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
}
NOW = datetime(2026, 11, 19, tzinfo=UTC)
LARGEST_PICTURE = 150_000


def text(page: str) -> str:
    return PAGES[page].read_text("utf-8")


def blocks(language: str, page: str) -> list[str]:
    """The fenced blocks of a language, without the indentation of the list they may stand in."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text(page), re.DOTALL | re.MULTILINE)
    return [re.sub(f"^{indent}", "", body, flags=re.MULTILINE) for indent, body in found]


def spans(page: str) -> list[str]:
    """What stands in backquotes inside sentences and tables."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text(page), flags=re.DOTALL))


def rows(page: str, heading: str) -> list[list[str]]:
    """The body of the first table below a heading, as cells."""
    below = text(page).partition(f"# {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\|\n)+", below, re.MULTILINE)
    assert lines, f"{page} has no table below {heading!r}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]]


def everywhere(pattern: str) -> set[str]:
    return set(chain.from_iterable(re.findall(pattern, text(page)) for page in PAGES))


def commands() -> set[str]:
    actions = (action for action in parser()._actions if isinstance(action, _SubParsersAction))
    return set(next(actions).choices)


def command_lines() -> Iterator[list[str]]:
    """Every command line of ours that the pages show."""
    for page in PAGES:
        shown = [line for block in blocks("(?:sh|console)", page) for line in block.splitlines()]
        for line in (*shown, *spans(page)):
            words = shlex.split(line.removeprefix("$ ")) if "claude-spend " in line else []
            if words and words[0] == "claude-spend":
                yield words[1:]


def test_every_command_is_in_the_readme() -> None:
    shown = {line.split()[1] for line in spans("README.md") if line.startswith("claude-spend ")}
    assert shown == commands()


def test_every_command_is_in_the_changelog() -> None:
    line = re.search(r"^- Commands: (.*)\.$", text("CHANGELOG.md"), re.MULTILINE)
    assert line
    assert set(re.findall(r"`(\w+)`", line[1])) == commands()


def test_every_command_line_shown_is_understood() -> None:
    for words in command_lines():
        options = parser().parse_args(words)
        understand(" ".join(getattr(options, "words", [])), NOW, ZoneInfo("UTC"), {})


def test_what_starts_the_service_exists() -> None:
    starts = [(ROOT / "Procfile").read_text().removeprefix("worker: ").split()]
    starts += [json.loads(line) for line in re.findall(r"^CMD (.*)$", dockerfile(), re.MULTILINE)]
    assert starts == [["claude-spend", "run"]] * 2


def test_the_image_is_made_of_files_that_exist_and_are_sent() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY (.*) \S+$", dockerfile(), re.MULTILINE) for name in line.split()
    }
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_the_checks_can_be_started() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_every_setting_named_exists() -> None:
    named = {span for page in PAGES for span in spans(page) if span.partition(".")[0] in SECTIONS}
    keys = {span.partition(" =")[0] for span in named if re.fullmatch(r"[a-z]+\.[a-z_]+( = .*)?", span)}
    keys -= {"history.db"}  # a file
    assert keys
    assert keys <= {".".join(key) for key in DEFAULTS}


def test_every_variable_named_exists() -> None:
    ours = {"CLAUDE_SPEND__" + "__".join(key).upper() for key in DEFAULTS} | {"CLAUDE_SPEND_CONFIG"}
    secrets = {f"{name}{suffix}" for name in SECRETS for suffix in ("", "_FILE")}
    assert everywhere(r"\b((?:CLAUDE_SPEND|ANTHROPIC|SLACK)_\w+)") <= ours | secrets
    assert set(re.findall(r"CLAUDE_SPEND__\w+", dockerfile())) <= ours


@pytest.mark.parametrize("page", PAGES)
def test_settings_shown_can_be_loaded(page: str, tmp_path: Path) -> None:
    for shown in blocks("toml", page):
        assert tomllib.loads(shown)
        (tmp_path / "config.toml").write_text(shown)
        load(tmp_path / "config.toml", {})


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    found = re.findall(r'\]\(([^)\s]+)\)|src="([^"]+)"', text(page))
    targets = [target for pair in found for target in pair if target and "://" not in target]
    for target in targets:
        assert (PAGES[page].parent / target.partition("#")[0]).exists(), f"{page} links to {target}"


@pytest.mark.parametrize("page", PAGES)
def test_pictures_say_what_they_show(page: str) -> None:
    pictures = re.findall(r"<img [^>]*>", text(page))
    assert all(re.search(r'alt="[^"]{20,}"', picture) for picture in pictures)


def test_pictures_are_small_and_shown() -> None:
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert picture.stat().st_size < LARGEST_PICTURE
        assert any(picture.name in text(page) for page in PAGES), f"{picture.name} is shown nowhere"


def test_the_rules_shown_are_rules() -> None:
    (shown,) = blocks("yaml", "README.md")
    rulebook = read({"rules/example.yaml": shown})
    assert len(rulebook.rules) == len(rulebook.events) == 1
    for shown in blocks("yaml", "rules.md"):
        book = read({"rules/example.yaml": shown})
        assert book.rules or book.events or book.routes
        assert [outcome.problem for rule in book.rules for outcome in run(rule) if outcome.problem] == []


def test_every_field_metric_and_member_of_a_rule_is_explained() -> None:
    fields = {field.alias or name for name, field in Rule.model_fields.items()}
    explained = set(re.findall(r"`([a-z0-9 ]+)", text("rules.md")))
    assert fields | set(METRICS) | set(get_args(Member)) <= explained


def test_the_prices_shown_are_prices() -> None:
    (shown,) = blocks("yaml", "sources.md")
    prices = read_price_file(f"batch: 0.5\nweb_search_per_1000: 10\nmodels:\n{shown}")
    assert len(prices.models[0].prices) > 1


def questions() -> list[str]:
    in_shell = re.findall(r'sqlite3 -readonly history.db "([^"]+)"', text("README.md"))
    return [*in_shell, *(block for page in PAGES for block in blocks("sql", page))]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("history") / "history.db"
    History(path).close()
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.mark.parametrize("question", questions())
def test_queries_shown_can_be_asked(question: str, db: sqlite3.Connection) -> None:
    db.execute(question)


@pytest.mark.parametrize(
    "heading", ["spend_hour, spend_day", "incidents", "deliveries", "answers", "job_runs"]
)
def test_every_column_of_a_view_is_explained(heading: str, db: sqlite3.Connection) -> None:
    views = [db.execute(f"SELECT * FROM {view}").description for view in heading.split(", ")]
    columns = {column[0] for view in views for column in view}
    explained = {name for row in rows("history.md", heading) for name in re.findall(r"`(\w+)`", row[0])}
    assert explained == columns


def test_the_sensitivities_are_those_of_the_code() -> None:
    shown = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|$", text("detection.md"), re.MULTILINE)
    assert {name: float(factor) for name, factor in shown} == {
        name.value: worth(1e6, 1e4, name) / worth(1e6, 1e4) for name in Sensitivity
    }


def worth(typical: float, series: float, sensitivity: Sensitivity = Sensitivity.MEDIUM) -> float:
    return float(Gates(typical, sensitivity).worth(np.array([series]))[0])


def test_the_example_of_the_dollars_is_right() -> None:
    shown = re.search(
        r"where \$([\d,]+) is .*? spends \$(\d+) a day is told of from \$(\d+)", flat("detection.md")
    )
    assert shown
    typical, series, day = (float(amount.replace(",", "")) for amount in shown.groups())
    assert day == worth(typical, series)


def test_the_kinds_are_those_of_the_code() -> None:
    named = {row[0].strip("`") for row in rows("detection.md", "What is odd")}
    assert named == set(days._WHY)


def flat(page: str) -> str:
    return " ".join(text(page).split())


def percent(share: float) -> str:
    return f"{share * 100:g} %"


def hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g}"


def seconds(waits: tuple[float, ...]) -> str:
    return ", ".join(f"{wait:g}" for wait in waits)


QUIET, SEEN = measure._QUIET_HOURS, measure._SEEN_SHARE
NEWER, OLDER = AnalyticsSource.lookback, AdminSource.lookback
SPEAKS_FOR, LAG = answers._SPEAKS_FOR, AnalyticsSource.usual_lag
SENTENCES = {
    "how long is learnt from": f"the last {days.HISTORY}, hours from the last {hours_.HISTORY // 24} days",
    "too early": f"In the first {days._LEAST_DAYS} days nothing is judged",
    "accepted": f"What has lasted for {told.ACCEPTED_AFTER.days} days is accepted",
    "false alarms": f"asks for: {gates.FALSE_ALARMS_A_WEEK:g} is about one a month",
    "the least dollars": f"at least {percent(gates._SERIES_SHARE)} of the geometric mean",
    "never less": f"less than {percent(gates._ORGANISATION_SHARE)} of the organisation's or $",
    "nor less": f"or ${gates._LEAST_DAY_DOLLARS:g}. An hour,",
    "an hour's worth": f"worth saying from {percent(gates.HOUR_SHARE)} of that",
    "the typical day": f"the last {gates._TYPICAL_DAYS} complete days",
    "percent": f"An hour must be {percent(hours_._PERCENT)} above the usual, a day {percent(days._PERCENT)},",
    "percent of a drop": f"a drop {percent(days._DROP_PERCENT)} below.",
    "a price": "from a fifth of a usual day's tokens" if laws._CREDIBLE == 1 / 5 else "",
    "newcomers": "for a fortnight" if newcomers.NEWCOMER == 14 else "",
    "silent for good": f"after {follow._SILENT_FOR_GOOD.days} days the incident of a drop is closed",
    "dormant": f"that was silent for {sleepers.SLEEP} days",
    "one cause": f"at least {percent(reduce.MOST)} of the excess",
    "a launch": "If at least three keys rise about alike" if reduce.MANY == 3 else "",
    "a burst": f"at least {measure._BURST:g} times the usual is over after {QUIET[Grain.HOUR]} quiet hours",
    "over": f"over after {QUIET[Grain.DAY]} quiet hours, in which at least {percent(SEEN[Grain.DAY])}",
    "over at last": f"After {measure._LONGEST_WAIT} quiet hours any is over",
    "acknowledged": f"by a quarter after {hours(answers._ACKNOWLEDGED_FOR)} hours",
    "one-off": f"not told again for {hours(SPEAKS_FOR[Expectation.ONE_OFF])} hours, and is not learnt",
    "new level": f"Not told again for {SPEAKS_FOR[Expectation.NEW_LEVEL].days // 7} weeks;",
    "false alarm": f"Not told again for {SPEAKS_FOR[None].days} days, and learnt",
    "room": f"up to {answers.ROOM:g} times the excess of its dearest hour",
    "sure": f"more often than once in {10**severity.SURE:,.0f}",
    "blind": f"({hours(LAG)} hours with the newer reports, {hours(AdminSource.usual_lag)} with",
    "blind for long": f"critical after {hours(sight._CRITICAL_AFTER)} hours",
    "alerts a day": f"No more than {Slack().alerts_a_day} incidents ring",
    "reopened": f"within {hours(QUIET_PERIOD)} hours is the same incident",
    "too many requests": f"else {seconds(LADDER)} seconds",
    "server errors": f"connections: {seconds(IMPATIENT_LADDER)} seconds",
    "reach": f"reaches back | {CYCLE_REACH.days} days |",
    "budget": f"about {CYCLE_BUDGET} | about {BACKFILL_BUDGET:,} |",
    "restated": f"every day of the last {RESTATED_FOR.days} whose totals",
    "lookback": f"({hours(NEWER)} with the newer report, {hours(OLDER)} with the older)",
}


@pytest.mark.parametrize("about", SENTENCES)
def test_numbers_in_sentences_are_those_of_the_code(about: str) -> None:
    assert any(SENTENCES[about] in flat(page) for page in PAGES), SENTENCES[about]


def test_every_diagnosis_is_explained() -> None:
    source = (ROOT / "bot/explain/diagnosis.py").read_text()
    headlines = set(re.findall(r'"((?:[A-Z][a-z]+)(?: [a-z:]+)+)"', source))
    shown = {name for row in rows("explain.md", "What kind of trouble") for name in row[0].split(", ")}
    assert headlines <= shown


def test_every_kind_of_blindness_is_explained() -> None:
    shown = {row[0] for row in rows("incidents.md", "When the bot itself is blind")}
    assert shown == {headline for headline, _ in sight._MEANS.values()}


def test_the_severities_are_those_of_the_code() -> None:
    shown = [[row[0], row[1].split()[0]] for row in rows("incidents.md", "Opened")]
    assert shown == [
        [Severity.CRITICAL, f"{severity._CRITICAL_SHARE * 100:g}"],
        [Severity.WARNING, f"{severity._WARNING_SHARE * 100:g}"],
        [Severity.NOTICE, "less"],
    ]


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## [{VERSION}]" in text("CHANGELOG.md")
