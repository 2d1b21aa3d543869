"""Which upstream to use: the newer one where the organisation is offered it, else the older."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.facts.clock import DAY, Grain, Window, floor
from bot.sources.admin import AdminSource
from bot.sources.analytics import AnalyticsSource
from bot.sources.errors import Refused

log = logging.getLogger(__name__)

_NOT_OFFERED = {400, 403, 404}


def choose(
    analytics: AnalyticsSource, admin: Callable[[], AdminSource], now: datetime
) -> AnalyticsSource | AdminSource:
    """Ask the newer API one small question; the Admin API where it answers 400, 403 or 404.

    Raises SourceError when the question could not be answered at all: then nothing is decided.
    """
    day = floor(now, Grain.DAY)
    try:
        analytics.day_totals(Window(day - DAY, day), now)
    except Refused as refused:
        if refused.status not in _NOT_OFFERED:
            raise
        log.info("using the Usage & Cost Admin API: %s", refused)
        return admin()
    return analytics
