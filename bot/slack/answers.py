"""What a question is answered with in Slack: the finding first, what it is made of, how sure it is."""

from bot.facts.delivery import Message
from bot.questions.answers import (
    Answered,
    Comparison,
    Explanation,
    Freshness,
    Help,
    Incidents,
    OneIncident,
    Rules,
    Spend,
)
from bot.questions.question import Misunderstood
from bot.slack.answer_compare import comparison_message
from bot.slack.answer_explain import explanation_message
from bot.slack.answer_incident import one_incident_message
from bot.slack.answer_incidents import incidents_message
from bot.slack.answer_lists import freshness_message, help_message, rules_message
from bot.slack.answer_spend import spend_message
from bot.slack.answer_words import COMMAND, typed
from bot.slack.ink import MRKDWN, TEXT, capital, full_stop, section
from bot.slack.wording import prose

_LONGEST = 500


def answer_message(answered: Answered) -> Message:
    """The answer as Slack takes it. Whatever the names and amounts, it keeps within Slack's limits (S7)."""
    directory = answered.directory
    match answered.reply:
        case Spend() as spend:
            message = spend_message(spend)
        case Comparison() as comparison:
            message = comparison_message(comparison)
        case Explanation() as found:
            message = explanation_message(found, answered.question, directory)
        case Incidents() as incidents:
            message = incidents_message(incidents, directory)
        case OneIncident() as one:
            message = one_incident_message(one, directory)
        case Rules() as rules:
            message = rules_message(rules)
        case Freshness() as fresh:
            message = freshness_message(fresh, answered.asked_at)
        case Help() as asked:
            message = help_message(asked)
    return message


def misunderstood_message(error: Misunderstood) -> Message:
    """What was not understood, and the nearest words that would be."""
    what = _sentence(str(error).removesuffix(f"; try: {error.instead}"))
    instead = f"{COMMAND} {error.instead}"
    blocks = (section(f"{what}\nTry: {typed(instead, MRKDWN)}"),)
    return Message(f"{what} Try: {typed(instead, TEXT)}", blocks)


def trouble_message(text: str) -> Message:
    """What went wrong, in one sentence with the remedy."""
    words = f"⚠️ {_sentence(text)}"
    return Message(words, (section(words),))


def _sentence(text: str) -> str:
    return capital(full_stop(prose(text, _LONGEST) or "Something went wrong"))
