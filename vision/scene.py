"""What was found in one picture, on its way through the pipeline.

And what a side view shows beside the tilt: facing, yaw, and how the rest of the body stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from vision.geometry import hinge_deg, lean_deg, level_points
from vision.marks.lens import find_lens
from vision.pose.estimate import Joint, PoseEstimate, side_joints
from vision.result import (
    BONES_SD_DEG,
    Capture,
    Doubt,
    Facing,
    Lens,
    Method,
    Posture,
    TiltEstimate,
    VerticalSource,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.image.frame import Frame
    from vision.image.plumb import Convergence, FoundPlumb

#: What is left of camera roll, deg: of a hand-held camera thought to be level, and of a
#: plumb line marked by hand. One found in the scene brings its own.
ROLL_SD_DEG = {VerticalSource.ASSUMED: 1.0, VerticalSource.GIVEN: 0.3}
#: Pairs (back, front) whose order along x tells the facing: the feet, which cannot point
#: anywhere else in relaxed standing, and the face.
_BACK_TO_FRONT = (
    (Joint.LEFT_HEEL, Joint.LEFT_FOOT_INDEX),
    (Joint.RIGHT_HEEL, Joint.RIGHT_FOOT_INDEX),
    (Joint.LEFT_EAR, Joint.NOSE),
    (Joint.RIGHT_EAR, Joint.NOSE),
)
_SHOULDERS_AND_HIPS = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
)
#: Weights of :func:`side_spread` and an offset that give the sine of the yaw; fitted by
#: ``python -m synthetic.evaluate.fit_yaw`` on rendered bodies turned by up to 60 deg.
_YAW_WEIGHTS = np.array([0.705, 0.285, 0.113, 0.541])
_YAW_OFFSET = -0.103
#: Below this MediaPipe places a landmark by guesswork.
MIN_VISIBILITY = 0.5
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
    convergence
        Of those lines, where they show it.
    """

    source: VerticalSource
    roll_deg: float
    sd_deg: float
    lines_px: NDArray[np.float32]
    convergence: Convergence | None = None


def given_vertical(roll_deg: float, found: FoundPlumb | None = None) -> Vertical:
    """Return the plumb direction that a person marked; how lines converge is still seen."""
    source = VerticalSource.GIVEN
    converging = None if found is None else found.convergence
    return Vertical(source, roll_deg, ROLL_SD_DEG[source], _NO_LINES, converging)


def seen_vertical(found: FoundPlumb | None) -> Vertical:
    """Take the plumb direction from the scene where it shows one, else assume it."""
    if found is None:
        source = VerticalSource.ASSUMED
        return Vertical(source, 0.0, ROLL_SD_DEG[source], _NO_LINES)
    return Vertical(
        VerticalSource.FOUND, found.roll_deg, found.sd_deg, found.segments_px, found.convergence
    )


class Choice(StrEnum):
    """How the person to be measured was found among others."""

    LARGEST = "largest"
    CHOSEN = "chosen"
    #: Chosen, but somebody of similar size touches the person or stands too close.
    TOUCHED = "touched"


@dataclass(frozen=True, slots=True)
class Scene:
    """People in a picture, the first of whom is to be measured.

    Landmarks are in pixels of the working picture; what leaves is in those of the full one.

    Attributes
    ----------
    frame
        The picture; of somebody who was chosen among others, without these.
    people
        Everyone found, as seen: whom to measure, then the others, largest first.
    level
        The first with plumb lines upright.
    facing, yaw_deg
        Of the first.
    vertical
        The plumb direction.
    lens
        Where the lens was.
    choice
        How the first was found.
    """

    frame: Frame
    people: Sequence[PoseEstimate]
    level: PoseEstimate
    facing: Facing
    yaw_deg: float
    vertical: Vertical
    lens: Lens
    choice: Choice = Choice.LARGEST

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
        """Return the tilt with its doubt.

        Parameters
        ----------
        method
            Where the number comes from; of a contour, the shape of the bones is not known.
        angle_deg
            Positive = anterior.
        sd_deg
            Of reading or placing alone; what is left of camera roll is added here.
        """
        bones_deg = BONES_SD_DEG if method is Method.CONTOUR else 0.0
        return TiltEstimate(method, angle_deg, Doubt(sd_deg, self.vertical.sd_deg, bones_deg))

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
            lens=self.lens,
        )

    def landmarks(self) -> dict[str, tuple[float, float, float]]:
        """Return each landmark by name: x, y in pixels of the full picture, visibility."""
        xy = self.to_full(self.pose.xy_px).tolist()
        seen = self.pose.visibility.tolist()
        return {joint.name.lower(): (*xy[joint], seen[joint]) for joint in Joint}


