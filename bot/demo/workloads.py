"""What the demo organisation does all day: a line for each key, model and person, and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.demo import organisation as org
from bot.demo.organisation import key_id, member_id
from bot.demo.rhythm import Rhythm
from bot.demo.traffic import request_size
from bot.facts.clock import Window

OPUS, SONNET, SONNET_4, HAIKU = (
    "claude-opus-4-8",
    "claude-sonnet-5",
    "claude-sonnet-4-6",
    "claude-haiku-4-5-20251001",
)
NEW_OPUS: Final = "claude-opus-5"
NEWEST_OPUS: Final = "claude-opus-5-5"
_LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=UTC)
_FAR_AHEAD: Final = datetime(2027, 1, 1, tzinfo=UTC)
_ALWAYS: Final = Window(_LONG_AGO, _FAR_AHEAD)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whom usage is attributed to (reference 4.2).

    `provider` is who vouches for a federated identity. Reports cannot render an actor that is not `shown`: it
    comes back as null, in a row of its own.
    """

    type: str
    id: str
    provider: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Mix:
    """Mean tokens of each kind in one request, in the order of prices.KINDS."""

    uncached: int
    read: int = 0
    write_5m: int = 0
    write_1h: int = 0
    output: int = 0

    def as_tuple(self) -> tuple[int, int, int, int, int]:
        """The five counts."""
        return (self.uncached, self.read, self.write_5m, self.write_1h, self.output)


