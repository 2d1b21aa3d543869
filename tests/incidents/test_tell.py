"""Whether we speak, and why: each reason on the smallest change that gives it."""

from datetime import datetime, timedelta

import pytest

from bot.facts.delivery import Message, Told, Why
from bot.facts.incident import Incident, State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.severity import Severity
from bot.incidents.tell import decide, remembered
from tests.fakes.incidents import HOUR, START, runaway

NOW = START + 6 * HOUR
WORDS, OTHER_WORDS = Message("ci-eval: +$100"), Message("ci-eval: +$110")
OPEN, RESOLVED = State.OPEN, State.RESOLVED


def costing(dollars: float | str, **changes: object) -> Incident:
    return runaway(observed=usd_from_dollars(dollars), expected=Usd(0), severity=Severity.WARNING, **changes)


def told(dollars: float, state: State = OPEN, severity: Severity = Severity.WARNING) -> Told:
    return Told(state, severity, usd_from_dollars(dollars), WORDS)


def over(resolved_at: datetime = NOW) -> Incident:
    return costing(100, state=RESOLVED, resolved_at=resolved_at)


@pytest.mark.parametrize(
    ("before", "incident", "message", "why"),
    [
        pytest.param(None, costing(100), WORDS, Why.FIRST, id="nobody knows of it yet"),
        pytest.param(told(100), costing(100), WORDS, Why.QUIET, id="nothing new"),
        pytest.param(
            told(100), costing(110), OTHER_WORDS, Why.EDIT, id="a little more: the message is edited"
        ),
        pytest.param(told(100), costing(110), WORDS, Why.QUIET, id="a little more that reads the same"),
        pytest.param(told(100), costing("199.99"), OTHER_WORDS, Why.EDIT, id="not yet twice as much"),
        pytest.param(told(100), costing(200), OTHER_WORDS, Why.GREW, id="twice as much as was said"),
        pytest.param(told(100), costing(200), WORDS, Why.GREW, id="twice as much, though it reads the same"),
        pytest.param(told(0), costing(1), OTHER_WORDS, Why.GREW, id="something, after nothing was said"),
        pytest.param(told(0), costing(0), OTHER_WORDS, Why.EDIT, id="still nothing, in other words"),
        pytest.param(told(-5), costing(-3), OTHER_WORDS, Why.EDIT, id="less than usual is no growth"),
        pytest.param(
            told(100, severity=Severity.NOTICE),
            costing(100),
            OTHER_WORDS,
            Why.GREW,
            id="it became more urgent",
        ),
        pytest.param(
            told(100, severity=Severity.CRITICAL),
            costing(100),
            WORDS,
            Why.QUIET,
            id="it was more urgent before",
        ),
        pytest.param(told(100), over(), OTHER_WORDS, Why.RESOLVED, id="it is over"),
        pytest.param(told(100), over(), WORDS, Why.RESOLVED, id="it is over, though it reads the same"),
        pytest.param(
            told(100, RESOLVED),
            costing(300, state=RESOLVED),
            OTHER_WORDS,
            Why.EDIT,
            id="restated when long over",
        ),
        pytest.param(told(100, RESOLVED), costing(120), OTHER_WORDS, Why.REOPENED, id="it came back"),
        pytest.param(None, over(), WORDS, Why.RESOLVED, id="it came and went before anybody was told"),
        pytest.param(None, over(NOW - timedelta(hours=24)), WORDS, Why.RESOLVED, id="it was over a day ago"),
        pytest.param(None, over(NOW - timedelta(hours=24, seconds=1)), WORDS, Why.QUIET, id="it is old news"),
    ],
)
def test_decide(before: Told | None, incident: Incident, message: Message, why: Why) -> None:
    assert decide(before, incident, message, NOW) is why


def test_growth_is_counted_from_what_was_said_aloud() -> None:
    said: Told | None = None
    heard = []
    for dollars in range(100, 450, 50):
        incident, message = costing(dollars), Message(f"+${dollars}")
        why = decide(said, incident, message, NOW)
        said = remembered(said, why, incident, message)
        heard.append(why.value)
    assert heard == ["first", "edit", "grew", "edit", "edit", "edit", "grew"]


def test_an_edit_changes_the_words_alone() -> None:
    before = told(100)
    assert remembered(before, Why.EDIT, costing(150), OTHER_WORDS) == Told(
        OPEN, Severity.WARNING, usd_from_dollars(100), OTHER_WORDS
    )


@pytest.mark.parametrize("why", [Why.FIRST, Why.GREW, Why.RESOLVED, Why.REOPENED])
def test_what_is_said_aloud_is_remembered_whole(why: Why) -> None:
    after = remembered(told(100), why, over(), OTHER_WORDS)
    assert after == Told(RESOLVED, Severity.WARNING, usd_from_dollars(100), OTHER_WORDS)


def test_what_is_remembered_is_not_said_again() -> None:
    for before, incident in ((None, costing(100)), (told(100), costing(300)), (told(100), over())):
        why = decide(before, incident, OTHER_WORDS, NOW)
        after = remembered(before, why, incident, OTHER_WORDS)
        assert decide(after, incident, OTHER_WORDS, NOW) is Why.QUIET
