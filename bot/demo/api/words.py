"""The words Anthropic's reports know (reference 2.1, 4.1)."""

from typing import Final

DIMENSIONS: Final = (
    "actor",
    "actor_type",
    "agent_id",
    "api_key_id",
    "claude_tag_category",
    "claude_tag_user_id",
    "context_window",
    "deployment_id",
    "environment_id",
    "inference_geo",
    "model",
    "organization_id",
    "product",
    "rbac_group_id",
    "service_tier",
    "session_id",
    "slack_channel_id",
    "speed",
    "user_profile_id",
    "workspace_id",
)
"""Every `group_by[]` value of reports C and D that is not a kind of cost."""
COST_KINDS: Final = ("cost_type", "token_type")
LEGACY_DIMENSIONS: Final = (
    "account_id",
    "api_key_id",
    "context_window",
    "inference_geo",
    "model",
    "service_account_id",
    "service_tier",
    "speed",
    "workspace_id",
)
"""Every `group_by[]` value of report A."""
ACTOR_TYPES: Final = ("user_actor", "service_account_actor", "api_actor", "federated_actor")
CLAUDE_TAG_CATEGORIES: Final = ("dm", "engaged", "monitoring", "proactive", "scheduled")
CONTEXT_WINDOWS: Final = ("0-200k", "200k-1M")
INFERENCE_GEOS: Final = ("global", "us", "not_available")
PRODUCTS: Final = (
    "messages_api",
    "message_batches_api",
    "managed_agents_api",
    "claude_console",
    "claude_code",
    "chat",
    "chat_cowork_unified",
    "cowork",
    "claude_design",
    "claude_in_chrome",
    "claude_tag",
    "office_agent",
)
SERVICE_TIERS: Final = ("standard", "batch", "priority", "priority_on_demand", "flex", "flex_discount")
SPEEDS: Final = ("standard", "fast")
