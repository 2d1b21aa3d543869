"""What goes over the wire to and from the fake Slack: requests, answers, and what can go wrong with them."""

import json
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """One request as it came in. `place` is the last part of its path; `content` the body of an upload."""

    method: str
    place: str
    arguments: dict[str, Any]
    token: str = ""
    content: bytes = b""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def ok(cls, **fields: Any) -> Self:
        return cls(200, json.dumps({"ok": True, **fields}))

    @classmethod
    def refusal(cls, error: str, status: int = 200, **more: Any) -> Self:
        return cls(status, json.dumps({"ok": False, "error": error, **more}))

    @classmethod
    def text(cls, words: str, status: int = 200) -> Self:
        return cls(status, words, "text/plain")

    @property
    def is_ok(self) -> bool:
        return self.status == 200 and json.loads(self.body)["ok"]

    def all_headers(self) -> dict[str, str]:
        length = str(len(self.body.encode()))
        return {"Content-Type": self.content_type, "Content-Length": length, **self.headers}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call: before it is carried out, or after (`stored`)."""

    status: int = 200
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    stored: bool = False
    drop: bool = False
    delay: float = 0.0


def throttled(seconds: str) -> Fault:
    """HTTP 429 with Retry-After."""
    return Fault(429, '{"ok": false, "error": "ratelimited"}', headers={"Retry-After": seconds})


def refused(error: str, **more: Any) -> Fault:
    """HTTP 200 with an error word."""
    return Fault(body=json.dumps({"ok": False, "error": error, **more}))


HTML_500 = Fault(500, "<html>Server Error</html>", "text/html")
JSON_503 = Fault(503, '{"ok": false, "error": "service_unavailable"}')
TEXT_504 = Fault(504, "upstream request timeout", "text/plain")
LOST_500 = Fault(500, "<html>Server Error</html>", "text/html", stored=True)
DROP_BEFORE = Fault(drop=True)
DROP_AFTER = Fault(drop=True, stored=True)


def slow(seconds: float) -> Fault:
    """Carried out at once, answered late."""
    return Fault(delay=seconds, stored=True)
