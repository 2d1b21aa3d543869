"""How urgently somebody should look."""

from enum import StrEnum


class Severity(StrEnum):
    """Words people can read without colour, mildest first."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Severity).index(self)
