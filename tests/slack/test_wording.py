import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.wording import bare, code, plain, prose, shorten

_HOSTILE = st.text(max_size=500) | st.text(alphabet="<>&`*_~:@!|^{}here channel\u202e\u200b\n", max_size=500)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("ci-eval", "`ci-eval`", id="an ordinary name is left alone"),
        pytest.param("<!channel>", "`&lt;!channel&gt;`", id="a broadcast is escaped"),
        pytest.param("a&b", "`a&amp;b`", id="an ampersand is escaped once"),
        pytest.param("`rm`", "`rm`", id="backticks cannot end the code"),
        pytest.param("*bold* _it_", "`*bold* _it_`", id="formatting is dead inside code"),
        pytest.param("a\u202egnp.exe", "`agnp.exe`", id="direction overrides are dropped"),
        pytest.param("line\none\ttwo\x1b[31m", "`line one two[31m`", id="controls are dropped, lines joined"),
        pytest.param(
            "\u05de\u05e4\u05ea\u05d7", "`\u2068\u05de\u05e4\u05ea\u05d7\u2069`", id="Hebrew is isolated"
        ),
        pytest.param("\u200b", "`(unnamed)`", id="a name nobody can see is said to be unnamed"),
        pytest.param("```", "`(unnamed)`", id="a name of backticks alone is said to be unnamed"),
        pytest.param("🤖 bot", "`🤖 bot`", id="emoji stay"),
        pytest.param("x" * 500, f"`{'x' * 30}…{'x' * 29}`", id="a long name loses its middle"),
    ],
)
def test_a_name_as_code(name: str, shown: str) -> None:
    assert code(name) == shown


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        pytest.param("9x more, 91% -> 3%.", "9x more, 91% -&gt; 3%.", id="figures stay as they are"),
        pytest.param("*bold* _it_ ~no~", "\u2217bold\u2217 \u02cdit\u02cd \u223cno\u223c", id="formatting"),
        pytest.param(
            "claude_code_review", "claude_code_review", id="underscores inside a word format nothing"
        ),
        pytest.param(":fire: at 10:30:45", "\u2236fire: at 10:30:45", id="emoji codes, but not times"),
        pytest.param(
            "@here @Channel a@here.example", "\uff20here \uff20Channel a@here.example", id="broadcasts"
        ),
        pytest.param("`code`", "'code'", id="backticks"),
    ],
)
def test_a_sentence_formats_nothing(sentence: str, shown: str) -> None:
    assert prose(sentence) == shown


def test_a_long_sentence_loses_whole_words_from_its_middle() -> None:
    shown = prose(f"spent $412.00 on {'word ' * 200}and now $84.20/h")
    assert shown.startswith("spent $412.00 on word")
    assert " … " in shown
    assert shown.endswith("and now $84.20/h")
    assert len(shown) <= 500


def test_a_header_shows_a_mention_as_what_it_is_not() -> None:
    assert plain("<!channel> <3") == "\u2039!channel> <3"


def test_both_ends_of_a_shortened_name_stay() -> None:
    assert shorten("team-search-evaluation-nightly-eu-1", 12) == "team-s…-eu-1"


@given(_HOSTILE)
def test_nothing_a_person_can_type_becomes_a_command(words: str) -> None:
    for shown in (code(words), prose(words), bare(words)):
        assert not re.search(r"[<>\n\x1b\u202e]|&(?!amp;|lt;|gt;)", shown)
    assert code(words).count("`") == 2
    assert "`" not in prose(words)
    assert not re.search(r"(?<!\w)[*~]\w", prose(words))
    assert len(plain(words)) <= 62
