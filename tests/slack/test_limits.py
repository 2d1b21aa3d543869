"""Whatever an incident holds, Slack takes the message (S7)."""

import random
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.answer import Answer, Verb
from bot.facts.clock import Grain
from bot.facts.delivery import Message, Why
from bot.facts.directory import Directory, Key, Person, Workspace
from bot.facts.finding import Part
from bot.facts.incident import Cause, Change, Incident, Point, State
from bot.facts.money import Usd
from bot.facts.scope import Scope
from bot.facts.severity import Severity
from bot.facts.spend import Basis
from bot.slack.messages import incident_message
from bot.slack.overflow import overflow_message
from tests.fakes.incidents import HOUR, START
from tests.slack.limits import faults

HOSTILE = (
    "<!channel>", "<@U01ADA>", "*bold*", "`code`", "```", "&", "&amp;", ":fire:", "@here", "~x~", "_y_",
    "> quote", "<https://evil.example|click>", "\u202e", "\u05d0" * 9, "\n", "\x1b[2J", "\ud800",
    "👩\u200d💻", "ci-eval", " ",
)  # fmt: skip
TEN_MILLION = 10**16
KINDS = ("spike", "drop", "blind: collect", "blind: x")

long_names = st.sampled_from(HOSTILE).map(lambda part: (part * 500)[:500])
mixed_names = st.lists(st.sampled_from(HOSTILE), max_size=100).map(lambda parts: "".join(parts)[:500])
names = long_names | mixed_names | st.text(max_size=60)
amounts = st.integers(-TEN_MILLION, TEN_MILLION) | st.integers(-1000, 1000) | st.just(0)
hours = st.integers(0, 2000).map(lambda count: START + count * HOUR)
drivers = st.lists(st.tuples(names, amounts), max_size=6) | st.builds(
    lambda size: [(random.Random(size).choice(string.ascii_letters) * size, size) for _ in range(size)],
    st.integers(0, 500),
)
ids = st.none() | st.just("") | st.just("known") | names
scopes = st.builds(Scope, ids, ids, ids, ids, ids)
causes = st.builds(
    lambda rows, where, **words: Cause(
        drivers=tuple((label, Usd(amount)) for label, amount in rows),
        where=tuple(Part(scope, Usd(amount)) for scope, amount in where),
        **words,
    ),
    drivers,
    st.lists(st.tuples(scopes, amounts), max_size=5),
    headline=names, evidence=names, model=names, owner=names, next_step=names,
)  # fmt: skip
answers = st.none() | st.builds(Answer, st.sampled_from(Verb), names, hours, st.none() | hours, note=names)
parts = st.integers(0, 500).map(lambda count: (Part(Scope(), Usd(1)),) * count)
directories = names.map(
    lambda name: Directory(
        keys={"known": Key("known", name, owner="known")},
        workspaces={"known": Workspace("known", name)},
        people={"known": Person("known", name, name)},
    )
)
courses = st.lists(st.tuples(amounts, amounts), max_size=40).map(
    lambda rows: tuple(Point(START + at * HOUR, Usd(a), Usd(b)) for at, (a, b) in enumerate(rows))
)


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    return Incident(
        id=draw(names), scope=draw(scopes), kind=draw(st.sampled_from(KINDS)),
        grain=draw(st.sampled_from(Grain)),
        state=draw(st.sampled_from(State)), severity=draw(st.sampled_from(Severity)),
        start=START, opened_at=START, measured_until=draw(hours), last_hot=draw(hours),
        observed=Usd(draw(amounts)), expected=Usd(draw(amounts)), low=Usd(draw(amounts)),
        high=Usd(draw(amounts)), per_hour=Usd(draw(amounts)), why=draw(names),
        basis=draw(st.sampled_from(Basis)), cause=draw(causes), parts=draw(parts),
        course=draw(courses), rule=draw(names), answer=draw(answers),
        history=(Change(START, "resolved", draw(names), draw(names)),),
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(incidents(), directories, st.sampled_from(Why))
def test_every_incident_makes_a_message_slack_takes(
    incident: Incident, directory: Directory, why: Why
) -> None:
    _is_taken(incident_message(incident, directory, why))


@settings(max_examples=40, deadline=None)
@given(st.lists(incidents(), min_size=1, max_size=8), directories, st.integers(1, 60))
def test_every_digest_makes_a_message_slack_takes(
    held: list[Incident], directory: Directory, times: int
) -> None:
    _is_taken(overflow_message(held * times, directory, 10))


def _is_taken(message: Message) -> None:
    assert faults(message.text, list(message.blocks)) == []
    message.text.encode()
