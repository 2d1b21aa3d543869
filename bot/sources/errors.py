"""Why an upstream could not be read.

SourceError               one sentence, with the remedy; `retry` says whether the next cycle may fare better
├─ Refused                wrong key, missing scope, unknown endpoint, bad parameter
├─ Unreachable            network, rate limit or server trouble that outlasted our patience
│  └─ TimedOut            the answer takes too long: a smaller window may pass
├─ CursorExpired          paging must start again from the first page
└─ BadAnswer              an answer that is not what the reference describes; nothing of it is kept
"""

from bot.facts.trouble import Trouble


class SourceError(Trouble):
    """An upstream could not be read."""

    retry = True


class Refused(SourceError):
    """Trying again will not help until somebody changes something."""

    retry = False

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(SourceError):
    """The next cycle may fare better."""


class TimedOut(Unreachable):
    """A smaller window may pass."""


class CursorExpired(SourceError):
    """Start again from the first page."""


class BadAnswer(SourceError):
    """The upstream said something it should not say."""

    confined = True
