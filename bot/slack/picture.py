"""A picture of a chart block, for where Slack refuses the block itself, and the same in words (S6, S8)."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

from bot.facts.money import Usd, show
from bot.slack.wording import plain

_TITLE, _LABEL = 50, 20
_FOLDER = "MPLCONFIGDIR"


def png_of(block: Mapping[str, Any]) -> bytes:
    """A `data_visualization` block (line or bar, finite values in dollars) as a PNG of 1200 x 600 pixels.

    The same block gives the same bytes wherever the same matplotlib draws it. Raises OSError where no
    temporary folder can be made.
    """
    return _painter()(block)


@cache
def _painter() -> Callable[[Mapping[str, Any]], bytes]:
    """matplotlib, loaded for the first picture: it is large, and pictures are rare.

    While it loads it writes a list of fonts into the home directory, which a service may not have. It gets
    a temporary folder instead, unless the operator named one.
    """
    with TemporaryDirectory(prefix="claude-spend-") as folder:
        is_ours = os.environ.setdefault(_FOLDER, folder) == folder
        try:
            from bot.slack.drawing import draw  # noqa: PLC0415 - see above
        finally:
            if is_ours:
                del os.environ[_FOLDER]
    return draw


def alt_text_of(block: Mapping[str, Any]) -> str:
    """What the picture shows, in one sentence of at most 1,000 characters.

    Where the first series began, was highest and ended, and what the others were at its highest point.
    """
    series = block["chart"]["series"]
    name, *others = [plain(one["name"], _LABEL) for one in series]
    values, *beside = [[point["value"] for point in one["data"]] for one in series]
    peak = values.index(max(values))
    meanwhile = [f"{other} was {_amount(its[peak])} then" for other, its in zip(others, beside, strict=True)]
    sentence = f"{plain(block['title'], _TITLE)}: {name} {_course(series[0]['data'], peak)}"
    return f"{'; '.join([sentence, *meanwhile])}."


def _course(points: Sequence[Mapping[str, Any]], peak: int) -> str:
    stops: dict[int, list[str]] = {}
    for place, verb in ((0, "began"), (peak, "was highest"), (len(points) - 1, "ended")):
        stops.setdefault(place, []).append(verb)
    return ", ".join(f"{' and '.join(verbs)} at {_stop(points[place])}" for place, verbs in stops.items())


def _stop(point: Mapping[str, Any]) -> str:
    return f"{_amount(point['value'])} ({plain(point['label'], _LABEL)})"


def _amount(value: float) -> str:
    return show(Usd(round(value * 10**9)))
