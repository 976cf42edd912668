"""Samples that nobody rendered: a drawn trunk with points that lie where they should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from synthetic.training.dataset import SIDE_FACTS, WIDE_PX, Sample
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Where hips and shoulders are in the picture.
HIP_PX, SHOULDER_PX = (300.0, 250.0), (305.0, 130.0)


def masks_of(number: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a trunk of a width of its own, and the same as another network might see it."""
    masks = np.zeros((2, WIDE_PX, WIDE_PX), np.uint8)
    middle = WIDE_PX // 2
    masks[0, 20:, middle - 40 - number : middle + 45] = 255
    masks[1, 15:, middle - 38 - number : middle + 42] = 255
    return masks[0], masks[1]


def truth(number: int) -> dict[str, Any]:
    """Return what the pipeline is not told."""
    facts = {name: float(index + number) for index, name in enumerate(SIDE_FACTS)}
    return {
        "tilt_deg": 12.5 + number,
        "shape_deg": 1.5 * number,
        "roll_deg": 1.0,
        "yaw_deg": 2.0 * number,
        "facing": "right",
        "fit": "loose" if number % 2 else "tight",
        "asis_px": [HIP_PX[0] + 25.0, HIP_PX[1] - 20.0],
        "psis_px": [HIP_PX[0] - 22.0, HIP_PX[1] - 27.0],
        "mid_asis_px": [HIP_PX[0] + 24.0, HIP_PX[1] - 20.0],
        "mid_psis_px": [HIP_PX[0] - 21.0, HIP_PX[1] - 27.0],
        **facts,
    }


def sample(number: int) -> Sample:
    """Return a sample; each number another."""
    rng = np.random.default_rng(number)
    xy_px = rng.random((33, 2)).astype(np.float32) * 100
    xy_px[[Joint.LEFT_HIP, Joint.RIGHT_HIP]] = HIP_PX
    xy_px[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]] = SHOULDER_PX
    wide, second = masks_of(number)
    return Sample(
        wide=wide,
        second=second,
        xy_px=xy_px,
        depth_px=rng.random(33, np.float32),
        world_m=rng.random((33, 3), np.float32),
        visibility=rng.random(33, np.float32),
        size_px=np.array([640, 480], np.int32),
        facing="right",
        truth=truth(number),
        jpeg=bytes(rng.integers(0, 256, 10 * number, np.uint8)),
    )
