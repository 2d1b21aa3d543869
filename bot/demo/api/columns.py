"""What every line is in the words of the reports: one value, or none, for each dimension."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.demo.api.words import DIMENSIONS
from bot.demo.organisation import Organisation
from bot.demo.workloads import Actor, Line

Columns = Mapping[str, Sequence[str | None]]


def analytics_columns(lines: Sequence[Line]) -> Columns:
    """Reports C and D. An actor is told apart by its identity even where it cannot be shown."""
    of = [_analytics_values(line) for line in lines]
    return {name: [values.get(name) for values in of] for name in DIMENSIONS}


def _analytics_values(line: Line) -> dict[str, str | None]:
    on_model = line.model is not None
    return {
        "actor": line.actor.id,
        "actor_type": line.actor.type,
        "api_key_id": line.key or None,
        "context_window": "0-200k" if on_model else None,
        "inference_geo": "global" if on_model and not _is_older(line) else None,
        "model": line.model,
        "product": line.product,
        "service_tier": line.tier,
        "speed": "standard" if on_model else None,
        "workspace_id": line.workspace,
    }


def legacy_columns(lines: Sequence[Line], organisation: Organisation) -> Columns:
    """Reports A and B: the default workspace is null, an unset region has a name (reference 2.2)."""
    columns = dict(analytics_columns(lines))
    columns["workspace_id"] = [_or_none(line.workspace, organisation) for line in lines]
    columns["inference_geo"] = [
        "not_available" if line.model is not None and _is_older(line) else geo
        for line, geo in zip(lines, columns["inference_geo"], strict=True)
    ]
    nothing: list[str | None] = [None] * len(lines)
    return columns | {"account_id": nothing, "service_account_id": nothing}


def _or_none(workspace: str, organisation: Organisation) -> str | None:
    return None if organisation.workspaces[workspace].is_default else workspace


def _is_older(line: Line) -> bool:
    """Whether the model is older than regions are: before Opus and Sonnet 4.6."""
    return line.model is not None and "haiku-4-5" in line.model


def render_actor(actor: Actor, organisation: Organisation) -> dict[str, Any] | None:
    """An actor as JSON (reference 4.2), None where it cannot be shown."""
    if not actor.shown:
        return None
    if actor.type == "api_actor":
        return {"type": actor.type, "api_key_id": actor.id}
    if actor.type == "service_account_actor":
        return {"type": actor.type, "service_account_id": actor.id}
    if actor.type == "federated_actor":
        provider = {"type": "oidc", "issuer": actor.provider}
        return {"type": actor.type, "subject": actor.id, "provider": provider}
    member = organisation.members[actor.id]
    return {
        "type": actor.type,
        "user_id": actor.id,
        "name": "Deleted User" if member.removed else member.name,
        "email_address": None if member.removed else member.email,
        "deleted": member.removed,
    }
