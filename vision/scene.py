"""What was found in one picture, on its way through the pipeline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision.pose.estimate import Joint, PoseEstimate
from vision.result import Capture, Facing, Method, Posture, TiltEstimate, VerticalSource
from vision.side_view import assess_posture, estimate_facing, estimate_yaw_deg, levelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.image.frame import Frame
    from vision.image.plumb import FoundPlumb

#: Half the width of a 90 % interval in standard deviations.
Z_90 = 1.645
#: What is left of camera roll, deg: of a hand-held camera thought to be level, and of a
#: plumb line marked by hand. One found in the scene brings its own.
ROLL_SD_DEG = {VerticalSource.ASSUMED: 1.0, VerticalSource.GIVEN: 0.3}
_NO_LINES = np.empty((0, 4), np.float32)


@dataclass(frozen=True, slots=True)
class Vertical:
    """The plumb direction in a picture.

    Attributes
    ----------
    source
        How it is known.
    roll_deg
        The camera's roll, + = turned clockwise; 0 where it is only assumed.
    sd_deg
        What is left of it, a standard deviation.
    lines_px
        Shape (n, 4): upper and lower ends of the lines it was read from, pixels of the
        working picture; empty unless it was found in the scene.
    """

    source: VerticalSource
    roll_deg: float
    sd_deg: float
    lines_px: NDArray[np.float32]


def given_vertical(roll_deg: float) -> Vertical:
    """Return the plumb direction that a person marked."""
    source = VerticalSource.GIVEN
    return Vertical(source, roll_deg, ROLL_SD_DEG[source], _NO_LINES)


def seen_vertical(found: FoundPlumb | None) -> Vertical:
    """Take the plumb direction from the scene where it shows one, else assume it."""
    if found is None:
        source = VerticalSource.ASSUMED
        return Vertical(source, 0.0, ROLL_SD_DEG[source], _NO_LINES)
    return Vertical(VerticalSource.FOUND, found.roll_deg, found.sd_deg, found.segments_px)


@dataclass(frozen=True, slots=True)
class Scene:
    """People in a picture, the first of whom is to be measured.

    Landmarks are in pixels of the working picture; what leaves is in those of the full one.

    Attributes
    ----------
    frame
        The picture.
    people
        Everyone found, largest first, as seen.
    level
        The first with plumb lines upright.
    facing, yaw_deg
        Of the first.
    vertical
        The plumb direction.
    """

    frame: Frame
    people: Sequence[PoseEstimate]
    level: PoseEstimate
    facing: Facing
    yaw_deg: float
    vertical: Vertical

    @property
    def pose(self) -> PoseEstimate:
        """The person to be measured, as seen."""
        return self.people[0]

    @property
    def trunk_px(self) -> float:
        """Hip to shoulder in pixels of the full picture."""
        return self.pose.trunk_px * self.frame.scale

    def to_full(self, xy_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return pixels of the full picture."""
        return xy_px * np.float32(self.frame.scale)

    def point_to_full(self, point: Point) -> tuple[float, float]:
        """Return one point in pixels of the full picture."""
        return float(point[0] * self.frame.scale), float(point[1] * self.frame.scale)

    def estimate(self, method: Method, angle_deg: float, sd_deg: float) -> TiltEstimate:
        """Return the tilt with its interval, what is left of camera roll included."""
        half_deg = Z_90 * math.hypot(sd_deg, self.vertical.sd_deg)
        return TiltEstimate(method, angle_deg, angle_deg - half_deg, angle_deg + half_deg)

    def posture(self) -> Posture:
        """Return what the rest of the body does."""
        inside = self.pose.is_inside(self.frame.working_px)
        return assess_posture(self.level, self.facing, inside)

    def capture(self) -> Capture:
        """Return how the photograph was taken."""
        return Capture(
            yaw_deg=self.yaw_deg,
            roll_deg=self.vertical.roll_deg,
            vertical=self.vertical.source,
            trunk_px=self.trunk_px,
            people=len(self.people),
            roll_sd_deg=self.vertical.sd_deg,
        )

    def landmarks(self) -> dict[str, tuple[float, float, float]]:
        """Return each landmark by name: x, y in pixels of the full picture, visibility."""
        xy = self.to_full(self.pose.xy_px).tolist()
        seen = self.pose.visibility.tolist()
        return {joint.name.lower(): (*xy[joint], seen[joint]) for joint in Joint}


def side_view(frame: Frame, people: Sequence[PoseEstimate], vertical: Vertical) -> Scene:
    """Return the scene with its first person seen level.

    ``people`` must hold at least one.
    """
    level = levelled(people[0], vertical.roll_deg)
    return Scene(
        frame=frame,
        people=people,
        level=level,
        facing=estimate_facing(level),
        yaw_deg=estimate_yaw_deg(level),
        vertical=vertical,
    )
