"""Errors made for people: one sentence with the remedy. Every room's error family begins here."""


class Trouble(Exception):
    """Something went wrong that a person can understand; the text says what to do."""

    confined = False
    """Whether it concerns only what was asked for, so that asking for something else may go well."""


class Stopping(Exception):
    """The service was asked to stop while it waited; what is whole is stored, the rest is left for later."""
