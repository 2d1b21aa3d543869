"""How often a month ends inside its forecast's interval, and how far forecasts are off, beside simpler ones.

python -m bench.forecast        the tables, and seconds per 1,000 forecasts
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise, product

import numpy as np

from bench.detect import recorded, scene, temper
from bench.detect.calendar import Calendar, Floats, calendar
from bench.detect.generate import TRAITS, generate
from bench.detect.temper import Rng
from bench.figures import Figure, seconds, table
from bot.facts.clock import DAY, Grain, Window
from bot.facts.money import Usd
from bot.questions.forecast import forecast

_DAYS = (5, 10, 15, 20, 25)
_SEEDS, _LIVES = range(20_000, 20_005), 30
"""Seeds from 300 to 400 were used for tuning."""
_LEAST = 28
"""Days known before a month is foretold here, as its peer needs four weeks."""
_NANO = 1e9
_MOST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Life:
    """Dollars of every day since `first`."""

    first: date
    days: Floats

    def months(self) -> Iterator[tuple[int, int]]:
        """The first day of each whole month and that of the next."""
        return pairwise(
            day for day in range(len(self.days) + 1) if (self.first + timedelta(days=day)).day == 1
        )

    def at(self, day: int) -> datetime:
        """The midnight a day begins with."""
        return datetime.combine(self.first, datetime.min.time(), UTC) + day * DAY


@dataclass(frozen=True, slots=True)
class Answer:
    """A month as foretold when so many of its days were over; errors are shares of what it cost."""

    day: int
    held: bool
    errors: tuple[float, float, float]
    """Ours, the pace so far, the mean of the same weekdays of four weeks."""


def answers(life: Life) -> Iterator[Answer]:
    """All months of a life."""
    for (start, end), day in product(life.months(), _DAYS):
        now, cost = start + day, float(life.days[start:end].sum())
        spent = float(life.days[start:now].sum())
        period = Window(life.at(start), life.at(end))
        found = forecast(life.days[:now], Usd(round(spent * _NANO)), life.at(now), period)
        if found is None or cost <= 0 or now < _LEAST:
            continue
        weeks = life.days[now - 28 : now].reshape(4, 7).mean(axis=0)
        rest = float(weeks[np.arange(end - now) % 7].sum())
        expected = (found.expected / _NANO, spent / day * (end - start), spent + rest)
        off = tuple(abs(usd - cost) / cost for usd in expected)
        # a nano-dollar of rounding is no miss
        held = found.low - 9 <= cost * _NANO <= found.high + 9
        yield Answer(day, held, (off[0], off[1], off[2]))


def troubled(seeds: Iterable[int]) -> Iterator[Life]:
    """Labelled organisations with their incidents, as first seen."""
    for trait, seed in product(TRAITS, seeds):
        looks = generate(seed, trait).looks
        days = [sum(row.usd for row in look.rows) / _NANO for look in looks]
        yield Life(looks[0].start.date(), np.array(days))


def calm(seeds: Iterable[int]) -> Iterator[Life]:
    """Organisations to which nothing happens."""
    for trait, seed in product(TRAITS, seeds):
        rng = np.random.default_rng([seed, TRAITS.index(trait)])
        built = scene.build(rng, temper.draw(rng, trait, Grain.DAY), Grain.DAY)
        yield Life(built.calendar.start, built.daily.sum(axis=0))


def recordings() -> Iterator[Life]:
    """61 days of a real service, as if they had begun on any day of a month."""
    for name, day in product(("requests", "tokens"), range(1, 29)):
        yield Life(date(2026, 1, day), recorded.column("burstgpt-daily.csv", name))


def lawful(law: Callable[[Rng, Calendar], Floats], seed: int) -> Iterator[Life]:
    """Series of 120 to 420 days that follow a law."""
    rng = np.random.default_rng(seed)
    for _ in range(_LIVES):
        drawn = replace(temper.draw(rng, "plain", Grain.DAY), days=int(rng.integers(120, 421)))
        days = calendar(rng, drawn, Grain.DAY)
        yield Life(days.start, law(rng, days))


def _noise(rng: Rng, days: Calendar, spread: float) -> Floats:
    return rng.lognormal(0.0, spread, days.days)


def _weekdays(rng: Rng, days: Calendar) -> Floats:
    return np.where(days.weekend, rng.uniform(0.0, 0.4), 1.0) * _noise(rng, days, 0.2)


def _growth(rng: Rng, days: Calendar) -> Floats:
    return np.asarray(_noise(rng, days, 0.15) * 1.1 ** (np.arange(days.days) / 30))


def _step(rng: Rng, days: Calendar) -> Floats:
    after = np.arange(days.days) >= rng.integers(40, days.days - 20)
    return np.where(after, rng.choice([0.4, 0.6, 1.7, 2.5, 4.0]), 1.0) * _noise(rng, days, 0.2)


def _batch(rng: Rng, days: Calendar) -> Floats:
    busy = days.to_month_end < rng.integers(1, 4)
    return np.where(busy, rng.uniform(5.0, 20.0), 1.0) * _noise(rng, days, 0.2)


def _seldom(rng: Rng, days: Calendar) -> Floats:
    active = rng.random(days.days) < rng.choice([0.05, 0.1, 0.25])
    return np.asarray(active * _noise(rng, days, 0.7))


LAWS: Mapping[str, Callable[[Rng, Calendar], Floats]] = {
    "steady": partial(_noise, spread=0.1),
    "weekdays": _weekdays,
    "lognormal, sigma 1": partial(_noise, spread=1.0),
    "10 % more a month": _growth,
    "a step": _step,
    "a batch at month's end": _batch,
    "mostly nothing": _seldom,
}


def found(seeds: Sequence[int]) -> Iterator[tuple[str, list[Answer]]]:
    """Answers by kind of series."""
    for name, lives in (("organisations", troubled(seeds)), ("calm organisations", calm(seeds))):
        yield name, [answer for life in lives for answer in answers(life)]
    yield "recorded traffic", [answer for life in recordings() for answer in answers(life)]
    for number, (name, law) in enumerate(LAWS.items()):
        yield name, [answer for life in lawful(law, seeds[0] + number) for answer in answers(life)]


def line(name: str, given: Sequence[Answer]) -> str:
    """Percent held by day of the month; median percent off by day, ours / pace / four weeks."""
    by_day = [[answer for answer in given if answer.day == day] for day in _DAYS]
    held = "".join(f"{100 * np.mean([answer.held for answer in some]):6.0f}" for some in by_day)
    off = [100 * np.median([answer.errors for answer in some], axis=0) for some in by_day]
    errors = "".join(f"{' / '.join(f'{value:.1f}' for value in day):>21}" for day in off)
    return f"{name:24}{len(given):6}  {held}{errors}"


def figures() -> Iterator[Figure]:
    """How often organisations' months end inside, and seconds per 1,000 forecasts of 400 days."""
    for name, lives in (("organisations", troubled(_SEEDS)), ("calm organisations", calm(_SEEDS))):
        held = [answer.held for life in lives for answer in answers(life)]
        yield Figure(f"forecast: {name}' months inside the interval", 100 * float(np.mean(held)), "%")
    yield speed()


def speed() -> Figure:
    """Seconds per 1,000 forecasts of a month, after 400 days."""
    life = Life(date(2025, 1, 1), np.random.default_rng(7).lognormal(0.0, 0.5, 400))
    now, period = life.at(400) + 0.6 * DAY, Window(life.at(396), life.at(424))
    took = seconds(lambda: [forecast(life.days, Usd(0), now, period) for _ in range(200)])
    return Figure("forecast: 1,000 of them after 400 days", 5 * took, "s", most=_MOST_SECONDS)


def main() -> int:
    """Print it all."""
    days = "".join(f"{day:6}" for day in _DAYS), "".join(f"{'day ' + str(day):>21}" for day in _DAYS)
    print(
        f"{'% inside, by day':24}{'':6}  {days[0]}{days[1]}   median % off: ours / pace so far / four weeks"
    )
    for name, given in found(_SEEDS):
        print(line(name, given), flush=True)
    print(table([speed()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
