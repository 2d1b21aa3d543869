"""The demo's calendar: 104 days of history, then 21 story days."""

from datetime import UTC, datetime
from typing import Final

HISTORY_START: Final = datetime(2026, 7, 1, tzinfo=UTC)
STORY_START: Final = datetime(2026, 10, 13, tzinfo=UTC)
"""A Tuesday: whatever happens on weekends depends on it."""
STORY_END: Final = datetime(2026, 11, 3, tzinfo=UTC)
