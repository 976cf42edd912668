"""Several numbers over time, each steadied by the median of its last moments."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Two odd pictures in five do no harm at 15 pictures a second, one in three at 10.
_WITHIN_MS = 280.0


class Medians:
    """The median over the last quarter of a second.

    Parameters
    ----------
    within_ms
        Over how long.
    """

    def __init__(self, within_ms: float = _WITHIN_MS) -> None:
        self._within_ms = within_ms
        self._seen: deque[tuple[float, NDArray[np.float64]]] = deque()

    def reset(self) -> None:
        """Begin anew."""
        self._seen.clear()

    def add(self, t_ms: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take the next values, shape (n,), and return what they are without outliers."""
        self._seen.append((t_ms, values))
        while self._seen[0][0] <= t_ms - self._within_ms:
            self._seen.popleft()
        return np.asarray(np.median([seen for _, seen in self._seen], axis=0), np.float64)
