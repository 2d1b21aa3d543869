"""Who is told of an incident, and which findings keep quiet beside louder rules."""

from dataclasses import replace

import pytest

from bot.facts.directory import Directory, Key, Person
from bot.facts.finding import Finding, Part
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.rules.evaluate import breaches
from bot.rules.precedence import addressees, unsuppressed
from bot.rules.rulebook import read
from tests.fakes.incidents import runaway
from tests.rules.test_evaluate import DIRECTORY, panel

SCOPE = Scope(api_key_id="k1", workspace_id="research", team="search")
OWNED = Directory(
    keys={"k1": Key("k1", "ci", owner="user_ada")},
    people={"user_ada": Person("user_ada", "ada", "ada@example.com")},
)
CAP = "{name: r, because: b, per: key, above: $5, within: 1h%s}"


@pytest.mark.parametrize(
    ("rules", "routes", "told"),
    [
        pytest.param("", "", ["#all"], id="everybody"),
        pytest.param("", "{name: a, where: {team: search}, to: '#search'}", ["#search"], id="a route"),
        pytest.param("", "{name: a, where: {team: ml}, to: '#ml'}", ["#all"], id="another team's route"),
        pytest.param("", "{name: a, severity: critical, to: '#hot'}", ["#all"], id="not urgent enough"),
        pytest.param(
            "", "{name: a, to: '#one'}\n  - {name: b, to: '#two'}", ["#one"], id="the first that fits"
        ),
        pytest.param("", "{name: a, also: '#hot'}", ["#all", "#hot"], id="besides everybody"),
        pytest.param(
            "",
            "{name: a, also: '#hot'}\n  - {name: b, to: ['#ml', x@example.com]}",
            ["#ml", "x@example.com", "#hot"],
            id="instead, and besides",
        ),
        pytest.param(", route: '#mine'", "{name: a, to: '#one'}", ["#mine"], id="the rule's own goes before"),
        pytest.param(
            ", route: '#mine'", "{name: a, also: '#hot'}", ["#mine", "#hot"], id="the rule's own, and besides"
        ),
        pytest.param("", "{name: a, to: owner}", ["ada@example.com"], id="the owner of the key"),
        pytest.param("", "{name: a, also: owner}", ["#all", "ada@example.com"], id="the owner besides"),
    ],
)
def test_who_is_told(rules: str, routes: str, told: list[str]) -> None:
    text = f"rules:\n  - {CAP % rules}\n" + (f"routes:\n  - {routes}\n" if routes else "")
    incident = replace(runaway(), rule="r", severity=Severity.WARNING)
    found = addressees(incident, SCOPE, read({"r.yaml": text}), OWNED, "#all")
    assert list(found) == told


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        pytest.param(Scope(api_key_id="k2"), ["#all"], id="a key that nobody owns"),
        pytest.param(Scope(model="claude"), ["#all"], id="no key at all"),
        pytest.param(Scope(actor="user_ada"), ["ada@example.com"], id="the person it is about"),
    ],
)
def test_where_no_owner_is_known_everybody_is_told(scope: Scope, told: list[str]) -> None:
    book = read({"r.yaml": "routes:\n  - {name: a, to: owner}"})
    incident = replace(runaway(), severity=Severity.WARNING)
    assert list(addressees(incident, scope, book, OWNED, "#all")) == told


def finding(rule: str, key: str) -> Finding:
    book = read({"r.yaml": f"rules:\n  - {CAP.replace('name: r', f'name: {rule}') % ''}\n"})
    (found,) = [
        one
        for one in breaches(book.rules[0], panel([9], [0], [9]), 0, DIRECTORY)
        if one.scope.api_key_id == key
    ]
    return found


@pytest.mark.parametrize(
    ("suppresses", "left"),
    [
        pytest.param("quiet", ["loud k1", "quiet k2", " k1"], id="a rule, of the same key"),
        pytest.param("QUIET", ["loud k1", "quiet k2", " k1"], id="in any case of letters"),
        pytest.param("detection", ["loud k1", "quiet k1", "quiet k2"], id="what needs no rule"),
        pytest.param("[quiet, detection]", ["loud k1", "quiet k2"], id="both"),
    ],
)
def test_what_is_suppressed(suppresses: str, left: list[str]) -> None:
    text = "\n  - ".join(
        (
            "rules:",
            "{name: quiet, because: b, per: key, above: $5, within: 1h}",
            CAP.replace("name: r", "name: loud"),
        )
    )
    book = read({"r.yaml": text % f", suppresses: {suppresses}"})
    parts = (Part(Scope("w1", "k1"), Usd(5)),)
    statistical = replace(finding("x", "k1"), rule="", parts=parts)
    found = [finding("loud", "k1"), finding("quiet", "k1"), finding("quiet", "k2"), statistical]
    assert [f"{one.rule} {one.scope.api_key_id}" for one in unsuppressed(found, book)] == left
