"""The schema that editors use is made of the language, and the file beside the rules is that schema."""

import json
from pathlib import Path

from bot.rules.schema import schema

RULES = Path(__file__).parents[2] / "rules"


def test_the_shipped_schema_is_this_one() -> None:
    assert json.loads((RULES / "schema.json").read_text("utf-8")) == schema()


def test_every_shipped_file_points_to_it() -> None:
    for path in RULES.glob("*.yaml"):
        assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=schema.json\n")


def test_every_field_says_what_it_is() -> None:
    models = {name: model for name, model in schema()["$defs"].items() if model.get("type") == "object"}
    assert set(models) == {"Condition", "Event", "Example", "Members", "Route", "Rule"}
    for name, model in models.items():
        assert model["additionalProperties"] is False
        for field, what in model["properties"].items():
            assert what.get("description"), f"{name}.{field}"


def test_values_with_a_notation_of_their_own_are_text() -> None:
    rule = schema()["$defs"]["Rule"]["properties"]
    assert rule["above"]["type"] == rule["within"]["type"] == ["string", "number"]
    one, several = rule["per"]["anyOf"]
    assert one["enum"][0] == several["items"]["enum"][0] == "key"
    assert rule["severity"]["anyOf"][0] == {"enum": ["notice", "warning", "critical"]}


def test_only_headings_may_be_left_empty() -> None:
    rule = schema()["$defs"]["Rule"]
    assert '"null"' not in json.dumps(rule)
    assert schema()["properties"]["rules"]["type"] == ["array", "null"]
