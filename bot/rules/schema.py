"""The JSON Schema of rule files, made of the same models that read them."""

from typing import Any

from bot.rules.language import RuleFile

Schema = dict[str, Any]
_ONLY_FOR_PROGRAMS = {"title", "default"}


def schema() -> Schema:
    """JSON Schema 2020-12. Values with a notation of their own, such as $200 or 24h, are text."""
    made: Schema = _plain(RuleFile.model_json_schema(by_alias=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of claude-spend",
        **made,
    }


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if isinstance(node, dict):
        return _without_null({k: _plain(value) for k, value in node.items() if k not in _ONLY_FOR_PROGRAMS})
    return node


def _without_null(node: Schema) -> Schema:
    """What may be left out may not be left empty; one choice that remains is none."""
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {name: value for name, value in node.items() if name != "anyOf"} | dict(choices[0])
    return node | {"anyOf": choices} if choices else node
