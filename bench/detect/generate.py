"""Makes a labelled organisation out of a seed."""

import numpy as np

from bench.detect import damage, lateness, scene, temper
from bench.detect.calendar import Calendar
from bench.detect.damage import Blow, Site
from bench.detect.lateness import Ledger, Names
from bench.detect.leaves import Leaf, bill
from bench.detect.organisation import Incident, Look, Organisation
from bench.detect.temper import Rng
from bot.facts.clock import Grain
from bot.facts.scope import Scope

TRAITS = tuple(temper.TRAITS)


def generate(seed: int, trait: str, grain: Grain = Grain.DAY) -> Organisation:
    """The organisation of that seed and trait: always the same. ValueError for a trait there is not."""
    if trait not in TRAITS:
        raise ValueError(f"no trait is called {trait!r}; there are {', '.join(TRAITS)}")
    rng = np.random.Generator(np.random.PCG64([seed, TRAITS.index(trait), len(grain)]))
    drawn = temper.draw(rng, trait, grain)
    site, blows = damage.inflict(rng, scene.build(rng, drawn, grain))
    ids = _ids(rng, site)
    calendar = site.scene.calendar
    return Organisation(
        seed,
        trait,
        grain,
        _looks(rng, site, ids),
        tuple(_incident(calendar, blow, ids) for blow in sorted(blows, key=lambda blow: blow.span.start)),
        calendar.at(calendar.history * calendar.per_day),
    )


def _ids(rng: Rng, site: Site) -> dict[int, tuple[str, str]]:
    """Workspace and key id of each key; the numbers say nothing about size or kind."""
    workspaces = int(rng.integers(1, 9))
    numbers = rng.permutation(len(site.keys))
    homes = rng.integers(0, workspaces, len(site.keys))
    return {key: (f"wrkspc_{homes[key]:02d}", f"apikey_{numbers[key]:04d}") for key in site.keys}


def _looks(rng: Rng, site: Site, ids: dict[int, tuple[str, str]]) -> tuple[Look, ...]:
    calendar = site.scene.calendar
    every = [leaf for key in site.keys.values() for leaf in key if leaf.requests.any()]
    delay = lateness.draw(rng, site.scene.temper, calendar, len(every))
    ledger = Ledger(calendar)
    for number, leaf in enumerate(every):
        ledger.enter(_names(leaf, ids), bill(leaf), delay.share[number], delay.wait[number])
    return tuple(
        Look(start, tuple(rows), tuple(restated))
        for start, rows, restated in zip(ledger.starts, ledger.rows, ledger.restated, strict=True)
    )


def _names(leaf: Leaf, ids: dict[int, tuple[str, str]]) -> Names:
    workspace, key = ids[leaf.key]
    return Names(workspace, key, leaf.model)


def _incident(calendar: Calendar, blow: Blow, ids: dict[int, tuple[str, str]]) -> Incident:
    scopes = tuple(
        Scope(workspace_id=workspace, api_key_id=key) for workspace, key in (ids[key] for key in blow.after)
    )
    buckets = range(blow.span.start, blow.span.stop)
    excess = {calendar.at(bucket): float(usd) for bucket, usd in zip(buckets, blow.excess, strict=True)}
    return Incident(blow.kind, scopes, calendar.at(blow.span.start), calendar.at(blow.span.stop), excess)
