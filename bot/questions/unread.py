"""What is thrown where words make no sense, before it is known which question would."""

from collections.abc import Sequence

from bot.questions.words import Word

_SHOWN = 60
ALL_WORDS = 1_000_000
"""As many words as no line has."""


class Unread(Exception):
    """Words [at, at + count) cannot be read; `better` may be written in their place, "" leaves them out."""

    def __init__(self, what: str, at: int, count: int = 1, better: str = "") -> None:
        super().__init__(what)
        self.what, self.at, self.count, self.better = what, at, count, better

    def mended(self, words: Sequence[Word]) -> str:
        """All the words with the better ones in place."""
        before, after = words[: self.at], words[self.at + self.count :]
        parts = (*(word.raw for word in before), self.better, *(word.raw for word in after))
        return " ".join(part for part in parts if part)


def shown(text: str) -> str:
    """Text as an error repeats it: in quotes and not endless."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")
