"""Why any window cost what it did: against what was expected, and against another window."""

import shutil
from pathlib import Path

import pytest

from bot.facts.clock import DAY, HOUR, Window
from bot.facts.finding import Part
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.jobs.answer_names import Everybody
from bot.jobs.explain import explanation
from bot.questions.answers import Explanation
from tests.jobs.town import MIDNIGHT, Town, dollars, found

KEY_A = Scope(api_key_id="key-a")
SPIKE = {("key-a", hour): 50 for hour in range(1, 4)}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    path = tmp_path_factory.mktemp("town") / "history.db"
    found(path)
    town = Town(path, SPIKE)
    town.read(range(6))
    return town


def explained(town: Town, scope: Scope, first: int, last: int, against: Window | None = None) -> Explanation:
    with History(town.path) as history:
        window = Window(MIDNIGHT + first * HOUR, MIDNIGHT + last * HOUR)
        everybody = Everybody.of(history, {"research": ["key-a*"]})
        return explanation(history, everybody, scope, window, against)


def test_against_what_was_expected(town: Town) -> None:
    found = explained(town, KEY_A, 1, 4)
    assert (found.subject.observed, found.subject.expected) == (dollars(150), dollars(6))
    assert found.cause.headline == "Runaway loop"
    assert found.cause.drivers == (("more requests", dollars(144)),)
    assert found.cause.owner == "ada <ada@example.com>, team research"
    assert found.unread == 0


def test_where_in_the_organisation(town: Town) -> None:
    assert explained(town, ORGANISATION, 1, 4).cause.where == (Part(KEY_A, dollars(144)),)


def test_hours_as_usual_are_called_so(town: Town) -> None:
    found = explained(town, ORGANISATION, 4, 6)
    assert (found.cause.headline, found.cause.drivers) == ("Spend is as usual", ())


def test_against_another_window_as_if_it_were_as_long(town: Town) -> None:
    day_before = Window(MIDNIGHT - DAY, MIDNIGHT)
    found = explained(town, KEY_A, 1, 4, day_before)
    assert (found.subject.observed, found.subject.expected) == (dollars(150), dollars(6))
    assert found.cause.drivers == (("more requests", dollars(144)),)


def test_what_was_never_read_is_counted(town: Town) -> None:
    assert explained(town, KEY_A, 4, 9).unread == 3


@pytest.mark.parametrize("first", [9, -60 * 24], ids=["after all that was read", "before it"])
def test_what_the_history_does_not_reach_is_no_answer(first: int, town: Town) -> None:
    with pytest.raises(Trouble, match="nothing was read"):
        explained(town, KEY_A, first, first + 3)


def test_where_nothing_lies_before_another_window_is_asked_for(town: Town, tmp_path: Path) -> None:
    young = Town(tmp_path / "young.db")
    with History(young.path):
        pass
    young.read(range(6))
    with pytest.raises(Trouble, match="--against"):
        explained(young, KEY_A, 0, 3)
    shutil.copy(town.path, young.path)
    assert explained(young, KEY_A, 1, 4).cause.headline == "Runaway loop"
