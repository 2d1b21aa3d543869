"""Why the history file could not be used.

HistoryError     one sentence, with the remedy
└─ LeaseHeld     another process works on this file
"""


class HistoryError(Exception):
    """The history file could not be used."""


class LeaseHeld(HistoryError):
    """Another process works on this file."""
