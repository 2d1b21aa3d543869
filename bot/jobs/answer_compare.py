"""Two periods side by side: what moved, the largest change first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.facts.clock import HOUR, Window
from bot.facts.money import ZERO, Usd
from bot.facts.spend import Basis
from bot.jobs.answer_lines import Split, others_name
from bot.jobs.answer_names import Everybody
from bot.jobs.answer_reading import known_part
from bot.jobs.ports import Store
from bot.questions.answers import Comparison, Move
from bot.questions.question import Period, Question

_HOURS_A_DAY = 24


def compare(question: Question, against: Period, store: Store, everybody: Everybody) -> Comparison:
    """Hold the period of a question against another. Raises Trouble where nothing of one was read."""
    now, before, unread = _sides(store, question.period, against)
    leaves = everybody.meant(question.where)
    found = [store.totals.by_leaf(window, leaves) for window in (now, before)]
    split = Split.of(everybody, question.by, leaves)
    sides = [split.summed((leaf, usd) for leaf, usd, _, _ in side) for side in found]
    per_day = now.length != before.length
    if per_day:
        sides = [_of_a_day(side, window) for side, window in zip(sides, (now, before), strict=True)]
    moves = _moves(split, *sides)
    beyond = moves[question.top :]
    return Comparison(
        question=question,
        now=now,
        before=before,
        total=_together("", moves),
        basis=max((basis for side in found for *_, basis in side), default=Basis.BILLED),
        lines=tuple(moves[: question.top]),
        others=_together(others_name(len(beyond)), beyond) if beyond else None,
        per_day=per_day,
        unread=unread,
    )


def _sides(store: Store, period: Period, against: Period) -> tuple[Window, Window, int]:
    """The known parts of both, and how many hours inside them are not known.

    Of periods that are as long the last hours that are not known yet of one are left out of both.
    """
    now, before = period, against
    if period.window.length == against.window.length:
        late = max(one.window.end - known_part(store, one).settled.end for one in (period, against))
        now, before = (
            replace(one, window=Window(one.window.start, one.window.end - late)) for one in (period, against)
        )
    known, earlier = known_part(store, now), known_part(store, before)
    return known.settled, earlier.settled, known.unread + earlier.unread


def _of_a_day(amounts: Mapping[str, Usd], window: Window) -> dict[str, Usd]:
    """The mean of a day, down to whole nano-dollars."""
    hours = window.length // HOUR
    return {value: Usd(usd * _HOURS_A_DAY // hours) for value, usd in amounts.items()}


def _moves(split: Split, now: Mapping[str, Usd], before: Mapping[str, Usd]) -> list[Move]:
    """What moved most first, equal ones by name."""
    values = split.ordered(dict.fromkeys((*now, *before), 0))
    moves = (Move(split.names[value], now.get(value, ZERO), before.get(value, ZERO)) for value in values)
    return sorted(moves, key=lambda move: -abs(move.change))


def _together(name: str, moves: Sequence[Move]) -> Move:
    return Move(name, Usd(sum(move.now for move in moves)), Usd(sum(move.before for move in moves)))
