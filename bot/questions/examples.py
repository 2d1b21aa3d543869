"""Examples of what can be asked, for people who ask for help."""

from typing import Final

EXAMPLES: Final = (
    ("today by key", "what was spent today, dearest key first"),
    ("yesterday by model", "a whole day, split by model, workspace, user, team or product"),
    ("month by team", "this month so far, and where it will end"),
    (
        "10 nov to 15 nov model:claude-* top 5",
        "any period; only some models, keys, users ...; the five dearest",
    ),
    ("compare this week with last week", "two periods side by side, largest change first"),
    ("why yesterday", "why a period cost what it did"),
    ("incidents", "what went wrong, newest first"),
    ("snooze 261021-9f3c until tomorrow", "quiet for a while; also ack, expected, false alarm, reopen"),
    ("rules", "the rules in force"),
    ("freshness", "how far the figures reach, and whether all is well"),
)
"""(words, what they answer); add "share" to show an answer to the whole channel."""
