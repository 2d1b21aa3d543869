"""Which job runs when: the cycle at once and every hour, failed deliveries and saved rules each minute."""

from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

MINUTE_OF_THE_HOUR = 5
"""The cycle's minute: usage of the last hour has usually arrived five minutes after it (reference 9)."""


def scheduler(
    cycle: Callable[[], None],
    retry_deliveries: Callable[[], None],
    refresh_rules: Callable[[], None],
    start: datetime,
) -> BackgroundScheduler:
    """A scheduler that is not started yet. Jobs run one at a time; what was slept through runs once."""
    clockwork = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    hourly = CronTrigger(minute=MINUTE_OF_THE_HOUR, timezone=UTC)
    clockwork.add_job(cycle, hourly, id="cycle", next_run_time=start)
    clockwork.add_job(retry_deliveries, CronTrigger(second=30, timezone=UTC), id="retry")
    clockwork.add_job(refresh_rules, CronTrigger(second="0,20,40", timezone=UTC), id="rules")
    return clockwork
