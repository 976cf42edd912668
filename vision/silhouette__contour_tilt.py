"""Pelvic tilt from the body's outline: a small network run by OpenCV.

The network was trained on rendered bodies whose pelvis is known (see
``vision/models/MODEL_CARD.md``). Its figures hold for renders; they do not prove accuracy
on people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.model_files import CONTOUR_MODEL, expected_sha256, read_model

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ContourReading:
    """What the network reads from one canonical crop.

    Attributes
    ----------
    tilt_deg
        Pelvic tilt against the crop's horizontal; positive = anterior.
    sd_deg
        Standard deviation of the error to expect, calibrated on held-out bodies so that
        ``tilt_deg`` plus or minus 1.645 of it holds the truth nine times in ten.
    loose_probability
        How likely the outline is that of loose clothing, 0..1.
    """

    tilt_deg: float
    sd_deg: float
    loose_probability: float


class ContourModel:
    """The shipped network. Calls take about two milliseconds and wait for one another."""

    def __init__(self) -> None:
        self.sha256 = expected_sha256(CONTOUR_MODEL)
        self._network = cv2.dnn.readNetFromONNX(np.frombuffer(read_model(CONTOUR_MODEL), np.uint8))
        self._lock = Lock()

    def read(self, crop: NDArray[np.float32]) -> ContourReading:
        """Estimate the tilt.

        Parameters
        ----------
        crop
            From :func:`vision.silhouette.canonical_crop`.
        """
        with self._lock:
            self._network.setInput(crop[np.newaxis, np.newaxis])
            tilt_deg, sd_deg, loose_probability = self._network.forward().ravel().tolist()
        return ContourReading(tilt_deg, sd_deg, loose_probability)


_loading = Lock()


def shared_model() -> ContourModel:
    """Return the process's one contour model, loaded when first asked for, by any thread."""
    with _loading:
        return _loaded_model()


@cache
def _loaded_model() -> ContourModel:
    return ContourModel()
