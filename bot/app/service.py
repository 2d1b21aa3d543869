"""Everything one organisation needs, wired from settings: what the schedule and the commands run."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock

from rich.console import Console

from bot.app.files import rule_texts
from bot.app.machine import Machine
from bot.app.telling import digest_plan, everybodys, telling_of
from bot.config import Settings
from bot.config.settings import Detection
from bot.detect import gates
from bot.detect.sensitivity import Exceptions, Sensitivity
from bot.history.store import History
from bot.jobs.collect import BACKFILL_BUDGET, CYCLE_BUDGET, CYCLE_REACH, Collector, collect_names
from bot.jobs.cycle import Job, Report, run_jobs
from bot.jobs.deliver import deliver, still_waiting
from bot.jobs.detect import Watch, detect
from bot.jobs.digest import send_digests
from bot.jobs.ports import Progress, Sender, Source, Store
from bot.jobs.rulebook import InForce, have_changed, take_up
from bot.jobs.sight import look_around
from bot.rules.rulebook import Rulebook
from bot.slack.client import SlackApi
from bot.slack.console import ConsoleSender
from bot.slack.digest import digest_of_day
from bot.slack.pacing import Pacing
from bot.slack.web_api import SlackSender
from bot.slack.webhook import WebhookSender
from bot.sources.admin import AdminSource
from bot.sources.analytics import AnalyticsSource
from bot.sources.choose import choose
from bot.sources.directory import DirectorySource
from bot.sources.http import Client
from bot.sources.pace import Pace

_A_MOMENT = 0.05


@dataclass
class Service:
    """Everything one organisation needs, wired from settings; used by one thread at a time.

    `tell_soon` alone may be called from any thread: a press of a button shows at once.
    """

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
        self.pacing = Pacing(self.machine.monotonic, self.machine.sleep)
        self._sender = self._build_sender()
        self._delivering, self._more = Lock(), Event()

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
        with History(self.settings.history.path) as store:
            return self._deliver(store)

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
            Job("digest", lambda: send_digests(store, digest_plan(self.settings), digest_of_day, now)),
            Job("deliver", lambda: self._deliver_or_say(store)),
        ]

    def tell_soon(self) -> None:
        """Tell what has just changed, or leave it to the thread that is telling: a press waits for nobody."""
        self._more.set()
        if not self._delivering.acquire(timeout=_A_MOMENT):
            return
        try:
            with History(self.settings.history.path) as store:
                self._while_there_is_more(store)
        finally:
            self._delivering.release()

    def _deliver(self, store: Store) -> Report:
        """One thread at a time: what one is sending would look to the other like a crash."""
        with self._delivering:
            self._more.set()
            return self._while_there_is_more(store)

    def _while_there_is_more(self, store: Store) -> Report:
        report = Report()
        while self._more.is_set():
            self._more.clear()
            # What came meanwhile is due later than what we began with.
            found = deliver(store, self._sender, everybodys(self.settings), self.machine.now())
            report = Report((*report.problems, *found.problems))
        return report

    def _deliver_or_say(self, store: Store) -> Report:
        """In a cycle, what waits for its next try is said as well."""
        report, waiting = self._deliver(store), still_waiting(store)
        return Report(tuple(dict.fromkeys((*report.problems, *waiting.problems))))

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

    def usual_lag(self) -> timedelta:
        """How far the source's figures usually lie behind at most."""
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
        return look_around(store, telling, self.usual_lag(), now)

    def _build_sender(self) -> Sender:
        slack, secrets = self.settings.slack, self.settings.secrets
        if slack.mode == "console":
            return ConsoleSender(self.console)
        if slack.mode == "webhook" and secrets.slack_webhook_url:
            return WebhookSender(secrets.slack_webhook_url.get_secret_value())
        token = secrets.slack_bot_token.get_secret_value() if secrets.slack_bot_token else ""
        return SlackSender(SlackApi(token, slack.api_url), self.pacing, self.machine.sleep)


def _detection(asked: Detection) -> gates.Settings:
    of = {pattern: Sensitivity(word) for pattern, word in asked.sensitivity_of.items()}
    return gates.Settings(Sensitivity(asked.sensitivity), asked.false_alarms_a_week, Exceptions(of))
