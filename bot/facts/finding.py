"""What a detector or a rule says about one bucket of one scope."""

from dataclasses import dataclass
from datetime import datetime

from bot.facts.clock import Grain, Window
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a finding's excess one leaf (full dimension set) of the organisation carries."""

    scope: Scope
    excess: Usd


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd: in which scope and window, how much against what, since when, and why it is odd.

    `low` and `high` bound what was expected of the window. `score` is -log10 of the chance of a bucket at
    least as odd when nothing is wrong: 3 is one in a thousand (finite; 0 for rules). `parts` lists the leaves
    of the scope by excess, largest first: it is by these that findings of one cause are recognised. `rule`
    names the rule for findings of rules, and is empty otherwise.
    """

    kind: str
    scope: Scope
    grain: Grain
    window: Window
    observed: Usd
    expected: Usd
    low: Usd
    high: Usd
    score: float
    start: datetime
    why: str
    complete: bool = True
    basis: Basis = Basis.BILLED
    parts: tuple[Part, ...] = ()
    rule: str = ""
    severity: Severity | None = None
    """What the rule says; None lets the dollars decide."""
    said: bool = True
    """Whether it passed the bar; a candidate that did not is only returned when asked for."""
    value: float = 0.0
    """The amount that a rule is about, in the unit of what it watches."""
    label: str = ""
    """What a rule calls it, in a few words."""
    step: int = 0
    """How many of the shares of its budget are passed: each is worth saying once."""
    period: Window | None = None
    """The period of its budget, where it is about one: the next period is another matter."""

    @property
    def excess(self) -> Usd:
        """Dollars beyond what was expected."""
        return Usd(self.observed - self.expected)

    @property
    def fell(self) -> bool:
        """Whether it is about too little."""
        return self.excess < 0
