"""Where the upper edge of the bottoms lies: a small network run by OpenCV.

A tucked top's edge and the hem of a short top that hangs over the trousers are one change of
colour each. What tells them apart, wrinkles, a step in the outline, a band, the height, is
learnt from rendered people (see ``vision/models/MODEL_CARD.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.belt.patch import COLUMNS, ROWS
from vision.model_files import BELT_MODEL, read_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.belt.patch import BeltPatch

#: L*, a*, b*, person, clear of the near arm, likeness to skin.
CHANNELS = 6
#: The map of chances is this many times coarser than the patch.
CELLS_PER_BIN = 2
MAP_ROWS, MAP_COLUMNS = ROWS // CELLS_PER_BIN, COLUMNS // CELLS_PER_BIN
#: CIE L*a*b* as OpenCV stores it in bytes.
_LAB_SCALE, _LAB_OFFSET = (2.55, 1.0, 1.0), (0.0, 128.0, 128.0)
#: The colours of one person's skin differ by 12 (CIE L*a*b*); shade changes L* most.
_SKIN_WEIGHTS = (np.float32(0.3 / 12), np.float32(1 / 12), np.float32(1 / 12))


@dataclass(frozen=True, slots=True)
class BeltReading:
    """What the network reads from one patch.

    Attributes
    ----------
    likelihood
        0..1: that the upper edge of the bottoms shows.
    error_deg
        How far its angle is off, on average.
    chance
        Shape (``MAP_ROWS``, ``MAP_COLUMNS``), 0..1: in each column, how likely the edge lies
        in each bin of two rows, if it shows; sums to 1 down each column between its ends,
        and to 0 beyond.
    """

    likelihood: float
    error_deg: float
    chance: NDArray[np.float32]


def network_input(patch: BeltPatch) -> NDArray[np.float32]:
    """Return what the network looks at, shape (``CHANNELS``, ``ROWS``, ``COLUMNS``), 0..255."""
    planes = np.empty((CHANNELS, ROWS, COLUMNS), np.float32)
    lab = [np.asarray(plane, np.float32) for plane in cv2.split(patch.lab)]
    for plane, values, scale, offset in zip(planes, lab, _LAB_SCALE, _LAB_OFFSET, strict=False):
        np.add(values * np.float32(scale), np.float32(offset), out=plane)
    planes[3] = 255.0 * patch.solid
    planes[4] = 255.0 * patch.clear
    planes[5] = 255.0 * _likeness_to_skin(lab, patch.skin_rgb)
    return planes


def _likeness_to_skin(
    lab: Sequence[NDArray[np.float32]], skin_rgb: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how like the face's or the hand's each cell's colour is, 0..1.

    Plane by plane, which takes a fraction of the time that cells of three values take.
    """
    likeness = np.zeros((ROWS, COLUMNS), np.float32)
    if len(skin_rgb):
        for colour in cv2.cvtColor(skin_rgb[None] / np.float32(255), cv2.COLOR_RGB2LAB)[0]:
            apart = sum(
                (((plane - value) * weight) ** 2)
                for plane, value, weight in zip(lab, colour, _SKIN_WEIGHTS, strict=True)
            )
            likeness = np.maximum(likeness, 1 / (1 + apart))
    return np.asarray(likeness, np.float32)


class BeltNetwork:
    """The shipped network. Calls take about a millisecond and wait for one another."""

    def __init__(self) -> None:
        self._network = cv2.dnn.readNetFromONNX(np.frombuffer(read_model(BELT_MODEL), np.uint8))
        self._lock = Lock()

    def read(self, patch: BeltPatch) -> BeltReading:
        """Tell whether the edge shows, and where."""
        with self._lock:
            self._network.setInput(network_input(patch)[np.newaxis])
            answer = self._network.forward().ravel()
        chance = answer[2:].reshape(MAP_ROWS, MAP_COLUMNS)
        return BeltReading(float(answer[0]), float(answer[1]), np.array(chance, np.float32))


_loading = Lock()


def shared_network() -> BeltNetwork:
    """Return the process's one belt network, loaded when first asked for, by any thread."""
    with _loading:
        return _loaded_network()


@cache
def _loaded_network() -> BeltNetwork:
    return BeltNetwork()
