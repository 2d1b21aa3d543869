"""What Slack's refusals mean for a delivery, and what to do about each (S3, S11). Data, no IO."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.facts.delivery import NotSent


@dataclass(frozen=True, slots=True)
class Fault:
    """The remedy in words, whether trying again can help, whether the message may have arrived after all."""

    remedy: str
    retry: bool = False
    unsure: bool = False


_WAIT = Fault("it is tried again later", retry=True)
_UNKNOWN = Fault("it may have arrived; it is tried again", retry=True, unsure=True)
_TOKEN = Fault("put a valid bot token (xoxb-) into SLACK_BOT_TOKEN; the app's page in Slack shows it")
_INVITE = Fault(
    "invite the bot to the channel (/invite), grant it chat:write.public, or correct slack.channel"
)
_REFUSING = Fault("name a channel in slack.channel that accepts messages of this bot")
_OURS = Fault("the message itself was refused; please report this to the project")
_SCOPE = Fault("add the missing scope to the app and reinstall it")
_LATE = Fault("this took too long; press again")
_PERSON = Fault("correct the e-mail address in the rule's or route's addressees: nobody in Slack has it")
_WEBHOOK = Fault("create a new incoming webhook and put its address into SLACK_WEBHOOK_URL")

_GROUPS: Mapping[Fault, str] = {
    _WAIT: "ratelimited rate_limited message_limit_exceeded team_added_to_org",
    _UNKNOWN: "internal_error fatal_error service_unavailable request_timeout",
    _TOKEN: "invalid_auth not_authed token_revoked token_expired account_inactive not_allowed_token_type",
    _SCOPE: "missing_scope no_permission access_denied",
    _INVITE: "not_in_channel channel_not_found",
    _REFUSING: "is_archived channel_is_archived action_prohibited ekm_access_denied restricted_action "
    "restricted_action_read_only_channel restricted_action_thread_only_channel "
    "restricted_action_thread_locked restricted_action_non_threadable_channel "
    "posting_to_general_channel_denied",
    _OURS: "msg_too_long no_text markdown_text_conflict invalid_payload too_many_attachments",
    _LATE: "expired_trigger_id exchanged_trigger_id invalid_trigger_id",
    _PERSON: "users_not_found",
    _WEBHOOK: "no_service no_service_id no_active_hooks no_team team_disabled invalid_token user_not_found",
}
FAULTS: Mapping[str, Fault] = {error: fault for fault, errors in _GROUPS.items() for error in errors.split()}
"""Every error word with a branch of its own."""

SPARED: Mapping[str, str] = {
    "invalid_blocks": "blocks",
    "invalid_blocks_format": "blocks",
    "msg_blocks_too_long": "blocks",
    "invalid_attachments": "blocks",
    "block_mismatch": "blocks",
    "metadata_too_large": "metadata",
    "invalid_metadata_format": "metadata",
}
"""Refusals of one argument: the message is sent once more without it."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
"""The living message cannot be edited any more: a new one takes its place."""

BLIND = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "no_permission", "access_denied"})
"""The channel's history cannot be read, so nothing can be looked up in it."""


def refusal(call: str, error: str, detail: str = "") -> NotSent:
    """What an error word means. `call` names what was tried, and where; `detail` is what Slack added."""
    fault = FAULTS.get(error, Fault("see what the word means on the method's page at docs.slack.dev"))
    said = f"{error}, {detail}" if detail else error
    return NotSent(f"Slack refused {call} ({said}): {fault.remedy}", fault.retry, fault.unsure)


def throttled(call: str, after_seconds: float) -> NotSent:
    """HTTP 429: nothing was taken; `after_seconds` is Slack's Retry-After."""
    wait = f"in {after_seconds:g} s" if after_seconds else "later"
    return NotSent(f"Slack asks to slow down ({call}): it is tried again {wait}", True, False, after_seconds)


def unanswered(call: str, what: str) -> NotSent:
    """A timeout, a dropped connection, a 5xx, an answer that is not Slack's: it may have arrived."""
    return NotSent(f"no usable answer from Slack to {call} ({what}): {_UNKNOWN.remedy}", True, unsure=True)


def unreachable(call: str, what: str) -> NotSent:
    """No connection was made, so nothing can have arrived."""
    remedy = "check the network, the proxy and slack.api_url; it is tried again later"
    return NotSent(f"Slack cannot be reached for {call} ({what}): {remedy}", retry=True)


def unsendable(call: str) -> NotSent:
    """The address or the secret cannot be put into an HTTP request at all. Neither is repeated here."""
    remedy = "check slack.api_url and the Slack secrets in the environment for stray characters"
    return NotSent(f"the request for {call} cannot be formed: {remedy}", retry=False)
