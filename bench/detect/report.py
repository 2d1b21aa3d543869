"""What was measured, as tables in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from bench.detect.exam import Exam
from bench.detect.score import Marks, Point, area, best_within, marks, share, sweep
from bench.detect.temper import SUDDEN

BUDGETS = (1.0, 5.0)
"""False alarms per 100 series-months that methods are held to."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A method's exams, with the CPU seconds that they took it and its memory for one small organisation."""

    exams: tuple[Exam, ...]
    seconds: float
    series_days: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Result:
    """A method on the reporting organisations, at bars that were set on the tuning ones.

    `held` has a bar and its marks for each budget that any bar keeps.
    """

    paper: Paper
    points: tuple[Point, ...]
    said: Marks
    held: Mapping[float, Point]


def result(tuning: Sequence[Exam], paper: Paper) -> Result:
    """Set the bars on one set of organisations, mark at them on the other."""
    tuned = sweep(tuning, most_per_100=2 * max(BUDGETS))
    bars = {budget: best_within(tuned, budget) for budget in BUDGETS}
    held = {
        budget: Point(point.bar, marks(paper.exams, point.bar)) for budget, point in bars.items() if point
    }
    return Result(paper, tuple(sweep(paper.exams)), marks(paper.exams), held)


def table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is words, the others are figures."""
    rules = [":--", *("--:" for _ in headings[1:])]
    return "\n".join("| " + " | ".join(line) + " |" for line in (headings, rules, *lines))


def percent(value: float) -> str:
    """A share, or a dash for none."""
    return "-" if isnan(value) else f"{100 * value:.0f} %"


def figure(value: float, places: int = 1) -> str:
    """A number, or a dash for none."""
    return "-" if isnan(value) else f"{value:.{places}f}"


def overview(results: Mapping[str, Result]) -> str:
    """One line a method: found within each budget, the false alarms it then really makes; its own bar."""
    headings = ["method"]
    for budget in BUDGETS:
        headings += [f"found, bar for <= {budget:g}", "false /100"]
    headings += ["found, own bar", "false /100", "area", "CPU s / 1,000 series-days", "MB"]
    return table(headings, [_overview_line(name, one) for name, one in results.items()])


def _overview_line(name: str, one: Result) -> list[str]:
    cells = [name]
    for budget in BUDGETS:
        point = one.held.get(budget)
        cells += [percent(point.marks.found), figure(point.marks.per_100_months)] if point else ["-", "-"]
    speed = 1000 * share(one.paper.seconds, one.paper.series_days)
    said = [percent(one.said.found), figure(one.said.per_100_months)]
    return [*cells, *said, figure(area(one.points), 2), figure(speed, 3), figure(one.paper.megabytes)]


_DETAILS = (
    "method",
    "found",
    "dollars",
    "false /100",
    "false / week",
    "precision",
    "of findings",
    "right key",
    "mean delay",
    "lost before",
    "sudden ones prompt",
)


def details(of: Mapping[str, Marks]) -> str:
    """All marks, one line a method (or trait, or kind)."""
    return table(_DETAILS, [[name, *_details_line(one)] for name, one in of.items()])


def _details_line(one: Marks) -> list[str]:
    return [
        percent(one.found),
        percent(one.dollars),
        figure(one.per_100_months, 2),
        figure(one.per_week, 2),
        percent(one.precision),
        percent(one.raw_precision),
        percent(one.right_key),
        figure(one.delay),
        percent(one.lost),
        percent(one.of_kinds(SUDDEN).prompt),
    ]


def by_trait(exams: Sequence[Exam], bar: float | None) -> dict[str, Marks]:
    """Marks of each trait at one bar, in order of name."""
    traits = sorted({exam.trait for exam in exams})
    return {trait: marks([exam for exam in exams if exam.trait == trait], bar) for trait in traits}


def by_kind(of: Mapping[str, Marks]) -> str:
    """Share found of each kind of incident, a column a method."""
    kinds = sorted({found.case.kind for one in of.values() for found in one.founds})
    lines = [
        [kind, _count(of, kind), *(percent(one.of_kinds([kind]).found) for one in of.values())]
        for kind in kinds
    ]
    return table(["kind", "there are", *of], lines)


def _count(of: Mapping[str, Marks], kind: str) -> str:
    return str(max(len(one.of_kinds([kind]).founds) for one in of.values()))
