"""What kind of trouble it is, in the user's words, with the evidence that decided it.

The diagnoses are tried in order, the most specific first; the last one says plainly that none fits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.explain.evidence import DEARER, DEARER_EACH, Evidence
from bot.explain.waterfall import Factor
from bot.facts.money import Usd, show

_HALF = 0.5
_LOST_POINTS = 0.05
_MOVED_SHARE = 0.3
_RUNAWAY = 3.0
_RETRIED = 1.5
_SHORTER, _AS_LONG = 0.6, 1.3
_DEARER = 1.3
_STOPPED = 0.05
_TOGETHER = 3
_DISCOUNT = 0.02
_ANNOUNCE = "if this is a launch, enter it in rules/calendar.yaml"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A name people know it by, what showed it, and what to do."""

    headline: str
    evidence: str
    next_step: str


Trial = Callable[[Evidence], Diagnosis | None]


def diagnose(evidence: Evidence) -> Diagnosis:
    """The first diagnosis that fits. What falls has fewer."""
    fell = evidence.subject.excess < 0 and not evidence.subject.is_told_as_rise
    trials: Iterable[Trial] = (_as_usual, _stopped, _fell) if fell else _IN_ORDER
    return next(filter(None, (fits(evidence) for fits in trials)), None) or _unknown(evidence)


def _as_usual(evidence: Evidence) -> Diagnosis | None:
    if not evidence.subject.is_usual or evidence.subject.usual is None:
        return None
    low, high = evidence.subject.usual
    return Diagnosis("Spend is as usual", f"{show(low)} to {show(high)} is no surprise", "")


def _stopped(evidence: Evidence) -> Diagnosis | None:
    if evidence.subject.kind != "drop":
        return None
    left = evidence.subject.observed / max(evidence.subject.expected, 1)
    others = ", while others spend as usual: no data is missing" if evidence.subject.scope.pinned() else ""
    what, many = f"{left:.0%} of its usual dollars are left{others}", evidence.subject.is_of_many
    why = "a spend limit was reached or a service is down" if many else "it was revoked or a service is down"
    return Diagnosis(
        "Spend stopped" if left < _STOPPED else "Spend fell",
        what,
        f"ask the owner of {evidence.where} whether this is meant; look whether {why}",
    )


def _fell(evidence: Evidence) -> Diagnosis:
    return Diagnosis("Spend is down", _largest_parts(evidence), "nothing, if this is meant")


def _dormant(evidence: Evidence) -> Diagnosis | None:
    if evidence.subject.kind != "dormant":
        return None
    key = evidence.subject.scope.api_key_id is not None
    revoke = f"disable {evidence.where} in the Console and rotate it" if key else "look at whose keys use it"
    return Diagnosis(
        "Dormant key woke" if key else "Dormant spend woke",
        "nothing was spent here for two weeks or more",
        f"ask the owner whether this is theirs; if nobody knows, {revoke}",
    )


def _new(evidence: Evidence) -> Diagnosis | None:
    if evidence.subject.kind != "new" and evidence.carries(Factor.NEW) < _HALF:
        return None
    if evidence.subject.is_of_many and evidence.fresh >= _TOGETHER:
        what = f"{evidence.fresh} keys or people that spent nothing in the four weeks before"
        return Diagnosis("Launch: new keys spend", what, _ANNOUNCE)
    pinned = evidence.subject.scope
    what = "key" if pinned.api_key_id else "user" if pinned.actor else "model" if pinned.model else "spend"
    known = f"if nobody knows it, disable {evidence.where} in the Console"
    chosen = f"if nobody chose it, look at the deployments of {evidence.where}"
    return Diagnosis(
        f"New {what} starts big",
        f"{evidence.where} spent nothing in the four weeks before",
        f"{_ANNOUNCE}; {known if pinned.api_key_id else chosen}",
    )


def _sessions(evidence: Evidence) -> Diagnosis | None:
    share = evidence.carries(Factor.SESSION, Factor.CODE)
    if share < _HALF:
        return None
    return Diagnosis(
        "Agent sessions run away",
        f"session hours and code execution, not tokens, carry {_percent(share)} of it",
        f"end the sessions nobody needs, and check what starts them for {evidence.where}",
    )


