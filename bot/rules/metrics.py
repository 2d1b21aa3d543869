"""What can be watched, and what each metric is made of."""

from dataclasses import dataclass
from typing import Literal, get_args

from bot.facts.spend import TOKENS
from bot.rules.amounts import Unit

Watched = Literal[
    "cost",
    "list cost",
    "tokens",
    "input tokens",
    "uncached input tokens",
    "cache read tokens",
    "cache write tokens",
    "cache write 5m tokens",
    "cache write 1h tokens",
    "output tokens",
    "requests",
    "cost per request",
    "cache read share",
    "output share",
    "share of total",
    "keys",
    "models",
    "users",
]
_UNCACHED, _READ, _WRITE_5M, _WRITE_1H, _OUTPUT = TOKENS
_INPUT = (_UNCACHED, _READ, _WRITE_5M, _WRITE_1H)


@dataclass(frozen=True, slots=True)
class Metric:
    """Sums of fields of a SpendRow, over other sums where it is a ratio, or how many values are in use."""

    unit: Unit
    of: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    distinct: str = ""
    """The dimension whose values are counted."""
    of_total: bool = False
    """Whether it is held against the whole organisation."""

    @property
    def is_sum(self) -> bool:
        """Whether it adds up over hours and leaves."""
        return not (self.over or self.distinct or self.of_total)

    @property
    def counts(self) -> set[str]:
        """The fields that a panel must hold beside the dollars."""
        return {*self.of, *self.over} - {"usd"}


METRICS: dict[Watched, Metric] = {
    "cost": Metric(Unit.DOLLARS, ("usd",)),
    "list cost": Metric(Unit.DOLLARS, ("list_usd",)),
    "tokens": Metric(Unit.TOKENS, TOKENS),
    "input tokens": Metric(Unit.TOKENS, _INPUT),
    "uncached input tokens": Metric(Unit.TOKENS, (_UNCACHED,)),
    "cache read tokens": Metric(Unit.TOKENS, (_READ,)),
    "cache write tokens": Metric(Unit.TOKENS, (_WRITE_5M, _WRITE_1H)),
    "cache write 5m tokens": Metric(Unit.TOKENS, (_WRITE_5M,)),
    "cache write 1h tokens": Metric(Unit.TOKENS, (_WRITE_1H,)),
    "output tokens": Metric(Unit.TOKENS, (_OUTPUT,)),
    "requests": Metric(Unit.REQUESTS, ("requests",)),
    "cost per request": Metric(Unit.DOLLARS, ("usd",), ("requests",)),
    "cache read share": Metric(Unit.SHARE, (_READ,), _INPUT),
    "output share": Metric(Unit.SHARE, (_OUTPUT,), TOKENS),
    "share of total": Metric(Unit.SHARE, ("usd",), of_total=True),
    "keys": Metric(Unit.KEYS, distinct="api_key_id"),
    "models": Metric(Unit.MODELS, distinct="model"),
    "users": Metric(Unit.USERS, distinct="actor"),
}
NAMES: tuple[Watched, ...] = get_args(Watched)
