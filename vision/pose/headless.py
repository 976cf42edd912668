"""People whose head is outside the picture: a stand-in head lets MediaPipe find the body.

MediaPipe looks for heads. Many people cut theirs off for privacy, and then it finds nobody, or
misplaces shoulders and hips. So the picture is continued upwards in its own colour, a rendered
head is put where the neck was cut, and the look is repeated until head and shoulders fit. Only
what is really in the picture is used: shoulders and feet must be, and the body must leave the
picture by something as narrow as a neck. What it costs: docs/MEASUREMENT.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import lean_deg
from vision.model_files import once, read_model
from vision.pose.estimate import Joint
from vision.pose.legs import leg_length_px
from vision.pose.mediapipe import brightness_leans_left
from vision.reasons import warning, without_contradictions
from vision.result import BonyPoints, Facing, Measured, Method, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate, PoseEstimator
    from vision.result import Rejected, TiltEstimate

STAND_IN_HEAD = "stand_in_head.png"
#: What reading such a picture costs, a standard deviation: 3.7 deg against the whole pictures
#: of rendered bodies cut twice each, 2.4 deg against those of three photographs.
HEADLESS_SD_DEG = 4.0
#: In the stand-in's own pixels: where the middle of the shoulders belongs, and the trunk's length.
_SHOULDER_PX = (38.5, 79.5)
_TRUNK_PX = 128.0
#: How much is added above, as a share of the picture's height.
_ADDED_SHARE = 0.25
#: Without a head MediaPipe places shoulders too low, by this share of the trunk.
_LIFT_TRUNKS = 0.08
_FITS = 3
#: A head needs more room than this above the middle of the shoulders; a chin is as high.
_HEAD_TRUNKS = 0.3
#: Where the head is tried while nobody is found: shares of the width; and a trunk's length as
#: a share of the height of a picture cut at the neck and filled by the body.
_TRY_ACROSS = (0.5, 0.35, 0.65)
_TRY_TRUNK_SHARE = 0.34
_TRY_BELOW_TRUNKS = 0.12
_UPRIGHT_LEAN_DEG = 40.0
_SEEN = 0.5
#: The shoulders may be invented with the head; an elbow below them is not.
_SURELY_SEEN = 0.7
_ELBOWS = [Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW]
#: The body where it leaves the picture, against its trunk's length and against its own depth
#: lower down: what is wider is a chest or a belly.
_NECK_TRUNKS, _NECK_DEPTHS = 0.48, 0.9
#: Leg over trunk: a trunk that was cut is short.
_LEG_TRUNKS = (1.2, 1.8)
_TRUNK_JOINTS = [
    Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP,
]  # fmt: skip
_FEET = (
    (Joint.LEFT_HEEL, Joint.LEFT_FOOT_INDEX),
    (Joint.RIGHT_HEEL, Joint.RIGHT_FOOT_INDEX),
)


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """A picture with a stand-in head.

    Attributes
    ----------
    rgb
        Shape (height + added, width, 3), uint8.
    added_px
        How many rows were added above.
    """

    rgb: NDArray[np.uint8]
    added_px: int


def is_head_outside(pose: PoseEstimate) -> bool:
    """Tell whether the head lies above the picture, or is imagined in too little room."""
    room_px = float(pose.mid_shoulder_px[1])
    return float(pose.xy_px[Joint.NOSE, 1]) < 0 or 0 <= room_px < _HEAD_TRUNKS * pose.trunk_px


def with_stand_in_head(rgb: NDArray[np.uint8], estimator: PoseEstimator) -> Completed | None:
    """Complete a picture that somebody's neck leaves by its upper edge; None for any other.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), a picture in which nobody was found, or nobody's head.
    estimator
        Looks up to ten times.
    """
    if brightness_leans_left(rgb):
        # As the estimator does, so that a mirrored picture gives the same answer.
        completed = _completed(np.ascontiguousarray(rgb[:, ::-1]), estimator)
        return completed and replace(completed, rgb=np.ascontiguousarray(completed.rgb[:, ::-1]))
    return _completed(rgb, estimator)


def _completed(rgb: NDArray[np.uint8], estimator: PoseEstimator) -> Completed | None:
    added_px = round(_ADDED_SHARE * rgb.shape[0])
    colour = np.median(rgb[:8].reshape(-1, 3), axis=0).tolist()
    taller = np.asarray(
        cv2.copyMakeBorder(rgb, added_px, 0, 0, 0, cv2.BORDER_CONSTANT, value=colour), np.uint8
    )
    pose = _first_sight(taller, added_px, estimator)
    best = None
    for _ in range(_FITS if pose is not None else 0):
        assert pose is not None
        trunk_px = (1 + _LIFT_TRUNKS) * pose.trunk_px
        x, y = pose.mid_shoulder_px.tolist()
        place = (x, y - _LIFT_TRUNKS * pose.trunk_px)
        tried = _with_head(taller, place, trunk_px, _facing_of_feet(pose))
        people = estimator.estimate(tried)
        if people:
            pose, best = people[0], tried
    if best is None or pose is None or not _is_cut_at_the_neck(pose, added_px):
        return None
    return Completed(best, added_px)


def _first_sight(
    taller: NDArray[np.uint8], added_px: int, estimator: PoseEstimator
) -> PoseEstimate | None:
    for picture in _tries(taller, added_px):
        people = estimator.estimate(picture)
        if people and _is_upright(people[0]) and people[0].mid_hip_px[1] > added_px:
            return people[0]
    return None


def _tries(taller: NDArray[np.uint8], added_px: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the picture without a head, then with one here and there, looking either way."""
    yield taller
    height, width = taller.shape[:2]
    trunk_px = _TRY_TRUNK_SHARE * (height - added_px)
    for across in _TRY_ACROSS:
        for facing in Facing:
            place = (across * width, added_px + _TRY_BELOW_TRUNKS * trunk_px)
            yield _with_head(taller, place, trunk_px, facing)


