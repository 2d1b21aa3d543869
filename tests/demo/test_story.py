from datetime import datetime
from itertools import combinations, pairwise

import numpy as np
import pytest
import yaml

from bot.demo import Chapter, Demo, build_demo, calendar_yaml
from bot.demo.organisation import key_id
from bot.demo.prices import READ
from bot.demo.traffic import Floats
from bot.facts.clock import HOUR


def _dollars(demo: Demo, key: str = "") -> Floats:
    """Dollars an hour of a key, or of everything."""
    mine = [not key or line.key == key_id(key) for line in demo.facts.lines]
    return np.asarray(demo.facts.nano[mine].sum(axis=(0, 2)) / 1e9)


def _hours(demo: Demo, chapter: Chapter) -> slice:
    start = demo.facts.start
    return slice((chapter.window.start - start) // HOUR, (chapter.window.end - start) // HOUR)


def _chapter(demo: Demo, name: str) -> Chapter:
    return next(chapter for chapter in demo.story if chapter.name == name)


@pytest.mark.parametrize(
    ("name", "hours", "times", "dollars"),
    [
        pytest.param(
            "runaway loop", 7, (9, 20), (300, 900), id="a loop burns hundreds of dollars in a night"
        ),
        pytest.param("silent switch", 96, (2.4, 2.6), (500, 1_500), id="Opus at Sonnet's traffic"),
        pytest.param("broken cache", 48, (2.5, 3.5), (500, 1_500), id="a cache that is never read"),
        pytest.param("slow creep", 297, (1.3, 1.6), (400, 1_000), id="six percent a day for twelve days"),
        pytest.param("launch", 48, (2.8, 3.2), (150, 600), id="three times the traffic, as announced"),
        pytest.param("quiet weekend", 48, (0.48, 0.52), (-2_000, -800), id="half a weekend"),
    ],
)
def test_a_chapter_costs_what_it_says(
    demo: Demo, calm: Demo, name: str, hours: int, times: tuple[float, float], dollars: tuple[float, float]
) -> None:
    chapter = _chapter(demo, name)
    when = _hours(demo, chapter)
    told, usual = _dollars(demo, chapter.key)[when].sum(), _dollars(calm, chapter.key)[when].sum()
    assert when.stop - when.start == hours
    assert times[0] < told / usual < times[1]
    assert dollars[0] < told - usual < dollars[1]


def test_a_key_wakes_after_more_than_a_month(demo: Demo) -> None:
    chapter = _chapter(demo, "sleeper wakes")
    when, spent = _hours(demo, chapter), _dollars(demo, "hackathon-prototype")
    last_used = int(np.flatnonzero(spent[: when.start])[-1])
    assert when.start - last_used > 30 * 24
    assert ((spent[when] > 13) & (spent[when] < 40)).all()
    assert when.stop - when.start == 10
    assert not spent[when.stop :].any()


def test_the_broken_cache_reads_next_to_nothing(demo: Demo) -> None:
    chapter = _chapter(demo, "broken cache")
    mine = [chapter.touches(line) for line in demo.facts.lines]
    tokens = demo.facts.usage.tokens[mine].sum(axis=0)
    share = tokens[:, READ] / tokens[:, :4].sum(axis=1)
    when = _hours(demo, chapter)
    assert share[when].max() < 0.02
    assert share[when.start - 1] > 0.7
    assert share[when.stop] > 0.7


def test_every_hour_outside_the_chapters_is_clean(demo: Demo, calm: Demo) -> None:
    touched = np.zeros(demo.facts.nano.shape[:2], dtype=bool)
    for chapter in demo.story:
        lines = np.flatnonzero([chapter.touches(line) for line in demo.facts.lines])
        touched[lines, _hours(demo, chapter)] = True
    assert np.array_equal(demo.facts.nano[~touched], calm.facts.nano[~touched])
    assert not touched[:, : (demo.story_start - demo.facts.start) // HOUR].any()


def test_chapters_are_told_apart(demo: Demo) -> None:
    starts = sorted(chapter.window.start for chapter in demo.story)
    assert all(later - earlier > 24 * HOUR for earlier, later in pairwise(starts))
    for one, other in combinations(demo.story, 2):
        if one.key == other.key or not one.key or not other.key:
            assert one.window.end <= other.window.start or other.window.end <= one.window.start
    assert demo.story_start <= starts[0]
    assert max(chapter.window.end for chapter in demo.story) <= demo.story_end


def test_the_calm_organisation_is_calm(calm: Demo) -> None:
    days = _dollars(calm).reshape(-1, 24).sum(axis=1)
    assert days.min() > 1_000
    assert days.max() < 2_500
    same_weekday = days[7:] / days[:-7]
    assert same_weekday.min() > 0.85
    assert same_weekday.max() < 1.15
    weeks = days[: len(days) // 7 * 7].reshape(-1, 7).sum(axis=1)
    assert 1.0 < (weeks[-1] / weeks[0]) ** (1 / (len(weeks) - 1)) < 1.01


@pytest.mark.parametrize("key", ["support-bot", "search-rag", "summarizer", "translate-api"])
def test_a_steady_service_never_jumps(calm: Demo, key: str) -> None:
    weeks = _dollars(calm, key)[: 17 * 168].reshape(17, 168)
    assert (weeks / np.median(weeks, axis=0)).max() < 1.6
    assert (weeks / np.median(weeks, axis=0)).min() > 0.6


def test_the_same_seed_is_the_same_bill_and_another_is_another(demo: Demo) -> None:
    assert np.array_equal(build_demo().facts.nano, demo.facts.nano)
    assert not np.array_equal(build_demo(seed=8).facts.nano, demo.facts.nano)


def test_no_model_is_used_before_it_was_for_sale(demo: Demo) -> None:
    launched = {"claude-opus-5": "2026-07-24", "claude-opus-5-5": "2026-09-23"}
    for line, requests in zip(demo.facts.lines, demo.facts.usage.requests, strict=True):
        first = demo.facts.start + int(np.argmax(requests > 0)) * HOUR
        assert f"{first:%Y-%m-%d}" >= launched.get(line.model or "", "")


def test_the_organisation_is_of_some_size(demo: Demo) -> None:
    organisation, lines = demo.organisation, demo.facts.lines
    assert len(organisation.keys) == 25
    assert len({line.model for line in lines} - {None}) == 6
    assert len([member for member in organisation.members.values() if not member.removed]) == 30
    assert len([workspace for workspace in organisation.workspaces.values() if not workspace.archived]) == 5
    assert {line.key for line in lines} - {""} <= set(organisation.keys)
    assert {line.workspace for line in lines} <= set(organisation.workspaces)


def test_the_calendar_names_what_was_announced_and_nothing_else(demo: Demo) -> None:
    (entry,) = yaml.safe_load(calendar_yaml(demo.story))["events"]
    launch = _chapter(demo, "launch")
    assert entry["scope"] == {"key": "onboarding-guide"}
    assert entry["expected"] == "4x"
    assert datetime.fromisoformat(entry["from"]) == launch.window.start
    assert datetime.fromisoformat(entry["to"]) == launch.window.end
    assert set(entry) == {"name", "because", "scope", "from", "to", "expected"}
