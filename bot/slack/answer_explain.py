"""Why a scope cost what it did: the cause, what makes it up, where it lies, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.facts.delivery import Message
from bot.facts.directory import Directory
from bot.facts.money import Usd
from bot.questions.answers import Explanation
from bot.questions.question import Question
from bot.slack.answer_fitting import Block, fitted, footing, listed, paragraphs
from bot.slack.answer_parts import parts_of, places
from bot.slack.answer_words import during, figures, taken
from bot.slack.charts import chart_block, course_chart
from bot.slack.headline import named
from bot.slack.ink import MRKDWN, TEXT, Ink, capital, section
from bot.slack.tables import against, gain, in_columns
from bot.slack.wording import prose


def explanation_message(found: Explanation, question: Question, directory: Directory) -> Message:
    """The answer; that all is as usual where it is."""
    written = _Written(found, question, directory)
    return fitted(lambda _: written.sentences(), lambda _: written.blocks())


@dataclass(frozen=True, slots=True)
class _Written:
    """An explanation with what it takes to write it down."""

    found: Explanation
    question: Question
    directory: Directory

    def blocks(self) -> list[Block]:
        chart = course_chart(self.found.subject.course)
        lists = [listed(title, lines) for title, lines in self._lists(MRKDWN)]
        particulars = [f"*{name}:* {words}" for name, words in self._particulars(MRKDWN)]
        words = (self._finding(MRKDWN), particulars, *lists)
        return [
            *(section(paragraph) for lines in words for paragraph in paragraphs(lines)),
            *([chart_block(chart)] if chart else []),
            footing(self._small_print(MRKDWN)),
        ]

    def sentences(self) -> list[str]:
        return [
            *self._finding(TEXT),
            *(f"{name}: {words}" for name, words in self._particulars(TEXT)),
            *(f"{title}: {'; '.join(lines)}" for title, lines in self._lists(TEXT)),
            *self._small_print(TEXT),
        ]

    def _finding(self, ink: Ink) -> Iterator[str]:
        """The cause with its dollars, and what was spent against what."""
        subject = self.found.subject
        write, ((spent, less),) = in_columns([subject.observed, Usd(-subject.expected)])
        headline = prose(self.found.cause.headline, 80) or "No single cause"
        times = against(subject.observed, subject.expected)
        amount = f": {gain(write(Usd(spent + less)))}{f', {times}' if times else ''}"
        yield ink.bold(f"{headline}{'' if subject.is_usual else amount}")
        scope = named(subject.scope, self.directory, ink.name)
        cost = f"{scope} cost {ink.bold(write(spent))} {during(self.question.period)}"
        yield f"{capital(cost)}, {self._held_against(ink.bold(write(Usd(-less))))}"

    def _held_against(self, usual: str) -> str:
        if self.found.against is None:
            return f"expected {usual}"
        then = self.question.against
        return f"against {usual} {during(then) if then else f'from {self.found.against}'}"

    def _particulars(self, ink: Ink) -> Iterator[tuple[str, str]]:
        """What is known, in the order in which it is needed."""
        found, cause = self.found, self.found.cause
        model = cause.model if cause.model != found.subject.scope.model else ""
        rows = {
            "Why": prose(cause.evidence),
            "Next step": prose(cause.next_step),
            "Owner": prose(cause.owner, 120),
            "Model": ink.name(model) if model else "",
            "Missing": f"{found.unread} hours of it were never read" if found.unread else "",
        }
        yield from ((name, words) for name, words in rows.items() if words)

    def _lists(self, ink: Ink) -> Iterator[tuple[str, list[str]]]:
        """Parts and places; of what is as usual there is nothing to take apart."""
        subject, cause = self.found.subject, self.found.cause
        if subject.is_usual:
            return
        total, parts = parts_of(subject.excess, cause.drivers, ink)
        if parts:
            yield f"What makes up the {total}", parts
        if slices := places(cause.where, self.directory, ink):
            yield "Where it lies", slices

    def _small_print(self, ink: Ink) -> Iterator[str]:
        yield figures(self.found.basis, self.found.subject.window.end, ink)
        yield taken(self.question)
