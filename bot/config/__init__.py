"""Settings from config.toml, the environment over it, and secrets from the environment alone."""

from bot.config.errors import ConfigError
from bot.config.load import load
from bot.config.service import missing_for_service
from bot.config.settings import Secrets, Settings

__all__ = ["ConfigError", "Secrets", "Settings", "load", "missing_for_service"]
