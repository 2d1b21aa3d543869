"""What a period cost, by whom or on what, against what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from bot.facts.money import ZERO, Usd
from bot.facts.spend import Basis
from bot.jobs.answer_course import course
from bot.jobs.answer_figures import Figures
from bot.jobs.answer_lines import Split, others_name
from bot.jobs.answer_names import Everybody
from bot.jobs.answer_outlook import Outlook
from bot.jobs.answer_reading import known_part, weeks_earlier
from bot.jobs.ports import Store
from bot.questions.answers import Allowance, Line, Spend
from bot.questions.forecast import Forecast
from bot.questions.question import Question
from bot.rules.periods import Period


def spend(question: Question, store: Store, everybody: Everybody, now: datetime) -> Spend:
    """Answer as of `now`. Raises Trouble where nothing of the period was read."""
    known = known_part(store, question.period)
    earlier = whole = weeks_earlier(store.spend, known.window)
    if known.settled != known.window:
        earlier = weeks_earlier(store.spend, known.settled)
    figures = Figures(store, everybody.meant(question.where))
    forecast, budgets = _outlook(question, Outlook(everybody, figures, now, min(known.until, now)))
    found = store.totals.by_leaf(known.window, figures.leaves)
    split = Split.of(everybody, question.by, figures.leaves)
    usd = split.summed((leaf, usd) for leaf, usd, _, _ in found)
    shown = split.ordered(usd)[: question.top]
    table = _Table(
        shown=shown,
        usd=usd,
        requests=split.summed((leaf, requests) for leaf, _, requests, _ in found),
        past=[Usd(sum(figures.days_cut(one))) for one in earlier],
        weeks=[split.in_window(store.totals, one, set(shown)) for one in earlier],
    )
    return Spend(
        question=question,
        window=known.window,
        total=Usd(sum(usd.values())),
        usual=_middle(table.past),
        requests=sum(table.requests.values()),
        basis=max((basis for *_, basis in found), default=Basis.BILLED),
        lines=tuple(table.line(split.names[value], value) for value in shown),
        others=table.others(),
        course=course(figures, known.window, whole),
        forecast=forecast,
        budgets=budgets,
        unread=known.unread,
    )


def _outlook(question: Question, outlook: Outlook) -> tuple[Forecast | None, tuple[Allowance, ...]]:
    """Of the month that goes on alone."""
    if not question.period.is_month:
        return None, ()
    return outlook.forecast(Period.MONTH), tuple(outlook.budgets())


@dataclass(frozen=True, slots=True)
class _Table:
    """Dollars and requests by value; of some earlier weeks all dollars, and those of the values shown."""

    shown: Sequence[str]
    usd: Mapping[str, Usd]
    requests: Mapping[str, int]
    past: Sequence[Usd]
    weeks: Sequence[Mapping[str, Usd]]

    def line(self, name: str, value: str) -> Line:
        """One value."""
        usual = _middle([week.get(value, ZERO) for week in self.weeks])
        return Line(name, self.usd[value], self.requests[value], usual)

    def others(self) -> Line | None:
        """What lies beyond the values shown, together."""
        beyond = self.usd.keys() - set(self.shown)
        if not beyond:
            return None
        usd, requests = (sum(amounts[value] for value in beyond) for amounts in (self.usd, self.requests))
        rest = [Usd(total - sum(week.values())) for total, week in zip(self.past, self.weeks, strict=True)]
        return Line(others_name(len(beyond)), Usd(usd), requests, _middle(rest))


def _middle(amounts: Sequence[Usd]) -> Usd | None:
    """The median, the lower of two."""
    return median_low(amounts) if amounts else None
