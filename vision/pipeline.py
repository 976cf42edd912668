"""The one pipeline, from a picture to a measurement or to the reasons why there is none.

Screen, command line, live video and batch all come through here.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from vision._version import __version__
from vision.closer_look import look_closer
from vision.contour_tilt import shared_model
from vision.frame import Frame, as_frame
from vision.light import assess_light
from vision.marked_tilt import (
    PointsError,
    check_points,
    measure_marked_deg,
    roll_of_vertical_deg,
)
from vision.mediapipe_pose import shared_estimator
from vision.model_files import CONTOUR_MODEL, POSE_BUNDLE, expected_sha256
from vision.pose import Joint, PoseEstimate
from vision.posture import assess_posture
from vision.quality import SIMILAR_SIZE, View, assess_quality
from vision.reasons import refusal, warning
from vision.result import (
    BonyPoints,
    Capture,
    Facing,
    Measured,
    Method,
    Posture,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    TiltEstimate,
    VerticalSource,
)
from vision.side_view import estimate_facing, estimate_yaw_deg, levelled
from vision.silhouette import canonical_crop, outline_px

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.contour_tilt import ContourReading
    from vision.light import Light

Segment: TypeAlias = tuple[tuple[float, float], tuple[float, float]]

#: Half the width of a 90 % interval in standard deviations.
Z_90 = 1.645
#: What is left of camera roll, deg: of a hand-held camera thought to be level, and of a
#: plumb line marked by hand.
ROLL_SD_DEG = {VerticalSource.ASSUMED: 1.0, VerticalSource.GIVEN: 0.3}
#: Marked points further than this from the hips, in trunk lengths, are on something else.
_PELVIS_REACH_TRUNKS = 0.7
#: No standing pelvis tilts further; swapped points give about 180 deg.
_MAX_MARKED_TILT_DEG = 60.0
_LOOSE_ABOVE = 0.5


@dataclass(frozen=True, slots=True)
class _Scene:
    """What was found in a picture, on its way through the pipeline.

    Landmarks are in pixels of the working picture; what leaves is in those of the full one.
    """

    frame: Frame
    people: Sequence[PoseEstimate]
    level: PoseEstimate
    facing: Facing
    yaw_deg: float
    roll_deg: float
    vertical: VerticalSource

    @property
    def pose(self) -> PoseEstimate:
        return self.people[0]

    @property
    def trunk_px(self) -> float:
        return self.pose.trunk_px * self.frame.scale

    def to_full(self, xy_px: NDArray[np.float32]) -> NDArray[np.float32]:
        return xy_px * np.float32(self.frame.scale)

    def estimate(self, method: Method, angle_deg: float, sd_deg: float) -> TiltEstimate:
        """Return the tilt with its interval, what is left of camera roll included."""
        half_deg = Z_90 * math.hypot(sd_deg, ROLL_SD_DEG[self.vertical])
        return TiltEstimate(method, angle_deg, angle_deg - half_deg, angle_deg + half_deg)

    def posture(self) -> Posture:
        height, width = self.frame.rgb.shape[:2]
        return assess_posture(self.level, self.facing, self.pose.is_inside((width, height)))

    def capture(self) -> Capture:
        return Capture(
            yaw_deg=self.yaw_deg,
            roll_deg=self.roll_deg,
            vertical=self.vertical,
            trunk_px=self.trunk_px,
            people=len(self.people),
        )

    def landmarks(self) -> dict[str, tuple[float, float, float]]:
        xy = self.to_full(self.pose.xy_px).tolist()
        seen = self.pose.visibility.tolist()
        return {joint.name.lower(): (*xy[joint], seen[joint]) for joint in Joint}


def measure_photo(
    photo: str | os.PathLike[str] | NDArray[np.uint8] | Frame,
    *,
    points: BonyPoints | None = None,
    vertical: Segment | None = None,
    method: Method | None = None,
) -> Measured | Rejected:
    """Measure forward pelvic tilt from one side-on photograph.

    Parameters
    ----------
    photo
        A file, an RGB array of shape (height, width, 3) and type uint8, or a loaded frame.
    points
        The two bony points in pixels of the upright picture, for method ``marked``.
    vertical
        Two points ``((x1, y1), (x2, y2))`` on something plumb in reality, in pixels of the
        upright picture: corrects camera roll.
    method
        ``Method.MARKED`` or ``Method.CONTOUR``; None takes marked points where given.

    Returns
    -------
    Measured or Rejected
        A photograph that cannot be measured is a result, not an error.

    Raises
    ------
    vision.frame.PhotoError, vision.model_files.ModelError
        When the file, or a shipped model, is missing or damaged.
    PointsError
        When points, vertical and method cannot belong to this picture or to one another.
    """
    frame = as_frame(photo)
    method = None if method is None else Method(method)
    _check_method(method, points)
    if points is not None:
        check_points(points, frame.width_px, frame.height_px)
    roll_deg = 0.0
    if vertical is not None:
        roll_deg = roll_of_vertical_deg(*vertical, frame.width_px, frame.height_px)
    people = shared_estimator().estimate(frame.rgb)
    if not people:
        return _reject_unseen(frame)
    # On two cores, looking at light and outline side by side hides one of them.
    light = _beside().submit(assess_light, frame.rgb, people[0])
    scene = _side_view(frame, people, roll_deg, vertical is not None)
    crop = canonical_crop(frame.rgb, scene.pose, scene.facing, scene.roll_deg)
    reading = shared_model().read(crop)
    reasons = _judge(scene, light.result(), points)
    if any(reason.severity is Severity.REFUSE for reason in reasons):
        return _reject(scene, reasons)
    return _measure(scene, reading, reasons, points, method)


@cache
def _beside() -> ThreadPoolExecutor:
    """Return the thread that works beside the calling one."""
    return ThreadPoolExecutor(1, "beltline")


def _side_view(
    frame: Frame, people: Sequence[PoseEstimate], roll_deg: float, vertical_given: bool
) -> _Scene:
    level = levelled(people[0], roll_deg)
    return _Scene(
        frame=frame,
        people=people,
        level=level,
        facing=estimate_facing(level),
        yaw_deg=estimate_yaw_deg(level),
        roll_deg=roll_deg,
        vertical=VerticalSource.GIVEN if vertical_given else VerticalSource.ASSUMED,
    )


def _check_method(method: Method | None, points: BonyPoints | None) -> None:
    if method is Method.MARKED and points is None:
        raise PointsError(
            "The method needs the two bony points.", "Give both the ASIS and the PSIS point."
        )
    if method not in (None, Method.MARKED, Method.CONTOUR):
        raise PointsError(
            f"The method {method} is not available for photographs.",
            "Choose the outline of the body, or mark the two bony points.",
        )


def _judge(scene: _Scene, light: Light, points: BonyPoints | None) -> tuple[Reason, ...]:
    height, width = scene.frame.rgb.shape[:2]
    reasons = assess_quality(
        View(
            size_px=(width, height),
            light=light,
            people=scene.people,
            level=scene.level,
            facing=scene.facing,
            yaw_deg=scene.yaw_deg,
            trunk_px=scene.trunk_px,
            vertical_known=scene.vertical is not VerticalSource.ASSUMED,
        )
    )
    if points is not None and not _on_pelvis(scene, points):
        reasons = (refusal(ReasonCode.POINTS_UNUSABLE), *reasons)
    codes = {reason.code for reason in reasons if reason.severity is Severity.REFUSE}
    if ReasonCode.TOO_SMALL in codes and ReasonCode.SEVERAL_PEOPLE not in codes:
        others = look_closer(scene.frame.rgb, scene.people, shared_estimator())
        least_px = SIMILAR_SIZE * scene.pose.trunk_px
        similar = [other for other in others if other.trunk_px >= least_px]
        if similar:
            reasons = (refusal(ReasonCode.SEVERAL_PEOPLE, 1 + len(similar)), *reasons)
    return reasons


def _on_pelvis(scene: _Scene, points: BonyPoints) -> bool:
    """Tell whether the points lie near the hips, ASIS ahead of PSIS."""
    hip = scene.to_full(scene.pose.mid_hip_px)
    reach = _PELVIS_REACH_TRUNKS * scene.trunk_px
    near = all(math.dist(hip, point) <= reach for point in (points.asis_px, points.psis_px))
    tilt_deg, _ = measure_marked_deg(points, scene.facing, scene.roll_deg)
    return near and abs(tilt_deg) <= _MAX_MARKED_TILT_DEG


def _measure(
    scene: _Scene,
    reading: ContourReading,
    reasons: tuple[Reason, ...],
    points: BonyPoints | None,
    method: Method | None,
) -> Measured:
    contour = scene.estimate(Method.CONTOUR, reading.tilt_deg, reading.sd_deg)
    if reading.loose_probability > _LOOSE_ABOVE:
        reasons = (*reasons, warning(ReasonCode.LOOSE_CLOTHING))
    marked = None
    if points is not None:
        angle_deg, sd_deg = measure_marked_deg(points, scene.facing, scene.roll_deg)
        marked = scene.estimate(Method.MARKED, angle_deg, sd_deg)
    return Measured(
        source=scene.frame.source,
        facing=scene.facing,
        tilt=contour if marked is None or method is Method.CONTOUR else marked,
        contour=contour,
        marked=marked,
        points=points,
        posture=scene.posture(),
        capture=scene.capture(),
        reasons=reasons,
        landmarks=scene.landmarks(),
        outline_px=scene.to_full(outline_px(scene.pose.mask)),
        provenance=_provenance(),
    )


def _reject(scene: _Scene, reasons: tuple[Reason, ...]) -> Rejected:
    return Rejected(
        source=scene.frame.source,
        reasons=reasons,
        facing=scene.facing,
        posture=scene.posture(),
        capture=scene.capture(),
        landmarks=scene.landmarks(),
        outline_px=scene.to_full(outline_px(scene.pose.mask)),
        provenance=_provenance(),
    )


def _reject_unseen(frame: Frame) -> Rejected:
    """Refuse a picture in which the first look found nobody."""
    distant = look_closer(frame.rgb, (), shared_estimator())
    reasons = [refusal(ReasonCode.NO_PERSON)]
    if distant:
        reasons = [refusal(ReasonCode.TOO_SMALL, distant[0].trunk_px * frame.scale)]
    if len(distant) > 1:
        reasons.insert(0, refusal(ReasonCode.SEVERAL_PEOPLE, len(distant)))
    return Rejected(
        source=frame.source,
        reasons=tuple(reasons),
        facing=None,
        posture=None,
        capture=None,
        landmarks={},
        outline_px=np.empty((0, 2), np.float32),
        provenance=_provenance(),
    )


def _provenance() -> Provenance:
    return Provenance(
        version=__version__,
        pose_model_sha256=expected_sha256(POSE_BUNDLE),
        contour_model_sha256=expected_sha256(CONTOUR_MODEL),
    )
