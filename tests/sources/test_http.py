"""The door to Anthropic, over a real socket, with a clock that only moves while we wait."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.demo import DEMO_KEY, Demo, VirtualClock
from bot.sources.analytics_wire import CostPage
from bot.sources.errors import BadAnswer, Refused, SourceError, TimedOut, Unreachable
from bot.sources.http import Client, Params
from tests.fakes.anthropic import (
    BARE_429,
    COST,
    CUT,
    DRIP,
    HTML_500,
    ME,
    OVERLOADED,
    TIMEOUT,
    FakeAnthropic,
    Fault,
    answering,
    bomb,
    limited,
    redirect,
    refusal,
)
from tests.fakes.machine import FakeTime, client_of

NOW = datetime(2026, 10, 16, 1, 35, tzinfo=UTC)
BETA = "analytics-usage-cost-2026-08-24"
DAY: Params = [
    ("starting_at", "2026-10-15T00:00:00Z"),
    ("ending_at", "2026-10-16T00:00:00Z"),
    ("time_bucket_width", "1h"),
    ("limit", "50"),
    ("group_by[]", "api_key_id"),
    ("group_by[]", "model"),
]
NO_RETRY, DO_RETRY = {"x-should-retry": "false"}, {"x-should-retry": "true"}


def cost(client: Client, params: Params = DAY) -> list[CostPage]:
    return client.pages(COST, params, CostPage, BETA)


def rows(pages: list[CostPage]) -> int:
    return sum(len(page.data) for page in pages)


def test_every_request_keeps_a_second_s_distance(fake: FakeAnthropic, client: Client) -> None:
    assert rows(cost(client)) > 100
    starts = [asked.at for asked in fake.asked]
    assert len(starts) > 2
    assert all(later - earlier >= 1 for earlier, later in pairwise(starts))


def test_pages_repeat_every_parameter_and_add_the_cursor(fake: FakeAnthropic, client: Client) -> None:
    cost(client)
    first, *others = fake.asked
    assert first.params == tuple(DAY)
    for asked in others:
        assert asked.params[: len(DAY)] == tuple(DAY)
        assert [name for name, _ in asked.params[len(DAY) :]] == ["page"]
    assert len({asked.params for asked in fake.asked}) == len(fake.asked)


def test_headers_identify_us_and_name_the_beta_only_where_it_is_asked_for(
    fake: FakeAnthropic, client: Client
) -> None:
    cost(client)
    client.get(ME)
    headers = fake.asked[0].headers
    assert headers["x-api-key"] == DEMO_KEY
    assert headers["anthropic-version"] == "2023-06-01"
    assert headers["anthropic-beta"] == BETA
    assert headers["accept"] == "application/json"
    assert headers["user-agent"].startswith("claude-spend-bot/")
    assert "anthropic-beta" not in fake.asked[-1].headers


@pytest.mark.parametrize(
    ("faults", "shortest", "longest"),
    [
        pytest.param([BARE_429], 4.5, 5.5, id="a rate limit that names no time"),
        pytest.param([BARE_429] * 5, 220, 270, id="rate limited for four minutes"),
        pytest.param([limited(retry_after="7")], 7, 7, id="seconds"),
        pytest.param([limited(retry_after_ms="1500")], 1.5, 1.5, id="milliseconds"),
        pytest.param([limited(retry_after="2")] * 30, 60, 60, id="thirty times two seconds"),
        pytest.param([OVERLOADED], 0.9, 1.1, id="overloaded"),
        pytest.param([HTML_500, HTML_500], 2.7, 3.3, id="an HTML error twice"),
        pytest.param([CUT], 0.9, 1.1, id="a connection cut in the middle of the body"),
        pytest.param([TIMEOUT], 0.9, 1.1, id="a gateway timeout"),
        pytest.param([refusal(409, "conflict")], 0.9, 1.1, id="a conflict"),
        pytest.param([refusal(502), refusal(503)], 2.7, 3.3, id="an edge without words"),
        pytest.param([refusal(400, "odd", DO_RETRY)], 0.9, 1.1, id="a 400 that says: try again"),
        pytest.param([HTML_500, BARE_429], 13, 18, id="one after the other"),
    ],
)
def test_what_passes_is_waited_for(
    fake: FakeAnthropic,
    client: Client,
    time: FakeTime,
    faults: list[Fault],
    shortest: float,
    longest: float,
) -> None:
    fake.fail(ME, *faults)
    assert b"organization" in client.get(ME)
    assert len(fake.asked) == len(faults) + 1
    assert shortest <= time.seconds <= longest


LIMIT_SPENT = refusal(429, "enough for this month", code="enforced_spend_limit_reached")


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        pytest.param(refusal(400, "Cannot specify more than 5"), Refused, "more than 5", id="bad parameter"),
        pytest.param(refusal(401, "invalid x-api-key"), Refused, "check the key", id="wrong key"),
        pytest.param(refusal(402, "billing"), Refused, "see the Console", id="billing"),
        pytest.param(refusal(403, "scope"), Refused, "read:analytics", id="missing scope"),
        pytest.param(refusal(404, "no"), Refused, "not offered", id="unknown endpoint"),
        pytest.param(refusal(413), Refused, "answered 413", id="too large a request"),
        pytest.param(LIMIT_SPENT, Refused, "enough for this month", id="the month's spend limit"),
        pytest.param(refusal(429, "stop", NO_RETRY), Unreachable, "answered 429", id="429: do not retry"),
        pytest.param(refusal(500, "stop", NO_RETRY), Unreachable, "answered 500", id="500: do not retry"),
        pytest.param(limited(retry_after="3600"), Unreachable, "answered 429", id="come back in an hour"),
        pytest.param(redirect("http://127.0.0.1:9/x"), Refused, "redirects are not followed", id="redirect"),
    ],
)
def test_what_does_not_pass_is_not_tried_again(
    fake: FakeAnthropic, client: Client, time: FakeTime, fault: Fault, kind: type[SourceError], said: str
) -> None:
    fake.fail(ME, fault)
    with pytest.raises(kind, match=said) as caught:
        client.get(ME)
    assert type(caught.value) is kind
    assert len(fake.asked) == 1
    assert time.waits == []


@pytest.mark.parametrize(
    ("fault", "kind", "requests", "at_least"),
    [
        pytest.param(BARE_429, Unreachable, 6, 220, id="rate limited"),
        pytest.param(limited(retry_after="1"), Unreachable, 76, 75, id="told to come back each second"),
        pytest.param(OVERLOADED, Unreachable, 6, 60, id="overloaded"),
        pytest.param(HTML_500, Unreachable, 6, 60, id="an HTML error"),
        pytest.param(CUT, Unreachable, 6, 60, id="cut connections"),
        pytest.param(TIMEOUT, TimedOut, 2, 0, id="gateway timeouts, for a smaller window may pass"),
        pytest.param(refusal(409), Unreachable, 2, 0, id="conflicts"),
    ],
)
def test_patience_ends(
    fake: FakeAnthropic, fault: Fault, kind: type[SourceError], requests: int, at_least: float
) -> None:
    time = FakeTime()
    fake.always(ME, fault)
    with client_of(fake, time) as client, pytest.raises(kind) as caught:
        client.get(ME)
    assert type(caught.value) is kind
    assert len(fake.asked) == requests
    assert sum(time.waits) >= at_least


class HurriedTime(FakeTime):
    """An hour passes with every look at the clock."""

    def monotonic(self) -> float:
        self.seconds += 3600
        return self.seconds


def test_a_body_that_drips_for_ever_is_no_answer(fake: FakeAnthropic) -> None:
    fake.always(ME, DRIP)
    with client_of(fake, HurriedTime()) as client, pytest.raises(TimedOut, match="no whole answer"):
        client.get(ME)
    assert len(fake.asked) == 2


def test_a_body_that_unpacks_to_more_than_64_mib_is_not_read_to_its_end(
    fake: FakeAnthropic, client: Client
) -> None:
    fake.fail(ME, bomb())
    with pytest.raises(BadAnswer, match="larger than 64 MiB"):
        client.get(ME)
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(answering(b'{"data": [{"sta'), "page 1, body: Invalid JSON", id="cut short, yet 200"),
        pytest.param(
            answering(b"<html>Welcome to the proxy</html>"), "body: Invalid JSON", id="HTML, yet 200"
        ),
        pytest.param(answering(b""), "body: Invalid JSON", id="nothing at all"),
        pytest.param(answering([]), "body: Input should be an object", id="a list"),
        pytest.param(answering({}), "data: Field required", id="an object without data"),
        pytest.param(answering({"data": None}), "data: Input should be a valid array", id="no list"),
    ],
)
def test_a_200_that_is_no_page_is_refused_whole(
    fake: FakeAnthropic, client: Client, fault: Fault, said: str
) -> None:
    fake.fail(COST, fault)
    with pytest.raises(BadAnswer, match=said):
        cost(client)
    assert len(fake.asked) == 1


def test_a_bad_second_page_names_its_number_and_costs_the_first(fake: FakeAnthropic, client: Client) -> None:
    fake.fail_at(2, answering({"data": 3}))
    with pytest.raises(BadAnswer, match="GET /v1/organizations/analytics/cost: page 2, data"):
        cost(client)


def test_a_redirect_is_never_followed(demo: Demo, fake: FakeAnthropic, client: Client) -> None:
    with FakeAnthropic(demo, VirtualClock(NOW)) as elsewhere:
        fake.fail(ME, redirect(f"{elsewhere.base_url}{ME}"))
        with pytest.raises(Refused, match=r"check anthropic\.base_url"):
            client.get(ME)
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("base_url", "said"),
    [
        pytest.param("http://127.0.0.1:9", "the connection failed", id="nobody listens"),
        pytest.param("ftp://127.0.0.1", "must begin with https://", id="another protocol"),
    ],
)
def test_an_address_where_nothing_is(base_url: str, said: str) -> None:
    time = FakeTime()
    client = Client(base_url, DEMO_KEY, time.pace())
    with pytest.raises(SourceError, match=said):
        client.get(ME)
    client.close()


def test_an_answer_that_comes_late_is_still_an_answer(fake: FakeAnthropic, client: Client) -> None:
    fake.fail(ME, Fault(delay=0.2))
    assert client.get(ME)
    assert len(fake.asked) == 1
