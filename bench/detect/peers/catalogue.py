"""Every peer by name. One is imported only when it is asked for: each stands on packages of its own."""

from datetime import datetime
from pkgutil import resolve_name
from typing import cast

from bench.detect.peers.peer import Peer

PLACES = {
    "+50 % over 7-day mean": "charts:OverWeekMean",
    "3-sigma over 28 days": "charts:ThreeSigma",
    "weekday median/MAD": "charts:WeekdayMad",
    "Holt-Winters": "holt_winters:HoltWinters",
    "STL + ESD": "stl_esd:StlEsd",
    "Prophet": "prophet_weekly:ProphetWeekly",
    "statsforecast MSTL conformal": "conformal:ConformalMstl",
    "isolation forest": "outliers:Forest",
    "ECOD": "outliers:Ecod",
    "extreme-value tail": "tails:Tails",
}
"""Where each lives, as module:class in this folder."""


def peer(name: str, judged_from: datetime | None = None) -> Peer:
    """A fresh one, with nothing seen yet; ImportError where its package is not installed."""
    kind = cast("type[Peer]", resolve_name(f"bench.detect.peers.{PLACES[name]}"))
    return kind(judged_from)
