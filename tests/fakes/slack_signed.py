"""The HTTP side of events: signed requests, as Slack posts them where there is no socket (S2, S12c)."""

import hashlib
import hmac
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fakes.slack_events import SentEvent

SIGNING_SECRET = "test-signing-secret"
_PATIENCE = 3.0
_FORM = "application/x-www-form-urlencoded"


class SignedPosts:
    """Posts events in the background; an answer of 2xx within three seconds acknowledges them."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(8)

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown()

    def send(self, url: str, event: SentEvent) -> None:
        """Post an event."""
        self._pool.submit(_post, url, event)


def _post(url: str, event: SentEvent) -> None:
    where = urlsplit(url)
    kind, body = _body(event)
    connection = http.client.HTTPConnection(where.netloc, timeout=_PATIENCE)
    try:
        connection.request("POST", where.path, body, {"Content-Type": kind, **_signed(body), **_retry(event)})
        _note(event, connection.getresponse())
    except (OSError, ValueError, http.client.HTTPException) as error:
        event.refusal = type(error).__name__
    finally:
        connection.close()


def _body(event: SentEvent) -> tuple[str, str]:
    """Commands are forms, presses a form with one field, events JSON."""
    match event.envelope["type"]:
        case "slash_commands":
            return _FORM, urlencode(event.payload)
        case "interactive":
            return _FORM, urlencode({"payload": json.dumps(event.payload)})
        case _:
            return "application/json", json.dumps(event.payload)


def _signed(body: str) -> dict[str, str]:
    at = str(int(time.time()))
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def _retry(event: SentEvent) -> dict[str, str]:
    attempt = event.envelope.get("retry_attempt")
    if not attempt:
        return {}
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": event.envelope["retry_reason"]}


def _note(event: SentEvent, answer: http.client.HTTPResponse) -> None:
    said = answer.read().decode()
    if answer.status // 100 == 2:
        event.acknowledge(_ack(said, answer.headers.get_content_type()))
    else:
        event.refusal = f"HTTP {answer.status} {said[:200]}"


def _ack(said: str, kind: str) -> dict[str, Any]:
    if kind == "application/json":
        payload: dict[str, Any] = json.loads(said)
        return payload
    return {"text": said} if said else {}
