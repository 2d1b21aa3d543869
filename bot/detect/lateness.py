"""How much of what an organisation reports comes late: first seen too low, and corrected upwards."""

from dataclasses import dataclass, field

import numpy as np

from bot.detect.robust import Floats

LOOKS = 4
_OFTEN = 0.003


@dataclass(frozen=True, slots=True)
class Lateness:
    """Shares of the cells of the last weeks.

    `grew` were corrected upwards by more than a little; `silent[n]` were as good as silent for more than n
    looks (n from 0 to 3), and spend once they are corrected.
    """

    grew: float = 0.0
    silent: Floats = field(default_factory=lambda: np.zeros(LOOKS))

    @property
    def is_common(self) -> bool:
        """Whether first sights are often too low."""
        return self.grew > _OFTEN
