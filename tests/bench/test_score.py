"""Alarms of every sort on an organisation of three keys, and what they come to."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from bench.detect.organisation import Incident, Look, Organisation
from bench.detect.plot import svg
from bench.detect.report import Paper, by_kind, by_trait, details, overview, result
from bench.detect.score import Alarm, Marks, area, best_within, examine, marks, sweep
from bot.facts.clock import DAY, Grain
from bot.facts.money import usd_from_dollars
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.spend import SpendRow

START = datetime(2026, 3, 1, tzinfo=UTC)
MODELS = ("opus", "haiku")
ADA, BOB, EVE = (Scope(workspace_id="lab", api_key_id=key) for key in ("ada", "bob", "eve"))
ADA_OPUS = Scope(workspace_id="lab", api_key_id="ada", model="opus")
OPUS = Scope(model="opus")


def day(number: int) -> datetime:
    return START + number * DAY


def organisation(*incidents: Incident) -> Organisation:
    """Three keys with two models at $10 a day each, for sixty days of which forty are judged."""
    looks = tuple(
        Look(
            day(number),
            tuple(
                SpendRow(day(number), "lab", str(key.api_key_id), model, usd=usd_from_dollars(10))
                for key in (ADA, BOB, EVE)
                for model in MODELS
            ),
        )
        for number in range(60)
    )
    return Organisation(1, "plain", Grain.DAY, looks, incidents, day(20))


RUNAWAY = Incident("runaway", (ADA,), day(30), day(34), {day(30 + n): 25.0 for n in range(4)})
MANY = Incident("many keys", (ADA, BOB), day(30), day(32), {day(30): 50.0, day(31): 50.0})


def alarm(
    at: int, scope: Scope, score: float = 9.0, named: Scope | None = None, *, said: bool = True
) -> Alarm:
    return Alarm(day(at), scope, score, said, named or scope)


def marked(*alarms: Alarm, of: Incident = RUNAWAY) -> Marks:
    return marks([examine(organisation(of), alarms)])


@pytest.mark.parametrize(
    ("given", "delay", "lost"),
    [
        pytest.param(alarm(30, ADA), 0, 0.0, id="on its first day"),
        pytest.param(alarm(31, ADA), 1, 0.25, id="a day later, when a quarter is spent"),
        pytest.param(alarm(36, ADA), 6, 1.0, id="days after its end, when all is spent"),
        pytest.param(alarm(30, ADA_OPUS), 0, 0.0, id="for one model of its key"),
        pytest.param(alarm(30, OPUS, named=ADA_OPUS), 0, 0.0, id="for a model, naming its key"),
        pytest.param(alarm(30, ORGANISATION, named=ADA), 0, 0.0, id="for the organisation, naming its key"),
    ],
)
def test_an_incident_is_found(given: Alarm, delay: int, lost: float) -> None:
    seen = marked(given)
    assert (seen.found, seen.dollars, seen.precision, seen.right_key) == (1.0, 1.0, 1.0, 1.0)
    assert (seen.delay, seen.lost) == (delay, lost)


@pytest.mark.parametrize(
    ("given", "noticed", "false"),
    [
        pytest.param([], False, 0, id="nothing is said"),
        pytest.param([alarm(30, ADA, said=False)], False, 0, id="only a candidate"),
        pytest.param([alarm(29, ADA)], False, 1, id="the day before it"),
        pytest.param([alarm(37, ADA)], False, 1, id="four days after its end"),
        pytest.param([alarm(30, BOB)], False, 1, id="another key"),
        pytest.param([alarm(30, ORGANISATION, named=BOB)], True, 0, id="all spend, naming another key"),
        pytest.param([alarm(30, OPUS)], True, 0, id="a model, naming no key"),
        pytest.param([alarm(10, BOB)], False, 0, id="before anything is judged"),
        pytest.param([alarm(22, BOB), alarm(23, BOB), alarm(30, BOB)], False, 1, id="one key for a week"),
        pytest.param([alarm(22, BOB), alarm(30, BOB)], False, 2, id="one key twice"),
        pytest.param([alarm(22, BOB), alarm(22, EVE)], False, 2, id="two keys"),
        pytest.param([alarm(22, BOB), alarm(22, ORGANISATION)], False, 1, id="a key and what it is part of"),
    ],
)
def test_an_incident_is_missed(given: list[Alarm], noticed: bool, false: int) -> None:
    seen = marked(*given)
    assert seen.found == 0.0
    assert [found.noticed for found in seen.founds] == [noticed]
    assert seen.false_alarms == false


def test_any_key_will_do_when_many_rise() -> None:
    assert marked(alarm(31, BOB), of=MANY).found == 1.0
    assert marked(alarm(31, ORGANISATION), of=MANY).found == 1.0


def test_the_first_look_counts_for_the_name() -> None:
    seen = marked(alarm(30, OPUS), alarm(31, ADA))
    assert (seen.found, seen.right_key, seen.delay) == (1.0, 0.0, 1)


def test_an_alarm_that_names_a_key_says_nothing_of_another_incident() -> None:
    other = Incident("step", (BOB,), day(30), day(40), {day(30): 10.0})
    seen = marks([examine(organisation(RUNAWAY, other), [alarm(30, OPUS, named=ADA)])])
    assert [found.noticed for found in seen.founds] == [True, False]


def test_exposure_is_counted_by_key_and_model_from_when_judging_begins() -> None:
    exam = examine(organisation(), [])
    assert exam.series_months == pytest.approx(6 * 40 / 30.4375)
    assert exam.weeks == pytest.approx(40 / 7)


def test_every_finding_counts_in_raw_precision() -> None:
    seen = marked(alarm(30, ADA), alarm(31, ADA), alarm(32, ADA), alarm(40, BOB))
    assert (seen.raw_precision, seen.precision) == (0.75, 0.5)


def test_the_bar_of_a_sweep_is_common_to_all_organisations() -> None:
    exams = [
        examine(organisation(RUNAWAY), [alarm(30, ADA, 8.0, said=False)]),
        examine(organisation(RUNAWAY), [alarm(30, ADA, 4.0), alarm(40, BOB, 6.0)]),
    ]
    points = sweep(exams, most_per_100=100)
    assert [(point.bar, point.marks.found, point.marks.false_alarms) for point in points] == [
        (8.0, 0.5, 0),
        (6.0, 0.5, 1),
        (4.0, 1.0, 1),
    ]
    assert area(points) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert [best_within(points, budget) for budget in (0, 100)] == [points[0], points[2]]


def test_tables_and_drawing_hold_every_method() -> None:
    exams = (examine(organisation(RUNAWAY), [alarm(31, ADA), alarm(40, BOB, 1.0)]),)
    results = {"ours & theirs": result(exams, Paper(exams, seconds=2.0, series_days=100.0, megabytes=3.0))}
    assert "| ours & theirs | 100 % | 0.0 | 100 % | 0.0 | 100 % | 12.7 | 1.00 | 20.000 | 3.0 |" in overview(
        results
    )
    said = {name: one.said for name, one in results.items()}
    assert "| runaway | 1 | 100 % |" in by_kind(said)
    assert details(by_trait(exams, 5.0)).endswith(
        "| plain | 100 % | 100 % | 0.00 | 0.00 | 100 % | 100 % | 100 % | 1.0 | 25 % | 0 % |"
    )
    drawing = ET.fromstring(svg({name: one.points for name, one in results.items()}))  # noqa: S314 - our own
    assert [text.text for text in drawing.iter() if text.text == "ours & theirs"]
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}polyline"))) == 1


def test_by_the_hour_grace_is_a_day() -> None:
    hours = [START + n * timedelta(hours=1) for n in range(100)]
    looks = tuple(Look(at, (SpendRow(at, "lab", "ada", "opus", usd=usd_from_dollars(1)),)) for at in hours)
    loop = Incident("runaway", (ADA,), hours[50], hours[52], {hours[50]: 1.0, hours[51]: 1.0})
    whole = Organisation(1, "plain", Grain.HOUR, looks, (loop,), hours[20])
    for late, false in ((75, 0), (76, 1)):
        exam = examine(whole, [Alarm(hours[late], ADA, 5.0, said=True, named=ADA)])
        assert marks([exam]).false_alarms == false
