"""The script: what happens in the demo organisation's last three weeks, chapter by chapter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import yaml
from numpy.random import Generator

from bot.demo.dates import STORY_START
from bot.demo.effects import BreakCache, Creep, Effect, Stage, SwitchModel, Times, Wake
from bot.demo.organisation import key_id
from bot.demo.quantities import Quantities
from bot.demo.workloads import NEW_OPUS, Line
from bot.facts.clock import HOUR, Window


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happens. `key` is a key's name, empty for the whole organisation.

    `told` is the sentence a viewer is shown. `announced` is what the calendar says of a planned event:
    how many times the usual is expected; None for what nobody announced.
    """

    name: str
    key: str
    window: Window
    effect: Effect
    told: str
    announced: int | None = None

    def touches(self, line: Line) -> bool:
        """Whether it happens to this line."""
        return not self.key or line.key == key_id(self.key)


def _span(day: int, hour: int, hours: int) -> Window:
    start = STORY_START + timedelta(days=day, hours=hour)
    return Window(start, start + hours * HOUR)


STORY: Final = (
    Chapter(
        "slow creep",
        "translate-api",
        _span(1, 0, 12 * 24 + 9),
        Creep(per_day=0.06),
        "translate-api grows by 6% a day: a retry rule sends more and more sentences twice. Fixed on day 12.",
    ),
    Chapter(
        "runaway loop",
        "ci-eval",
        _span(2, 22, 7),
        Times(9, 20),
        "An evaluation on ci-eval calls itself in a loop all night, until somebody stops it at five.",
    ),
    Chapter(
        "silent switch",
        "summarizer",
        _span(6, 14, 4 * 24),
        SwitchModel(NEW_OPUS),
        "A release moves summarizer from Sonnet to Opus: same traffic, two and a half times the price.",
    ),
    Chapter(
        "sleeper wakes",
        "hackathon-prototype",
        _span(9, 1, 10),
        Wake(15, 40),
        "hackathon-prototype, silent for weeks, is spending in the small hours: somebody found the key.",
    ),
    Chapter(
        "broken cache",
        "search-rag",
        _span(13, 11, 2 * 24),
        BreakCache(),
        "A timestamp slips into search-rag's prompt: nothing is read from the cache any more.",
    ),
    Chapter(
        "launch",
        "onboarding-guide",
        _span(15, 13, 2 * 24),
        Times(2.8, 3.2),
        "The new onboarding goes live: three times the traffic on onboarding-guide, as announced.",
        announced=4,
    ),
    Chapter(
        "quiet weekend",
        "",
        _span(18, 0, 2 * 24),
        Times(0.48, 0.52),
        "A long weekend: everything runs at half its usual weekend level.",
    ),
)


def play(
    story: Sequence[Chapter], usage: Quantities, lines: Sequence[Line], start: datetime, rng: Generator
) -> None:
    """Let the story happen to a clean organisation whose arrays begin at `start`; changes `usage`."""
    for chapter in story:
        touched = np.flatnonzero([chapter.touches(line) for line in lines])
        first, last = (chapter.window.start - start) // HOUR, (chapter.window.end - start) // HOUR
        chapter.effect.play(Stage(usage, lines, touched, slice(first, last)), rng)


def calendar_yaml(story: Sequence[Chapter]) -> str:
    """The planned events of a story as people write them in a rule file: YAML, times in UTC."""
    events = [
        {
            "name": chapter.name,
            "because": chapter.told,
            "scope": {"key": chapter.key},
            "from": f"{chapter.window.start:%Y-%m-%dT%H:%MZ}",
            "to": f"{chapter.window.end:%Y-%m-%dT%H:%MZ}",
            "expected": f"{chapter.announced}x",
        }
        for chapter in story
        if chapter.announced is not None
    ]
    return yaml.safe_dump({"events": events}, sort_keys=False, allow_unicode=True, width=110)
