"""The Slack app as Slack takes it: what it may do, what it hears, and over which line (S1)."""

from typing import Any

from bot.slack.lines import EVENTS_PATH

SCOPES = {
    "chat:write": "to post, and to rewrite its own messages",
    "commands": "for `/claude-spend`",
    "app_mentions:read": "to answer where it is mentioned",
    "im:history": "to read what is written to it directly, and to look for its own messages there",
    "im:write": "to tell people directly",
    "channels:history": "to look whether a message of unknown fate arrived after all: none comes twice",
    "groups:history": "the same in private channels",
    "channels:read": "to find the id of a channel given by name",
    "users:read": "to show who pressed a button",
    "users:read.email": "to find people by e-mail address: owners, operators, one's own keys",
    "usergroups:read": "where `slack.operators` names a user group",
    "files:write": "to send the chart as a picture where Slack refuses it otherwise",
    "files:read": "to see that this picture can be shown",
}
"""Each scope of the bot token, and why."""
_EVENTS = ("app_mention", "app_home_opened", "message.im")


def manifest(url: str = "") -> dict[str, Any]:
    """The manifest for Socket Mode, or for signed requests to a public HTTPS address that leads to us."""
    where = {"url": f"{url.rstrip('/').removesuffix(EVENTS_PATH)}{EVENTS_PATH}"} if url else {}
    request = {"request_url": where["url"]} if url else {}
    command = {
        "command": "/claude-spend",
        "description": "What Claude costs: how much, who, why",
        "usage_hint": "[today | yesterday by model | why key:NAME | incidents | help]",
        "should_escape": True,
    }
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Claude Spend",
            "description": "Says when Claude API spend goes wrong, and why",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "claude-spend", "always_online": True},
            "slash_commands": [command | where],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(_EVENTS)} | request,
            "interactivity": {"is_enabled": True} | request,
            "socket_mode_enabled": not url,
            "org_deploy_enabled": False,
            "token_rotation_enabled": False,
        },
    }
