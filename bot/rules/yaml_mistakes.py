"""What PyYAML says of broken text, in words that name the line to mend and the remedy."""

from typing import Final

from yaml.error import Mark, MarkedYAMLError
from yaml.reader import ReaderError

_UNCLOSED: Final = "this {} is never closed; {}"
_QUOTES: Final = 'put the text in quotes: "..."'
_REMEDIES: Final = (
    # a part of what PyYAML says, and what we say
    ("cannot start any token", f"text cannot start with this character; {_QUOTES}"),
    ("mapping values are not allowed", f"there is one colon too many, or wrong indentation; {_QUOTES}"),
    ("scanning an alias", f"text cannot start with *; {_QUOTES}"),
    ("scanning an anchor", f"text cannot start with &; {_QUOTES}"),
    ("scanning a tag", f"text cannot start with !; {_QUOTES}"),
    ("unknown escape character", r"a backslash in double quotes must be written twice: \\"),
    ("found '<scalar>'", f"text goes on after the value has ended; {_QUOTES}"),
    ("expected '<document start>'", "this does not belong to what stands above; line up the indentation"),
    ("sequence entries are not allowed", "a list cannot start here; put it on the next line, indented"),
    ("chomping or indentation", "text after | or > goes on the next line, indented"),
    ("expected <block end>", "the indentation does not fit; line up the fields of one entry"),
    ("the node content", "a value or a bracket is missing; close what is open or remove what is too much"),
)
_BEGUN: Final = (
    # told for the line where it began, not for the one where the reader gave up
    ("scanning a simple key", "a colon is missing after the field name; write name: value"),
    ("scanning a quoted scalar", _UNCLOSED.format("quote", "end the text with the same one")),
    ("scanning a double-quoted scalar", _UNCLOSED.format("quote", "end the text with the same one")),
    ("parsing a flow mapping", _UNCLOSED.format("{", "end the fields with }")),
    ("parsing a flow sequence", _UNCLOSED.format("[", "end the list with ]")),
)
_NO_END: Final = (
    "could not find expected ':'",
    "expected ',' or",
    "unexpected end of stream",
    "unexpected document separator",
)


class Mistake(Exception):
    """The text cannot be read on from `line`; the message ends with the remedy."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def of_exception(error: Exception, text: str) -> tuple[int, str]:
    """The line (from 1) and the sentence for whatever PyYAML raised on `text`."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return line, "a character that cannot be shown stands here; remove it"
    if isinstance(error, MarkedYAMLError) and (mark := error.problem_mark) is not None:
        return _of_marked(error, mark, text)
    return 1, r"an escape such as \U0010FFFF, or a number after %, is out of range in this file; correct it"


def _of_marked(error: MarkedYAMLError, mark: Mark, text: str) -> tuple[int, str]:
    said = f"{error.context or ''} {error.problem or ''}"
    if text[mark.index : mark.index + 1] == "\t":
        return mark.line + 1, "a tab stands here; use spaces"
    if error.context_mark is not None and any(end in said for end in _NO_END):
        for sign, sentence in _BEGUN:
            if sign in said:
                return error.context_mark.line + 1, sentence
    for sign, sentence in _REMEDIES:
        if sign in said:
            return mark.line + 1, sentence
    return mark.line + 1, f"this is not YAML ({error.problem}); correct this line"
