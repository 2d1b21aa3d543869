"""Which job runs when: the cycle at once and every hour, what cannot wait so long every minute or sooner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

MINUTE_OF_THE_HOUR = 5
"""The cycle's minute: usage of the last hour has usually arrived five minutes after it (reference 9)."""
Task = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Tasks:
    """What there is to do."""

    cycle: Task
    retry_deliveries: Task
    refresh_rules: Task
    look_after_line: Task


def scheduler(tasks: Tasks, start: datetime) -> BackgroundScheduler:
    """A scheduler that is not started yet. Jobs run one at a time; what was slept through runs once.

    The line to Slack alone is looked after beside them: a first pull may take a quarter of an hour.
    """
    clockwork = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(1), "line": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    hourly = CronTrigger(minute=MINUTE_OF_THE_HOUR, timezone=UTC)
    clockwork.add_job(tasks.cycle, hourly, id="cycle", next_run_time=start)
    clockwork.add_job(tasks.retry_deliveries, CronTrigger(second=30, timezone=UTC), id="retry")
    clockwork.add_job(tasks.refresh_rules, CronTrigger(second="0,20,40", timezone=UTC), id="rules")
    clockwork.add_job(
        tasks.look_after_line, CronTrigger(second="5,35", timezone=UTC), id="line", executor="line"
    )
    return clockwork
