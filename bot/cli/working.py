"""The commands that pull, judge and tell: `run`, `once`, `backfill`."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event

from rich.console import Console

from bot.app import Conversation, Service, working_on
from bot.cli.loading import machine_of, service_settings
from bot.cli.progress import WORTH_A_BAR, Bar
from bot.config import ConfigError
from bot.facts.trouble import Stopping, Trouble
from bot.jobs.cycle import Report
from bot.schedule import Tasks, scheduler
from bot.slack.lines import WrongToken

log = logging.getLogger("bot")


def once(options: argparse.Namespace) -> int:
    """One whole cycle; 1 when a part failed."""
    return _work(options, "once", Service.cycle)


def backfill(options: argparse.Namespace) -> int:
    """Pull history; 1 when a part failed."""
    return _work(options, "backfill", lambda service: service.backfill(options.days), shown_from=0)


def run(options: argparse.Namespace) -> int:
    """The service: the cycle every hour, until SIGTERM or SIGINT; finishes the step in hand, then 0."""
    settings, stop = service_settings(options), Event()
    machine = machine_of(options, stop)
    with working_on(settings, "run", machine.now()):
        bar = Bar(Console(stderr=True), settings.anthropic.requests_per_minute)
        service = Service(settings, machine, bar, Console())
        conversation = Conversation(settings, machine, service)
        _open(conversation)
        tasks = Tasks(
            cycle=_said(service.cycle),
            retry_deliveries=_said(service.retry_deliveries),
            refresh_rules=_said(service.refresh_rules),
            look_after_line=conversation.look_after,
        )
        clockwork = scheduler(tasks, machine.now())
        # Not the event itself: a signal that comes while it is waited for would wait for its lock for ever.
        signs: SimpleQueue[int] = SimpleQueue()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda number, _: signs.put(number))
        log.info("watching %s every hour; stop with Ctrl-C or SIGTERM", settings.anthropic.base_url)
        clockwork.start()
        signs.get()
        stop.set()
        log.info("stopping after the step in hand")
        conversation.close()
        clockwork.shutdown(wait=True)
        service.close()
    return 0


def _open(conversation: Conversation) -> None:
    """Begin to listen. Raises ConfigError for tokens that Slack does not take."""
    try:
        conversation.open()
    except WrongToken as wrong:
        raise ConfigError([f"{wrong}."]) from None


def _work(
    options: argparse.Namespace, command: str, do: Callable[[Service], Report], shown_from: int = WORTH_A_BAR
) -> int:
    settings, stop = service_settings(options), Event()
    machine = machine_of(options, stop)
    with working_on(settings, command, machine.now()):
        bar = Bar(Console(stderr=True), settings.anthropic.requests_per_minute, shown_from)
        service = Service(settings, machine, bar, Console())
        try:
            report = do(service)
        finally:
            bar.end()
            service.close()
    for sentence in (*report.notices, *report.problems):
        print(f"claude-spend: {sentence}", file=sys.stderr)
    return 1 if report.problems else 0


def _said(do: Callable[[], Report]) -> Callable[[], None]:
    """A job for the schedule: whatever it has to say is logged, and nothing it raises ends the service."""

    def job() -> None:
        try:
            report = do()
        except Stopping:
            return
        except Trouble as trouble:
            log.error("%s", trouble)  # noqa: TRY400 its text is the whole story
            return
        for notice in report.notices:
            log.info("%s", notice)
        for problem in report.problems:
            log.error("%s", problem)

    return job
