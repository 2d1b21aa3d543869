"""What is well and what is not, as far as the history knows: one line each, with the remedy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.facts.clock import HOUR
from bot.facts.text import when
from bot.jobs.ports import Store
from bot.jobs.rulebook import BROKEN
from bot.jobs.sight import JOBS


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is well, what was found, and what to do where it is not."""

    name: str
    well: bool
    said: str
    remedy: str = ""


def examine(store: Store, usual_lag: timedelta, now: datetime) -> list[Check]:
    """Freshness, jobs, rules in force and deliveries."""
    return [_figures(store, usual_lag, now), *_jobs(store), _rules(store), *_deliveries(store)]


def _figures(store: Store, usual_lag: timedelta, now: datetime) -> Check:
    read = store.spend.last_read()
    if read is None:
        return Check("figures", well=False, said="nothing was read yet", remedy="run `claude-spend once`")
    age, most = now - read[1], usual_lag // HOUR
    said = f"complete until {when(read[1])}, {age / HOUR:.0f} h ago; {most} h is the most that is usual"
    remedy = "" if age <= usual_lag else "see that the service runs, and Anthropic's status page"
    return Check("figures", not remedy, said, remedy)


def _jobs(store: Store) -> Iterator[Check]:
    failing = store.runs.failing(JOBS)
    for job, (since, said) in failing.items():
        remedy = "mend what it says; it is tried again every hour"
        yield Check(f"job {job}", well=False, said=f"fails since {when(since)}: {said}", remedy=remedy)
    if not failing:
        yield Check("jobs", well=True, said="none failed twice in a row")


def _rules(store: Store) -> Check:
    since, _, said = store.runs.recall(BROKEN).partition(" ")
    if not since:
        return Check("rules in force", well=True, said="those of the folder")
    what = f"broken since {when(datetime.fromisoformat(since))}: {said.partition(chr(10))[0]}"
    remedy = "`claude-spend rules check` names every mistake and its remedy"
    return Check("rules in force", well=False, said=what, remedy=remedy)


def _deliveries(store: Store) -> Iterator[Check]:
    refused = store.outbox.refused()
    for channel, error in refused.items():
        yield Check(f"channel {channel}", well=False, said=error, remedy="mend what it says, or the route")
    waiting = store.outbox.undelivered()
    if waiting and not refused:
        incident, error = waiting[-1]
        said = f"{len(waiting)} could not be told yet, the last of incident {incident}: {error}"
        yield Check("deliveries", well=False, said=said, remedy="it is tried again every minute")
    if not waiting and not refused:
        yield Check("deliveries", well=True, said="nothing waits")
