"""Sorts a method's alarms on one organisation into sightings of its incidents and cries about nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.detect.organisation import Incident, Organisation
from bot.facts.clock import Grain, index
from bot.facts.money import dollars
from bot.facts.scope import Scope
from bot.facts.spend import SpendRow

GRACE = {Grain.DAY: 3, Grain.HOUR: 24}
"""Buckets after an incident's end in which an alarm about it is still not false."""
_MONTH = timedelta(days=30.4375)
_Leaf = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One finding of one look.

    `start` is the bucket of the look that said it (not since when it has been odd). `named` is the scope that
    the message points at: that of the largest part, or the scope itself. `said` is whether the method would
    tell people at its own bar; the others are candidates for the sweep over `score` (higher is odder).
    """

    start: datetime
    scope: Scope
    score: float
    said: bool
    named: Scope


@dataclass(frozen=True, slots=True)
class Sighting:
    """An alarm about an incident, `after` buckets from its start. `right`: it names its key."""

    after: int
    score: float
    said: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Case:
    """An incident and all sightings of it."""

    kind: str
    trait: str
    grain: Grain
    excess: float
    """US dollars, without sign."""
    usual: float
    """US dollars the organisation spends in a usual bucket."""
    spent: tuple[float, ...]
    """Share of the excess that lies before each bucket, from the incident's start to its end."""
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Cry:
    """A false alarm: in which bucket, about which place (a number of the exam's)."""

    bucket: int
    place: int
    score: float
    said: bool


@dataclass(frozen=True, slots=True)
class Exam:
    """What one organisation's alarms come to, for any bar.

    `series_months`: each key x model from when it is first seen, or judging begins, to the end. `cries` are
    in order of time; `nested` gives for each place those that lie in it or that it lies in, and itself.
    `true` holds score and `said` of the alarms that are not false.
    """

    trait: str
    grain: Grain
    series_months: float
    weeks: float
    cases: tuple[Case, ...]
    cries: tuple[Cry, ...]
    nested: tuple[tuple[int, ...], ...]
    true: tuple[tuple[float, bool], ...]


def examine(organisation: Organisation, alarms: Iterable[Alarm]) -> Exam:
    """Look at every alarm made since judging began.

    An alarm is about an incident when it is made in [start, end + GRACE) and shares a leaf (key x model) with
    it. Where it names the key of one, it counts for that one only.
    """
    atlas = _Atlas(organisation)
    sightings: list[list[Sighting]] = [[] for _ in organisation.incidents]
    cries, true = list[Cry](), list[tuple[float, bool]]()
    for alarm in alarms:
        if alarm.start < organisation.judged_from:
            continue
        met = _met(atlas, alarm)
        for number, sighting in met:
            sightings[number].append(sighting)
        if met:
            true.append((alarm.score, alarm.said))
        else:
            cries.append(_cry(atlas, alarm))
    cases = tuple(map(_case, [organisation] * len(sightings), organisation.incidents, sightings))
    judged = atlas.end - organisation.judged_from
    return Exam(
        organisation.trait,
        organisation.grain,
        atlas.series_months(),
        judged / timedelta(days=7),
        cases,
        tuple(sorted(cries, key=lambda cry: cry.bucket)),
        atlas.nested(),
        tuple(true),
    )


class _Atlas:
    """Which leaves of an organisation a scope covers; each such set of leaves is a place with a number."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.end = organisation.looks[-1].start + organisation.grain.width
        self._first: dict[_Leaf, datetime] = {}
        for look in organisation.looks:
            for row in (*look.rows, *look.restated):
                self._first.setdefault(_leaf(row), row.hour)
        self._leaves = [Scope(*leaf) for leaf in self._first]
        self._covered: dict[Scope, frozenset[int]] = {}
        self._places: dict[frozenset[int], int] = {}

    def covered(self, scope: Scope) -> frozenset[int]:
        """Numbers of the leaves in it."""
        if scope not in self._covered:
            inside = (number for number, leaf in enumerate(self._leaves) if scope.covers(leaf))
            self._covered[scope] = frozenset(inside)
        return self._covered[scope]

    def place(self, scope: Scope) -> int:
        """The number of the leaves that it covers."""
        return self._places.setdefault(self.covered(scope), len(self._places))

    def nested(self) -> tuple[tuple[int, ...], ...]:
        """For each place, those nested with it."""
        places = list(self._places.items())
        return tuple(
            tuple(number for inner, number in places if inner <= outer or outer <= inner)
            for outer, _ in places
        )

    def series_months(self) -> float:
        """A series is a key x model."""
        first: dict[tuple[str, str], datetime] = {}
        for (_, key, model, *_), seen in self._first.items():
            first[key, model] = min(seen, first.get((key, model), seen))
        judged = self.organisation.judged_from
        return sum((self.end - max(seen, judged)) / _MONTH for seen in first.values())

    def buckets(self, start: datetime, end: datetime) -> int:
        """How many lie between two."""
        return index(end, self.organisation.grain) - index(start, self.organisation.grain)


def _leaf(row: SpendRow) -> _Leaf:
    return row.workspace_id, row.api_key_id, row.model, row.actor, row.product


def _met(atlas: _Atlas, alarm: Alarm) -> list[tuple[int, Sighting]]:
    """The incidents it is about, by number."""
    near = [
        (number, _sighting(atlas, incident, alarm))
        for number, incident in enumerate(atlas.organisation.incidents)
        if _in_time(atlas, incident, alarm) and _in_place(atlas, incident, alarm)
    ]
    return [(number, sighting) for number, sighting in near if sighting.right] or near


def _in_time(atlas: _Atlas, incident: Incident, alarm: Alarm) -> bool:
    grain = atlas.organisation.grain
    return incident.start <= alarm.start < incident.end + GRACE[grain] * grain.width


def _in_place(atlas: _Atlas, incident: Incident, alarm: Alarm) -> bool:
    about = atlas.covered(alarm.scope)
    return any(about & atlas.covered(scope) for scope in incident.scopes)


def _sighting(atlas: _Atlas, incident: Incident, alarm: Alarm) -> Sighting:
    after = atlas.buckets(incident.start, alarm.start)
    return Sighting(after, alarm.score, alarm.said, _names(incident, alarm))


def _names(incident: Incident, alarm: Alarm) -> bool:
    """Many keys at once need not be named one by one."""
    keys = {scope.api_key_id for scope in incident.scopes}
    return len(keys) > 1 or (alarm.named.api_key_id or alarm.scope.api_key_id) in keys


def _cry(atlas: _Atlas, alarm: Alarm) -> Cry:
    bucket = atlas.buckets(atlas.organisation.judged_from, alarm.start)
    return Cry(bucket, atlas.place(alarm.scope), alarm.score, alarm.said)


def _case(organisation: Organisation, incident: Incident, sightings: Sequence[Sighting]) -> Case:
    by_bucket = [abs(incident.excess[at]) for at in sorted(incident.excess)]
    total = sum(by_bucket)
    spent = tuple(sum(by_bucket[:before]) / total for before in range(len(by_bucket)))
    usual = sum(dollars(row.usd) for look in organisation.looks for row in look.rows) / len(
        organisation.looks
    )
    return Case(incident.kind, organisation.trait, organisation.grain, total, usual, spent, tuple(sightings))
