"""What people are told about a rule file that cannot be used: the line, the field, the remedy."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.metrics import NAMES
from bot.rules.rulebook import RulesError, read

CAP = """\
rules:
  - name: no key spends more than $500 in a day
    because: Nobody plans to.
    watch: cost
    per: key
    where: {workspace: research}
    above: $500
    within: 24h
    severity: warning
"""
LAUNCH = """\
events:
  - name: assistant launch
    because: Announced.
    scope: {key: product-assistant}
    from: 2026-10-20T08:00Z
    to: 2026-10-22T20:00Z
    expected: 4x
"""
FILE = "rules/caps.yaml"
DOLLARS = "should be in dollars, for cost; write it like $200 or $0.50"
AMOUNT = "is not an amount; write it like $200 or $0.50"
LENGTH = (
    "is not a length of time that can be watched; "
    "write whole hours or days from 1h to 31d, such as 24h, or month to date"
)
MULTIPLE = "is not a multiple of the usual; write it like 4x or 1.5x, or any"
INSTANT = "is not a date and time; write it like 2026-10-20T08:00Z"
DEEP = "[" * 12 + "]" * 12
PER = "key, workspace, model, user, team, product, organisation"
ALIAS = "is a YAML alias; write the value itself, or put a pattern in quotes:"
TAG = 'is a YAML tag; remove it, or put text in quotes: "!..."'
QUOTES = 'put the text in quotes: "..."'


def problems(texts: dict[str, str]) -> list[str]:
    with pytest.raises(RulesError) as caught:
        read(texts)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return list(caught.value.problems)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("$500\n", "$5OO\n", f"7: rules[1].above: '$5OO' {AMOUNT}", id="a letter in an amount"),
        pytest.param("$500\n", "500\n", f"7: rules[1].above: '500' {DOLLARS}", id="an amount of what?"),
        pytest.param("$500\n", "$-5\n", f"7: rules[1].above: '$-5' {AMOUNT}", id="a negative amount"),
        pytest.param("$500\n", "$1,00\n", f"7: rules[1].above: '$1,00' {AMOUNT}", id="a decimal comma"),
        pytest.param("$500\n", "$nan\n", f"7: rules[1].above: '$nan' {AMOUNT}", id="not a number"),
        pytest.param(
            "$500\n", "$\u0665\n", f"7: rules[1].above: '$\u0665' {AMOUNT}", id="digits of another script"
        ),
        pytest.param(
            "$500\n",
            "$1000000001\n",
            "7: rules[1].above: '$1000000001' is too much; write at most $1,000,000,000",
            id="more than anybody has",
        ),
        pytest.param(
            "$500\n",
            "\n",
            "7: rules[1].above: is empty; write something such as $500",
            id="a field without a value",
        ),
        pytest.param(
            "severity: warning",
            "severity:",
            "9: rules[1].severity: is empty; write something such as warning",
            id="an optional field without a value",
        ),
        pytest.param(
            "{workspace: research}",
            "{workspace: }",
            "6: rules[1].where.workspace: is empty; write something such as research",
            id="a forgotten pattern does not mean everybody",
        ),
        pytest.param(
            "$500\n",
            "[$500]\n",
            "7: rules[1].above: should be one value, such as $500",
            id="a list for an amount",
        ),
        pytest.param("24h", "90m", f"8: rules[1].within: '90m' {LENGTH}", id="minutes"),
        pytest.param("24h", "0h", f"8: rules[1].within: '0h' {LENGTH}", id="no time at all"),
        pytest.param("24h", "32d", f"8: rules[1].within: '32d' {LENGTH}", id="more than a month"),
        pytest.param("24h", "1.5d", f"8: rules[1].within: '1.5d' {LENGTH}", id="half days"),
        pytest.param("24h", "9999999999d", f"8: rules[1].within: '9999999999d' {LENGTH}", id="for ever"),
        pytest.param(
            "cost",
            "tokens",
            "7: rules[1].above: '$500' should be in tokens, for tokens; write it like 5M tokens",
            id="dollars for tokens",
        ),
        pytest.param(
            "per: key",
            "per: keys",
            f"5: rules[1].per: 'keys' is not one of {PER}; did you mean key?",
            id="a misspelt choice",
        ),
        pytest.param(
            "per: key",
            "per: city",
            f"5: rules[1].per: 'city' is not one of {PER}; write one of these",
            id="a choice like no other",
        ),
        pytest.param(
            "per: key",
            "per: {}",
            "5: rules[1].per: should be one value or a list, such as key",
            id="fields for a word",
        ),
        pytest.param(
            "severity: warning",
            "severity: warn",
            "9: rules[1].severity: 'warn' is not one of notice, warning, critical; did you mean warning?",
            id="a misspelt severity",
        ),
        pytest.param(
            "above:",
            "abvoe:",
            "7: rules[1].abvoe: there is no such field; did you mean above?",
            id="a misspelt field is not reported as missing too",
        ),
        pytest.param(
            "{workspace: research}",
            "{workspace: research, modle: x}",
            "6: rules[1].where.modle: there is no such field; did you mean model?",
            id="a misspelt dimension",
        ),
        pytest.param(
            "{workspace: research}",
            "{city: research}",
            "6: rules[1].where.city: there is no such field; remove it, or use one of "
            "key, workspace, model, user, team, product, tier",
            id="an unknown dimension",
        ),
        pytest.param(
            "{workspace: research}",
            "research",
            "6: rules[1].where: should be fields with values, such as {workspace: research}",
            id="a word for fields",
        ),
        pytest.param(
            "{workspace: research}",
            '{workspace: " "}',
            "6: rules[1].where.workspace: is empty; write some text",
            id="an empty pattern",
        ),
        pytest.param(
            "research",
            "[a, [b]]",
            "6: rules[1].where.workspace[2]: should be one value, such as research",
            id="a list in a list of patterns",
        ),
        pytest.param(
            "    per: key\n",
            "",
            "2: rules[1]: per is missing; add a line such as per: key",
            id="a missing field",
        ),
        pytest.param(
            "Nobody plans to.",
            "x" * 1001,
            "3: rules[1].because: is 1001 characters long; write at most 1000",
            id="a reason without end",
        ),
        pytest.param(
            "Nobody plans to.",
            r'"a\0b"',
            r"3: rules[1].because: 'a\x00b' holds a character that cannot be shown; remove it",
            id="a control character",
        ),
        pytest.param(
            "Nobody plans to.",
            r'"\ud800"',
            r"3: rules[1].because: '\ud800' holds a character that cannot be shown; remove it",
            id="half a character",
        ),
        pytest.param(
            "per: key\n",
            "per: key\n    watch: cost\n",
            "6: rules[1].watch: is given twice (first on line 4); keep one",
            id="a field given twice",
        ),
        pytest.param(
            "research",
            "*-lab",
            f'6: rules[1].where.workspace: *-lab {ALIAS} "*-lab"',
            id="a pattern that YAML takes for an alias",
        ),
        pytest.param(
            "research",
            "*",
            f"6: text cannot start with *; {QUOTES}",
            id="a star that YAML takes for an alias",
        ),
        pytest.param(
            "$500\n",
            "&limit $500\n",
            '7: rules[1].above: &limit is a YAML anchor; remove it, or put text in quotes: "&..."',
            id="an anchor",
        ),
        pytest.param(
            "$500\n",
            "!!str $500\n",
            f"7: rules[1].above: tag:yaml.org,2002:str {TAG}",
            id="a tag",
        ),
        pytest.param("    per:", "\tper:", "5: a tab stands here; use spaces", id="a tab before a field"),
        pytest.param("per: key", "per:\tkey", "5: a tab stands here; use spaces", id="a tab after a colon"),
        pytest.param(
            "Nobody plans to.",
            "Nobody: really.",
            f"3: there is one colon too many, or wrong indentation; {QUOTES}",
            id="a colon in text",
        ),
        pytest.param(
            "Nobody plans to.",
            "@ada said so",
            f"3: text cannot start with this character; {QUOTES}",
            id="text that starts with a sign",
        ),
        pytest.param(
            "Nobody plans to.",
            '"Nobody plans to.',
            "3: this quote is never closed; end the text with the same one",
            id="a quote that is never closed",
        ),
        pytest.param(
            "{workspace: research}",
            "{workspace: research",
            "6: this { is never closed; end the fields with }",
            id="a brace that is never closed",
        ),
        pytest.param(
            "    watch: cost",
            "   watch: cost",
            "4: the indentation does not fit; line up the fields of one entry",
            id="a field out of line",
        ),
        pytest.param(
            "    watch: cost",
            "    watch cost",
            "4: a colon is missing after the field name; write name: value",
            id="a field without a colon",
        ),
        pytest.param(
            "Nobody plans to.",
            "a\x07b",
            "3: a character that cannot be shown stands here; remove it",
            id="a bell in the file",
        ),
        pytest.param(
            "severity: warning",
            f"severity: {DEEP}",
            "9: more than 10 levels inside one another; remove some",
            id="lists inside lists inside lists",
        ),
        pytest.param(
            "    severity: warning\n",
            "---\nrules: []\n",
            "9: a second document starts here; remove the --- or use another file",
            id="two documents",
        ),
        pytest.param(
            "    severity: warning\n",
            "  -\n",
            "9: rules[2]: is empty; write something such as - name: ...",
            id="an entry without fields",
        ),
        pytest.param(
            "rules:\n",
            "rulez:\n",
            "1: rulez: there is no such field; did you mean rules?",
            id="a misspelt heading",
        ),
        pytest.param(
            "per: key",
            "? [key]\n    : 1",
            "5: a field name is missing here; write the name before the colon",
            id="a list for a field's name",
        ),
    ],
)
def test_a_broken_cap_is_told_with_line_field_and_remedy(old: str, new: str, said: str) -> None:
    assert problems({FILE: changed(CAP, old, new)}) == [f"{FILE}:{said}"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "from: 2026-10-20T08:00Z",
            "from: 2026-10-20T08:00",
            "5: events[1].from: '2026-10-20T08:00' has no time zone; "
            "write 2026-10-20T08:00Z if that is UTC, or add +02:00",
            id="a time without a zone",
        ),
        pytest.param(
            "from: 2026-10-20T08:00Z",
            "from: 2026-10-20",
            "5: events[1].from: '2026-10-20' has no time zone; "
            "write 2026-10-20T00:00Z if that is UTC, or add +02:00",
            id="a date alone",
        ),
        pytest.param(
            "from: 2026-10-20T08:00Z",
            "from: next Monday",
            f"5: events[1].from: 'next Monday' {INSTANT}",
            id="words for a time",
        ),
        pytest.param(
            "from: 2026-10-20T08:00Z",
            "from: 2026-02-30T08:00Z",
            f"5: events[1].from: '2026-02-30T08:00Z' {INSTANT}",
            id="a day that does not exist",
        ),
        pytest.param(
            "from: 2026-10-20T08:00Z",
            "from: 0001-01-01T00:00+14:00",
            f"5: events[1].from: '0001-01-01T00:00+14:00' {INSTANT}",
            id="a time before all times",
        ),
        pytest.param(
            "to: 2026-10-22T20:00Z",
            "to: 2026-10-20T08:00Z",
            "6: events[1].to: is not later than from; write the end of the event",
            id="an event without length",
        ),
        pytest.param(
            "4x",
            "",
            "7: events[1].expected: is empty; write something such as 4x",
            id="a forgotten multiple does not mean any amount",
        ),
        pytest.param(
            "product-assistant",
            "null",
            "4: events[1].scope.key: is empty; write something such as ci-*",
            id="a null for a pattern does not mean everybody",
        ),
        pytest.param("4x", "4", f"7: events[1].expected: '4' {MULTIPLE}", id="a bare number"),
        pytest.param("4x", "0.5x", f"7: events[1].expected: '0.5x' {MULTIPLE}", id="less than the usual"),
        pytest.param(
            "from:",
            "start:",
            "2: events[1]: from is missing; add a line such as from: 2026-10-20T08:00Z\n"
            f"{FILE}:5: events[1].start: there is no such field; remove it, "
            "or use one of name, because, scope, from, to, expected",
            id="our own word for a field is not theirs",
        ),
        pytest.param(
            "    scope: {key: product-assistant}\n",
            "",
            "2: events[1]: scope is missing; add a line such as scope: {key: product-assistant}",
            id="an event for nobody in particular",
        ),
    ],
)
def test_a_broken_event_is_told_with_line_field_and_remedy(old: str, new: str, said: str) -> None:
    assert "\n".join(problems({FILE: changed(LAUNCH, old, new)})) == f"{FILE}:{said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "- name: x\n",
            "1: should be fields with values, such as rules:, events: or routes: with a list below",
            id="a list without a heading",
        ),
        pytest.param(
            "rules: none\n", "1: rules: should be a list, such as - name: ...", id="a word for a list"
        ),
        pytest.param(
            "rules:\n  name: x\n",
            "1: rules: should be a list, such as - name: ...",
            id="an entry without its dash",
        ),
        pytest.param(
            "#" * 250_001, "1: the file is larger than 250 kB; split it into several", id="a huge file"
        ),
        pytest.param(
            "é" * 125_001, "1: the file is larger than 250 kB; split it into several", id="huge in bytes"
        ),
        pytest.param(
            '"\\UFFFFFFFF"',
            r"1: an escape such as \U0010FFFF, or a number after %, is out of range in this file; correct it",
            id="an escape beyond all characters",
        ),
        pytest.param(
            "<<: x\n",
            "1: '<<': there is no such field; remove it, or use one of rules, events, routes",
            id="a merge",
        ),
        pytest.param(
            "*a",
            f'1: *a {ALIAS} "*a"',
            id="only an alias",
        ),
    ],
)
def test_a_file_that_is_no_rule_file_is_told_so(text: str, said: str) -> None:
    assert problems({FILE: text}) == [f"{FILE}:{said}"]


def test_every_problem_of_every_file_is_told_at_once_from_the_top_down() -> None:
    broken = changed(changed(CAP, "$500\n", "$5OO\n"), "per: key", "per: keys") + LAUNCH.replace("4x", "4")
    assert problems({"rules/b.yaml": "\t", "rules/a.yaml": broken, "rules/c.yaml": LAUNCH}) == [
        f"rules/a.yaml:5: rules[1].per: 'keys' is not one of {PER}; did you mean key?",
        f"rules/a.yaml:7: rules[1].above: '$5OO' {AMOUNT}",
        f"rules/a.yaml:16: events[1].expected: '4' {MULTIPLE}",
        "rules/b.yaml:1: a tab stands here; use spaces",
    ]


@pytest.mark.parametrize("name", ["no key spends", "No  KEY spends", "'no key spends '"])
def test_two_rules_never_share_a_name(name: str) -> None:
    first = CAP.replace("no key spends more than $500 in a day", "no key spends")
    second = first.replace("no key spends", name)
    [problem] = problems({"rules/a.yaml": first, "rules/b.yaml": second})
    assert problem.startswith("rules/b.yaml:2: rules[1].name: ")
    assert problem.endswith("is the name of another rule too (rules/a.yaml:2); choose another name")


def test_strange_field_names_cannot_break_the_lines_of_an_error() -> None:
    [problem] = problems({FILE: '"a\\nb\\e[31m' + "x" * 100 + '": 1\n'})
    assert problem.isprintable()
    assert len(problem) < 200


SIGNS = st.lists(
    st.sampled_from(
        [*"\n\n\t -:[]{}&*!|>'\"%@`#?,\\~$x0é\ufeff\x85\u2028", "rules: ", "- name: ", "---\n", '"\\U']
    )
).map("".join)


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(), SIGNS))
@example("%YAML " + "9" * 5000 + ".1\n---\na")
@example("[" * 300)
@example('"\\U00110000"')
@example("\ud800")
def test_no_text_raises_anything_but_a_rules_error(text: str) -> None:
    assert_told(text)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_damage_to_a_good_file_raises_anything_but_a_rules_error(data: st.DataObject) -> None:
    whole = CAP + LAUNCH
    at = data.draw(st.integers(0, len(whole)))
    until = data.draw(st.integers(at, min(len(whole), at + 20)))
    assert_told(whole[:at] + data.draw(st.one_of(st.text(max_size=5), SIGNS)) + whole[until:])


def assert_told(text: str) -> None:
    for problem in told(text):
        assert problem.startswith(f"{FILE}:")
        assert "\n" not in problem


def told(text: str) -> tuple[str, ...]:
    try:
        read({FILE: text})
    except RulesError as error:
        return error.problems or ("no problem",)
    return ()


RULE = "rules:\n  - name: r\n    because: Agreed.\n    per: key\n"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("", ["2: rules[1]: says nothing to watch for; add a line such as above: $500"]),
        (
            "    above: $5\n    below: $9\n    within: 1h\n",
            ["6: rules[1].below: cannot stand beside above; put both below all: or any:, or make two rules"],
        ),
        (
            "    above: $5\n",
            ["2: rules[1]: within is missing: above over how long? Add a line such as within: 24h"],
        ),
        (
            "    above: $5\n    within: 1h\n    against: expected\n",
            ["7: rules[1].against: goes with rises or falls, not with above; remove it"],
        ),
        (
            "    watch: cost\n    all: [{above: $5, within: 1h}]\n",
            [
                (
                    "5: rules[1].watch: goes with above, below, rises, falls, appears or disappears, "
                    "not with all; remove it, and write it inside all: instead"
                )
            ],
        ),
        (
            "    any:\n      - above: 5M\n        within: 1h\n",
            ["6: rules[1].any[1].above: '5M' should be in dollars, for cost; write it like $200 or $0.50"],
        ),
        (
            "    watch: cache read share\n    above: 150%\n    within: 1h\n",
            ["6: rules[1].above: can never be passed: a share is at most 100%; write less"],
        ),
        (
            "    watch: keys\n    above: 5\n    within: 1h\n",
            ["5: rules[1].watch: per key there is only one; count them per something else"],
        ),
        (
            "    above: $5\n    within: 1h\n    until: $9\n",
            ["7: rules[1].until: is more than above, so that it would be over at once; write less"],
        ),
        (
            "    budget: $5,000\n",
            [
                (
                    "5: rules[1].budget: '$5,000' is not a budget; "
                    "write it like $5,000 a month (or week, or day)"
                )
            ],
        ),
        (
            "    budget: $50 a day\n    burns: 9x\n    within: month to date\n",
            ["7: rules[1].within: the pace needs a length; write it like 6h"],
        ),
        (
            "    above: $5\n    within: 1h\n    mute: Sat,Sun Europe/Berln\n",
            ["7: rules[1].mute: 'Europe/Berln' is no time zone; did you mean Europe/Berlin?"],
        ),
        (
            "    above: $5\n    within: 1h\n    outside: Mon-Fri 07:30-20:00\n",
            ["7: rules[1].outside: '07:30-20:00' are no whole hours; write them like 07:00-20:00"],
        ),
        (
            "    watch: spending\n    above: $5\n    within: 1h\n",
            [f"5: rules[1].watch: 'spending' is not one of {', '.join(NAMES)}; did you mean cost?"],
        ),
        (
            "    above: $5\n    within: 1h\n    suppresses: [detections]\n",
            ["7: rules[1].suppresses[1]: no rule is called 'detections'; did you mean 'detection'?"],
        ),
        (
            "    above: $5\n    within: 1h\n    suppresses: R\n",
            ["7: rules[1].suppresses: 'r' suppresses this rule in turn, so that both are silent; remove one"],
        ),
        (
            "    above: $5\n    within: 1h\n    except: {}\n",
            [("7: rules[1].except: leaves everybody out; name whose spend does not count, or remove it")],
        ),
        (
            "    above: $5\n    within: 1h\n    route: ml\n",
            [
                (
                    "7: rules[1].route: 'ml' is nobody who can be told; write a channel in quotes "
                    'such as "#ml", an id such as C0123456789, an e-mail address, or owner'
                )
            ],
        ),
        (
            "    watch: keys\n    disappears: 3d\n",
            [
                "5: rules[1].watch: per key there is only one; count them per something else",
                (
                    "5: rules[1].watch: disappears asks for cost, tokens or requests, not keys; "
                    "watch one of these"
                ),
            ],
        ),
        (
            "    above: $5\n    within: 1h\n    severity: {warning: 40%}\n",
            [
                (
                    "7: rules[1].severity.warning: '40%' should be in dollars, for cost; "
                    "write it like $200 or $0.50"
                )
            ],
        ),
        (
            "    above: $5\n    within: 1h\n    examples: [{series: {a: {}}, expect: quiet}]\n",
            [("7: rules[1].examples[1].series.a: says no steps in one line; write them like 10x7 90")],
        ),
    ],
)
def test_fields_that_do_not_fit_together_are_told_where_they_stand(fields: str, said: list[str]) -> None:
    assert sorted(problems({FILE: RULE + fields})) == sorted(f"{FILE}:{one}" for one in said)


def test_rules_that_silence_one_another_are_refused() -> None:
    pair = "".join(
        f"  - {{name: {name}, because: b, per: key, above: $5, within: 1h, suppresses: {other}}}\n"
        for name, other in ("ab", "ba")
    )
    (said,) = problems({FILE: f"rules:\n{pair}"})
    assert "suppresses this rule in turn" in said


def test_no_more_mistakes_are_told_than_can_be_mended() -> None:
    said = problems({FILE: "rules:\n" + "  - x: 1\n" * 400})
    assert len(said) == 51
    assert said[-1].endswith("more; mend these first")
