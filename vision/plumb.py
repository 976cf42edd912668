"""Find the camera's roll from what is plumb in the scene behind the person.

Door frames, wall edges, shelves and windows show the plumb line. A camera that also looks
up or down makes plumb lines converge, so roll and convergence are fitted together: for a
pinhole camera whose optical axis meets the picture at the origin, a plumb line leans by

    angle = roll - convergence * distance,

where ``distance`` is how far to the right the line passes by the origin and
``convergence`` is tan(pitch) over the focal length. (Plumb lines meet at the point
(sin roll, cos roll) / convergence, y down; to first order in the angles, a line through it
leans by just that.)

The roll asked for is the one at the optical axis, taken to lie in the picture's middle,
and not the lean of a plumb line drawn through the person. The tilt is that of a line which
is nearly level and runs across the view, and pitch does not turn such lines: they show the
camera's roll wherever they are, while the plumb lines beside the axis lean away from it.
In a cropped picture the axis lies elsewhere, more likely near the person at whom the camera
was aimed; that doubt goes into the standard deviation.

Things that lean can agree with one another too. So what is found must also fit the person,
who stands on both feet and therefore in balance, and one thing on its own is believed only
when it says that the camera is about level. No single place may carry the answer either:
the standard deviation is at least the most by which leaving one out moves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import roll_from_plumb_deg
from vision.plumb__plumb_fit import MAX_ROLL_DEG, best_fit, in_order
from vision.plumb__plumb_lines import find_lines, off_people
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.plumb__plumb_fit import Fit, Lines
    from vision.pose.estimate import PoseEstimate

__all__ = ["MAX_ROLL_DEG", "FoundPlumb", "find_plumb"]

#: What all lines of a scene may share: a house out of plumb, a lens that bends; deg.
_COMMON_SD_DEG = 0.2
#: Total length of the agreeing lines at different places, in heights of the picture, and
#: by how much it must grow with each degree of roll.
_MIN_SUPPORT, _MORE_SUPPORT_PER_DEG = 0.4, 0.1
#: Share of the nearly upright lines' length that must agree.
_MIN_SHARE = 0.45
#: Extent of the lines' places, in widths of the picture: in general, and for anything
#: over the roll that one thing alone may tell.
_MIN_EXTENT, _WIDE_EXTENT = 0.12, 0.4
_ONE_THING_DEG = 2.0
#: Most that roll and the person's own axis may differ by, in general, and when one thing
#: alone tells the roll; rendered people stand 2.1 deg (SD) off balance.
_BALANCE_DEG, _ONE_THING_BALANCE_DEG = 4.0, 3.0
#: A less certain answer is of no use: a camera thought level is so to 1 deg.
_MAX_SD_DEG = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class FoundPlumb:
    """The camera's roll as the scene shows it.

    Attributes
    ----------
    roll_deg
        + = the camera was turned clockwise, as in
        :func:`vision.geometry.roll_from_plumb_deg`; at the picture's middle column.
    sd_deg
        Its standard deviation.
    segments_px
        Shape (n, 4), float32: x and y of the upper and of the lower end of each line
        taken for plumb, pixels of the picture given.
    """

    roll_deg: float
    sd_deg: float
    segments_px: NDArray[np.float32]


def find_plumb(
    rgb: NDArray[np.uint8],
    people: Sequence[PoseEstimate],
    lines_px: NDArray[np.float64] | None = None,
) -> FoundPlumb | None:
    """Find the camera's roll, or None where the scene does not show it beyond doubt.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the people were found.
    people
        The measured person first. All are left out of the scene, and the first one must
        stand in balance under the answer: without anyone there is none.
    lines_px
        What :func:`vision.plumb__plumb_lines.find_lines` returns for the picture, where that has
        been asked already.
    """
    height, width = rgb.shape[:2]
    if not people:
        return None
    segments = off_people(find_lines(rgb) if lines_px is None else lines_px, people)
    if len(segments) < 2:
        return None
    segments, lines = in_order(segments, width, height)
    fit = best_fit(lines)
    if fit is None or not _is_supported(fit, lines):
        return None
    extent = float(np.ptp(lines.distance[fit.chosen])) * max(width, height) / width
    off_balance_deg = abs(fit.roll_deg - _axis_deg(people[0]))
    if not _is_plausible(abs(fit.roll_deg), off_balance_deg, extent):
        return None
    off_axis = abs(float(people[0].mid_hip_px[0]) - width / 2) / max(width, height)
    doubt_deg = fit.convergence_deg * (0.02 + off_axis / 2)
    sd_deg = math.hypot(fit.sd_deg, doubt_deg, _COMMON_SD_DEG)
    if sd_deg > _MAX_SD_DEG:
        return None
    return FoundPlumb(fit.roll_deg, sd_deg, segments[fit.chosen].astype(np.float32))


def _is_supported(fit: Fit, lines: Lines) -> bool:
    """Tell whether too many lines agree for an accident; more must for a larger roll."""
    support = lines.support(fit.chosen.astype(float))
    least = _MIN_SUPPORT + _MORE_SUPPORT_PER_DEG * abs(fit.roll_deg)
    every = lines.support(np.ones(len(lines.length)))
    return bool(support >= least and support >= _MIN_SHARE * every)


def _is_plausible(roll_deg: float, off_balance_deg: float, extent: float) -> bool:
    """Tell whether plumb lines over this extent, in widths, may say so; sizes of angles."""
    if extent >= _WIDE_EXTENT:
        return roll_deg <= MAX_ROLL_DEG and off_balance_deg <= _BALANCE_DEG
    one_thing = roll_deg <= _ONE_THING_DEG and off_balance_deg <= _ONE_THING_BALANCE_DEG
    return one_thing and extent >= _MIN_EXTENT


def _axis_deg(pose: PoseEstimate) -> float:
    """Return the roll that the person's own axis suggests: feet below head and trunk."""
    feet = pose.xy_px[Joint.LEFT_ANKLE :].mean(axis=0)
    ears = pose.midpoint_px(Joint.LEFT_EAR, Joint.RIGHT_EAR)
    above = (ears + pose.mid_shoulder_px + pose.mid_hip_px) / 3
    return roll_from_plumb_deg(feet, above)
