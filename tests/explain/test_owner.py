import pytest

from bot.explain.owner import owned, owner_of, team_of
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.finding import Part
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow
from tests.fakes.incidents import START

DIRECTORY = Directory(
    keys={"k1": Key("k1", "ci-eval", workspace_id="w1", owner="u1"), "k2": Key("k2", "search-rag")},
    workspaces={"w1": Workspace("w1", "Research")},
    people={"u1": Person("u1", "ada", "ada@example.com")},
)
TEAMS = {"platform": ["ci-*"], "science": ["research"], "people": ["ada"], "search": ["search-*"]}


@pytest.mark.parametrize(
    ("scope", "team"),
    [
        pytest.param(Scope(api_key_id="k1"), "platform", id="the first team whose pattern fits the key"),
        pytest.param(Scope(workspace_id="w1"), "science", id="a workspace, whatever its capitals"),
        pytest.param(Scope(actor="u1"), "people", id="a person"),
        pytest.param(Scope(api_key_id="k9"), "", id="a key nobody knows"),
        pytest.param(Scope(), "", id="the whole organisation belongs to no team"),
    ],
)
def test_the_team(scope: Scope, team: str) -> None:
    assert team_of(scope, DIRECTORY, TEAMS) == team


@pytest.mark.parametrize(
    ("scope", "owner"),
    [
        pytest.param(Scope(api_key_id="k1"), "ada <ada@example.com>, team platform", id="person and team"),
        pytest.param(Scope(api_key_id="k2"), "team search", id="a key without an owner"),
        pytest.param(Scope(actor="u1"), "ada, team people", id="a person's own spend"),
        pytest.param(
            Scope(model="opus"), "ada <ada@example.com>, team platform", id="who spends most of a model"
        ),
    ],
)
def test_the_owner(scope: Scope, owner: str) -> None:
    rows = [SpendRow(START, api_key_id="k1", usd=Usd(9)), SpendRow(START, api_key_id="k2", usd=Usd(5))]
    assert owner_of(scope, rows, DIRECTORY, TEAMS) == owner
    assert owner_of(scope, rows[::-1], DIRECTORY, TEAMS) == owner


def test_without_teams_and_names_nothing_is_claimed() -> None:
    assert owner_of(Scope(api_key_id="k9"), [], Directory(), {}) == ""


@pytest.mark.parametrize(
    ("scope", "workspace", "team"),
    [
        pytest.param(Scope(api_key_id="k1"), "w1", "platform", id="as the directory knows the key"),
        pytest.param(Scope(api_key_id="k2"), "w7", "search", id="as all its parts say"),
        pytest.param(Scope(workspace_id="w1", model="opus"), "w1", "science", id="as it says itself"),
    ],
)
def test_a_scope_knows_its_workspace_and_team(scope: Scope, workspace: str, team: str) -> None:
    parts = [Part(Scope("w7", "k2", model), Usd(1)) for model in ("opus", "haiku")]
    found = owned(scope, DIRECTORY, TEAMS, parts)
    assert (found.workspace_id, found.team) == (workspace, team)
