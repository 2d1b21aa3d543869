"""Made-up organisations: the same for the same seed, and true to what they say of themselves."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from bench.detect import temper
from bench.detect.generate import TRAITS, generate
from bench.detect.leaves import MODELS
from bench.detect.organisation import Organisation
from bench.detect.temper import BY_DAY, BY_HOUR
from bot.facts.clock import Grain
from bot.facts.money import dollars
from bot.facts.spend import COMPONENTS, SpendRow

_MADE = [
    pytest.param((trait, grain), id=f"{trait}, by {grain}")
    for trait in TRAITS
    for grain in Grain
    if trait != "calm" and (grain is Grain.DAY or trait in {"plain", "late", "real"})
]


@pytest.fixture(params=_MADE, scope="module")
def organisation(request: pytest.FixtureRequest) -> Organisation:
    trait, grain = request.param
    return generate(7, trait, grain)


def test_a_seed_always_gives_the_same_organisation() -> None:
    assert generate(7, "short") == generate(7, "short")


def test_another_seed_gives_another() -> None:
    assert generate(8, "short").looks != generate(7, "short").looks


def test_a_trait_that_there_is_not_names_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="no trait is called 'plane'; there are plain, calm"):
        generate(1, "plane")


def test_every_row_adds_up_and_lies_in_its_look(organisation: Organisation) -> None:
    for look in organisation.looks:
        assert all(row.hour == look.start for row in look.rows)
        assert all(row.hour < look.start for row in look.restated)
        for row in (*look.rows, *look.restated)[::7]:
            assert row.usd == sum(getattr(row, name) for name in COMPONENTS) >= 0
            assert row.usd_uncached_input == row.uncached_input_tokens * _rate(row)


def _rate(row: SpendRow) -> int:
    return next(rate for name, rate, _ in MODELS if name == row.model)


def test_a_cell_is_shown_once_in_a_look(organisation: Organisation) -> None:
    for look in organisation.looks:
        cells = [row[:7] for row in (*look.rows, *look.restated)]
        assert len(cells) == len(set(cells))


def test_incidents_are_judged_and_of_known_kinds(organisation: Organisation) -> None:
    grain = organisation.grain
    end = organisation.looks[-1].start + grain.width
    for incident in organisation.incidents:
        assert incident.kind in (BY_DAY if grain is Grain.DAY else BY_HOUR)
        assert organisation.judged_from <= incident.start < incident.end <= end
        assert min(incident.excess) == incident.start
        assert max(incident.excess) == incident.end - grain.width
        assert (sum(incident.excess.values()) < 0) == (incident.kind == "drop")


def test_what_was_spent_beyond_was_spent_by_the_keys_that_are_named(organisation: Organisation) -> None:
    spent = spent_by_key(organisation)
    settled = organisation.looks[-1].start - 31 * organisation.grain.width
    for incident in organisation.incidents:
        for at, excess in incident.excess.items():
            seen = sum(spent[at, str(scope.api_key_id)] for scope in incident.scopes)
            assert at > settled or excess <= seen + 1e-6


def spent_by_key(organisation: Organisation) -> dict[tuple[datetime, str], float]:
    """US dollars by bucket and key, corrections applied."""
    cells = {row[:7]: row for look in organisation.looks for row in (*look.rows, *look.restated)}
    spent: dict[tuple[datetime, str], float] = defaultdict(float)
    for row in cells.values():
        spent[row.hour, row.api_key_id] += dollars(row.usd)
    return spent


def test_two_incidents_of_one_key_lie_apart(organisation: Organisation) -> None:
    spans = defaultdict(list)
    for incident in organisation.incidents:
        for scope in incident.scopes:
            spans[scope.api_key_id].append((incident.start, incident.end))
    for ordered in map(sorted, spans.values()):
        assert all(earlier[1] + timedelta(days=5) < later[0] for earlier, later in pairwise(ordered))


@pytest.mark.parametrize("grain", Grain)
def test_a_calm_organisation_has_no_incident(grain: Grain) -> None:
    assert not generate(5, "calm", grain).incidents


def test_calm_organisations_have_few_or_many_keys() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    assert {temper.draw(rng, "calm", Grain.DAY).keys for _ in range(50)} == {10, 100, 1000}


def test_a_short_one_has_at_most_three_weeks_behind_it() -> None:
    organisation = generate(7, "short")
    assert organisation.judged_from - organisation.looks[0].start <= timedelta(days=20)
    assert len(organisation.looks) == 60


def test_many_rows_of_a_late_one_are_corrected() -> None:
    looks = generate(7, "late").looks
    corrected, seen = sum(len(look.restated) for look in looks), sum(len(look.rows) for look in looks)
    assert 0.1 < corrected / seen < 0.8


def test_many_keys_are_quiet_at_the_end_of_a_holiday_year() -> None:
    organisation = generate(7, "holiday")
    [eve] = [look.start for look in organisation.looks if (look.start.month, look.start.day) == (12, 31)]
    spent = spent_by_key(organisation)
    keys = {key for at, key in spent if at == eve - timedelta(days=21)}
    quiet = [key for key in keys if spent[eve, key] < 0.4 * spent[eve - timedelta(days=21), key]]
    assert len(quiet) > 0.15 * len(keys)
