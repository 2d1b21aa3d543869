"""Which path is answered by whom."""

import itertools
import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.demo.api.analytics import Analytics
from bot.demo.api.cost_report import CostReport
from bot.demo.api.directory import DirectoryApi
from bot.demo.api.exchange import Answer, Problem, Request, not_found, refusal
from bot.demo.api.gate import RateLimit, check_identity
from bot.demo.api.keys import KeysApi
from bot.demo.api.usage_report import UsageReport
from bot.demo.scene import Demo

_ROOT = "/v1/organizations"
_Route = Callable[[Request, datetime], Answer]
_Routes = tuple[tuple[str, _Route], ...]


class Api:
    """The whole API of one demo organisation. Never raises for anything a client can send."""

    def __init__(self, demo: Demo, rate_limit: RateLimit) -> None:
        self._rate_limit = rate_limit
        self._numbers = itertools.count(1)
        self._organisation_id = demo.organisation.id
        analytics, directory, keys = Analytics(demo), DirectoryApi(demo), KeysApi(demo)
        self._reads: _Routes = (
            (f"{_ROOT}/analytics/cost", partial(analytics.answer, "cost")),
            (f"{_ROOT}/analytics/usage", partial(analytics.answer, "usage")),
            (f"{_ROOT}/usage_report/messages", UsageReport(demo).answer),
            (f"{_ROOT}/cost_report", CostReport(demo).answer),
            (f"{_ROOT}/me", _timeless(directory.me)),
            (f"{_ROOT}/workspaces", _timeless(directory.workspaces)),
            (f"{_ROOT}/workspaces/[^/]+", _timeless(directory.workspace)),
            (f"{_ROOT}/api_keys", _timeless(keys.list)),
            (f"{_ROOT}/api_keys/[^/]+", _timeless(keys.retrieve)),
            (f"{_ROOT}/users", _timeless(directory.users)),
        )
        self._writes: _Routes = ((f"{_ROOT}/api_keys/[^/]+", _timeless(keys.update)),)

    def answer(self, request: Request, now: datetime) -> Answer:
        """The answer at `now`, with the headers every answer carries."""
        request_id = f"req_demo{next(self._numbers):08d}"
        try:
            check_identity(request)
            self._rate_limit.take()
            answer = self._route(request)(request, now)
        except Problem as problem:
            answer = refusal(problem, request_id)
        common = {"request-id": request_id, "anthropic-organization-id": self._organisation_id}
        return Answer(answer.status, answer.body, {**common, **answer.headers})

    def _route(self, request: Request) -> _Route:
        offered = {"GET": self._reads, "POST": self._writes}.get(request.method, ())
        if route := _matching(offered, request.path):
            return route
        if _matching(self._reads, request.path):
            raise Problem(405, "invalid_request_error", f"{request.method} is not offered here")
        raise not_found(f"{request.path} was not found")


def _matching(routes: _Routes, path: str) -> _Route | None:
    return next((route for pattern, route in routes if re.fullmatch(pattern, path)), None)


def _timeless(route: Callable[[Request], Answer]) -> _Route:
    return lambda request, _now: route(request)
