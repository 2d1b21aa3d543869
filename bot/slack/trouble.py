"""What both ways to Slack share: a silent logger for slack_sdk, and what a broken connection means."""

import logging
import ssl
from collections.abc import Mapping
from http.client import HTTPException, InvalidURL
from socket import gaierror
from urllib.error import URLError

from slack_sdk.errors import SlackClientError

from bot.facts.delivery import NotSent
from bot.slack.faults import unanswered, unreachable, unsendable

TIMEOUT = 15
"""Seconds to wait for an answer before its outcome counts as unknown."""

SILENT = logging.getLogger(f"{__name__}.slack_sdk")
SILENT.setLevel(logging.CRITICAL + 1)
"""For slack_sdk, whose own log lines may hold the webhook address, which is a secret."""

TROUBLE = (OSError, HTTPException, SlackClientError, ValueError, LookupError, AttributeError)
"""What slack_sdk raises for delivery trouble; the last two when an answer is no text or no JSON object."""

_LONGEST_WAIT = 3600.0
_NEVER_CONNECTED = (ConnectionRefusedError, gaierror, ssl.SSLCertVerificationError)
_NEVER_FORMED = (ValueError, SlackClientError, InvalidURL)


def broken(error: Exception, call: str) -> NotSent:
    """What an exception of TROUBLE says about the fate of `call`.

    Its own words are not repeated: they may hold the token or the address.
    """
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, _NEVER_CONNECTED):
        return unreachable(call, type(cause).__name__)
    if isinstance(error, _NEVER_FORMED) and not isinstance(error, UnicodeDecodeError):
        return unsendable(call)
    return unanswered(call, type(cause).__name__)


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds Slack asks to wait: 0 where it does not say, an hour at most."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else 0.0
