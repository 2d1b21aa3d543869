"""Pages are read to their end, or not at all."""

import itertools

import httpx
import pytest

from bot.demo import DEMO_KEY
from bot.sources.errors import BadAnswer, CursorExpired
from bot.sources.http import MAX_PAGES, Client, CursorPage, IdPage, Params
from tests.fakes.anthropic import COST, EXPIRED, USERS, FakeAnthropic, Fault, answering, changed, refusal
from tests.fakes.machine import FakeTime
from tests.sources.test_http import DAY, NO_RETRY, cost, rows


class TestCursors:
    def test_one_that_points_to_itself(self, fake: FakeAnthropic, client: Client) -> None:
        def same(page: dict[str, object]) -> None:
            page.update(has_more=True, next_page="page_same")

        fake.fail(COST, changed(same), answering({"data": [], "has_more": True, "next_page": "page_same"}))
        with pytest.raises(BadAnswer, match="page 2 points back to a page already read"):
            cost(client)

    def test_two_that_point_at_each_other(self, fake: FakeAnthropic, client: Client) -> None:
        pages: list[object] = [{"data": [], "next_page": name} for name in ("page_a", "page_b", "page_a")]
        fake.fail(COST, *map(answering, pages))
        with pytest.raises(BadAnswer, match="page 3 points back"):
            cost(client)

    def test_ever_new_ones(self, time: FakeTime) -> None:
        numbers = itertools.count(1)

        def endless(_: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"data": [], "next_page": f"page_{next(numbers)}"})

        client = Client("http://test", DEMO_KEY, time.pace(), httpx.MockTransport(endless))
        with pytest.raises(BadAnswer, match="no end to it after 2000 pages"):
            cost(client)
        assert next(numbers) == MAX_PAGES + 1

    @pytest.mark.parametrize(
        "expired",
        [
            pytest.param(EXPIRED, id="410"),
            pytest.param(refusal(410, "gone", NO_RETRY), id="410 that says: do not retry"),
            pytest.param(refusal(400, "page: Invalid cursor"), id="400 that names the cursor"),
        ],
    )
    def test_an_expired_one_starts_the_query_over_once(
        self, fake: FakeAnthropic, client: Client, expired: Fault
    ) -> None:
        whole = rows(cost(client))
        before = len(fake.asked)
        fake.fail_at(3, expired)
        assert rows(cost(client)) == whole
        assert len(fake.asked) == 2 * before + 3
        assert fake.asked[before + 3].params == tuple(DAY)

    def test_one_that_expires_again_is_an_error(self, fake: FakeAnthropic, client: Client) -> None:
        fake.fail_at(2, EXPIRED)
        fake.fail_at(4, EXPIRED)
        with pytest.raises(CursorExpired, match="answered 410"):
            cost(client)

    @pytest.mark.parametrize(
        ("page", "more"),
        [
            pytest.param({"has_more": True, "next_page": "x"}, [("page", "x")], id="more"),
            pytest.param({"next_page": "x"}, [("page", "x")], id="more, though nobody says so"),
            pytest.param({"has_more": False, "next_page": "x"}, None, id="a cursor after the end"),
            pytest.param({"has_more": True, "next_page": None}, None, id="no cursor"),
            pytest.param({"has_more": True, "next_page": ""}, None, id="an empty cursor"),
            pytest.param({}, None, id="neither"),
        ],
    )
    def test_when_paging_ends(self, page: dict[str, object], more: Params | None) -> None:
        assert CursorPage.model_validate(page).next_params() == more

    def test_lists_by_id_go_on_after_the_last_one(self) -> None:
        assert IdPage(has_more=True, last_id="user_9").next_params() == [("after_id", "user_9")]
        assert IdPage(has_more=False, last_id="user_9").next_params() is None

    def test_a_list_that_ignores_the_id_is_no_endless_loop(self, fake: FakeAnthropic, client: Client) -> None:
        fake.always(USERS, answering({"data": [], "has_more": True, "last_id": "user_9"}))
        with pytest.raises(BadAnswer, match="points back"):
            client.pages(USERS, [], IdPage)
