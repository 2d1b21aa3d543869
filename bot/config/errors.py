"""What loading may raise."""

from collections.abc import Sequence


class ConfigError(Exception):
    """The configuration is wrong. One sentence a problem, each with its place and remedy, never a secret."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
