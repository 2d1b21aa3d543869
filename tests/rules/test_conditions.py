"""What each condition says, step by step: rules as people write them against series as people write them."""

import pytest

from bot.rules.examples import run
from bot.rules.rulebook import read


def outcome(rule: str, example: str) -> str:
    """What is not as expected of a rule whose fields are given, in one line each."""
    fields = "".join(f"    {line.strip()}\n" for line in rule.split(";"))
    text = f"rules:\n  - name: r\n    because: Agreed.\n{fields}    examples:\n      - {example}\n"
    (found,) = run(read({"r.yaml": text}).rules[0])
    return found.problem


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(
            "per: key; watch: requests; above: 100 requests; within: 1h",
            "{series: {a: 100x3 101}, every: 1h, expect: fires at 4, says: 101 requests in 1 hour}",
            id="requests",
        ),
        pytest.param(
            "per: key; watch: output tokens; above: 5M tokens; within: 24h",
            "{series: {a: 4000000 5200000}, expect: fires at 2, says: '5M output tokens in 24 hours'}",
            id="tokens of one kind, before the day is over",
        ),
        pytest.param(
            "per: key; watch: tokens; above: 5k; within: 24h",
            "{series: {a: {output tokens: 3000x2, cache read tokens: 1000 4000}}, expect: fires at 2}",
            id="tokens of all kinds; a bare number counts them",
        ),
        pytest.param(
            "per: workspace; watch: cost per request; above: $0.02; within: 24h",
            "{series: {a: 0.01x5 0.03}, expect: fires at 6, says: cost per request of $0.02}",
            id="cost per request",
        ),
        pytest.param(
            "per: key; watch: cost per request; above: $0.02; within: 24h",
            "{series: {a: {cost: 100x5, requests: 10000x5}}, expect: quiet}",
            id="cost per request from both sides",
        ),
        pytest.param(
            "per: key; watch: cache read share; below: 40%; within: 24h",
            "{series: {a: 80x5 10x2}, expect: fires at 6, says: at least 40% is wanted}",
            id="a share that falls",
        ),
        pytest.param(
            "per: key; watch: output share; above: 20%; within: 24h",
            "{series: {a: 5x3 60}, expect: fires at 4, says: output share of 2}",
            id="a share that rises",
        ),
        pytest.param(
            "per: key; watch: share of total; above: 50%; within: 24h",
            "{series: {a: 40x3 70, b: 10x4}, expect: fires at 4, says: share of total of 51}",
            id="the share of all spend",
        ),
        pytest.param(
            "per: workspace; watch: keys; above: 3; within: 24h",
            "{series: {research: 2x3 5}, expect: fires at 4, says: 5 keys in 24 hours}",
            id="how many keys are in use",
        ),
        pytest.param(
            "per: organisation; watch: models; above: 2 models; within: 7d",
            "{series: {all: 2x9 3}, expect: fires at 10, says: 3 models}",
            id="how many models are in use",
        ),
        pytest.param(
            "per: key; watch: list cost; above: $10; within: 1h",
            "{series: {a: {cost: 5x3, list cost: 9x2 11}}, every: 1h, expect: fires at 3, "
            "says: list cost of}",
            id="list prices",
        ),
        pytest.param(
            "per: [key, model]; above: $10; within: 1h",
            "{series: {a / opus: 9x3, a / haiku: 9x2 12}, every: 1h, expect: fires at 3}",
            id="per key and model: each pair by itself",
        ),
        pytest.param(
            "per: key; above: $100; within: month to date",
            "{series: {a: 5x31}, begins: 2026-07-01, expect: fires at 21}",
            id="the month so far",
        ),
        pytest.param(
            "per: key; above: $100; within: month to date",
            "{series: {a: 9x21}, begins: 2026-05-21, expect: quiet}",
            id="the month so far begins anew",
        ),
        pytest.param(
            "per: key; above: $20; within: week to date",
            "{series: {a: 5x14}, begins: 2026-06-03, expect: fires at 5}",
            id="the week so far, from Monday",
        ),
        pytest.param(
            "per: key; rises: 50%; within: 1d",
            "{series: {a: 10x3 14 22}, expect: fires at 5, says: 1.5x what it was before}",
            id="a rise against the day before",
        ),
        pytest.param(
            "per: key; rises: 3x; within: 1d; against: same weekday",
            "{series: {a: 50x5 1x2 50x5 1x2 50x5 10}, expect: fires at 20, says: usual on this weekday}",
            id="a weekend that is like no weekend before",
        ),
        pytest.param(
            "per: key; rises: 3x; within: 1d; against: same weekday",
            "{series: {a: 50x5 1x2 50x5 1x2 50}, expect: quiet}",
            id="Monday is no rise against Monday",
        ),
        pytest.param(
            "per: key; rises: 2x; within: 1d; against: expected",
            "{series: {a: 10x10 14 30}, expect: fires at 12, says: what was expected}",
            id="a rise against what detection expects",
        ),
        pytest.param(
            "per: key; rises: 2x; within: 1d",
            "{series: {a: 0x3 4}, expect: fires at 4, says: up from nothing}",
            id="a rise from nothing",
        ),
        pytest.param(
            "per: key; rises: 2x; within: 1d",
            "{series: {a: 10}, expect: quiet}",
            id="the first day has nothing to rise from",
        ),
        pytest.param(
            "per: key; falls: 50%; within: 1d",
            "{series: {a: 10x3 6 3}, expect: fires at 5}",
            id="a fall is known when its day is over",
        ),
        pytest.param(
            "per: key; falls: 100%; within: 1d",
            "{series: {a: 10x3 0}, expect: fires at 4}",
            id="a fall to nothing",
        ),
        pytest.param(
            "per: key; rises: 2x; within: month to date",
            "{series: {a: 5x30 12x5}, begins: 2026-06-01, expect: fires at 31}",
            id="a month against as much of the month before",
        ),
        pytest.param(
            "per: [key, model]; appears: 7d",
            "{series: {a / opus: 0x7 1, a / haiku: 5x8}, expect: fires at 8, says: after 7 days without any}",
            id="a model that is new on a key",
        ),
        pytest.param(
            "per: key; appears: 7d",
            "{series: {a: 5x3 0x6 5}, expect: quiet}",
            id="six silent days are no seven",
        ),
        pytest.param(
            "per: key; disappears: 2d",
            "{series: {a: 5x10 0x2}, expect: fires at 12, says: $35.00 in the week before}",
            id="a key that falls silent",
        ),
        pytest.param(
            "per: key; disappears: 2d",
            "{series: {a: 5x10 0 5 0}, expect: quiet}",
            id="a key that rests for a day",
        ),
        pytest.param(
            "per: workspace; budget: $100 a month; at: [50%, 100%]",
            "{series: {research: 4x30}, expect: fires at 13, says: 50% of the budget of $100.00 a month}",
            id="half of a budget",
        ),
        pytest.param(
            "per: key; budget: $10 a day",
            "{series: {a: 9 10 11}, expect: fires at 3, says: so far today}",
            id="the budget of a day",
        ),
        pytest.param(
            "per: organisation; budget: $300 a month; on: forecast",
            "{series: {a: 5x14 20x9}, begins: 2026-06-01, expect: fires at 21, "
            "says: by the end of the month}",
            id="a budget that will not last",
        ),
        pytest.param(
            "per: organisation; budget: $300 a month; burns: 10x; within: 6h",
            "{series: {a: 0.4x48 5x8}, every: 1h, expect: fires at 53, says: the pace of the budget}",
            id="money that burns",
        ),
        pytest.param(
            "per: organisation; budget: $300 a month; burns: 10x; within: 24h",
            "{series: {a: 0.4x48 30 0.4x20}, every: 1h, expect: quiet}",
            id="one dear hour is no fire",
        ),
        pytest.param(
            "per: key; above: $0; within: 1h; outside: Mon-Fri 07:00-20:00",
            "{series: {a: 0x7 5x13 0x4 0x7 5x13 2}, every: 1h, expect: fires at 45, "
            "says: outside of Mon-Fri}",
            id="spend after hours",
        ),
        pytest.param(
            "per: key; above: $1; within: 24h; outside: Mon-Fri",
            "{series: {a: 50x5 0 2}, expect: fires at 7}",
            id="spend at the weekend",
        ),
        pytest.param(
            "per: key; above: $0; within: 1h; outside: 07:00-20:00 Asia/Tokyo",
            "{series: {a: 5x11 0x5}, every: 1h, expect: quiet}",
            id="hours of another time zone",
        ),
        pytest.param(
            "per: key; all: [{watch: cache read share, below: 40%, within: 24h}, {above: $50, within: 24h}]",
            "{series: {a: {cost: 20x3 60, cache read share: 80x2 10x2}}, expect: fires at 4, "
            "says: ', and $51.67'}",
            id="both at once",
        ),
        pytest.param(
            "per: key; any: [{above: $50, within: 1d}, {watch: requests, above: 5k, within: 1d}]",
            "{series: {a: {cost: 10x3, requests: 100x2 9000}}, expect: fires at 3, "
            "says: requests in 24 hours}",
            id="either will do",
        ),
        pytest.param(
            "per: key; all: [{above: $50, within: 1d}, {not: {rises: 50%, within: 1d}}]",
            "{series: {a: 30x2 90 95}, expect: fires at 4}",
            id="much, but not because it rose",
        ),
        pytest.param(
            "per: key; above: $5; within: 1h; for: 3h",
            "{series: {a: 6x2 1 6x3}, every: 1h, expect: fires at 6}",
            id="only when it lasts",
        ),
        pytest.param(
            "per: key; above: $5; within: 1h; mute: Mon 00:00-03:00",
            "{series: {a: 6x6}, every: 1h, expect: fires at 4}",
            id="not in hours in which nobody wants to hear of it",
        ),
        pytest.param(
            "per: key; above: $5; within: 1h; missing: alert",
            "{series: {a: 1x200 _ 1}, every: 1h, expect: fires at 202, "
            "says: figures of the last 1 hour are missing}",
            id="missing figures",
        ),
        pytest.param(
            "per: key; watch: cache read share; below: 40%; within: 2h",
            "{series: {a: 80x3 _ 10}, every: 1h, expect: quiet}",
            id="too little is not said of hours that are not known",
        ),
        pytest.param(
            "per: key; where: {model: '*opus*'}; except: {workspace: research}; above: $1; within: 1h",
            "{series: {a: 2}, every: 1h, expect: fires at 1}",
            id="everybody but one",
        ),
        pytest.param(
            "per: key; above: $50; within: 1d; except: {key: ci-*}",
            "{series: {ci-eval: 100}, expect: quiet}",
            id="who is left out is quiet",
        ),
        pytest.param(
            "per: key; where: {key: ci-*}; above: $50; within: 1d",
            "{series: {search: 100}, expect: quiet}",
            id="and so is who is not meant",
        ),
        pytest.param(
            "per: key; where: {model: '[co]pus*'}; above: $50; within: 1d",
            "{series: {a: 100}, expect: fires at 1}",
            id="a set of letters",
        ),
        pytest.param(
            "per: organisation; watch: models; where: {model: '*opus*'}; above: 2; within: 1d",
            "{series: {all: 2 3}, expect: fires at 2}",
            id="how many of those that are meant",
        ),
        pytest.param(
            "per: key; rises: 2x; within: 1d",
            "{series: {a: 10x2 20x2}, expect: quiet}",
            id="exactly twice as much is not more than twice",
        ),
        pytest.param(
            "per: key; rises: 13%; within: 1d",
            "{series: {a: 3x2 3.39x2}, expect: quiet}",
            id="to the nano-dollar",
        ),
        pytest.param(
            "per: key; rises: 2x; within: 1d",
            "{series: {a: 100 199}, expect: quiet}",
            id="a day that is known in part is no smaller one",
        ),
        pytest.param(
            "per: key; watch: cost per request; above: $0.0199; within: 1h",
            "{series: {a: 0.0199x5}, every: 1h, expect: quiet}",
            id="a ratio is exactly what is written",
        ),
        pytest.param(
            "per: key; watch: share of total; above: 30%; within: 1d",
            "{series: {a: 30x5}, expect: quiet}",
            id="so is a share",
        ),
        pytest.param(
            "per: key; watch: cost per request; above: $0.02; within: 1d",
            "{series: {a: {cost per request: 0.01 0.03, requests: 500x2}}, expect: fires at 2}",
            id="a ratio beside its requests",
        ),
        pytest.param(
            "per: key; not: {above: $5, within: 1h}",
            "{series: {a: 9x3, b: 0x3}, every: 1h, expect: quiet}",
            id="what never spent is not missed",
        ),
        pytest.param(
            "per: key; not: {above: $5, within: 1h}",
            "{series: {a: 9x3 2}, every: 1h, expect: fires at 4, says: 'r: $2.00 in 1 hour. Agreed.'}",
            id="what should be above and is not",
        ),
        pytest.param(
            "per: key; below: $5; within: 1d",
            "{series: {a: 9 0x30}, expect: fires at 2}",
            id="what stopped is missed",
        ),
        pytest.param(
            "per: organisation; budget: $100 a month; at: [50%, 80%, 100%]",
            "{series: {a: 10x15}, expect: 'fires at 6, 9, 11', says: 80% of the budget}",
            id="each share of a budget",
        ),
    ],
)
def test_a_condition_fires(rule: str, example: str) -> None:
    assert outcome(rule, example) == ""
