"""A home: the month, what is open, one's own keys, and how fresh it all is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.clock import HOUR, Window
from bot.facts.directory import Directory, Key
from bot.facts.incident import Incident, State
from bot.facts.money import Usd, usd_from_dollars
from bot.facts.spend import Basis
from bot.questions.answers import Allowance, Line, Spend
from bot.questions.question import Period, Question
from bot.slack.buttons import Controls
from bot.slack.desk import Homepage
from bot.slack.homepage import home_view, troubled_view
from tests.fakes.incidents import DIRECTORY, START, runaway
from tests.slack.limits import view_faults

NOW = START + 7 * HOUR
MONTH = Window(datetime(2026, 11, 1, tzinfo=UTC), NOW.replace(minute=0))
CAN = Controls(listens=True, switches_keys=True)
AMOUNT = st.integers(-(10**16), 10**16).map(Usd)
NAME = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        ["<!channel>", "*bold* _it_ ~s~ `code`", "x" * 500, "مفتاح", "🔥" * 40, "a\nb\u202ec", "&<>"]
    ),
)


def usd(amount: str | int) -> Usd:
    return usd_from_dollars(amount)


def month(total: Usd, budgets: tuple[Allowance, ...] = ()) -> Spend:
    question = Question(Period("this month", MONTH, goes_on=True, is_month=True))
    return Spend(question, MONTH, total, None, 10, Basis.BILLED, (), budgets=budgets)


def home(**changes: Any) -> Homepage:
    plain = Homepage(
        month=month(usd(8200), (Allowance("Research", usd(10000), usd(8200), date(2026, 11, 27)),)),
        open=(runaway(),),
        own_keys=(Line("ci-eval", usd("463.5"), 4), Line("ci-nightly", usd(12), 2)),
        directory=DIRECTORY,
        complete_until=NOW - 2 * HOUR,
        rules=("hourly cap", "research budget"),
    )
    return replace(plain, **changes)


def words(view: dict[str, Any]) -> str:
    """Everything a home says, a line a block."""
    said = []
    for block in view["blocks"]:
        texts = [block["text"]] if "text" in block else block.get("elements", [])
        said += [text["text"] for text in texts if isinstance(text.get("text"), str)]
    return "\n".join(said)


def test_a_home_says_how_the_month_stands_what_is_open_and_what_is_mine() -> None:
    said = words(home_view(home(), "ada", NOW, CAN))
    assert "*$8,200.00* this month (billed)." in said
    gauge = "`████████████████░░░░` $8,200.00 of $10,000.00 (82%); at this pace it ends on 27 Nov"
    assert f"*Research*\n{gauge}" in said
    assert "1 open\n*🔴 Runaway spend on key ci-eval: +$412.00, 9.0x*" in said
    assert "• *$463.50* `ci-eval`\n• *$12.00* `ci-nightly`" in said
    assert "2 h ago" in said
    assert "*Rules in force:* hourly cap, research budget" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"open": ()}, "Nothing is open", id="nothing is wrong"),
        pytest.param({"own_keys": ()}, "No key that spent this month is on record as ada's.", id="no keys"),
        pytest.param({"month": None}, "Nothing of this month was read yet.", id="nothing read"),
        pytest.param({"complete_until": None}, "Nothing was read yet.", id="no history"),
        pytest.param({"rules": ()}, "*Rules in force:* none", id="no rules"),
        pytest.param({"troubles": ("job collect: refused",)}, "job collect: refused", id="the bot is blind"),
        pytest.param(
            {"open": tuple(runaway(id=f"i-{at}") for at in range(25))}, "and 5 more", id="more than fit"
        ),
    ],
)
def test_a_home_says_what_is_missing(changes: dict[str, Any], said: str) -> None:
    view = home_view(home(**changes), "ada", NOW, CAN)
    assert said in words(view)
    assert view_faults(view) == []


def test_what_is_open_has_buttons_where_somebody_listens() -> None:
    def kinds(can: Controls) -> set[str]:
        return {block["type"] for block in home_view(home(), "ada", NOW, can)["blocks"]}

    assert "actions" in kinds(CAN)
    assert "actions" not in kinds(Controls())


def test_trouble_is_shown_as_it_is_said() -> None:
    view = troubled_view("no history at <!channel> yet; run it")
    assert view_faults(view) == []
    assert "no history at" in words(view)


@settings(max_examples=60, deadline=None)
@given(name=NAME, amount=AMOUNT, count=st.integers(0, 60), state=st.sampled_from([State.OPEN, State.SNOOZED]))
def test_any_home_keeps_within_slacks_limits(name: str, amount: Usd, count: int, state: State) -> None:
    directory = Directory(keys={"apikey_ci": Key("apikey_ci", name)})
    incidents = tuple(_incident(at, amount, state) for at in range(count))
    budgets = tuple(Allowance(name, Usd(abs(amount)), amount, date(2026, 11, 30)) for _ in range(count))
    lines = tuple(Line(name, amount, 1) for _ in range(count))
    page = Homepage(
        month(amount, budgets), incidents, lines, directory, NOW, (name,) * count, (name,) * count
    )
    assert view_faults(home_view(page, name, NOW, CAN)) == []


def _incident(at: int, amount: Usd, state: State) -> Incident:
    return runaway(id=f"inc-{at}", observed=amount, expected=Usd(0), state=state)
