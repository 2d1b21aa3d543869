"""What the service needs beyond what reading commands need."""

from bot.config.settings import Settings

_SLACK_SECRETS = {
    "socket": ("slack_bot_token",),
    "http": ("slack_bot_token", "slack_signing_secret"),
    "webhook": ("slack_webhook_url",),
    "console": (),
}


def missing_for_service(settings: Settings) -> list[str]:
    """What pulling costs and telling people need, one sentence each. Reading commands need none of it."""
    given, mode = settings.secrets, settings.slack.mode
    missing = []
    either = settings.anthropic.api != "admin"
    if not (given.anthropic_admin_key or (either and given.anthropic_analytics_key)):
        wanted = "ANTHROPIC_ADMIN_KEY" + (" or ANTHROPIC_ANALYTICS_KEY" if either else "")
        missing.append(
            f'anthropic.api = "{settings.anthropic.api}" needs {wanted}; set it in the environment.'
        )
    missing += [
        f'slack.mode = "{mode}" needs {name.upper()}; set it in the environment.'
        for name in _SLACK_SECRETS[mode]
        if getattr(given, name) is None
    ]
    if mode in {"socket", "http"} and not settings.slack.channel.strip():
        missing.append(f'slack.mode = "{mode}" needs slack.channel; set it to a channel id or name.')
    return missing + _missing_for_keys(settings)


def _missing_for_keys(settings: Settings) -> list[str]:
    """Switching keys off is for named people only, and takes a key that may."""
    if not settings.actions.disable_keys:
        return []
    return [
        f"actions.disable_keys = true needs {what}."
        for what, is_there in (
            ("slack.operators; name who may switch keys off", settings.slack.operators),
            ("ANTHROPIC_ADMIN_KEY; set it in the environment", settings.secrets.anthropic_admin_key),
        )
        if not is_there
    ]
