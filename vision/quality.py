"""The gate: whether a photograph may give a number, and with which warnings.

MediaPipe does not refuse anything: it draws whole legs outside the frame, finds a person in
near-black pictures and passes pictures turned by 90 or 180 deg. Each check below answers one
such case. Thresholds: docs/MEASUREMENT.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.geometry import lean_deg
from vision.image.frame import grey_of
from vision.pose.chosen import similar_to
from vision.pose.estimate import Joint, side_joints
from vision.pose.headless import is_head_outside
from vision.pose.legs import has_standing_leg, is_standing
from vision.reasons import refusal, warning, without_contradictions
from vision.result import Facing, Method, ReasonCode, VerticalSource
from vision.scene import Choice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate
    from vision.result import Lens, Reason
    from vision.scene import Scene

#: Refuse beyond the first, warn beyond the second.
YAW_LIMITS_DEG = (15.0, 10.0)
#: The body's own axis is only a rough plumb line, hence the wide warning limit.
BODY_AXIS_LIMITS_DEG = (10.0, 7.0)
TRUNK_LIMITS_PX = (120.0, 200.0)
BRIGHTNESS_LIMITS = (50.0, 90.0)
SHARPNESS_LIMITS = (0.16, 0.19)
#: Above these the body is not upright in the picture, or not standing.
UPSIDE_DOWN_LEAN_DEG = 120.0
LYING_LEAN_DEG = 50.0
STANDING_LEAN_DEG = 30.0
#: The pelvis as a box around mid-hip, in trunk lengths: half width, up, down.
_PELVIS_BOX = (0.32, 0.4, 0.2)
_ARM_VISIBILITY = 0.5
#: Sharpness depends on scale, so it is read with the trunk at this length.
_SHARPNESS_TRUNK_PX = 140.0
_MARGIN_TRUNKS = 0.2
#: A line of sight from the lens to the hips that slopes by more is told: it turns marked points
#: by 2 deg (taken out as far as the slope is known), and shows an outline somewhat from above.
_DOWN_LIMIT_DEG = {Method.MARKED: 4.3, Method.STICKERS: 4.3}
_DOWN_LIMIT_ELSE_DEG = 8.0
#: So many standard deviations of it: nine in ten that are told are on the side that is told.
_SURE_SDS = 1.3
#: Brightness steps are compared over two and over eight pixels.
_NEAR, _FAR = 1, 4
_STRONG_PERCENTILE = 99
_BRIGHT_PERCENTILE = 98

_LEG_JOINTS = [joint for side in Facing for joint in side_joints(side, "hip", "knee", "ankle")]
_TRUNK = [joint for side in Facing for joint in side_joints(side, "shoulder", "hip")]
_ARMS = [side_joints(side, "elbow", "wrist", "index") for side in Facing]


@dataclass(frozen=True, slots=True)
class Light:
    """How bright and how sharp the person is shown.

    Attributes
    ----------
    brightness
        The brighter parts (98th percentile), 0 black to 255 white: a dark suit in good
        light still shows a face.
    sharpness
        How much of the strongest brightness steps over eight pixels happens within two, in
        the blurrier of the two directions. About 0.3 on sharp photographs, 0.125 where
        motion has smeared every edge evenly, 1 at most.
    """

    brightness: float
    sharpness: float


def assess_quality(scene: Scene, light: Light) -> tuple[Reason, ...]:
    """Return every reason against the photograph, refusals first.

    Parameters
    ----------
    scene
        Whom and where.
    light
        Around that person.
    """
    inside = scene.pose.is_inside(scene.frame.working_px)
    reasons = [
        *_check_company(scene),
        *_check_body_inside(scene.pose, inside),
        *_graded(ReasonCode.TOO_SMALL, scene.trunk_px, TRUNK_LIMITS_PX),
        *_graded(ReasonCode.TOO_DARK, light.brightness, BRIGHTNESS_LIMITS),
        *_graded(ReasonCode.BLURRED, light.sharpness, SHARPNESS_LIMITS),
    ]
    # Invented hips and shoulders say nothing about how the body stands.
    if inside[_TRUNK].all():
        reasons += _check_stance(scene, inside)
    if scene.vertical.source is VerticalSource.ASSUMED:
        reasons.append(warning(ReasonCode.VERTICAL_ASSUMED))
    told = without_contradictions(reasons)
    return tuple(sorted(told, key=lambda reason: reason.severity.value))


def _check_stance(scene: Scene, inside: NDArray[np.bool_]) -> list[Reason]:
    """Check what can be seen of how the body stands: upright, side-on, its arms out of the way."""
    position = _check_position(scene)
    if position:
        return position
    axis = _check_body_axis(scene) if scene.vertical.source is VerticalSource.ASSUMED else []
    yaw = _graded(ReasonCode.NOT_SIDE_ON, scene.yaw_deg, YAW_LIMITS_DEG)
    # Seen from the front, feet that are side by side look far apart.
    is_side_view = scene.yaw_deg <= YAW_LIMITS_DEG[0]
    if (
        is_side_view
        and inside[_LEG_JOINTS].all()
        and not is_standing(scene.level, scene.facing, inside)
    ):
        return [refusal(ReasonCode.NOT_STANDING), *axis]
    return [*yaw, *axis, *_check_arms(scene.pose)]


def _graded(code: ReasonCode, value: float, limits: tuple[float, float]) -> list[Reason]:
    """Refuse what lies beyond the first limit, warn of what lies beyond the second.

    Which limit is the higher one tells whether much or little is bad.
    """
    refuse_at, warn_at = limits
    sign = 1 if refuse_at > warn_at else -1
    if sign * (value - refuse_at) > 0:
        return [refusal(code, value)]
    return [warning(code, value)] if sign * (value - warn_at) > 0 else []


def _check_company(scene: Scene) -> list[Reason]:
    main, *others = scene.people
    if not others:
        return []
    if scene.choice is Choice.TOUCHED:
        return [refusal(ReasonCode.PEOPLE_TOUCH)]
    if scene.choice is Choice.CHOSEN:
        return [warning(ReasonCode.PERSON_CHOSEN)]
    similar = similar_to(main, others)
    if similar:
        return [refusal(ReasonCode.SEVERAL_PEOPLE, 1 + len(similar))]
    return [warning(ReasonCode.SEVERAL_PEOPLE)]


def _check_position(scene: Scene) -> list[Reason]:
    """Refuse bodies that lie, sit or kneel, seen from wherever, and pictures that are turned."""
    pose, facing = scene.level, scene.facing
    trunk_lean = abs(lean_deg(pose.mid_hip_px, pose.mid_shoulder_px, facing.front_sign))
    if trunk_lean > UPSIDE_DOWN_LEAN_DEG:
        return [refusal(ReasonCode.NOT_UPRIGHT)]
    if trunk_lean > LYING_LEAN_DEG:
        # A person lying down and a standing one in a turned picture look the same.
        return [refusal(ReasonCode.NOT_UPRIGHT), refusal(ReasonCode.NOT_STANDING)]
    if trunk_lean > STANDING_LEAN_DEG or not has_standing_leg(pose, facing):
        return [refusal(ReasonCode.NOT_STANDING)]
    return []


def _check_body_inside(pose: PoseEstimate, inside: NDArray[np.bool_]) -> list[Reason]:
    """Refuse invented legs; a foot cut off below the ankle only warns.

    With an ankle outside neither standing nor sway can be judged.
    """
    needed = [Joint.NOSE, *_TRUNK, *_LEG_JOINTS]
    if not inside[needed].all() or (inside[_TRUNK].all() and is_head_outside(pose)):
        return [refusal(ReasonCode.BODY_CUT_OFF)]
    if not inside[[Joint.LEFT_FOOT_INDEX, Joint.RIGHT_FOOT_INDEX]].all():
        return [warning(ReasonCode.BODY_CUT_OFF)]
    return []


def _check_body_axis(scene: Scene) -> list[Reason]:
    """Find a tilted camera by the line from the ankles to the shoulders.

    Nobody stands long with that line far from plumb: the feet would have to follow.
    """
    pose = scene.level
    ankles = pose.midpoint_px(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    lean = abs(lean_deg(ankles, pose.mid_shoulder_px, scene.facing.front_sign))
    return _graded(ReasonCode.CAMERA_TILTED, lean, BODY_AXIS_LIMITS_DEG)


def _check_arms(pose: PoseEstimate) -> list[Reason]:
    half_width, up, down = (share * pose.trunk_px for share in _PELVIS_BOX)
    hip_x, hip_y = pose.mid_hip_px
    for elbow, wrist, hand in _ARMS:
        if pose.visibility[wrist] < _ARM_VISIBILITY:
            continue
        # Points along the forearm and hand, dense enough not to step over the pelvis.
        along = np.concatenate(
            [
                np.linspace(pose.xy_px[elbow], pose.xy_px[wrist], 8)[1:],
                np.linspace(pose.xy_px[wrist], pose.xy_px[hand], 4),
            ]
        )
        over = (np.abs(along[:, 0] - hip_x) < half_width) & (along[:, 1] > hip_y - up)
        if (over & (along[:, 1] < hip_y + down)).any():
            return [warning(ReasonCode.ARMS_OVER_PELVIS)]
    return []


def assess_lens(lens: Lens, method: Method) -> list[Reason]:
    """Warn of a lens far above or below the hips, where that is sure and matters to the method."""
    limit_deg = _DOWN_LIMIT_DEG.get(method, _DOWN_LIMIT_ELSE_DEG)
    if abs(lens.down_deg) < max(limit_deg, _SURE_SDS * lens.down_sd_deg):
        return []
    code = ReasonCode.LENS_HIGH if lens.down_deg > 0 else ReasonCode.LENS_LOW
    return [warning(code, max(10, 10 * round(abs(lens.above_hips_cm) / 10)))]


def assess_light(rgb: NDArray[np.uint8], pose: PoseEstimate) -> Light:
    """Measure light and sharpness around one person.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), the picture in which the pose was found, or (height, width) of
        its brightness.
    pose
        The person.
    """
    height, width = rgb.shape[:2]
    margin = _MARGIN_TRUNKS * pose.trunk_px
    limit = np.array([width, height])
    left, top = np.clip(pose.xy_px.min(axis=0) - margin, 0, limit - 1).astype(int)
    right, bottom = np.clip(pose.xy_px.max(axis=0) + margin, 1, limit).astype(int)
    part = rgb[top : max(bottom, top + 1), left : max(right, left + 1)]
    scale = min(1.0, _SHARPNESS_TRUNK_PX / max(pose.trunk_px, 1.0))
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    grey = np.asarray(cv2.resize(grey_of(part), size, interpolation=cv2.INTER_AREA), np.uint8)
    return Light(
        brightness=_percentile(grey, _BRIGHT_PERCENTILE),
        sharpness=min(_sharpness(grey), _sharpness(np.ascontiguousarray(grey.T))),
    )


def _percentile(values: NDArray[np.uint8], percent: float) -> float:
    """Return a percentile by counting, several times faster than by sorting."""
    counts = cv2.calcHist([values], [0], None, [256], [0, 256]).ravel().cumsum()
    return float(np.searchsorted(counts, percent / 100 * (counts[-1] - 1), side="right"))


def _sharpness(grey: NDArray[np.uint8]) -> float:
    """Return near over far brightness steps down the rows; 1 when there is nothing to see."""
    if min(grey.shape) <= 2 * _FAR:
        return 1.0
    near = np.asarray(cv2.absdiff(grey[2 * _NEAR :], grey[: -2 * _NEAR]), np.uint8)
    far = np.asarray(cv2.absdiff(grey[2 * _FAR :], grey[: -2 * _FAR]), np.uint8)
    strongest = _percentile(far, _STRONG_PERCENTILE)
    if strongest == 0.0:
        return 1.0
    return _percentile(near, _STRONG_PERCENTILE) / 2 / strongest
