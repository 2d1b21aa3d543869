"""The command line: one entry point, errors as sentences on stderr, data on stdout."""

from bot.cli.main import main

__all__ = ["main"]