@once
def _stand_in() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the head, RGB, looking right, and how opaque each of its pixels is, 0..1."""
    data = np.frombuffer(read_model(STAND_IN_HEAD), np.uint8)
    image = np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)
    rgb = np.ascontiguousarray(image[:, :, 2::-1])
    return rgb, image[:, :, 3].astype(np.float32) / np.float32(255)


def _with_head(
    rgb: NDArray[np.uint8], shoulder_px: tuple[float, float], trunk_px: float, facing: Facing
) -> NDArray[np.uint8]:
    """Put the stand-in above the middle of the shoulders."""
    head, opacity = _stand_in()
    scale = trunk_px / _TRUNK_PX
    across = scale * facing.front_sign
    matrix = np.array(
        [
            [across, 0.0, shoulder_px[0] - across * _SHOULDER_PX[0]],
            [0.0, scale, shoulder_px[1] - scale * _SHOULDER_PX[1]],
        ]
    )
    size = (rgb.shape[1], rgb.shape[0])
    share = np.asarray(cv2.warpAffine(opacity, matrix, size), np.float32)[:, :, np.newaxis]
    drawn = np.asarray(cv2.warpAffine(head, matrix, size), np.uint8)
    return (rgb * (1 - share) + drawn * share).astype(np.uint8)


def _facing_of_feet(pose: PoseEstimate) -> Facing:
    ahead_px = sum(float(pose.xy_px[toe, 0] - pose.xy_px[heel, 0]) for heel, toe in _FEET)
    return Facing.RIGHT if ahead_px > 0 else Facing.LEFT


def _is_upright(pose: PoseEstimate) -> bool:
    lean = abs(lean_deg(pose.mid_hip_px, pose.mid_shoulder_px, 1))
    return lean < _UPRIGHT_LEAN_DEG and bool((pose.visibility[_TRUNK_JOINTS] > _SEEN).all())


def _is_cut_at_the_neck(pose: PoseEstimate, added_px: int) -> bool:
    trunk_px = pose.trunk_px
    body = pose.mask > _SEEN
    shoulder_y = float(pose.mid_shoulder_px[1])
    at_edge = body[added_px : added_px + max(1, round(0.02 * trunk_px))].sum(axis=1)
    below = body[round(shoulder_y + 0.15 * trunk_px) : round(shoulder_y + 0.6 * trunk_px)]
    is_elbow_seen = pose.visibility[_ELBOWS].max() >= _SURELY_SEEN
    if not (_is_upright(pose) and is_elbow_seen and shoulder_y >= added_px):
        return False
    if not (at_edge.all() and below.size):
        return False
    depth_px = float(np.median(below.sum(axis=1)))
    narrow = at_edge.mean() <= min(_NECK_TRUNKS * trunk_px, _NECK_DEPTHS * depth_px)
    return bool(narrow) and _LEG_TRUNKS[0] <= leg_length_px(pose) / trunk_px <= _LEG_TRUNKS[1]


def without_stand_in(result: Measured | Rejected, added_px: float) -> Measured | Rejected:
    """Return what was measured in a completed picture as of the picture itself.

    Parameters
    ----------
    result
        Of the completed picture.
    added_px
        Rows that it has more above, in pixels of the full picture.
    """
    landmarks = {
        name: (x, y - added_px, 0.0 if Joint[name.upper()] <= Joint.MOUTH_RIGHT else seen)
        for name, (x, y, seen) in result.landmarks.items()
    }
    outline = result.outline_px - np.array([0, added_px], np.float32)
    outline[:, 1] = np.maximum(outline[:, 1], 0)
    posture = result.posture and replace(result.posture, head_forward_deg=None)
    if not isinstance(result, Measured):
        changed = replace(result, landmarks=landmarks, outline_px=outline, posture=posture)
        return replace(changed, people=())  # those of the completed picture

    def up(point: tuple[float, float]) -> tuple[float, float]:
        return point[0], point[1] - added_px

    belt, points = result.belt_line, result.points
    assert posture is not None
    return replace(
        result,
        landmarks=landmarks,
        outline_px=outline,
        posture=posture,
        tilt=_less_sure(result.tilt),
        contour=result.contour and _less_sure(result.contour),
        belt_line=belt and replace(belt, front_px=up(belt.front_px), back_px=up(belt.back_px)),
        points=points and BonyPoints(up(points.asis_px), up(points.psis_px)),
        plumb_px=result.plumb_px - np.array([0, added_px, 0, added_px], np.float32),
        reasons=without_contradictions((*result.reasons, warning(ReasonCode.HEAD_HIDDEN))),
    )


def _less_sure(tilt: TiltEstimate) -> TiltEstimate:
    if tilt.method is not Method.CONTOUR:
        return tilt
    reading_deg = math.hypot(tilt.doubt.reading_deg, HEADLESS_SD_DEG)
    return replace(tilt, doubt=replace(tilt.doubt, reading_deg=reading_deg))
