"""The composition root: the only place that builds concrete things and reads the clock."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from rich.console import Console

from bot.config import Settings
from bot.config.settings import Detection
from bot.detect import gates
from bot.detect.sensitivity import Exceptions, Sensitivity
from bot.explain.owner import owned
from bot.facts.directory import Directory
from bot.facts.incident import Incident
from bot.facts.trouble import Stopping, Trouble
from bot.history.lease import lease
from bot.history.store import History
from bot.jobs.collect import BACKFILL_BUDGET, CYCLE_BUDGET, CYCLE_REACH, Collector, collect_names
from bot.jobs.cycle import Job, Report, run_jobs
from bot.jobs.deliver import deliver
from bot.jobs.detect import Watch, detect
from bot.jobs.ports import Progress, Sender, Source, Store
from bot.jobs.rulebook import InForce, have_changed, take_up
from bot.jobs.sight import look_around
from bot.jobs.telling import Telling
from bot.rules.precedence import addressees
from bot.rules.rulebook import Rulebook
from bot.rules.yaml_text import MAX_BYTES
from bot.slack.console import ConsoleSender
from bot.slack.digest import digest_message
from bot.slack.messages import incident_message
from bot.slack.web_api import SlackSender
from bot.slack.webhook import WebhookSender
from bot.sources.admin import AdminSource
from bot.sources.analytics import AnalyticsSource
from bot.sources.choose import choose
from bot.sources.directory import DirectorySource
from bot.sources.http import Client
from bot.sources.pace import Pace


@dataclass(frozen=True, slots=True)
class Machine:
    """The clock and the waiting of this machine; a demo brings its own."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def real_machine(stop: Event, fixed_now: datetime | None = None) -> Machine:
    """This machine's clock, or one fixed by --now; waiting ends with Stopping as soon as `stop` is set."""

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping

    return Machine(lambda: fixed_now or datetime.now(UTC), time.monotonic, sleep)  # noqa: TID251 here it is read


@dataclass
class Service:
    """Everything one organisation needs, wired from settings; used by one thread at a time."""

    settings: Settings
    machine: Machine
    progress: Progress
    console: Console
    _source: Source | None = field(default=None, init=False)
    _rules: InForce = field(default=InForce(Rulebook()), init=False)

    def __post_init__(self) -> None:
        secrets, anthropic = self.settings.secrets, self.settings.anthropic
        key = secrets.anthropic_admin_key or secrets.anthropic_analytics_key
        pace = Pace(anthropic.requests_per_minute, self.machine.monotonic, self.machine.sleep)
        self._client = Client(anthropic.base_url, key.get_secret_value() if key else "", pace)
        self._sender = self._build_sender()

    def close(self) -> None:
        """Give connections back."""
        self._client.close()

    def cycle(self) -> Report:
        """One whole cycle: names, spend, detection, delivery."""
        now = self.machine.now()
        with History(self.settings.history.path) as store:
            return run_jobs(self._jobs(store, now), store.runs, now)

    def retry_deliveries(self) -> Report:
        """Try again what could not be told."""
        now = self.machine.now()
        with History(self.settings.history.path) as store:
            return deliver(store, self._sender, now)

    def backfill(self, days: int) -> Report:
        """Pull up to `days` of history, as far as the source has it."""
        now = self.machine.now()
        with History(self.settings.history.path) as store:
            jobs = [
                Job("names", lambda: self._collect_names(store, now)),
                Job("backfill", lambda: self._collect(store, now, timedelta(days=days), BACKFILL_BUDGET)),
            ]
            return run_jobs(jobs, store.runs, now)

    def refresh_rules(self) -> Report:
        """Take up rule files that were saved since they were last read, and judge by them at once."""
        now = self.machine.now()
        with History(self.settings.history.path) as store:
            if not have_changed(store.runs, self._rule_texts):
                return Report()
            return run_jobs(self._judging(store, now), store.runs, now)

    def _jobs(self, store: Store, now: datetime) -> list[Job]:
        return [
            Job("names", lambda: self._collect_names(store, now)),
            Job("collect", lambda: self._collect(store, now, CYCLE_REACH, CYCLE_BUDGET)),
            *self._judging(store, now),
        ]

    def _judging(self, store: Store, now: datetime) -> list[Job]:
        return [
            Job("rules", lambda: self._take_up_rules(store, now)),
            Job("detect", lambda: self._detect(store, now)),
            Job("sight", lambda: self._look_around(store, now)),
            Job("deliver", lambda: deliver(store, self._sender, now)),
        ]

    def _rule_texts(self) -> dict[str, bytes]:
        return rule_texts(self.settings.rules.path)

    def _take_up_rules(self, store: Store, now: datetime) -> Report:
        self._rules = take_up(store.runs, self._rule_texts, now)
        return Report(self._rules.problems)

    def _collect_names(self, store: Store, now: datetime) -> Report:
        collect_names(DirectorySource(self._client), store, now)
        return Report()

    def _collect(self, store: Store, now: datetime, reach: timedelta, budget: int) -> Report:
        return Collector(self._chosen(store, now), store, self.progress).collect(now, reach, budget)

    def _chosen(self, store: Store, now: datetime) -> Source:
        """The source, decided once: by configuration, or by asking."""
        if self._source is None:
            self._source = self._choose(store, now)
        return self._source

    def _usual_lag(self) -> timedelta:
        return self._source.usual_lag if self._source else AnalyticsSource.usual_lag

    def _choose(self, store: Store, now: datetime) -> Source:
        analytics = AnalyticsSource(self._client)
        match self.settings.anthropic.api:
            case "analytics":
                return analytics
            case "admin":
                return self._admin(store)
            case "auto":
                return choose(analytics, lambda: self._admin(store), now)

    def _admin(self, store: Store) -> AdminSource:
        directory = store.names.load()
        return AdminSource(self._client, directory.default_workspace_id, lambda: len(directory.keys))

    def _detect(self, store: Store, now: datetime) -> Report:
        asked, rules = self.settings.detection, self._rules
        telling = telling_of(self.settings, rules.rulebook)
        watch = Watch(_detection(asked), rules.rulebook, telling, self.settings.teams, again=rules.changed)
        return detect(store, watch, now)

    def _look_around(self, store: Store, now: datetime) -> Report:
        telling = telling_of(self.settings, self._rules.rulebook)
        return look_around(store, telling, self._usual_lag(), now)

    def _build_sender(self) -> Sender:
        slack, secrets = self.settings.slack, self.settings.secrets
        if slack.mode == "console":
            return ConsoleSender(self.console)
        if slack.mode == "webhook" and secrets.slack_webhook_url:
            return WebhookSender(secrets.slack_webhook_url.get_secret_value())
        token = secrets.slack_bot_token.get_secret_value() if secrets.slack_bot_token else ""
        return SlackSender(token, slack.api_url)


