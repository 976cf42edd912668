"""Where ASIS and PSIS are on the body model, and the tilt of the line between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The bony points on the default body, (|x|, z) in metres in the frame of its unposed
#: vertices (the hip joint is at z = 0.039): ASIS on the front surface, PSIS on the back.
ASIS_XZ_M = (0.105, 0.102)
PSIS_XZ_M = (0.045, 0.132)

#: The triangle and barycentric weights that hold each point, left then right. Frozen: the
#: zero of every angle hangs on them (one ring of vertices further is up to 8 deg).
ASIS_VERTICES: NDArray[np.intp] = np.array([[10915, 10955, 10918], [4302, 4347, 4305]])
ASIS_WEIGHTS: NDArray[np.float64] = np.tile([0.70052688, 0.06910167, 0.23037145], (2, 1))
PSIS_VERTICES: NDArray[np.intp] = np.array([[10799, 10798, 10976], [4176, 4175, 4374]])
PSIS_WEIGHTS: NDArray[np.float64] = np.tile([0.61927834, 0.24478111, 0.13594055], (2, 1))


@dataclass(frozen=True, slots=True)
class PelvicPoints:
    """The four bony points of a body, metres, body axes (x left, y back, z up).

    Attributes
    ----------
    asis, psis
        Shape (2, 3): the person's left, then right.
    """

    asis: NDArray[np.float64]
    psis: NDArray[np.float64]

    @property
    def tilt_deg(self) -> float:
        """Angle of the mid-line PSIS to ASIS against the horizontal; + = ASIS lower."""
        asis, psis = self.asis.mean(0), self.psis.mean(0)
        return math.degrees(math.atan2(psis[2] - asis[2], psis[1] - asis[1]))

    @property
    def middle(self) -> NDArray[np.float64]:
        """The point between all four, shape (3,)."""
        middle: NDArray[np.float64] = (self.asis.mean(0) + self.psis.mean(0)) / 2
        return middle


def pelvic_points(vertices: NDArray[np.float32]) -> PelvicPoints:
    """Return the bony points of a body given its vertices, shape (V, 3), m."""
    asis = np.einsum("sk,skc->sc", ASIS_WEIGHTS, vertices[ASIS_VERTICES].astype(np.float64))
    psis = np.einsum("sk,skc->sc", PSIS_WEIGHTS, vertices[PSIS_VERTICES].astype(np.float64))
    return PelvicPoints(asis, psis)