def _searches(evidence: Evidence) -> Diagnosis | None:
    share = evidence.carries(Factor.SEARCH)
    if share < _HALF:
        return None
    return Diagnosis(
        "Web searches run away",
        f"web searches carry {_percent(share)} of it",
        f"limit max_uses of the web search tool in {evidence.where}",
    )


def _retry_storm(evidence: Evidence) -> Diagnosis | None:
    """Many requests with usual prompts and hardly an answer: they fail and come again."""
    if not evidence.counted or evidence.volume < _RETRIED or evidence.carries(Factor.TRAFFIC) < _HALF:
        return None
    if _leads(evidence, Factor.MIX):
        return None
    prompt = evidence.each(lambda totals: totals.input_tokens)
    answer = evidence.each(lambda totals: totals.output_tokens)
    if not _SHORTER <= prompt <= _AS_LONG or answer > _SHORTER:
        return None
    return Diagnosis(
        "Retry storm",
        f"{evidence.volume:.1f}x the usual requests, but only {answer:.1f}x the answer for each",
        f"look for errors and time-outs in {evidence.where}; make retries back off",
    )


def _model_switch(evidence: Evidence) -> Diagnosis | None:
    if evidence.carries(Factor.MIX) < _HALF or not _leads(evidence, Factor.MIX):
        return None
    models = sorted({*evidence.now.usd_by_model, *evidence.before.usd_by_model})
    change = {m: evidence.now.model_share(m) - evidence.before.model_share(m) for m in models}
    up, down = max(change, key=lambda m: change[m]), min(change, key=lambda m: change[m])
    return Diagnosis(
        "Model switch",
        f"{_same_or(evidence.volume)} traffic moved from {down or 'no model'} to {up or 'no model'}",
        f"check which deployment or setting of {evidence.where} chose {up}; switch back if nobody meant it",
    )


def _cache_lifetime(evidence: Evidence) -> Diagnosis | None:
    before, now = evidence.before.long_lived_share, evidence.now.long_lived_share
    moved = evidence.before.all_tokens and abs(now - before) >= _MOVED_SHARE
    if not moved or evidence.carries(Factor.CACHE) < _HALF or not _leads(evidence, Factor.CACHE):
        return None
    kept = "1 hour" if now > before else "5 minutes"
    return Diagnosis(
        "Cache lifetime changed",
        f"{now:.0%} of what is written to the cache lives for an hour, usually {before:.0%}",
        f"check whether {evidence.where} should keep its cache for {kept}: the ttl in cache_control",
    )


def _cache_broke(evidence: Evidence) -> Diagnosis | None:
    before, now = evidence.before.cache_read_share, evidence.now.cache_read_share
    if evidence.carries(Factor.CACHE) < _HALF or not _leads(evidence, Factor.CACHE):
        return None
    if before - now < _LOST_POINTS:
        what = "more is written to the cache than is read from it again"
        return Diagnosis("Prompt cache is rewritten", what, _check_cache(evidence))
    point = Usd(round(evidence.parts[Factor.CACHE] / (before - now) / 100))
    return Diagnosis(
        "Prompt cache broke",
        f"{now:.0%} of input came from the cache, usually {before:.0%}: each lost point costs {show(point)}",
        _check_cache(evidence),
    )


def _check_cache(evidence: Evidence) -> str:
    return f"check what changed in the prompt's beginning or in cache_control of {evidence.where}"


def _premium(evidence: Evidence) -> Diagnosis | None:
    part = evidence.parts.get(Factor.PRICE, Usd(0))
    if evidence.carries(Factor.PRICE) < _HALF or not _leads(evidence, Factor.PRICE):
        return None
    dearer = evidence.subject.observed / max(evidence.subject.observed - part, 1)
    same = f"the same tokens cost {dearer:.2g}x"
    before, now = evidence.before.price_of_list, evidence.now.price_of_list
    if before and now - before > _DISCOUNT:
        what = f"{same}: {now:.0%} of the list price is paid, usually {before:.0%}"
        return Diagnosis("Discount ended", what, "ask who looks after the contract with Anthropic")
    if evidence.before.batch_share - evidence.now.batch_share >= _MOVED_SHARE:
        before, now = evidence.before.batch_share, evidence.now.batch_share
        what = f"{same}: {now:.0%} of them went through batches at half the price, usually {before:.0%}"
        return Diagnosis("Batches stopped", what, f"check why {evidence.where} no longer sends batches")
    return Diagnosis(
        "Premium mode switched on",
        f"{same}, on the same models: fast mode, US-only inference or long prompts",
        f"check speed, inference_geo and service_tier in the requests of {evidence.where}",
    )