_PROMPT, _ANSWER = request_size("conversation")
_CODE_PROMPT, _CODE_ANSWER = request_size("coding")
CHAT: Final = Mix(_PROMPT, 4 * _PROMPT, _PROMPT // 5, 0, _ANSWER)
CACHED: Final = Mix(_PROMPT, 9 * _PROMPT, _PROMPT // 2, 0, 2 * _ANSWER)
PLAIN: Final = Mix(_CODE_PROMPT, output=_ANSWER)
AGENT: Final = Mix(_CODE_PROMPT // 4, 20 * _CODE_PROMPT, _CODE_PROMPT, _CODE_PROMPT // 4, 14 * _CODE_ANSWER)
LONG: Final = Mix(4 * _CODE_PROMPT, 2 * _CODE_PROMPT, 0, _CODE_PROMPT, 2 * _ANSWER)


@dataclass(frozen=True, slots=True)
class Line:
    """One series of facts. `dollars` is the list price of a mean day; no `mix` means code execution.

    An empty `key` is traffic no key authenticated; `active` bounds when the line has traffic at all.
    """

    key: str
    workspace: str
    model: str | None
    actor: Actor
    rhythm: Rhythm
    dollars: float
    mix: Mix | None
    product: str | None = "messages_api"
    tier: str | None = "standard"
    active: Window = _ALWAYS
    searches: float = 0.0
    """Web searches a request."""

    @property
    def batch(self) -> bool:
        """Whether it runs at the batch price."""
        return self.tier == "batch"


_SERVICES: Final = (
    # key, workspace, model, rhythm, dollars, mix
    ("support-bot", org.PRODUCTION, SONNET, Rhythm.SERVICE, 230, CHAT),
    ("search-rag", org.PRODUCTION, SONNET_4, Rhythm.SERVICE, 190, CACHED),
    ("checkout-assistant", org.PRODUCTION, HAIKU, Rhythm.SERVICE, 55, CHAT),
    ("summarizer", org.PRODUCTION, SONNET, Rhythm.SERVICE, 120, PLAIN),
    ("summarizer", org.PRODUCTION, NEW_OPUS, Rhythm.SERVICE, 0, PLAIN),
    ("voice-agent", org.PRODUCTION, HAIKU, Rhythm.SERVICE, 25, CHAT),
    ("translate-api", org.PRODUCTION, SONNET, Rhythm.SERVICE, 110, PLAIN),
    ("onboarding-guide", org.PRODUCTION, SONNET, Rhythm.OFFICE, 65, CHAT),
    ("contract-review", org.TOOLS, OPUS, Rhythm.OFFICE, 60, LONG),
    ("meeting-minutes", org.TOOLS, SONNET, Rhythm.OFFICE, 40, PLAIN),
    ("finance-reports", org.TOOLS, SONNET, Rhythm.CRON, 16, LONG),
    ("status-page", org.DEFAULT, HAIKU, Rhythm.SERVICE, 4, PLAIN),
    ("ci-eval", org.RESEARCH, OPUS, Rhythm.CI, 110, AGENT),
    ("agent-lab", org.RESEARCH, OPUS, Rhythm.OFFICE, 60, AGENT),
    ("notebooks", org.RESEARCH, SONNET, Rhythm.ADHOC, 14, LONG),
)
_CODERS: Final = (
    # key, first of the people who share it, dollars of a mean day
    ("claude-code-platform", (("Ada", 22), ("Aiko", 14), ("Bruno", 17), ("Sami", 12))),
    ("claude-code-backend", (("Bela", 25), ("Chloe", 16), ("Dilan", 12), ("Hana", 14), ("Edda", 8))),
    ("claude-code-mobile", (("Carlo", 18), ("Xenia", 13), ("Yara", 15))),
    ("claude-code-web", (("Dora", 20), ("Zoltan", 11), ("Lena", 12), ("Mina", 9))),
)


def build_lines() -> tuple[Line, ...]:
    """Every line of the organisation, always in the same order."""
    return (*_services(), *_batches(), *_claude_code(), *_oddities(), *_keyless())


def _key_actor(name: str) -> Actor:
    return Actor("api_actor", key_id(name))


def _services() -> Iterator[Line]:
    for name, workspace, model, rhythm, dollars, mix in _SERVICES:
        yield Line(key_id(name), workspace, model, _key_actor(name), rhythm, dollars, mix)


def _batches() -> Iterator[Line]:
    account = Actor("service_account_actor", "svac_01Batch")
    for name, model, rhythm, dollars in (
        ("nightly-batch", SONNET, Rhythm.NIGHTLY, 115),
        ("weekend-batch", OPUS, Rhythm.WEEKEND, 45),
    ):
        yield Line(
            key_id(name),
            org.PRODUCTION,
            model,
            account,
            rhythm,
            dollars,
            LONG,
            "message_batches_api",
            "batch",
        )


def _claude_code() -> Iterator[Line]:
    for name, coders in _CODERS:
        for person, dollars in coders:
            actor = Actor("user_actor", member_id(person))
            for model, share in ((OPUS, 0.85), (HAIKU, 0.15)):
                yield Line(
                    key_id(name), org.CODE, model, actor, Rhythm.CODING, dollars * share, AGENT, "claude_code"
                )


def _oddities() -> Iterator[Line]:
    """Searches, code execution, a tier with a commitment, a key that sleeps, one that follows new models."""
    voice, notebooks, slack = key_id("voice-agent"), key_id("notebooks"), key_id("slack-helper")
    sleeper, researcher = key_id("hackathon-prototype"), _key_actor("notebooks")
    since = Window(datetime(2026, 9, 24, tzinfo=UTC), _FAR_AHEAD)
    until = Window(_LONG_AGO, datetime(2026, 9, 5, 18, tzinfo=UTC))
    yield Line(slack, org.TOOLS, HAIKU, _key_actor("slack-helper"), Rhythm.OFFICE, 22, CHAT, searches=0.15)
    yield Line(
        voice, org.PRODUCTION, HAIKU, _key_actor("voice-agent"), Rhythm.SERVICE, 12, CHAT, tier="priority"
    )
    yield Line(notebooks, org.RESEARCH, NEWEST_OPUS, researcher, Rhythm.ADHOC, 10, LONG, active=since)
    yield Line(notebooks, org.RESEARCH, None, researcher, Rhythm.ADHOC, 0.4, None, product=None, tier=None)
    yield Line(
        sleeper, org.DEFAULT, OPUS, _key_actor("hackathon-prototype"), Rhythm.OFFICE, 6, AGENT, active=until
    )


def _keyless() -> Iterator[Line]:
    """Playground and federated traffic; two of the identities are beyond what reports can show."""
    for person in ("Tove", "Uma"):
        actor = Actor("user_actor", member_id(person))
        yield Line("", org.DEFAULT, OPUS, actor, Rhythm.OFFICE, 3, LONG, "claude_console")
    pipeline = Actor("federated_actor", "repo:lighthouse/docs", "https://token.actions.example")
    yield Line("", org.TOOLS, HAIKU, pipeline, Rhythm.OFFICE, 5, PLAIN)
    for number in (1, 2):
        partner = Actor("federated_actor", f"partner-{number}", shown=False)
        yield Line("", org.DEFAULT, SONNET_4, partner, Rhythm.SERVICE, 8, PLAIN)
