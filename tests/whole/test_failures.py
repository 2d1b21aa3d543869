"""A part that fails says so in one line, and the others do their work."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.anthropic import (
    COST,
    KEYS,
    LEGACY_COST,
    ROOT,
    USAGE,
    Change,
    Fault,
    answering,
    changed,
    refusal,
)
from tests.fakes.slack import HTML_500, WEBHOOK_PATH, refused
from tests.whole.conftest import BEFORE
from tests.whole.house import Ended, House
from tests.whole.test_totals import stored, truth

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)


def line(ended: Ended) -> str:
    """The only line of complaint of a run that failed in part."""
    assert ended.code == 1
    (said,) = ended.complaints()
    assert said.startswith("claude-spend: ")
    assert "Traceback" not in said
    assert "unexpectedly" not in said
    assert "sk-ant" not in said
    return said


def each(**fields: object) -> Change:
    """Every row's cost or usage with other fields."""

    def change(page: dict[str, list[dict[str, dict[str, object]]]]) -> None:
        for row in page["data"]:
            row["cost" if "cost" in row else "usage"].update(fields)

    return change


def shifted(page: dict[str, list[dict[str, str]]]) -> None:
    for row in page["data"]:
        row["starting_at"] = "2026-09-01T00:00:00Z"


RING = answering({"data": [], "has_more": True, "next_page": "page_again"})


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        pytest.param(
            USAGE, refusal(403, "scope missing"), "403: scope missing", id="a scope that is missing"
        ),
        pytest.param(USAGE, answering(b"<html>"), "Invalid JSON", id="HTML with status 200"),
        pytest.param(USAGE, answering(b'{"data": [{"group'), "Invalid JSON", id="JSON cut short"),
        pytest.param(COST, changed(each(amount="NaN")), "data.0.cost.amount", id="not a number of cents"),
        pytest.param(COST, changed(each(amount=1.25)), "decimal string of cents", id="cents as a number"),
        pytest.param(COST, changed(each(currency="EUR")), "data.0.cost.currency", id="euros"),
        pytest.param(USAGE, changed(each(output_tokens=-5)), "greater than or equal to 0", id="-5 tokens"),
        pytest.param(USAGE, changed(each(output_tokens=float("nan"))), "output_tokens", id="NaN tokens"),
        pytest.param(USAGE, changed(each(requests=10**40)), "requests", id="more requests than atoms"),
        pytest.param(USAGE, RING, "points back to a page already read", id="a cursor in a ring"),
        pytest.param(USAGE, changed(shifted), "in the answer for 2026-10-15", id="rows of another month"),
        pytest.param(
            USAGE, Fault(307, b"", {"location": "http://127.0.0.1:9/"}), "redirects", id="a redirect"
        ),
    ],
)
def test_spend_that_cannot_be_read_is_said_once_and_nothing_changes(
    house: House, path: str, fault: Fault, said: str
) -> None:
    before = stored(house, NOW)
    house.anthropic.always(path, fault)
    assert said in line(house.once(NOW))
    assert stored(house, NOW) == before


def test_a_wrong_key_is_named_with_its_remedy(house: House) -> None:
    house.more["ANTHROPIC_ADMIN_KEY"] = "sk-ant-admin01-wrong"
    said = line(house.once(NOW))
    assert said.startswith("claude-spend: collect: GET /v1/organizations/analytics/cost answered 401")
    assert "check the key in the environment" in said


def test_names_that_cannot_be_read_leave_the_figures_alone(house: House) -> None:
    house.anthropic.always(KEYS, answering(b"<html>"))
    next_day = BEFORE + timedelta(hours=25)
    said = line(house.once(next_day))
    assert said.startswith("claude-spend: names: GET /v1/organizations/api_keys: page 1, body: Invalid JSON")
    assert stored(house, next_day) == truth(house, next_day)
    assert ("ci-eval",) in house.query("SELECT DISTINCT api_key FROM spend_hour")


