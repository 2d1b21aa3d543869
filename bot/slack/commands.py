"""Words in, an answer out: `/claude-spend`, mentions and direct messages understand the same ones."""

import logging
from dataclasses import dataclass
from typing import Any

from bot.facts.delivery import Message
from bot.facts.trouble import Stopping, Trouble
from bot.questions.answers import OneIncident
from bot.questions.question import Misunderstood
from bot.slack.answers import answer_message, misunderstood_message, trouble_message
from bot.slack.buttons import Controls, controls
from bot.slack.desk import Desk, Person
from bot.slack.people import NotAllowed, People
from bot.slack.reply import Replies
from bot.slack.speaking import Speaking

_LOG = logging.getLogger(__name__)
UNEXPECTED = "This failed unexpectedly. It is in the bot's log; please tell whoever runs it."


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `share` shows it to all; `private` is not for them, wherever it was asked."""

    message: Message
    share: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Commands:
    """Answers words, wherever they were said."""

    desk: Desk
    people: People
    speaking: Speaking
    replies: Replies
    can: Controls

    def command(self, body: dict[str, Any]) -> None:
        """A slash command: answered to the one who typed it, or to all if asked to share."""
        asker = self.people.person(body["user_id"], body.get("user_name", ""))
        said = self.answer(body.get("text") or "", asker)
        if not self.replies.send(body["response_url"], said.message, share=said.share):
            self.speaking.whisper(body["channel_id"], asker.id, said.message)

    def mention(self, event: dict[str, Any]) -> None:
        """A mention: answered in its thread, for all to see."""
        self._answer_event(event, event.get("thread_ts") or event["ts"])

    def direct(self, event: dict[str, Any]) -> None:
        """A direct message: answered there, in its thread if it has one."""
        self._answer_event(event, event.get("thread_ts") or "")

    def answer(self, words: str, asker: Person) -> Said:
        """The answer. What cannot be answered says why."""
        try:
            return self._answered(words, asker)
        except NotAllowed as refusal:
            return Said(refusal.message, private=True)
        except Misunderstood as error:
            return Said(misunderstood_message(error), private=True)
        except Trouble as error:
            return Said(trouble_message(str(error)), private=True)
        except Stopping:
            raise
        except Exception:  # noqa: BLE001 - somebody waits for an answer
            _LOG.exception("a question could not be answered")
            return Said(trouble_message(UNEXPECTED), private=True)

    def _answered(self, words: str, asker: Person) -> Said:
        question = self.desk.read(words, asker)
        if question.says:
            self.people.allow(asker)
        answered = self.desk.answer(question, asker)
        message, reply = answer_message(answered), answered.reply
        if isinstance(reply, OneIncident):
            # What can be pressed below an incident can be pressed below an answer about it.
            buttons = controls(reply.incident, answered.directory, self.can)
            message = Message(message.text, (*message.blocks, *buttons))
        return Said(message, share=question.share)

    def _answer_event(self, event: dict[str, Any], thread_ts: str) -> None:
        if "user" not in event:
            return
        asker = self.people.person(event["user"])
        said, channel = self.answer(event.get("text") or "", asker), event["channel"]
        if said.private:
            self.speaking.whisper(channel, asker.id, said.message, thread_ts)
        else:
            thread = {"thread_ts": thread_ts} if thread_ts else {}
            self.speaking.say("chat.postMessage", {"channel": channel} | thread, said.message)