def _runaway(evidence: Evidence) -> Diagnosis | None:
    burst = evidence.subject.kind not in {"rise", DEARER, ""} or evidence.subject.hot_hours > 0
    if not burst or evidence.carries(Factor.TRAFFIC) < _HALF or evidence.volume < _RUNAWAY:
        return None
    hours = evidence.subject.hot_hours
    going = f", for {hours} hours without a pause" if hours > 1 else ""
    return Diagnosis(
        "Runaway loop",
        f"{evidence.volume:.0f}x the usual {evidence.unit} for these hours{going}",
        f"stop the job that uses {evidence.where}; disable the key in the Console if nobody can",
    )


def _creep(evidence: Evidence) -> Diagnosis | None:
    if not evidence.subject.is_creeping:
        return None
    return Diagnosis(
        "Slow creep",
        f"it grows day by day; {_largest_parts(evidence)}",
        f"ask the owner of {evidence.where} what grows, and whether it should",
    )


def _longer_prompts(evidence: Evidence) -> Diagnosis | None:
    if evidence.carries(Factor.INPUT) < _HALF:
        return None
    longer = evidence.each(lambda totals: totals.input_tokens)
    what = f"{longer:.1f}x the input tokens a request"
    step = f"look at what {evidence.where} puts into its prompts since then"
    return Diagnosis("Longer prompts", what, step)


def _longer_answers(evidence: Evidence) -> Diagnosis | None:
    if evidence.carries(Factor.OUTPUT) < _HALF:
        return None
    longer = evidence.each(lambda totals: totals.output_tokens)
    what = f"{longer:.1f}x the output tokens a request"
    return Diagnosis("Longer answers", what, f"check max_tokens and the thinking budget of {evidence.where}")


def _more_traffic(evidence: Evidence) -> Diagnosis | None:
    if evidence.carries(Factor.TRAFFIC) < _HALF:
        return None
    each = evidence.each(lambda totals: totals.usd)
    at = f"each at {each:.1f}x the usual cost" if each >= _DEARER else "each at about the usual cost"
    step = f"ask the owner of {evidence.where} whether this growth is wanted; {_ANNOUNCE}"
    lasts = evidence.subject.kind == "rise"
    headline = "Traffic stepped up" if lasts else "More traffic"
    return Diagnosis(headline, f"{evidence.volume:.1f}x the usual {evidence.unit}, {at}", step)


def _step(evidence: Evidence) -> Diagnosis | None:
    if evidence.subject.kind != "rise":
        return None
    step = f"ask the owner of {evidence.where} what changed then"
    return Diagnosis("Spend stepped up", f"it stays at a new level; {_largest_parts(evidence)}", step)


def _unknown(evidence: Evidence) -> Diagnosis:
    return Diagnosis(
        "Spend is up",
        f"no single change explains it; {_largest_parts(evidence)}",
        f"ask the owner of {evidence.where} what changed",
    )


def _leads(evidence: Evidence, factor: Factor) -> bool:
    """Whether it is the largest of what makes each request dearer."""
    each = {one: evidence.parts.get(one, 0) for one in DEARER_EACH}
    return each[factor] > 0 and each[factor] == max(each.values())


def _largest_parts(evidence: Evidence) -> str:
    sign = -1 if evidence.subject.excess < 0 else 1
    largest = sorted(evidence.parts.items(), key=lambda part: -sign * part[1])[:2]
    named = [f"{_percent(evidence.carries(factor))} {factor}" for factor, usd in largest if sign * usd > 0]
    return f"most of it is {' and '.join(named)}" if named else "its parts are not known"


def _percent(share: float) -> str:
    return f"{min(share, 1):.0%}"


def _same_or(volume: float) -> str:
    same = _SHORTER <= volume <= 1 / _SHORTER
    return f"about the same ({volume:.1f}x)" if same else f"{volume:.1f}x the usual"


_IN_ORDER: tuple[Trial, ...] = (
    _as_usual,
    _dormant,
    _new,
    _sessions,
    _searches,
    _retry_storm,
    _model_switch,
    _cache_lifetime,
    _cache_broke,
    _premium,
    _runaway,
    _creep,
    _longer_prompts,
    _longer_answers,
    _more_traffic,
    _step,
)
