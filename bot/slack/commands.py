"""Words in, an answer out: `/claude-spend`, mentions and direct messages understand the same ones."""

import logging
from dataclasses import dataclass
from typing import Any

from bot.facts.delivery import Message
from bot.facts.trouble import Stopping, Trouble
from bot.questions.answers import Answered, OneIncident
from bot.questions.question import Misunderstood
from bot.slack.answers import answer_message, misunderstood_message, trouble_message
from bot.slack.buttons import Controls, controls
from bot.slack.client import CallFailed, SlackApi
from bot.slack.desk import Desk, Person
from bot.slack.people import NotAllowed, People
from bot.slack.reply import Replies

_LOG = logging.getLogger(__name__)
UNEXPECTED = "This failed unexpectedly. It is in the bot's log; please tell whoever runs it."


@dataclass(frozen=True, slots=True)
class Commands:
    """Answers words, wherever they were said."""

    desk: Desk
    people: People
    api: SlackApi
    replies: Replies
    can: Controls

    def command(self, body: dict[str, Any]) -> None:
        """A slash command: answered to the one who typed it, or to all if asked to share."""
        asker = self.people.person(body["user_id"], body.get("user_name", ""))
        message, share = self.answer(body.get("text") or "", asker)
        if not self.replies.send(body["response_url"], message, share=share):
            self._whisper(body["channel_id"], asker, message)

    def mention(self, event: dict[str, Any]) -> None:
        """A mention: answered in its thread, for all to see."""
        self._answer_event(event, {"thread_ts": event.get("thread_ts") or event["ts"]})

    def direct(self, event: dict[str, Any]) -> None:
        """A direct message: answered there, in its thread if it has one."""
        thread = event.get("thread_ts")
        self._answer_event(event, {"thread_ts": thread} if thread else {})

    def answer(self, words: str, asker: Person) -> tuple[Message, bool]:
        """The answer, and whether everybody is to see it. What cannot be answered says why."""
        try:
            question = self.desk.read(words, asker)
            if question.says:
                self.people.allow(asker)
            answered = self.desk.answer(question, asker)
        except NotAllowed as refusal:
            return refusal.message, False
        except Misunderstood as error:
            return misunderstood_message(error), False
        except Trouble as error:
            return trouble_message(str(error)), False
        except Stopping:
            raise
        except Exception:  # noqa: BLE001 - somebody waits for an answer
            _LOG.exception("a question could not be answered")
            return trouble_message(UNEXPECTED), False
        return self._with_buttons(answered), answered.question.share

    def _with_buttons(self, answered: Answered) -> Message:
        """What can be pressed below an incident can be pressed below an answer about it."""
        message, reply = answer_message(answered), answered.reply
        if not isinstance(reply, OneIncident):
            return message
        buttons = controls(reply.incident, answered.directory, self.can)
        return Message(message.text, (*message.blocks, *buttons))

    def _answer_event(self, event: dict[str, Any], place: dict[str, Any]) -> None:
        asker = self.people.person(event["user"])
        message, _ = self.answer(event.get("text") or "", asker)
        self._post("chat.postMessage", {"channel": event["channel"], **place}, message)

    def _whisper(self, channel: str, person: Person, message: Message) -> None:
        self._post("chat.postEphemeral", {"channel": channel, "user": person.id}, message)

    def _post(self, method: str, place: dict[str, Any], message: Message) -> None:
        content = {"text": message.text, "blocks": list(message.blocks)}
        try:
            self.api.call(method, place | content)
        except CallFailed as failure:
            _LOG.error("an answer could not be given: %s", failure)
            if failure.error in {"invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"}:
                self._post(method, place, Message(message.text))
