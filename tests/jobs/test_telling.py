"""Who is told what within the day's alert budget: the largest first, critical ones always."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.facts.clock import DAY, HOUR
from bot.facts.delivery import Delivery, NotSent, Sent, Why
from bot.facts.incident import Incident, State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.history.store import History
from bot.jobs.telling import tell
from tests.fakes.incidents import START, runaway
from tests.jobs.town import TELLING

TWO_A_DAY = replace(TELLING, budget=2)


def costing(*dollars: int, severity: Severity = Severity.WARNING) -> list[Incident]:
    return [
        runaway(
            id=f"x-{usd}",
            scope=Scope(api_key_id=f"key-{usd}"),
            observed=usd_from_dollars(usd),
            expected=Usd(0),
            severity=severity,
        )
        for usd in dollars
    ]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.db") as opened:
        yield opened


def heard(history: History) -> list[tuple[Why, str]]:
    """Deliver everything; why and what about."""
    due: list[Delivery] = list(history.outbox.due(START + 100 * DAY))
    for delivery in due:
        history.outbox.claim(delivery)
        history.outbox.settle(delivery, Sent("1.1"), delivery.created_at, 0)
    said = [one for one in due if not one.is_reply]
    return [(one.why, one.message.text if "digest" in one.id else one.incident_id) for one in said]


def test_the_largest_ring_and_the_others_wait_in_one_message(history: History) -> None:
    tell(history, TWO_A_DAY, costing(10, 40, 30, 20), START)
    assert sorted(heard(history)) == [
        (Why.DIGEST, "beyond 2: x-20, x-10"),
        (Why.FIRST, "x-30"),
        (Why.FIRST, "x-40"),
    ]


def test_the_digest_is_rewritten_as_more_comes(history: History) -> None:
    tell(history, TWO_A_DAY, costing(10, 40, 30), START)
    heard(history)
    tell(history, TWO_A_DAY, costing(10, 25), START + HOUR)
    assert heard(history) == [(Why.EDIT, "beyond 2: x-25, x-10")]


def test_what_is_critical_rings_always(history: History) -> None:
    tell(history, TWO_A_DAY, costing(10, 20), START)
    tell(history, TWO_A_DAY, costing(30, severity=Severity.CRITICAL), START + HOUR)
    assert [why for why, _ in heard(history)] == [Why.FIRST] * 3


def test_a_new_day_has_room_again_for_what_still_goes_on(history: History) -> None:
    tell(history, TWO_A_DAY, costing(10, 40, 30), START)
    heard(history)
    tell(history, TWO_A_DAY, costing(10), START + DAY)
    assert heard(history) == [(Why.FIRST, "x-10")]


def test_edits_and_resolutions_cost_nothing(history: History) -> None:
    tell(history, TWO_A_DAY, costing(40, 30), START)
    heard(history)
    grown = [replace(one, observed=Usd(one.observed + 1)) for one in costing(40, 30)]
    tell(history, TWO_A_DAY, grown, START + HOUR)
    assert {why for why, _ in heard(history)} == {Why.EDIT}


def test_what_was_held_and_is_over_is_not_told_by_itself(history: History) -> None:
    tell(history, TWO_A_DAY, costing(10, 40, 30), START)
    heard(history)
    over = [replace(one, state=State.RESOLVED, resolved_at=START + HOUR) for one in costing(10)]
    tell(history, TWO_A_DAY, over, START + HOUR)
    assert heard(history) == []


def test_the_digest_keeps_what_was_held_before(history: History) -> None:
    tell(history, TWO_A_DAY, costing(40, 30), START)
    history.incidents.save(costing(10, 20))
    tell(history, TWO_A_DAY, costing(20), START)
    heard(history)
    tell(history, TWO_A_DAY, costing(10), START + HOUR)
    assert heard(history) == [(Why.EDIT, "beyond 2: x-20, x-10")]


def test_where_it_cannot_be_rewritten_it_comes_again_when_twice_as_many_wait(history: History) -> None:
    webhook = replace(TWO_A_DAY, edits=False)
    tell(history, webhook, costing(50, 60), START)
    history.incidents.save(costing(10, 20, 30))
    said = []
    for hour, dollars in enumerate((10, 20, 30)):
        tell(history, webhook, costing(dollars), START + hour * HOUR)
        said += [text for why, text in heard(history) if why is Why.DIGEST]
    assert said == ["beyond 2: x-10", "beyond 2: x-20, x-10"]


def test_what_could_not_be_sent_uses_up_no_budget(history: History) -> None:
    for hour in range(3):
        tell(history, TWO_A_DAY, costing(10, 40), START + hour * HOUR)
        for delivery in list(history.outbox.due(START + DAY)):
            history.outbox.settle(delivery, NotSent("invalid_auth", retry=False), START, 0)
    tell(history, TWO_A_DAY, costing(10, 40), START + 4 * HOUR)
    assert [why for why, _ in heard(history)] == [Why.FIRST, Why.FIRST]
