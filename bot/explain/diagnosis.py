"""What kind of trouble it is, in the user's words, with the evidence that decided it.

The diagnoses are tried in order, the most specific first; the last one says plainly that none fits.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.explain.totals import Totals
from bot.facts.clock import Grain

_SAME_VOLUME = (0.5, 2.0)
_SWITCHED_SHARE = 0.4
_LOST_CACHE_POINTS = 0.2
_RUNAWAY_VOLUME = 3.0
_MORE_VOLUME = 1.25
_LONGER = 1.3
_STOPPED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the diagnoses look at; `kind` and `grain` are the finding's.

    `before` holds the usual mix of the same hours of the week, each seen `times_seen` times on average.
    """

    kind: str
    grain: Grain
    now: Totals
    before: Totals
    times_seen: float
    whole_key: bool
    """Whether the scope is one key: its next steps differ from a model's or a workspace's."""

    def times(self, measure: Callable[[Totals], float]) -> float:
        """How often the usual amount of `measure` was seen now; 0 when nothing was usual."""
        return self.ratio(measure) * self.times_seen

    def ratio(self, measure: Callable[[Totals], float]) -> float:
        """A ratio now against the same ratio before; 0 when it was not known before."""
        before = measure(self.before)
        return measure(self.now) / before if before > 0 else 0.0

    @property
    def volume(self) -> float:
        """How often the usual volume: requests where both sides count them, else tokens."""
        return self.times(lambda totals: totals.requests if self.counted else sum(totals.tokens.values()))

    @property
    def counted(self) -> bool:
        """Whether requests were counted, now and before."""
        return bool(self.now.requests and self.before.requests)

    @property
    def unit(self) -> str:
        """What the volume counts."""
        return "requests" if self.counted else "tokens"

    @property
    def cost_each(self) -> float:
        """How often the usual dollars a request or token; 0 when nothing was usual."""
        return self.times(lambda totals: totals.usd) / self.volume if self.volume else 0.0

    @property
    def same_volume(self) -> bool:
        """Whether about as much was asked as usual."""
        least, most = _SAME_VOLUME
        return least <= self.volume <= most


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A name people know it by, what showed it, and what to do."""

    headline: str
    evidence: str
    next_step: str
    by_model: bool = False
    """Whether the dollars are best told by model instead of by kind of token."""


def diagnose(evidence: Evidence) -> Diagnosis:
    """The first diagnosis that fits."""
    for fits in _IN_ORDER:
        diagnosis = fits(evidence)
        if diagnosis is not None:
            return diagnosis
    return Diagnosis(
        "Spend is up",
        "neither traffic, cache, model nor the length of requests explains it alone",
        "ask the owner what changed",
    )


def _stopped(evidence: Evidence) -> Diagnosis | None:
    if evidence.kind != "drop":
        return None
    left = evidence.times(lambda totals: totals.usd)
    return Diagnosis(
        "Spend stopped" if left < _STOPPED_SHARE else "Spend fell",
        f"{left:.0%} of its usual dollars are left, while others spend as usual: no data is missing",
        "ask the owner whether the service is down, the key was revoked or a spend limit was reached",
    )


def _dormant(evidence: Evidence) -> Diagnosis | None:
    if evidence.kind != "dormant":
        return None
    return Diagnosis(
        "Dormant key woke" if evidence.whole_key else "Dormant spend woke",
        "nothing was spent here for two weeks or more",
        "ask the owner whether this is theirs; if nobody knows, disable the key in the Console and rotate it",
    )


def _new(evidence: Evidence) -> Diagnosis | None:
    if evidence.kind != "new":
        return None
    return Diagnosis(
        "New spend starts big",
        "it never spent before",
        "confirm with the owner that this is a launch, and enter it in rules/calendar.yaml",
    )


def _model_switch(evidence: Evidence) -> Diagnosis | None:
    models = sorted({*evidence.now.usd_by_model, *evidence.before.usd_by_model} - {""})
    change = {m: evidence.now.model_share(m) - evidence.before.model_share(m) for m in models}
    if not change or not evidence.same_volume:
        return None
    up, down = max(change, key=lambda m: change[m]), min(change, key=lambda m: change[m])
    if min(change[up], -change[down]) < _SWITCHED_SHARE:
        return None
    return Diagnosis(
        "Model switch",
        f"about the same traffic ({evidence.volume:.1f}x) moved from {down} to {up}",
        f"check which deployment or setting chose {up}; switch back if nobody meant it",
        by_model=True,
    )


def _cache_broke(evidence: Evidence) -> Diagnosis | None:
    before, now = evidence.before.cache_read_share, evidence.now.cache_read_share
    if before - now < _LOST_CACHE_POINTS or not evidence.same_volume:
        return None
    return Diagnosis(
        "Prompt cache broke",
        f"{now:.0%} of input came from the cache, usually {before:.0%}; {evidence.volume:.1f}x the traffic",
        "check what changed in the prompt's beginning or in cache_control since then",
    )


def _runaway(evidence: Evidence) -> Diagnosis | None:
    if evidence.grain is not Grain.HOUR or evidence.volume < _RUNAWAY_VOLUME:
        return None
    return Diagnosis(
        "Runaway loop",
        f"{evidence.volume:.0f}x the usual {evidence.unit} for these hours",
        "stop the job that uses it; disable the key in the Console if nobody can",
    )


def _longer_prompts(evidence: Evidence) -> Diagnosis | None:
    longer = evidence.ratio(lambda totals: totals.input_per_request)
    if longer < _LONGER or evidence.volume > _MORE_VOLUME:
        return None
    return Diagnosis(
        "Longer prompts",
        f"{longer:.1f}x the input tokens a request",
        "look at what is put into the prompt since then",
    )


def _longer_answers(evidence: Evidence) -> Diagnosis | None:
    longer = evidence.ratio(lambda totals: totals.output_per_request)
    if longer < _LONGER or evidence.volume > _MORE_VOLUME:
        return None
    return Diagnosis(
        "Longer answers",
        f"{longer:.1f}x the output tokens a request",
        "check max_tokens and the thinking budget",
    )


def _more_traffic(evidence: Evidence) -> Diagnosis | None:
    if evidence.volume < _MORE_VOLUME:
        return None
    each = f"{evidence.cost_each:.1f}x" if evidence.cost_each >= _LONGER else "about"
    return Diagnosis(
        "More traffic",
        f"{evidence.volume:.1f}x the usual {evidence.unit}, each at {each} the usual cost",
        "ask the owner whether this growth is wanted",
    )


_IN_ORDER = (
    _stopped,
    _dormant,
    _new,
    _model_switch,
    _cache_broke,
    _runaway,
    _longer_prompts,
    _longer_answers,
    _more_traffic,
)