def test_corrections_that_cannot_be_looked_for_do_not_hold_up_new_hours(house: House) -> None:
    """The second question for days of the cost report is the one about corrections."""
    house.anthropic.fail_at(2, answering(b"<html>"))
    assert "corrections of earlier days were not looked for" in line(house.once(NOW))
    hour = f"{NOW:%Y-%m-%dT00:00:00Z}"
    assert {key for at, key in stored(house, NOW) if at == hour} == {
        key for at, key in truth(house, NOW) if at == hour
    }


def test_the_older_reports_where_the_newer_are_not_offered(new_house: House) -> None:
    house = new_house
    house.anthropic.always(f"{ROOT}/analytics", refusal(403, "beta not enabled"))
    ended = house.once(NOW)
    assert (ended.code, ended.complaints()) == (0, [])
    assert any("using the Usage & Cost Admin API" in said for said in ended.said)
    assert len(house.anthropic.of(COST)) == 1
    assert house.anthropic.of(LEGACY_COST)
    bases = dict(house.query("SELECT basis, count(*) FROM spend_day GROUP BY basis"))
    assert bases.keys() == {"billed", "estimated"}
    assert house.told() == dict.fromkeys(house.incidents(), 1)


def test_rules_that_are_not_there_are_said_and_stop_no_detection(house: House) -> None:
    house.more["CLAUDE_SPEND__RULES__PATH"] = "no-such-folder"
    said = line(house.once(NOW))
    assert "no-such-folder cannot be read (No such file or directory): set rules.path" in said
    assert house.told() == dict.fromkeys(house.incidents(), 1)
    assert house.incidents()


def unknown(page: dict[str, list[dict[str, dict[str, object]]]]) -> None:
    page["colour"] = []
    for row in page["data"]:
        row["group"]["product"] = "claude_on_mars"
        row["group"]["planet"] = "mars"
        if row["group"].get("token_type") == "output_tokens":
            row["group"]["token_type"] = "thought_tokens"


def test_what_is_new_upstream_is_kept_and_said(house: House) -> None:
    house.anthropic.always(f"{ROOT}/analytics", changed(unknown))
    ended = house.once(NOW)
    assert ended.code == 0
    (said,) = ended.complaints()
    assert "'tokens/thought_tokens'" in said
    assert stored(house, NOW) == truth(house, NOW)
    assert house.query("SELECT DISTINCT product FROM spend_hour WHERE hour > '2026-10-15T21'") == [
        ("claude_on_mars",)
    ]


def test_credits_lower_the_bill(house: House) -> None:
    def credit(page: dict[str, list[dict[str, dict[str, str]]]]) -> None:
        if page["data"] and "cost" in page["data"][0]:
            page["data"][0]["cost"]["amount"] = "-100000.5"

    house.anthropic.always(COST, changed(credit))
    assert house.once(NOW).code == 0
    assert house.query("SELECT min(nano_usd) < -900000000000 FROM spend_hour") == [(1,)]


class TestTelling:
    @pytest.mark.parametrize(
        ("word", "remedy"),
        [
            pytest.param("channel_not_found", "invite the bot", id="no such channel"),
            pytest.param("invalid_auth", "SLACK_BOT_TOKEN", id="a wrong token"),
            pytest.param("is_archived", "slack.channel", id="an archived channel"),
        ],
    )
    def test_what_slack_refuses_is_said_and_told_once_that_is_mended(
        self, house: House, word: str, remedy: str
    ) -> None:
        house.slack.fail("chat.postMessage", refused(word))
        said = line(house.once(NOW))
        assert said.startswith("claude-spend: deliver: incident ")
        assert remedy in said
        assert house.told() == {}
        assert house.once(datetime(2026, 10, 16, 2, 35, tzinfo=UTC)).code == 0
        assert house.told() == dict.fromkeys(house.incidents(), 1)

    def test_a_webhook_takes_it_too_and_stays_a_secret(self, house: House) -> None:
        house.more["CLAUDE_SPEND__SLACK__MODE"] = "webhook"
        house.slack.fail("webhook", HTML_500)
        said = line(house.once(NOW))
        assert WEBHOOK_PATH not in said
        assert house.once(datetime(2026, 10, 16, 2, 35, tzinfo=UTC)).code == 0
        assert len(house.slack.store.webhook_posts) == len(house.incidents()) == 1
