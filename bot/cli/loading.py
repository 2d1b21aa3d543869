"""What every command needs first: settings, a clock, a history to read."""

import argparse
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

from rich.console import Console

from bot.app import Machine, real_machine
from bot.config import ConfigError, Settings, load, missing_for_service
from bot.facts.trouble import Trouble
from bot.history.store import History
from bot.sources.admin import AdminSource
from bot.sources.analytics import AnalyticsSource

_DEFAULT = "config.toml"
_WIDE = 160


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings a command runs with. Raises ConfigError."""
    return load(Path(options.config or _DEFAULT), os.environ, required=bool(options.config))


def service_settings(options: argparse.Namespace) -> Settings:
    """Settings that suffice for pulling and telling. Raises ConfigError naming all that is missing."""
    settings = settings_of(options)
    missing = missing_for_service(settings)
    if missing:
        raise ConfigError(missing)
    return settings


def paper() -> Console:
    """Where answers are printed: as wide as the terminal, and wide enough for tables in a file or a pipe."""
    console = Console()
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(width=_WIDE)


def machine_of(options: argparse.Namespace, stop: Event) -> Machine:
    """This machine's clock, fixed where --now says so."""
    return real_machine(stop, options.now)


def usual_lag(settings: Settings) -> timedelta:
    """How far figures usually lie behind at most, as far as the configuration tells."""
    return (AdminSource if settings.anthropic.api == "admin" else AnalyticsSource).usual_lag


def user() -> str:
    """The name of whoever runs a command; a process in a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "the terminal"


@contextmanager
def stored(options: argparse.Namespace) -> Iterator[History]:
    """The history a command reads. Raises Trouble where there is none yet."""
    path = settings_of(options).history.path
    if not path.exists():
        remedy = "run `claude-spend once` first, or name another file in CLAUDE_SPEND__HISTORY__PATH"
        raise Trouble(f"there is no history at {path} yet; {remedy}")
    with History(path) as history:
        yield history
