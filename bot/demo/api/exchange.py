"""What goes in and comes out of the API, and how it says no."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """A request as received: `headers` by lower-case name."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def betas(self) -> set[str]:
        """The values of `anthropic-beta`."""
        return {beta.strip() for beta in self.headers.get("anthropic-beta", "").split(",")}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back, `body` as JSON text."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """Refused: an HTTP status, an error type of reference 8, and a sentence."""

    def __init__(
        self, status: int, kind: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.headers = headers or {}


def bad_request(message: str) -> Problem:
    """A parameter is wrong."""
    return Problem(400, "invalid_request_error", message)


def not_found(message: str) -> Problem:
    """There is no such thing."""
    return Problem(404, "not_found_error", message)


def ok(content: Mapping[str, Any]) -> Answer:
    """A success."""
    return Answer(200, json.dumps(content))


def refusal(problem: Problem, request_id: str) -> Answer:
    """The error body of reference 8."""
    body = {
        "type": "error",
        "error": {"type": problem.kind, "message": str(problem)},
        "request_id": request_id,
    }
    return Answer(problem.status, json.dumps(body), problem.headers)


def stamp(at: datetime) -> str:
    """A time as the API writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def cents(nano: int) -> str:
    """Nano-USD as a decimal string of cents, exact: fractions only where there are any (reference 1.4)."""
    whole, fraction = divmod(nano, 10**7)
    return f"{whole}.{fraction:07d}".rstrip("0").rstrip(".")
