"""The HTTP port of the fake Slack: reads requests as slack_sdk sends them, with or without `Async` (S12c)."""

import json
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.slack_wire import Answer, Request

_METHODS = {"services": "webhook", "response": "response_url", "upload": "upload"}
"""What is meant by the first part of a path; "api" is followed by a method's own name."""
_STRUCTURES = {"blocks", "metadata", "view", "files"}
"""Arguments that may arrive as JSON text."""


def handler_of(answer: Callable[[Request], Answer | None]) -> type[BaseHTTPRequestHandler]:
    """A handler that asks `answer`; None closes the connection without a word."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = answer(_request(self))
            if said is None:
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in said.all_headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body.encode())

        do_GET = do_POST  # noqa: N815 - the name http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own argument
            """Say nothing: tests read `calls`."""

    return Handler


def _request(handler: BaseHTTPRequestHandler) -> Request:
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    kind = handler.headers.get("Content-Type", "")
    url = urlsplit(handler.path)
    first, *_, place = url.path.strip("/").split("/")
    method = place if first == "api" else _METHODS.get(first, "")
    if method == "upload":
        return Request(method, place, {"file": place}, content=_content(kind, body))
    arguments = {name: _decoded(name, value) for name, value in _arguments(url.query, kind, body.decode())}
    bearer = handler.headers.get("Authorization", "").removeprefix("Bearer ")
    return Request(method, place, arguments, token=arguments.pop("token", None) or bearer)


def _arguments(query: str, kind: str, body: str) -> Iterator[tuple[str, Any]]:
    """Query, form and JSON body merged."""
    yield from parse_qsl(query)
    yield from json.loads(body or "{}").items() if kind.startswith("application/json") else parse_qsl(body)


def _decoded(name: str, value: Any) -> Any:
    return json.loads(value) if name in _STRUCTURES and isinstance(value, str) else value


def _content(kind: str, body: bytes) -> bytes:
    """The bytes of a file, sent bare or as the only part of a form."""
    if not kind.startswith("multipart/"):
        return body
    form: Any = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    (part,) = form.get_payload()
    return bytes(part.get_payload(decode=True))
