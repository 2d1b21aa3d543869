"""Names, owners and words about figures."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.facts.clock import Grain, Window
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.finding import Finding
from bot.facts.money import Usd
from bot.facts.scope import ORGANISATION, Scope
from bot.facts.severity import Severity
from bot.facts.spend import COMPONENTS, DIMENSIONS, TOKENS
from bot.facts.text import multiple, scope_name, when
from tests.fakes.incidents import HOUR, START, runaway

KNOWN = Directory(
    keys={
        "k": Key("k", "ci-eval", owner="user_a"),
        "nameless": Key("nameless", "", owner="user_n"),
        "service": Key("service", "nightly", owner="svac_1"),
        "orphan": Key("orphan", "old"),
        "mailless": Key("mailless", "m", owner="user_m"),
    },
    workspaces={"w": Workspace("w", "research"), "d": Workspace("d", "Default", is_default=True)},
    people={
        "user_a": Person("user_a", "ada", "ada@example.com"),
        "user_m": Person("user_m", "max"),
        "user_n": Person("user_n", "", "n@example.com"),
    },
)


@pytest.mark.parametrize(
    ("dimension", "value", "name"),
    [
        pytest.param("api_key_id", "k", "ci-eval", id="a key by its name"),
        pytest.param("api_key_id", "gone", "gone", id="a deleted key by its id"),
        pytest.param("api_key_id", "nameless", "nameless", id="a key without a name by its id"),
        pytest.param("api_key_id", "", "no key (Playground)", id="no key"),
        pytest.param("workspace_id", "w", "research", id="a workspace by its name"),
        pytest.param("workspace_id", "", "default workspace", id="no workspace"),
        pytest.param("actor", "user_a", "ada", id="a person by name"),
        pytest.param("actor", "", "no person", id="nobody"),
        pytest.param("model", "k", "k", id="a model is its own name, even when a key is called so"),
        pytest.param("model", "", "no model", id="no model"),
        pytest.param("product", "", "unknown product", id="no product"),
        pytest.param("service_tier", "", "(none)", id="a dimension without a word for none"),
    ],
)
def test_names(dimension: str, value: str, name: str) -> None:
    assert KNOWN.name_of(dimension, value) == name


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        pytest.param("k", "ada <ada@example.com>", id="name and address"),
        pytest.param("mailless", "max", id="a name without an address"),
        pytest.param("nameless", "user_n <n@example.com>", id="an address without a name"),
        pytest.param("service", "svac_1", id="a service account by its id"),
        pytest.param("orphan", "", id="nobody is known to own it"),
        pytest.param("gone", "", id="nothing is known of it"),
    ],
)
def test_owners(key: str, owner: str) -> None:
    assert KNOWN.owner_of(key) == owner


def test_the_default_workspace_has_a_true_id() -> None:
    assert KNOWN.default_workspace_id() == "d"
    assert not Directory().default_workspace_id()


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        pytest.param(ORGANISATION, "the organisation", id="everything"),
        pytest.param(Scope(api_key_id="k"), "key ci-eval", id="a key"),
        pytest.param(Scope(api_key_id="k", model="opus"), "key ci-eval on opus", id="a key on a model"),
        pytest.param(Scope(model="opus"), "model opus", id="a model"),
        pytest.param(Scope(model=""), "no model", id="spend without a model"),
        pytest.param(Scope(api_key_id="k", model=""), "key ci-eval on no model", id="a key without a model"),
        pytest.param(Scope(api_key_id=""), "no key (Playground)", id="spend without a key"),
        pytest.param(Scope(workspace_id="w"), "workspace research", id="a workspace"),
        pytest.param(Scope(actor="user_a"), "user ada", id="a person"),
        pytest.param(
            Scope("w", "k", "opus", "user_a", "api"),
            "key ci-eval, user ada, product api, workspace research on opus",
            id="a leaf",
        ),
    ],
)
def test_scope_names(scope: Scope, name: str) -> None:
    assert scope_name(scope, KNOWN) == name


@pytest.mark.parametrize(
    ("times", "said"),
    [
        pytest.param(float("inf"), "from nothing", id="nothing was usual"),
        pytest.param(1.73, "1.7x", id="a little"),
        pytest.param(9.49, "9.5x", id="the last with a digit after the point"),
        pytest.param(9.5, "10x", id="the first without"),
        pytest.param(123.4, "123x", id="a lot"),
        pytest.param(0.0, "0.0x", id="nothing at all"),
    ],
)
def test_multiples(times: float, said: str) -> None:
    assert multiple(times) == said


def test_instants_are_said_in_utc() -> None:
    at = datetime(2026, 11, 9, 4, 5, tzinfo=UTC)
    assert when(at) == when(at.astimezone(timezone(timedelta(hours=5, minutes=45)))) == "9 Nov 04:05 UTC"


def test_an_excess_is_observed_less_expected() -> None:
    window = Window(START, START + HOUR)
    finding = Finding(
        "spike", ORGANISATION, Grain.HOUR, window, Usd(30), Usd(12), Usd(9), Usd(15), 7.0, START, ""
    )
    assert finding.excess == 18
    assert runaway(observed=Usd(30), expected=Usd(12)).excess == 18


def test_multiples_of_nothing_are_infinite() -> None:
    assert runaway(expected=Usd(0)).multiple == float("inf")
    assert runaway(observed=Usd(30), expected=Usd(12)).multiple == 2.5


def test_severities_are_ranked() -> None:
    ranked = sorted(Severity, key=lambda severity: severity.rank)
    assert ranked == [Severity.NOTICE, Severity.WARNING, Severity.CRITICAL]


def test_a_row_has_six_dimensions_five_token_counts_and_nine_components() -> None:
    assert (len(DIMENSIONS), len(TOKENS), len(COMPONENTS)) == (6, 5, 9)
