"""What can be set, with defaults and limits."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
)


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host or not re.fullmatch(r"https?://[^\s@?#]+", text):
        raise ValueError("should be a web address such as https://example.com, without user name or query")
    return text


def _path(value: object) -> Path:
    text = str(value) if isinstance(value, str | Path) else ""
    if not text.strip() or not text.isprintable() or text.startswith("~"):
        raise ValueError('should be a path such as "data/x" or "/var/lib/x", without ~')
    return Path(text)


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(name, sorted(available_timezones()), 1) or ["Europe/Berlin"]
        raise ValueError(f"should be an IANA time zone name such as {near[0]}") from None
    return name


def _operator(text: str) -> str:
    if not re.fullmatch(r"[UWS][A-Z0-9]{5,}|[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}", text):
        known = 'a user id such as "U0123456789", a user group id such as "S0123456789"'
        raise ValueError(f"should be {known} or an e-mail address")
    return text


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not (re.fullmatch(r"[\w.-]+|\[[0-9a-fA-F:]+\]", host) and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError('should be a host and a port such as "127.0.0.1:3000"')
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]
Location = Annotated[Path, BeforeValidator(_path)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Operator = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_operator)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Anthropic(_Section):
    """Where the organisation's costs are read."""

    base_url: WebAddress = "https://api.anthropic.com"
    """The API's address; another one for a proxy or a rehearsal."""
    api: Literal["auto", "analytics", "admin"] = "auto"
    """Which reports to read: `analytics` (reference 4), `admin` (reference 2 and 3), or whichever answers."""
    requests_per_minute: Annotated[int, Field(strict=True, gt=0, le=100_000)] = 60
    """How fast to ask at most."""


class History(_Section):
    """What is remembered."""

    path: Location = Path("history.db")
    """The SQLite file."""


class Slack(_Section):
    """Where people are told."""

    mode: Literal["socket", "http", "webhook", "console"] = "console"
    """`socket` needs no public address, `http` does, `webhook` only posts, `console` prints."""
    api_url: WebAddress = "https://slack.com/api/"
    """Slack's Web API; another one for a rehearsal."""
    channel: str = ""
    """Channel id or name for messages no rule sends elsewhere; `socket` and `http` need it."""
    operators: tuple[Operator, ...] = ()
    """Who may press buttons and silence: user ids, user group ids, e-mail addresses; everybody if empty."""
    listen: Annotated[str, AfterValidator(_host_and_port)] = "127.0.0.1:3000"
    """Where mode `http` awaits Slack's requests, behind a proxy that ends HTTPS."""
    alerts_a_day: Annotated[int, Field(strict=True, ge=1, le=1000)] = 10
    """How many incidents may ring in a UTC day; the others wait in one message, but critical ones never."""


class Actions(_Section):
    """What may be done from Slack beyond talking."""

    disable_keys: Annotated[bool, Field(strict=True)] = False
    """Whether operators may switch API keys off and on; needs `slack.operators`."""


class Digest(_Section):
    """What is said regularly, whether or not something is wrong."""

    hour: Annotated[int, Field(strict=True, ge=0, le=23)] = 9
    """At which hour of the channel's time zone."""
    daily: Annotated[bool, Field(strict=True)] = True
    """Every day on which something is worth saying; on others it is quiet."""
    weekly: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "never"] = (
        "monday"
    )
    """On which day the last seven days are summed up."""
    channels: dict[Words, Annotated[str, AfterValidator(_time_zone)]] = {}
    """Channels to the time zones whose hour counts there; `slack.channel` in `timezone` if empty."""


class Rules(_Section):
    """What people asked to be watched."""

    path: Location = Path("rules")
    """The folder of YAML rule files."""


class Detection(_Section):
    """How the built-in detectors judge."""

    sensitivity: Literal["low", "medium", "high"] = "medium"
    """`low` speaks of large excesses only, `high` of small ones too."""
    sensitivity_of: dict[Words, Literal["low", "medium", "high"]] = {}
    """Sensitivities of their own: by glob patterns over names and ids of keys, workspaces, people, models."""
    false_alarms_a_week: Annotated[float, Field(strict=True, gt=0, le=100)] = 0.25
    """How many false alarms to expect in a week, however many keys there are."""


class Secrets(_Section):
    """Keys and tokens. Each field is the environment variable of the same name in capitals, or None."""

    anthropic_admin_key: SecretStr | None = None
    anthropic_analytics_key: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_webhook_url: SecretStr | None = None


class Settings(_Section):
    """All settings, checked. Paths are as seen from the working directory."""

    timezone: Annotated[str, AfterValidator(_time_zone)] = "UTC"
    """IANA name of the zone whose days and clock times people are shown; figures are kept in UTC."""
    anthropic: Anthropic = Anthropic()
    history: History = History()
    slack: Slack = Slack()
    actions: Actions = Actions()
    digest: Digest = Digest()
    rules: Rules = Rules()
    detection: Detection = Detection()
    teams: dict[Words, Annotated[tuple[Words, ...], Field(min_length=1)]] = {}
    """Who owns what: team name to glob patterns over names of keys, workspaces and people."""
    secrets: Secrets = Secrets()


Key = tuple[str, ...]


def _defaults() -> Iterator[tuple[Key, object]]:
    for name, value in Settings():
        if not isinstance(value, _Section):
            yield (name,), value
        elif name != "secrets":
            yield from (((name, field), default) for field, default in value)


DEFAULTS: Mapping[Key, object] = dict(_defaults())
"""Every key that can be set, with its default."""
SECRETS = tuple(name.upper() for name in Secrets.model_fields)
"""The environment variables that hold secrets; each may be given as a file with `_FILE` appended."""
SECTIONS = {key[0] for key in DEFAULTS if len(key) > 1}
"""The names of the file's sections."""
