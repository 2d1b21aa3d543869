"""The demo organisation as a whole: who there is, what happens, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.demo.dates import HISTORY_START, STORY_END, STORY_START
from bot.demo.facts import Facts, settle
from bot.demo.organisation import Organisation, build_organisation
from bot.demo.quantities import clean
from bot.demo.story import STORY, Chapter, play
from bot.demo.workloads import build_lines
from bot.facts.clock import HOUR


@dataclass(frozen=True, slots=True)
class Demo:
    """An organisation, its story, and every hour of its bill."""

    organisation: Organisation
    story: Sequence[Chapter]
    facts: Facts
    history_start: datetime = HISTORY_START
    story_start: datetime = STORY_START
    story_end: datetime = STORY_END


def build_demo(seed: int = 7, story: Sequence[Chapter] = STORY) -> Demo:
    """The demo organisation; the same seed and story give the same bill to the nano-dollar.

    An empty story gives the calm organisation it happens to.
    """
    lines = build_lines()
    hours = (STORY_END - HISTORY_START) // HOUR
    usage = clean(lines, HISTORY_START, hours, np.random.default_rng(seed))
    play(story, usage, lines, HISTORY_START, np.random.default_rng(seed + 1))
    return Demo(build_organisation(), story, settle(lines, usage, HISTORY_START))
