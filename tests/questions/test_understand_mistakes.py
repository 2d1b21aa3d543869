"""What is not understood names the word, and offers the nearest question that works."""

import pytest

from bot.facts.trouble import Trouble
from bot.questions.question import Misunderstood
from tests.questions.asked import refusal


@pytest.mark.parametrize(
    ("words", "word", "instead"),
    [
        pytest.param("opsu yesterday by key", "'opsu'", "opus yesterday by key", id="a slip in a name"),
        pytest.param("yesterdy", "'yesterdy'", "yesterday", id="a letter left out"),
        pytest.param("today modle", "'modle'", "today model", id="two letters swapped"),
        pytest.param("today keyes", "'keyes'", "today keys", id="a letter too many"),
        pytest.param(
            "yesterdy by modle for opsu", "'yesterdy'", "yesterday by model for opus", id="all slips"
        ),
        pytest.param("ci-evl", "'ci-evl'", "ci-eval", id="a whole name"),
        pytest.param("tomorow", "'tomorow'", "today", id="a slip in a word that does not work either"),
        pytest.param("today qqq", "'qqq'", "today", id="nothing like it"),
        pytest.param("qqq", "'qqq'", "today by key", id="nothing else"),
        pytest.param("a b c d e f g h i j k", "'b'", "today by key", id="nothing of it"),
        pytest.param("today <!channel>", "'<!channel>'", "today", id="nobody is called"),
        pytest.param("today <@U0ADA>", "'<@U0ADA>'", "today", id="who is not known by name"),
        pytest.param("*yesterday*", "'*yesterday*'", "yesterday", id="bold words"),
        pytest.param('"yesterday by key"', "'\"yesterday by key\"'", "yesterday by key", id="all in quotes"),
        pytest.param("forecast by team", "'forecast'", "month by team", id="another word for a period"),
        pytest.param("5 keys", "'5'", "top 5 keys", id="a number alone"),
        pytest.param("top 0", "0 lines", "top 1", id="no lines"),
        pytest.param("top 1000 models", "1000 lines", "top 100 models", id="too many lines"),
        pytest.param("yesterday by day", "not by day", "yesterday", id="a split that there is not"),
        pytest.param("rules incidents", "rules and incidents are two questions", "rules", id="two questions"),
        pytest.param("compare today today", "the same period", "compare today", id="a period with itself"),
        pytest.param(
            "compare today yesterday monday",
            "only two periods",
            "compare today yesterday",
            id="three periods",
        ),
        pytest.param("over $50", "'over'", "today by key", id="amounts"),
        pytest.param("disable key ci-eval", "'disable'", "key ci-eval", id="what cannot be done in words"),
        pytest.param("yesterday " * 61, "more than 60 words", "today by key", id="too many words"),
        pytest.param("y" * 3000, "more than 2000 characters", "today by key", id="too many letters"),
    ],
)
def test_a_mistake_is_met_with_the_nearest(words: str, word: str, instead: str) -> None:
    error = refusal(words)
    assert word in str(error)
    assert str(error).endswith(f"; try: {instead}")
    assert error.instead == instead


def test_the_message_is_one_line_and_not_endless() -> None:
    said = str(refusal("today " + "x" * 1000))
    assert "\n" not in said
    assert len(said) < 200


def test_it_is_trouble_that_a_person_can_understand() -> None:
    assert issubclass(Misunderstood, Trouble)
