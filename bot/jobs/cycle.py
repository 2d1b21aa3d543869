"""Run jobs one after the other: each is recorded, and one that fails does not stop the next."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.trouble import Stopping, Trouble
from bot.jobs.ports import Runs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What a job has to say: problems that kept a part from being done, and notices that did not."""

    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do, and its name."""

    name: str
    do: Callable[[], Report]


def run_jobs(jobs: Sequence[Job], runs: Runs, now: datetime) -> Report:
    """Run every job and record it; everything said, each sentence beginning with the job's name."""
    reports = [(job.name, _recorded(job, runs, now)) for job in jobs]
    return Report(
        tuple(f"{name}: {problem}" for name, report in reports for problem in report.problems),
        tuple(f"{name}: {notice}" for name, report in reports for notice in report.notices),
    )


def _recorded(job: Job, runs: Runs, now: datetime) -> Report:
    run = runs.start(job.name, now)
    report = _attempt(job)
    said = "\n".join([*report.problems, *report.notices])
    runs.finish(run, now, ok=not report.problems, said=said)
    return report


def _attempt(job: Job) -> Report:
    try:
        return job.do()
    except Trouble as trouble:
        return Report(problems=(str(trouble),))
    except Stopping:
        raise
    except Exception as error:
        log.debug("%s failed", job.name, exc_info=True)
        what = f"{type(error).__name__}: {error}"
        return Report(
            problems=(f"failed unexpectedly ({what}); run with --verbose and report this as a bug",)
        )