def telling_of(settings: Settings, rulebook: Rulebook) -> Telling:
    """Where alerts go, in which words, and how many may ring."""
    slack, teams = settings.slack, settings.teams
    everybody = slack.channel or slack.mode

    def route(incident: Incident, directory: Directory) -> Sequence[str]:
        scope = owned(incident.scope, directory, teams, incident.parts)
        if slack.mode == "webhook" or incident.is_blind:
            return (everybody,)
        return addressees(incident, scope, rulebook, directory, everybody)

    return Telling(
        channel=everybody,
        edits=slack.mode in {"socket", "http"},
        render=incident_message,
        digest=digest_message,
        budget=slack.alerts_a_day,
        route=route,
    )


def _detection(asked: Detection) -> gates.Settings:
    of = {pattern: Sensitivity(word) for pattern, word in asked.sensitivity_of.items()}
    return gates.Settings(Sensitivity(asked.sensitivity), asked.false_alarms_a_week, Exceptions(of))


def rule_texts(folder: Path) -> dict[str, bytes]:
    """Name to content of every rule file; an empty folder has none. Raises Trouble for an unreadable one."""
    try:
        files = [path for path in sorted(folder.iterdir()) if _is_rules(path)]
        return {f"{folder.name}/{path.name}": _content(path) for path in files}
    except OSError as error:
        what = f"{error.filename} cannot be read ({error.strerror})"
        raise Trouble(f"{what}: set rules.path to a folder of rule files, or make an empty one") from None


def _is_rules(path: Path) -> bool:
    """Not what editors leave behind, nor anything that would block."""
    return path.suffix.lower() in {".yaml", ".yml"} and not path.name.startswith(".") and path.is_file()


def _content(path: Path) -> bytes:
    """As much as a rule file may have, and a byte more."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@contextmanager
def working_on(settings: Settings, command: str, now: datetime) -> Iterator[None]:
    """Be the only one that works on this history. Raises LeaseHeld naming the other one."""
    history = settings.history.path
    process = f"process {os.getpid()} on {platform.node()}, since {now:%Y-%m-%d %H:%M} UTC"
    with lease(history.with_name(f"{history.name}.lock"), f"`claude-spend {command}` ({process})"):
        yield
