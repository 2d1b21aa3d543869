"""Why the history file could not be used.

HistoryError     one sentence, with the remedy
└─ LeaseHeld     another process works on this file
"""

from bot.facts.trouble import Trouble


class HistoryError(Trouble):
    """The history file could not be used."""


class LeaseHeld(HistoryError):
    """Another process works on this file."""