def side_view(
    frame: Frame,
    people: Sequence[PoseEstimate],
    vertical: Vertical,
    choice: Choice = Choice.LARGEST,
) -> Scene:
    """Return the scene with its first person seen level.

    ``people`` must hold at least one.
    """
    level = levelled(people[0], vertical.roll_deg)
    facing = estimate_facing(level)
    return Scene(
        frame=frame,
        people=people,
        level=level,
        facing=facing,
        yaw_deg=estimate_yaw_deg(level),
        vertical=vertical,
        lens=find_lens(frame, people[0], facing, vertical.convergence),
        choice=choice,
    )


def estimate_facing(pose: PoseEstimate) -> Facing:
    """Return which edge of the picture the person looks towards.

    Feet and face vote with their length in the picture, so that a foot hidden behind the
    other or a head turned to the camera counts for little.
    """
    forward_px = sum(
        float(pose.xy_px[front, 0] - pose.xy_px[back, 0]) for back, front in _BACK_TO_FRONT
    )
    return Facing.RIGHT if forward_px > 0 else Facing.LEFT


def levelled(pose: PoseEstimate, roll_deg: float) -> PoseEstimate:
    """Return the pose with its landmarks turned so that plumb lines are upright.

    The mask is left as it is; :mod:`vision.silhouette` turns it while cropping.
    """
    if roll_deg == 0.0:
        return pose
    return replace(pose, xy_px=level_points(pose.xy_px, roll_deg, pose.mid_hip_px))


def side_spread(pose: PoseEstimate) -> NDArray[np.float64]:
    """Return how far left and right body side lie apart across the picture.

    Returns
    -------
    numpy.ndarray
        Shape (4,): shoulders and hips in the picture, then shoulders and hips in the
        estimated 3D pose, as shares of the trunk's length. About zero in a true side view;
        positive when the body's front is turned towards the camera.
    """
    shoulders, hips = _SHOULDERS_AND_HIPS
    trunk_m = np.linalg.norm(
        pose.world_m[list(shoulders)].mean(axis=0) - pose.world_m[list(hips)].mean(axis=0)
    )
    spread = []
    for points, trunk in ((pose.xy_px, pose.trunk_px), (pose.world_m, trunk_m)):
        for left, right in _SHOULDERS_AND_HIPS:
            spread.append(float(points[left, 0] - points[right, 0]) / max(float(trunk), 1e-3))
    return np.array(spread)


def estimate_yaw_deg(pose: PoseEstimate) -> float:
    """Estimate how far the body is turned away from true side-on, 0..90 deg."""
    return abs(estimate_signed_yaw_deg(pose))


def estimate_signed_yaw_deg(pose: PoseEstimate) -> float:
    """Estimate the yaw, -90..90 deg; + = the body's front is turned towards the camera."""
    sine = float(side_spread(pose) @ _YAW_WEIGHTS) + _YAW_OFFSET
    return float(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


def assess_posture(pose: PoseEstimate, facing: Facing, inside: NDArray[np.bool_]) -> Posture:
    """Measure lean, sway, knee and head from the landmarks of a side view.

    Parameters
    ----------
    pose
        Landmarks with plumb lines upright (see :func:`levelled`).
    facing
        Which way the person looks.
    inside
        Shape (33,): whether each landmark was found inside the picture; those outside are
        guesses and not used.

    Returns
    -------
    Posture
        Definitions and signs there; a number is None when a landmark it needs is not seen.
    """
    seen = inside & (pose.visibility >= MIN_VISIBILITY)
    sign = facing.front_sign
    parts = "ear", "shoulder", "hip", "knee", "ankle"
    ear, shoulder, hip, knee, ankle = (_middle_or_visible(pose, part, seen) for part in parts)
    trunk_lean = hip_sway = knee_angle = head_forward = None
    if hip is not None and shoulder is not None:
        trunk_lean = lean_deg(hip, shoulder, sign)
    if shoulder is not None and ear is not None:
        head_forward = lean_deg(shoulder, ear, sign)
    if hip is not None and knee is not None and ankle is not None:
        knee_angle = hinge_deg(hip, knee, ankle, sign)
        leg_px = float(np.hypot(*(hip - knee)) + np.hypot(*(knee - ankle)))
        if leg_px > 0:
            hip_sway = sign * float(hip[0] - ankle[0]) / leg_px * 100
    return Posture(trunk_lean, hip_sway, knee_angle, head_forward)


def _middle_or_visible(
    pose: PoseEstimate, part: str, seen: NDArray[np.bool_]
) -> NDArray[np.float32] | None:
    """Return the middle of a left-right pair, the only one seen, or None."""
    pair = [joint for side in Facing for joint in side_joints(side, part)]
    found = [pose.xy_px[joint] for joint in pair if seen[joint]]
    return np.mean(found, axis=0, dtype=np.float32) if found else None
