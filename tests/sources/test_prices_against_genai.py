"""Our table against an independent one, with every known difference listed and shown to be one."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from genai_prices import Usage, calc_price

from bot.facts.spend import TOKENS
from bot.sources.prices import PriceTable, Traffic

TABLE = PriceTable.load()
THOUSAND = 1000
DAYS = (date(2026, 10, 1), date(2026, 10, 20), date(2026, 11, 20))
LATEST = DAYS[-1]

UNKNOWN_TO_THEM = {"claude-mythos-5", "claude-mythos-5-1"}


def theirs(model: str, kind: str, day: date, context: Mapping[str, str] | None = None) -> Fraction:
    """Their nano-USD per token. Their input_tokens include cache reads and writes, ours never do."""
    usage = {
        "uncached_input_tokens": Usage(input_tokens=THOUSAND),
        "cache_read_tokens": Usage(input_tokens=THOUSAND, cache_read_tokens=THOUSAND),
        "cache_write_5m_tokens": Usage(input_tokens=THOUSAND, cache_write_tokens=THOUSAND),
        "cache_write_1h_tokens": Usage(
            input_tokens=THOUSAND, cache_write_tokens=THOUSAND, cache_write_1h_tokens=THOUSAND
        ),
        "output_tokens": Usage(output_tokens=THOUSAND),
    }[kind]
    at = datetime.combine(day, time(12), UTC)
    price = calc_price(
        usage, model, provider_id="anthropic", genai_request_timestamp=at, price_context=dict(context or {})
    )
    return Fraction(Decimal(price.total_price)) * 10**9 / THOUSAND


def ours(model: str, kind: str, day: date, traffic: Traffic) -> Fraction:
    price = TABLE.price(model, kind, day, traffic)
    assert price is not None
    return price


SHARED = [model for model in TABLE.models() if model not in UNKNOWN_TO_THEM]
VARIANTS = {
    "plain": (Traffic(), {}),
    "batch": (Traffic(tier="batch"), {"processing": "batch"}),
    "fast": (Traffic(speed="fast"), {"speed": "fast"}),
}
RETIRED = ("claude-3-", "claude-opus-4-1", "claude-opus-4-0", "claude-sonnet-4-0")
PREVIEWED_FAST = ("claude-opus-4-6", "claude-opus-4-7")


def known_difference(model: str, kind: str, day: date, variant: str) -> str:
    """Why the two tables differ here; empty when they agree (reference 11)."""
    if variant == "batch":
        return batch_difference(model, kind, day)
    if model == "claude-sonnet-5-5" and kind == "cache_read_tokens" and day < date(2026, 10, 7):
        return "they have the newer read price for all dates"
    if variant == "fast" and model in PREVIEWED_FAST:
        return "they leave out the fast preview of 30/150"
    return ""


def batch_difference(model: str, kind: str, day: date) -> str:
    if model.startswith(RETIRED) or model in {"claude-opus-4", "claude-sonnet-4"}:
        return "they have no batch price for retired models"
    if model in {"claude-fable-5-2", "claude-mythos-5-2"}:
        return ""
    if model == "claude-sonnet-5-5" and kind == "cache_read_tokens" and day < date(2026, 10, 7):
        return ""  # Wrong twice: half of a price that is not theirs is their unhalved one.
    return "they have batch prices from 2026-10-14 only" if day < date(2026, 10, 14) else ""


def cases() -> Iterator[tuple[str, str, date, str]]:
    return (
        (model, kind, day, variant)
        for model in SHARED
        for kind in TOKENS
        for day in DAYS
        for variant, (traffic, _) in VARIANTS.items()
        if TABLE.price(model, kind, day, traffic) is not None
    )


def test_the_tables_agree_except_where_listed() -> None:
    for model, kind, day, variant in cases():
        traffic, context = VARIANTS[variant]
        same = ours(model, kind, day, traffic) == theirs(model, kind, day, context)
        why = known_difference(model, kind, day, variant)
        assert same == (not why), f"{model} {kind} {day} {variant}: {why or 'differs'}"


@pytest.mark.parametrize("model", sorted(UNKNOWN_TO_THEM))
def test_models_listed_as_unknown_to_them_are(model: str) -> None:
    with pytest.raises(LookupError):
        theirs(model, "output_tokens", LATEST)


def test_they_know_no_surcharge_for_the_us() -> None:
    us = ours("claude-opus-5", "output_tokens", LATEST, Traffic(geo="us"))
    assert us != theirs("claude-opus-5", "output_tokens", LATEST, {"inference_geo": "us"})


@pytest.mark.parametrize(
    ("model", "day"),
    [
        pytest.param("claude-opus-4-6", date(2026, 3, 1), id="Opus 4.6 when long prompts cost more"),
        pytest.param("claude-opus-4-6", date(2026, 4, 1), id="Opus 4.6 when they no longer did"),
        pytest.param("claude-sonnet-4-6", date(2026, 3, 1), id="Sonnet 4.6 when long prompts cost more"),
        pytest.param("claude-sonnet-4-5", date(2026, 4, 1), id="Sonnet 4.5, whose beta went on"),
        pytest.param("claude-haiku-5-5", LATEST, id="Haiku 5.5, surely above its step"),
    ],
)
def test_long_prompts_agree(model: str, day: date) -> None:
    prompt = Usage(input_tokens=300_000, output_tokens=THOUSAND)
    at = datetime.combine(day, time(12), UTC)
    price = calc_price(prompt, model, provider_id="anthropic", genai_request_timestamp=at)
    long = Traffic(context="200k-1M")
    assert price.input_price is not None
    assert price.output_price is not None
    assert ours(model, "uncached_input_tokens", day, long) * 300_000 == Fraction(price.input_price) * 10**9
    assert ours(model, "output_tokens", day, long) * THOUSAND == Fraction(price.output_price) * 10**9


def test_one_call_of_theirs_is_one_request_so_a_day_of_haiku_is_priced_above_the_step() -> None:
    day = Usage(input_tokens=10**6, output_tokens=10**6)
    at = datetime.combine(LATEST, time(12), UTC)
    price = calc_price(day, "claude-haiku-5-5", provider_id="anthropic", genai_request_timestamp=at)
    assert price.total_price == Decimal("3.00")
