"""How far a pull has come: the plan in a sentence, then a bar when it takes a while."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.jobs.plan import Plan

WORTH_A_BAR = 20


class Bar:
    """The plan and a progress bar on stderr, for pulls of at least so many requests; others pass silently."""

    def __init__(self, console: Console, per_minute: float, least: int = WORTH_A_BAR) -> None:
        self._console = console
        self._per_minute = per_minute
        self._least = least
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def begin(self, plan: Plan) -> None:
        """Say the plan and start the bar."""
        self.end()
        if plan.requests < self._least:
            return
        self._console.print(f"Pulling {plan.describe(self._per_minute)}", highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=self._console, transient=False)
        self._task = self._bar.add_task("requests", total=plan.requests)
        self._bar.start()

    def advance(self, requests: int) -> None:
        """So many requests are done."""
        if self._bar is not None:
            self._bar.advance(self._task, requests)
            if self._bar.finished:
                self.end()

    def end(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
