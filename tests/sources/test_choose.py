from datetime import UTC, datetime

import pytest

from bot.sources.admin import AdminSource
from bot.sources.analytics import AnalyticsSource
from bot.sources.choose import choose
from bot.sources.errors import SourceError
from bot.sources.http import Client
from tests.fakes.anthropic import (
    BARE_429,
    COST,
    CUT,
    HTML_500,
    TIMEOUT,
    FakeAnthropic,
    Fault,
    answering,
    refusal,
)

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)


def chosen(client: Client) -> AnalyticsSource | AdminSource:
    return choose(AnalyticsSource(client), lambda: AdminSource(client, str, int), NOW)


def test_the_newer_api_where_it_answers(fake: FakeAnthropic, client: Client) -> None:
    assert isinstance(chosen(client), AnalyticsSource)
    assert [asked.path for asked in fake.asked] == [COST]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_the_older_one_where_it_is_not_offered(fake: FakeAnthropic, client: Client, status: int) -> None:
    fake.always(COST, refusal(status, "not for you"))
    assert isinstance(chosen(client), AdminSource)
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refusal(401), id="a wrong key"),
        pytest.param(refusal(402), id="a billing problem"),
        pytest.param(BARE_429, id="rate limits"),
        pytest.param(HTML_500, id="a broken server"),
        pytest.param(TIMEOUT, id="no answer in time"),
        pytest.param(CUT, id="a broken connection"),
        pytest.param(answering(b"<html>"), id="a proxy's page"),
        pytest.param(Fault(302, b"", {"location": "http://127.0.0.1:9/"}), id="a redirect"),
    ],
)
def test_nothing_is_decided_when_the_question_got_no_answer(
    fake: FakeAnthropic, client: Client, fault: Fault
) -> None:
    """Else one bad minute would turn billed figures into estimates."""
    fake.always(COST, fault)
    with pytest.raises(SourceError):
        chosen(client)
