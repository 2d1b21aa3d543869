"""Anthropic's own client as an independent witness (reference 12)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import anthropic
import pytest
from anthropic.types.beta.organization import BetaAPIKey, BetaOrganizationUser, BetaWorkspace
from anthropic.types.beta.organization.analytics import BetaAnalyticsCostItem, BetaAnalyticsUsageItem

from bot.demo import DEMO_KEY, Demo, VirtualClock, serve
from tests.demo.asking import COST, HEADERS, ROOT, USAGE, Asker, nano

DAYS = "starting_at=2026-10-17T00:00:00Z ending_at=2026-10-20T00:00:00Z"
NEWER = HEADERS | {"anthropic-version": "2026-10-21"}


@pytest.fixture
def client(demo: Demo, ask: Asker) -> Iterator[anthropic.Anthropic]:
    with (
        serve(demo, VirtualClock(ask.now)) as base_url,
        anthropic.Anthropic(api_key=DEMO_KEY, base_url=base_url, max_retries=0) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "group_by",
    [
        pytest.param("actor,model,product,api_key_id,workspace_id", id="what the bot asks for"),
        pytest.param("actor_type,context_window,inference_geo,service_tier,speed", id="the other dimensions"),
        pytest.param(
            "organization_id,rbac_group_id,agent_id,session_id,environment_id", id="what is not here"
        ),
    ],
)
def test_rows_are_what_the_official_types_say(ask: Asker, group_by: str) -> None:
    for kinds in ("", ",cost_type,token_type"):
        for row in ask.rows(COST, f"{DAYS} group_by={group_by}{kinds} limit=1000"):
            BetaAnalyticsCostItem.model_validate(row)
    for row in ask.rows(USAGE, f"{DAYS} group_by={group_by} limit=1000"):
        BetaAnalyticsUsageItem.model_validate(row)


@pytest.mark.parametrize(
    ("what", "model"),
    [
        pytest.param("workspaces", BetaWorkspace, id="workspaces"),
        pytest.param("api_keys", BetaAPIKey, id="keys"),
        pytest.param("users", BetaOrganizationUser, id="people"),
    ],
)
def test_lookups_are_what_the_official_types_say(
    ask: Asker, what: str, model: type[BetaWorkspace | BetaAPIKey | BetaOrganizationUser]
) -> None:
    ask.headers = NEWER
    text = "limit=1000 include_default=true include_archived=true"
    entries = [model.model_validate(entry) for entry in ask.page(f"{ROOT}/{what}", text)["data"]]
    assert all(entry.id for entry in entries)
    assert entries


def test_the_official_client_pages_through_cost(client: anthropic.Anthropic, ask: Asker) -> None:
    page = client.beta.organization.analytics.cost.list(
        starting_at="2026-10-17T00:00:00Z",
        ending_at="2026-10-20T00:00:00Z",
        time_bucket_width="1d",
        group_by=["api_key_id", "model", "cost_type", "token_type"],
        limit=20,
    )
    assert page.data_refreshed_at == datetime(2026, 10, 20, 14, 20, tzinfo=UTC)
    amounts = [Decimal(item.cost.amount) for item in page]
    assert len(amounts) > 100
    assert sum(amounts) * 10**7 == nano(ask.rows(COST, DAYS))


def test_the_official_client_pages_through_the_directory(client: anthropic.Anthropic, demo: Demo) -> None:
    keys = list(client.beta.organization.api_keys.list(limit=7))
    assert [key.name for key in keys] == [key.name for key in demo.organisation.keys.values()]
    users = list(client.beta.organization.users.list(limit=7))
    assert len(users) == 30
    workspaces = list(client.beta.organization.workspaces.list(limit=2, include_default=True))
    assert next(workspace.name for workspace in workspaces) == "Default"
    assert client.beta.organization.retrieve().name == demo.organisation.name


def test_the_official_client_switches_a_key_off_and_on(client: anthropic.Anthropic) -> None:
    keys, ci_eval = client.beta.organization.api_keys, "apikey_01CiEval"
    assert keys.retrieve(ci_eval).status == "active"
    off = keys.update(ci_eval, status="inactive")
    assert (off.id, off.name, off.status) == (ci_eval, "ci-eval", "inactive")
    assert keys.retrieve(ci_eval) == off
    assert ci_eval in {key.id for key in keys.list(status="inactive")}
    assert keys.update(ci_eval, status="active") == off.model_copy(update={"status": "active"})
    assert ci_eval not in {key.id for key in keys.list(status="inactive")}


def test_the_official_client_understands_what_cannot_be_switched(client: anthropic.Anthropic) -> None:
    keys = client.beta.organization.api_keys
    with pytest.raises(anthropic.NotFoundError, match="apikey_01None was not found"):
        keys.update("apikey_01None", status="inactive")
    with pytest.raises(anthropic.BadRequestError, match="name: Extra inputs"):
        keys.update("apikey_01CiEval", name="another", status="inactive")
    assert keys.retrieve("apikey_01CiEval").status == "active"


def test_the_official_client_understands_a_refusal(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.BadRequestError, match="within the last 365 days"):
        client.beta.organization.analytics.usage.list(starting_at="2025-01-01T00:00:00Z")
