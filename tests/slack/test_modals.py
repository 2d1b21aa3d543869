"""Forms that ask before something is done, and what is read from them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.facts.answer import Expectation
from bot.facts.clock import DAY, HOUR
from bot.facts.directory import Key
from bot.facts.money import usd_from_dollars
from bot.slack import modals
from bot.slack.desk import Matter
from bot.slack.modals import Filled, Origin, Unfilled
from tests.fakes.incidents import DIRECTORY, runaway
from tests.slack.limits import view_faults

NOW = datetime(2026, 11, 19, 12, 30, tzinfo=UTC)
ORIGIN = Origin("inc_7f3a", "C01ALERTS")
MATTER = Matter(runaway(), DIRECTORY, DIRECTORY.keys["apikey_ci"], "ada", last_hour=usd_from_dollars("61.83"))
HOSTILE = Key("apikey_ci", "<!channel> *bold* \u202e" + "x" * 500)


def view(**values: dict[str, Any]) -> dict[str, Any]:
    """A form as Slack sends it back; each field by its name."""
    return {"state": {"values": {name: {name: state} for name, state in values.items()}}}


def how(expectation: Expectation) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": expectation.value}}


@pytest.mark.parametrize(
    ("filled_in", "meant"),
    [
        pytest.param(
            {"how": how(Expectation.ONE_OFF), "until": {"selected_date": "2026-11-26"}},
            Filled(Expectation.ONE_OFF),
            id="a one-off needs no end, and the day below is not meant",
        ),
        pytest.param(
            {"how": how(Expectation.NEW_LEVEL), "note": {"value": " the new search\nis live "}},
            Filled(Expectation.NEW_LEVEL, note="the new search is live"),
            id="a new level with a note",
        ),
        pytest.param(
            {"how": how(Expectation.PLANNED), "until": {"selected_date": "2026-11-21"}},
            Filled(Expectation.PLANNED, datetime(2026, 11, 22, tzinfo=UTC)),
            id="what is planned lasts to the end of the day",
        ),
        pytest.param(
            {"until": {"selected_date_time": int((NOW + 3 * HOUR).timestamp())}},
            Filled(until=NOW + 3 * HOUR),
            id="a snooze until an instant",
        ),
        pytest.param(
            {"typed": {"value": " ci-eval "}, "note": {"value": None}},
            Filled(typed="ci-eval"),
            id="a key's name",
        ),
    ],
)
def test_a_form_is_read(filled_in: dict[str, Any], meant: Filled) -> None:
    assert modals.filled(view(**filled_in), NOW) == meant


@pytest.mark.parametrize(
    "filled_in",
    [
        pytest.param(
            {"how": how(Expectation.PLANNED), "until": {"selected_date": None}}, id="planned, no end"
        ),
        pytest.param(
            {"how": how(Expectation.PLANNED), "until": {"selected_date": "2026-11-18"}}, id="the past"
        ),
        pytest.param(
            {"how": how(Expectation.PLANNED), "until": {"selected_date": "2027-11-18"}}, id="next year"
        ),
        pytest.param({"until": {"selected_date_time": int(NOW.timestamp()) - 1}}, id="a snooze that is over"),
        pytest.param({"until": {"selected_date_time": int((NOW + 91 * DAY).timestamp())}}, id="for ever"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(filled_in: dict[str, Any]) -> None:
    with pytest.raises(Unfilled) as refusal:
        modals.filled(view(**filled_in), NOW)
    assert list(refusal.value.errors) == ["until"]


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        pytest.param("ci-eval", True, id="the name"),
        pytest.param("ci-evals", False, id="nearly the name"),
        pytest.param("CI-EVAL", False, id="the name in capitals may be another key"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_key_is_switched_off_by_who_types_its_name(typed: str, taken: bool) -> None:
    if taken:
        modals.check_typed(Filled(typed=typed), MATTER)
    else:
        with pytest.raises(Unfilled):
            modals.check_typed(Filled(typed=typed), MATTER)


def test_the_form_before_a_key_is_switched_off_says_what_it_would_stop() -> None:
    blocks = modals.disable_form(MATTER, ORIGIN)["blocks"]
    assert blocks[0]["text"]["text"].startswith(
        "*Key:* `ci-eval`\n*Owner:* ada\n*Spent in the last hour read:* $61.83\n"
    )


def test_a_form_remembers_where_it_was_opened() -> None:
    metadata = modals.expect_form(MATTER, ORIGIN, NOW)["private_metadata"]
    assert Origin.unpacked(metadata) == ORIGIN


@pytest.mark.parametrize("key", [DIRECTORY.keys["apikey_ci"], HOSTILE, None])
def test_forms_keep_within_slacks_limits(key: Key | None) -> None:
    matter = Matter(runaway(), DIRECTORY, key, "x" * 500)
    forms = (
        modals.expect_form(matter, ORIGIN, NOW),
        modals.snooze_form(matter, ORIGIN, NOW + timedelta(microseconds=1)),
        modals.disable_form(matter, ORIGIN),
        modals.why_page(matter.incident, matter.directory),
    )
    for form in forms:
        assert view_faults(form) == []
