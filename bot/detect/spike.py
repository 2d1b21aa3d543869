"""Too much in one bucket, against the usual of every scope, with gates on score and dollars and percent.

A bucket that may still fill is judged too: it can only be too high already, never too low.
"""

from dataclasses import dataclass

import numpy as np

from bot.detect.expect import Expectation, Floats, expect
from bot.detect.gates import NEW_FACTOR, SCOPES, Gates
from bot.detect.tails import Tail
from bot.facts.clock import Grain
from bot.facts.finding import Finding, Outcome, Part
from bot.facts.money import Usd, show
from bot.facts.scope import Scope
from bot.facts.text import multiple
from bot.panel.coverage import Mask
from bot.panel.leaves import Groups
from bot.panel.panel import Panel

_NANO = 1e9
_SILENT_DAYS = 14
_BURST_DAYS = 56
_RESTS_SHARE = 0.4
_BURSTS_IGNORED = 2
_BURST_FACTOR = 2.0
_LEAST_PART = 0.01
_NET_SHARE = 0.7
_HOT_SCORE = 3.0
_LONGEST_RUN = 14 * 24
_OFFSET_SHARE = 0.1
_TAIL = Tail(8, 1.0)
"""How rare so many robust standard deviations are: hours have heavier tails than a normal distribution."""
_LEAST_CHANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was said of one bucket. `outcomes` counts every series judged, by outcome."""

    findings: tuple[Finding, ...]
    outcomes: dict[Outcome, int]


def judge(panel: Panel, column: int, gates: Gates) -> Judgement:
    """Judge the bucket of `column` in every scope, from earlier buckets only."""
    buckets = {
        dimensions: _bucket(panel, panel.leaves.by(*dimensions), column, gates) for dimensions in SCOPES
    }
    outcomes = dict.fromkeys(Outcome, 0)
    findings: list[Finding] = []
    for dimensions, bucket in buckets.items():
        if bucket is None:
            outcomes[Outcome.TOO_EARLY] += len(panel.leaves.by(*dimensions).scopes)
            continue
        odd, early = bucket.odd(), bucket.too_early()
        findings += [bucket.finding(int(series)) for series in np.flatnonzero(odd)]
        outcomes[Outcome.ODD] += int(odd.sum())
        outcomes[Outcome.TOO_EARLY] += int(early.sum())
        outcomes[Outcome.NORMAL] += int((~odd & ~early).sum())
    return Judgement(_net_of_switches(findings, buckets[("api_key_id",)]), outcomes)


def _bucket(panel: Panel, groups: Groups, column: int, gates: Gates) -> "_Bucket | None":
    dollars = panel.grouped(groups)[:, : column + 1] / _NANO
    usual = expect(dollars[:, :column], panel.known[:column], panel.grain, offset_of(gates, panel.grain))
    return _Bucket(panel, column, groups, dollars, usual, gates) if usual else None


def _net_of_switches(findings: list[Finding], keys: "_Bucket | None") -> tuple[Finding, ...]:
    """A model's rise on a key, paid for by another model's fall, is a statement about the key.

    Such a finding is told for the key, net; where the key as a whole costs hardly more it is no finding.
    """
    kept: list[Finding] = []
    for finding in findings:
        key = Scope(api_key_id=finding.scope.api_key_id)
        if keys is None or key.api_key_id is None or finding.scope.model is None:
            kept.append(finding)
            continue
        series = keys.groups.scopes.index(key)
        if keys.excess()[series] >= _NET_SHARE * finding.excess / _NANO:
            kept.append(finding)
        elif keys.enough()[series] and all(other.scope != key for other in findings):
            kept.append(keys.finding(series))
    return tuple(kept)


def offset_of(gates: Gates, grain: Grain) -> float:
    """Where the log scale turns linear: a tenth of the dollar gate."""
    return gates.dollars(grain) * _OFFSET_SHARE


@dataclass(frozen=True, slots=True)
class _Bucket:
    """One judged bucket of one grouping, ready to be told as findings."""

    panel: Panel
    column: int
    groups: Groups
    dollars: Floats
    usual: Expectation
    gates: Gates

    def excess(self) -> Floats:
        """Dollars above the usual, by series."""
        return np.asarray(self.dollars[:, -1] - self.usual.usual[:, 0])

    def enough(self) -> Mask:
        """Whether dollars and percent are worth saying."""
        grain, excess = self.panel.grain, self.excess()
        least = np.where(self._new(), NEW_FACTOR, 1.0) * self.gates.dollars(grain)
        least = np.maximum(least, self.gates.percent(grain) * self.usual.usual[:, 0])
        return np.asarray(excess >= least)

    def odd(self) -> Mask:
        """Enough, and significant."""
        return np.asarray(self.enough() & self._significant())

    def _significant(self) -> Mask:
        """A score above the gate; a series that mostly rests must exceed its own bursts instead.

        Its median is nothing, so that any work would look odd: it is odd when it does twice as much in one
        bucket as in all but the two largest of the last weeks.
        """
        per_day = 24 if self.panel.grain is Grain.HOUR else 1
        observed, recent = self.dollars[:, -1], self.dollars[:, :-1][:, -_BURST_DAYS * per_day :]
        rests = (recent > self.usual.offset).mean(axis=1) < _RESTS_SHARE
        awake = (recent[:, -_SILENT_DAYS * per_day :] > 0).any(axis=1)
        bursts = _BURST_FACTOR * np.sort(recent, axis=1)[:, -_BURSTS_IGNORED - 1]
        by_score = self.usual.score(observed) >= self.gates.score(self.panel.grain)
        return np.asarray(np.where(rests & awake, observed >= bursts, by_score))

    def too_early(self) -> Mask:
        """Series that spend for the first time, not enough to speak of."""
        return np.asarray(self._new() & (self.dollars[:, -1] > 0) & ~self.odd())

    def _new(self) -> Mask:
        return np.asarray(~(self.dollars[:, :-1] > 0).any(axis=1))

    def finding(self, series: int) -> Finding:
        """What is said of one odd series."""
        observed = _nano(self.dollars[series, -1])
        expected = _nano(self.usual.usual[series, 0])
        return Finding(
            kind=self._kind(series),
            scope=self.groups.scopes[series],
            grain=self.panel.grain,
            window=self.panel.window_of(self.column),
            observed=observed,
            expected=expected,
            low=_nano(self.usual.low()[series]),
            high=_nano(self.usual.high()[series]),
            score=self._surprise(series),
            start=self.panel.start_of(self.column - self._hot_before(series)),
            why=self._why(series, observed, expected),
            complete=bool(self.panel.complete[self.column]),
            parts=parts_of(self.panel, self.column, self.groups.of_leaf == series, self.gates),
        )

    def _surprise(self, series: int) -> float:
        """-log10 of the chance of so many robust standard deviations."""
        chance = _TAIL.beyond(self.usual.score(self.dollars[:, -1])[[series]])
        return round(float(-np.log10(np.clip(chance[0], _LEAST_CHANCE, 1.0))), 2)

    def _kind(self, series: int) -> str:
        past = self.dollars[series, :-1]
        silent = _SILENT_DAYS * (24 if self.panel.grain is Grain.HOUR else 1)
        if not past.any():
            return "new"
        return "dormant" if not past[-silent:].any() else "spike"

    def _hot_before(self, series: int) -> int:
        """How many buckets just before this one were already hot."""
        run = min(self.column, _LONGEST_RUN)
        period = self.usual.center.shape[1]
        hot = 0
        for back in range(1, run + 1):
            observed = self.dollars[series, -1 - back]
            center = self.usual.center[series, -back % period]
            score = (np.log(max(observed, 0.0) + self.usual.offset) - center) / self.usual.spread[series]
            if score < _HOT_SCORE:
                break
            hot = back
        return hot

    def _why(self, series: int, observed: Usd, expected: Usd) -> str:
        grain = self.panel.grain
        score = float(self.usual.score(self.dollars[:, -1])[series])
        times = multiple(observed / expected if expected > 0 else float("inf"))
        so_far = "" if self.panel.complete[self.column] else " so far"
        gate = show(Usd(round(self.gates.dollars(grain) * _NANO)))
        return (
            f"{show(observed)} in this {grain}{so_far} against a usual {show(expected)} ({times}); "
            f"{score:.0f} robust standard deviations up, and more than the {gate} that counts here"
        )


def parts_of(panel: Panel, column: int, inside: Mask, gates: Gates) -> tuple[Part, ...]:
    """The leaves that carry an excess of a bucket, largest first; leaves below 1 % of it are left out."""
    leaves = np.flatnonzero(inside)
    dollars = panel.usd[leaves, : column + 1] / _NANO
    offset = offset_of(gates, panel.grain)
    usual = expect(dollars[:, :column], panel.known[:column], panel.grain, offset)
    excess = dollars[:, -1] - (usual.usual[:, 0] if usual else 0.0)
    least = _LEAST_PART * abs(float(excess.sum()))
    order = [leaf for leaf in np.argsort(-excess) if abs(excess[leaf]) > least]
    return tuple(Part(panel.leaves.scope(int(leaves[leaf])), _nano(excess[leaf])) for leaf in order)


def _nano(dollars: np.float64) -> Usd:
    return Usd(round(float(dollars) * _NANO))
