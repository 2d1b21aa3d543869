"""Incidents are stored whole and found again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.facts.clock import Grain
from bot.facts.finding import Part
from bot.facts.incident import Cause, Change, Incident, Point, State
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis
from bot.history.store import History
from tests.fakes.incidents import HOUR, START, runaway

TEXTS = st.text(max_size=8)
WHEN = st.integers(0, 2 * 10**15).map(
    lambda micro: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
)
MONEY = st.integers(-(10**18), 10**18).map(Usd)
SCOPES = st.builds(Scope, *[st.none() | TEXTS] * 5)
INCIDENTS = st.builds(
    Incident,
    id=st.from_regex(r"[0-9]{4}-[0-9a-f]{4}", fullmatch=True),
    scope=SCOPES,
    kind=TEXTS,
    grain=st.sampled_from(Grain),
    state=st.sampled_from(State),
    severity=st.sampled_from(Severity),
    start=WHEN,
    opened_at=WHEN,
    measured_until=WHEN,
    last_hot=WHEN,
    observed=MONEY,
    expected=MONEY,
    low=MONEY,
    high=MONEY,
    per_hour=MONEY,
    score=st.floats(-1e6, 1e6),
    why=TEXTS,
    basis=st.sampled_from(Basis),
    cause=st.builds(
        Cause, TEXTS, TEXTS, st.lists(st.tuples(TEXTS, MONEY), max_size=3).map(tuple), TEXTS, TEXTS, TEXTS
    ),
    parts=st.lists(st.builds(Part, SCOPES, MONEY), max_size=2).map(tuple),
    course=st.lists(st.builds(Point, WHEN, MONEY, MONEY), max_size=2).map(tuple),
    rule=TEXTS,
    resolved_at=st.none() | WHEN,
    history=st.lists(st.builds(Change, WHEN, TEXTS, TEXTS), max_size=2).map(tuple),
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(INCIDENTS)
def test_an_incident_comes_back_as_it_was(history: History, incident: Incident) -> None:
    history.incidents.save([incident])
    assert incident in history.incidents.latest()
    assert incident in history.incidents.find(incident.id)
    assert (incident in history.incidents.open()) == (not incident.state.is_over)


def resolved(id_: str, at: datetime) -> Incident:
    return runaway(id=id_, state=State.RESOLVED, resolved_at=at)


def ids(incidents: list[Incident]) -> list[str]:
    return [incident.id for incident in incidents]


def test_saving_again_replaces(history: History) -> None:
    history.incidents.save([runaway()])
    history.incidents.save([resolved("inc_7f3a", START)])
    assert history.incidents.open() == []
    assert history.incidents.latest() == [resolved("inc_7f3a", START)]


@pytest.mark.parametrize(
    ("since", "found"),
    [
        pytest.param(START, ["early", "late", "open"], id="long ago"),
        pytest.param(START + 2 * HOUR, ["early", "late", "open"], id="the very moment the first resolved"),
        pytest.param(START + 3 * HOUR, ["late", "open"], id="between"),
        pytest.param(START + 9 * HOUR, ["open"], id="after all"),
        pytest.param(
            (START + 3 * HOUR).astimezone(None), ["late", "open"], id="an instant written in another zone"
        ),
    ],
)
def test_recent_ones_are_the_open_and_the_lately_resolved(
    history: History, since: datetime, found: list[str]
) -> None:
    half_a_second = timedelta(milliseconds=500)
    history.incidents.save(
        [
            resolved("early", START + 2 * HOUR + half_a_second),
            resolved("late", START + 4 * HOUR),
            runaway(id="open"),
        ]
    )
    assert sorted(ids(history.incidents.recent(since))) == found


def test_the_newest_come_first_and_no_more_than_asked_for(history: History) -> None:
    history.incidents.save(runaway(id=f"inc_{n}", opened_at=START + n * HOUR) for n in (2, 0, 3, 1))
    assert ids(history.incidents.latest()) == ["inc_3", "inc_2", "inc_1", "inc_0"]
    assert ids(history.incidents.latest(2)) == ["inc_3", "inc_2"]
    assert ids(history.incidents.open()) == ["inc_0", "inc_1", "inc_2", "inc_3"]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        pytest.param("1119-a", ["1119-aaaa", "1119-ab12"], id="two begin so"),
        pytest.param("1119-ab12", ["1119-ab12"], id="the whole id"),
        pytest.param("1119-ab123", [], id="longer than any"),
        pytest.param("%", [], id="a wildcard means itself"),
        pytest.param("1119_", [], id="and so does the other one"),
        pytest.param("' OR 1=1 --", [], id="words are never SQL"),
        pytest.param("", ["1119-aaaa", "1119-ab12", "1120-ab12"], id="nothing"),
    ],
)
def test_find(history: History, prefix: str, found: list[str]) -> None:
    history.incidents.save(runaway(id=id_) for id_ in ("1119-ab12", "1119-aaaa", "1120-ab12"))
    assert ids(history.incidents.find(prefix)) == found


def test_they_outlive_the_process(tmp_path: Path) -> None:
    with History(tmp_path / "h.db") as one:
        one.incidents.save([runaway()])
    with History(tmp_path / "h.db") as other:
        assert other.incidents.open() == [runaway()]
