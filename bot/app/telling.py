"""Where alerts go, in which words, and how many may ring."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.explain.owner import owned
from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.jobs.digest import Plan
from bot.jobs.telling import Telling
from bot.rules.precedence import addressees
from bot.rules.rulebook import Rulebook
from bot.slack.buttons import Controls
from bot.slack.details import details_message
from bot.slack.messages import incident_message
from bot.slack.news import news_message
from bot.slack.overflow import overflow_message

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def controls_of(settings: Settings) -> Controls:
    """What can be pressed: only where Slack can reach us."""
    return Controls(listens=listens(settings), switches_keys=settings.actions.disable_keys)


def listens(settings: Settings) -> bool:
    """Whether what is pressed and typed in Slack reaches us."""
    mode, secrets = settings.slack.mode, settings.secrets
    return mode == "http" or (mode == "socket" and secrets.slack_app_token is not None)


def everybodys(settings: Settings) -> str:
    """The channel for what no rule sends elsewhere."""
    return settings.slack.channel or settings.slack.mode


def digest_plan(settings: Settings) -> Plan:
    """When and where digests are told."""
    asked, everybody = settings.digest, everybodys(settings)
    several = settings.slack.mode in {"socket", "http"} and asked.channels
    channels = several or {everybody: settings.timezone}
    weekday = WEEKDAYS.index(asked.weekly) if asked.weekly in WEEKDAYS else None
    zones = {channel: ZoneInfo(zone) for channel, zone in channels.items()}
    return Plan(zones, asked.hour, asked.daily, weekday, settings.teams)


def telling_of(settings: Settings, rulebook: Rulebook) -> Telling:
    """Where alerts go, in which words, and how many may ring."""
    slack, teams, everybody, can = settings.slack, settings.teams, everybodys(settings), controls_of(settings)

    def route(incident: Incident, directory: Directory) -> Sequence[str]:
        scope = owned(incident.scope, directory, teams, incident.parts)
        if slack.mode == "webhook" or incident.is_blind:
            return (everybody,)
        return addressees(incident, scope, rulebook, directory, everybody)

    def render(incident: Incident, directory: Directory, why: Why) -> Message:
        return incident_message(incident, directory, why, can)

    return Telling(
        channel=everybody,
        edits=slack.mode in {"socket", "http"},
        render=render,
        details=details_message,
        news=news_message,
        digest=overflow_message,
        budget=slack.alerts_a_day,
        route=route,
    )
