"""What the fake Slack sent to the app, and whether it was acknowledged and answered."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack_responses import ResponseUrl


@dataclass(eq=False)
class SentEvent:
    """One envelope (S12c). `ack` is what the acknowledgement carried; times are monotonic seconds.

    `ack_at` stays None, and `refusal` says what came instead, until it is acknowledged.
    """

    envelope: dict[str, Any]
    response: ResponseUrl | None = None
    sent_at: float = field(default_factory=time.monotonic)
    ack_at: float | None = None
    ack: dict[str, Any] = field(default_factory=dict)
    refusal: str = "nothing"
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def id(self) -> str:
        return str(self.envelope["envelope_id"])

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = self.envelope["payload"]
        return payload

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What was posted to its response_url so far."""
        return list(self.response.answers) if self.response else []

    def acknowledge(self, payload: dict[str, Any]) -> None:
        with self._changed:
            self.ack_at, self.ack = time.monotonic(), payload
            self._changed.notify_all()

    def wait_ack(self, timeout: float = 3.0) -> float:
        """Seconds until it was acknowledged. Raises AssertionError when it was not in time (seconds)."""
        with self._changed:
            come = self._changed.wait_for(lambda: self.ack_at is not None, timeout)
            assert come, f"no acknowledgement within {timeout} s; {self.refusal} came"
            return (self.ack_at or 0.0) - self.sent_at

    def wait_answer(self, timeout: float = 5.0, nth: int = 1) -> dict[str, Any]:
        """The nth answer to its response_url. Raises AssertionError when it is not there in time."""
        assert self.response, "this has no response_url"
        return self.response.wait(timeout, nth)


def envelope(kind: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A payload as Socket Mode wraps it; events cannot be answered by their acknowledgement."""
    return {
        "envelope_id": str(uuid.uuid4()),
        "type": kind,
        "accepts_response_payload": kind != "events_api",
        "payload": payload,
        **more,
    }
