"""The words that questions are made of, besides names and times."""

from types import MappingProxyType
from typing import Final

from bot.facts.answer import Verb
from bot.facts.scope import CALLED
from bot.questions.question import Kind

_SYNONYMS: Final = {
    "key": "apikey api-key api_key api_key_id",
    "model": "",
    "workspace": "ws workspace_id",
    "user": "person people persons who member actor developer",
    "team": "",
    "product": "",
}
DIMENSIONS: Final = MappingProxyType(
    {
        form: CALLED[word]
        for word, others in _SYNONYMS.items()
        for one in (word, *others.split())
        for form in (one, f"{one}s")
    }
)
"""What people call what spend is split by -> the dimension of a scope."""
ORDER: Final = ("api_key_id", "actor", "team", "workspace_id", "model", "product")
"""Which dimension a name is taken for that several have."""
EACH: Final = {"by", "per", "each"}

_KINDS: Final = {
    Kind.EXPLAIN: "explain|explained|why|what happened|reason|reasons|cause|because of",
    Kind.INCIDENTS: "incidents|incident|open incidents|alerts|alert|open alerts|anomalies"
    "|what is wrong|what wrong|whats wrong|anything wrong|something wrong",
    Kind.RULES: "rules|rule|rulebook",
    Kind.FRESHNESS: "freshness|fresh|how fresh|status|doctor|health|up to date",
    Kind.HELP: "help|commands|examples|what can you do|what can i ask|how does this work",
}
KINDS: Final = MappingProxyType(
    {tuple(phrase.split()): kind for kind, phrases in _KINDS.items() for phrase in phrases.split("|")}
)
GREETINGS: Final = {"hi", "hello", "hey", "thanks"}
COMPARE: Final = {
    "compare", "compared", "comparing", "comparison", "difference", "diff", "versus", "vs", "against", "than",
}  # fmt: skip
AGAINST: Final = {"vs", "versus", "against", "than", "with"}
"""Between the two sides of a comparison; beside one of these, "to" stands inside a period."""
USUAL: Final = {"usual", "usually", "normal", "normally", "expected"}
SHARE: Final = {"share", "shared", "public", "publicly", "here"}

VERBS: Final = MappingProxyType(
    {
        ("acknowledge",): Verb.ACKNOWLEDGE,
        ("acknowledged",): Verb.ACKNOWLEDGE,
        ("ack",): Verb.ACKNOWLEDGE,
        ("acked",): Verb.ACKNOWLEDGE,
        ("snooze",): Verb.SNOOZE,
        ("mute",): Verb.SNOOZE,
        ("expected",): Verb.EXPECT,
        ("expect",): Verb.EXPECT,
        ("false", "alarm"): Verb.DISMISS,
        ("false-alarm",): Verb.DISMISS,
        ("dismiss",): Verb.DISMISS,
        ("reopen",): Verb.REOPEN,
        ("re-open",): Verb.REOPEN,
    }
)
"""What people say about an incident; the first word of each verb is the one we write."""

LEFT_OUT: Final = {"not", "no", "except", "without", "excluding", "exclude", "minus", "but"}
MINE: Final = {"my", "mine", "myself"}
SPLITS_WE_LACK: Final = {"day", "days", "daily", "hour", "hours", "hourly", "minute", "minutes"}
FILLER: Final = frozenset(
    """
    please pls plz show me the a an in for of on at by per each to and or from with how much many what whats
    what's which whose spend spending spends spent cost costs costing did do does is are was were be been has
    have had we i you us our it its that this there get give tell list display see view want know can could
    would like all every any between total totals sum money bill billed dollars usd usage use used using uses
    summary report overview breakdown broken down split group grouped so far now right expensive high higher
    more most pricey biggest largest highest up went going gone go come came jump jumped spike spiked rise
    rose increase increased grow grew bad just only ok okay hm hmm utc date requests question
    summarise summarize claude anthropic claude-spend /claude-spend @claude-spend
    """.split()  # noqa: SIM905 a list of words reads best as words
)
MEANT: Final = MappingProxyType(
    {
        "forecast": "month",
        "projection": "month",
        "budget": "month",
        "budgets": "month",
        "spenders": "by user",
        "overnight": "12h",
        "tonight": "12h",
        "night": "12h",
        "morning": "6h",
        "afternoon": "6h",
        "evening": "6h",
        "recent": "24h",
        "recently": "24h",
        "lately": "24h",
        "quarter": "last 3 months",
        "few": "3",
    }
)
"""What we understand in place of words that we do not."""
VOCABULARY: Final = frozenset(
    {*DIMENSIONS, *COMPARE, *USUAL, *SHARE, *FILLER, *GREETINGS, "top"}
    | {word for phrase in (*KINDS, *VERBS) for word in phrase}
)
