"""One call to Slack's Web API, its answer or what its failure means (S3)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.facts.delivery import NotSent
from bot.slack.faults import refusal, throttled, unanswered
from bot.slack.trouble import SILENT, TIMEOUT, TROUBLE, broken, retry_after


class CallFailed(Exception):
    """A call came to nothing: `error` is Slack's word for it, if there was one, `outcome` its meaning.

    `method` is what was called; empty where it was no method of the Web API.
    """

    def __init__(self, error: str, outcome: NotSent, method: str = "") -> None:
        super().__init__(outcome.error)
        self.error = error
        self.outcome = outcome
        self.method = method


class SlackApi:
    """The Web API as plain dicts.

    No call is ever repeated here: a repeated post could be a second alert (S5.4), so retries belong to the
    outbox.
    HTTPS_PROXY and HTTP_PROXY are honoured, NO_PROXY is not (S2).
    """

    def __init__(self, token: str, api_url: str, timeout: int = TIMEOUT) -> None:
        self._client = WebClient(token, base_url=api_url, timeout=timeout, retry_handlers=[], logger=SILENT)

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The answer's fields. Raises CallFailed for every trouble on the way and every refusal."""
        where = f"{method} in {arguments['channel']}" if "channel" in arguments else method
        try:
            # What writes is sent as JSON, what reads as a form, as slack_sdk itself does (S12c).
            if method.startswith(("chat.", "views.")):
                return _fields(self._client.api_call(method, json=dict(arguments)))
            return _fields(self._client.api_call(method, params=dict(arguments)))
        except SlackApiError as error:
            raise _failed(error.response, where, method) from None
        except TROUBLE as error:
            raise CallFailed("", broken(error, where), method) from None

    def pages(self, method: str, arguments: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """All pages of a list, asked for one by one. Raises CallFailed as `call` does."""
        cursors = {""}
        cursor = ""
        while True:
            page = self.call(method, {**arguments, "cursor": cursor})
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if cursor in cursors:
                return
            cursors.add(cursor)


def _failed(answer: SlackResponse, where: str, method: str) -> CallFailed:
    fields = _fields(answer)
    error = str(fields.get("error", ""))
    if answer.status_code == 429:
        return CallFailed(error, throttled(where, retry_after(answer.headers)), method)
    if answer.status_code >= 500:
        return CallFailed("", unanswered(where, f"HTTP {answer.status_code}"), method)
    if not re.fullmatch(r"\w+", error):
        return CallFailed("", unanswered(where, f"HTTP {answer.status_code}, not Slack's JSON"), method)
    return CallFailed(error, refusal(where, error, _detail(fields)), method)


def _fields(answer: SlackResponse) -> dict[str, Any]:
    return answer.data if isinstance(answer.data, dict) else {}


def _detail(fields: Mapping[str, Any]) -> str:
    """What Slack adds to an error: scopes, or JSON pointers into the message."""
    if "needed" in fields:
        return f"needed {fields['needed']}, provided {fields.get('provided', 'unknown')}"
    errors = fields.get("errors")
    return "; ".join(str(error) for error in errors[:3]) if isinstance(errors, list) else ""
