"""What was used, as arrays of spenders x models x kinds of token."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.detect.robust import Floats
from bot.facts.spend import COMPONENTS, TOKENS, SpendRow
from bot.panel.coverage import Mask

_KINDS = len(TOKENS)
UNCOUNTED = 0.05
"""Of the tokens: more without requests, and requests say nothing."""
_FIRST, _REQUESTS = SpendRow._fields.index("usd"), SpendRow._fields.index("requests")
_END = SpendRow._fields.index("basis")
_TOKENS_AT = [SpendRow._fields.index(name) - _FIRST for name in TOKENS]
_DOLLARS_AT = [SpendRow._fields.index(name) - _FIRST for name in COMPONENTS]

Spender = tuple[str, str]


def spender(row: SpendRow) -> Spender:
    """Who spends: the key, or where there is none the person, the workspace, the product."""
    for name in ("api_key_id", "actor", "workspace_id", "product"):
        if value := getattr(row, name):
            return name, value
    return "", ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Which spenders and models there are on either side, in an order that their names do not decide."""

    spenders: dict[Spender, int]
    models: dict[str, int]

    @classmethod
    def of(cls, *sides: Iterable[SpendRow]) -> Self:
        """Everybody and every model that is named."""
        rows = [row for side in sides for row in side]
        spent: dict[str, list[int]] = {}
        for row in rows:
            spent.setdefault(row.model, []).append(row.usd)
        models = sorted(spent, key=lambda model: (sum(spent[model]), sorted(spent[model])))
        spenders = dict.fromkeys(map(spender, rows))
        return cls({one: at for at, one in enumerate(spenders)}, {one: at for at, one in enumerate(models)})


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums of one side, by spender (e), model (m) and kind of token (k: the order of TOKENS, output last).

    Dollars are nano-dollars: whole numbers, which floats add up exactly, in whatever order, up to $9M.
    `counted` says whose requests are counted, for nearly all of their tokens.
    `dollars` are those of kinds that have tokens; `extras` (e x 5) the rest: searches, code execution,
    sessions, kinds the upstream does not name, and dollars of tokens that were not counted.
    """

    requests: Floats
    tokens: Floats
    dollars: Floats
    extras: Floats
    seen: Mask
    counted: Mask

    @classmethod
    def of(cls, rows: Sequence[SpendRow], cast: Cast) -> Self:
        """Add rows up."""
        shape = (len(cast.spenders), len(cast.models))
        sums = np.zeros((*shape, _END - _FIRST), np.int64)
        seen = np.zeros(shape[0], np.bool_)
        without = np.zeros(shape[0])
        if rows:
            at = np.array([cast.spenders[spender(row)] for row in rows])
            on = np.array([cast.models[row.model] for row in rows])
            numbers = np.array([row[_FIRST:_END] for row in rows], np.int64)
            np.add.at(sums, (at, on), numbers)
            seen[at[(numbers != 0).any(axis=1)]] = True
            missing = numbers[:, _REQUESTS - _FIRST] == 0
            np.add.at(without, at[missing], numbers[missing][:, _TOKENS_AT].sum(axis=1))
        tokens, dollars = sums[..., _TOKENS_AT].astype(float), sums[..., _DOLLARS_AT].astype(float)
        of_tokens, beside = dollars[..., :_KINDS], dollars[..., _KINDS:].sum(axis=1)
        uncounted = np.where(tokens == 0, of_tokens, 0.0)
        return cls(
            requests=sums[..., _REQUESTS - _FIRST].sum(axis=1).astype(float),
            tokens=tokens,
            dollars=of_tokens - uncounted,
            extras=np.column_stack((beside, uncounted.sum(axis=(1, 2)))),
            seen=seen,
            counted=without <= UNCOUNTED * tokens.sum(axis=(1, 2)),
        )

    @property
    def usd(self) -> Floats:
        """Nano-dollars of each spender."""
        return np.asarray(self.dollars.sum(axis=(1, 2)) + self.extras.sum(axis=1))
