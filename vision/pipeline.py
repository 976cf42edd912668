"""The one pipeline, from a picture to a measurement or to the reasons why there is none.

Screen, command line, live video and batch all come through here.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Flag, auto
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from vision._version import __version__
from vision.belt.line import BeltLine, find_belt_line
from vision.image.frame import Frame, as_frame, grey_of
from vision.image.plumb import find_lines, find_plumb
from vision.marks.lens import lowering
from vision.marks.points import (
    PointsError,
    bony_points,
    check_points,
    measure_marked_deg,
    measure_stickers_deg,
    roll_of_vertical_deg,
)
from vision.marks.stickers import NoStickers, StickerDoubt, Stickers, find_stickers
from vision.messages import tr
from vision.model_files import CONTOUR_MODEL, POSE_BUNDLE, expected_sha256
from vision.pose.chosen import SIMILAR_SIZE, box_of, chosen_first, look_alone
from vision.pose.estimate import look_closer
from vision.pose.headless import is_head_outside, with_stand_in_head, without_stand_in
from vision.pose.looks import look_again, mean_pose
from vision.pose.mediapipe import mirrored, shared_estimator
from vision.pose.second_mask import second_mask
from vision.pose.turned import Turned, who_is_turned
from vision.quality import assess_lens, assess_light, assess_quality
from vision.reasons import refusal, warning, without_contradictions
from vision.result import (
    BeltEstimate,
    BonyPoints,
    Facing,
    Measured,
    Method,
    NoBeltReason,
    PersonBox,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    TiltEstimate,
)
from vision.scene import (
    Choice,
    Scene,
    estimate_signed_yaw_deg,
    given_vertical,
    seen_vertical,
    side_view,
)
from vision.silhouette import outline_px, read_carefully, read_quickly

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from vision.geometry import Point
    from vision.pose.estimate import PoseEstimate
    from vision.pose.headless import Completed
    from vision.quality import Light
    from vision.silhouette import ContourReading

Segment: TypeAlias = tuple[tuple[float, float], tuple[float, float]]

#: Missing loose clothes costs more than a needless word about regular ones: on the part
#: ``calibrate`` this finds 81 % of the former and warns about 13 % of the latter.
_LOOSE_ABOVE = 0.25
#: Marked points further than this from the hips, in trunk lengths, are on something else.
_PELVIS_REACH_TRUNKS = 0.7
#: No standing pelvis tilts further; swapped points give about 180 deg.
_MAX_MARKED_TILT_DEG = 60.0
#: What a second look at somebody who lies in the picture takes back.
_NOT_SO = {Turned.PICTURE: ReasonCode.NOT_STANDING, Turned.PERSON: ReasonCode.NOT_UPRIGHT}
#: What looks like a try with stickers, and is worth a word; anything else is clothing.
_STICKER_TRIES = frozenset({StickerDoubt.ONLY_ONE, StickerDoubt.MORE_THAN_TWO})
#: Threads for what goes on beside, for four photographs at once.
_HELPERS_MAX = 4


class Looks(Flag):
    """What is looked for beside the outline of the body."""

    NONE = 0
    #: The outline once more, by several looks and two masks; takes a quarter of a second.
    CAREFUL = auto()
    #: People as small as one who is too small, and whether a picture or a person lies on the
    #: side; takes up to a fifth of a second, of pictures that give no number.
    CLOSER = auto()
    STICKERS = auto()
    BELT = auto()
    QUICK = CLOSER | STICKERS | BELT
    ALL = QUICK | CAREFUL


def measure_photo(
    photo: str | os.PathLike[str] | NDArray[np.uint8] | Frame,
    *,
    points: BonyPoints | None = None,
    vertical: Segment | None = None,
    method: Method | None = None,
    quick: bool = False,
    person_at: Point | None = None,
) -> Measured | Rejected:
    """Measure forward pelvic tilt from one side-on photograph; from any thread, several at once.

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
        ``Method.MARKED``, ``Method.CONTOUR`` or ``Method.BELT``; None takes marked points
        where given, else stickers where seen, else the contour.
    quick
        Whether one look at the outline is enough: several times faster, a little less steady.
    person_at
        Where the person meant is, of several: x and y in pixels of the upright picture. None
        takes the largest, and refuses a picture in which another one is of similar size.

    Returns
    -------
    Measured or Rejected
        A photograph that cannot be measured is a result, not an error.

    Raises
    ------
    vision.reasons.PhotoError, vision.model_files.ModelError
        When the file, or a shipped model, is missing or damaged.
    PointsError
        When points, vertical, person and method cannot belong to this picture or to one another.
    """
    frame = as_frame(photo)
    method = None if method is None else Method(method)
    _check_method(method, points)
    if points is not None:
        check_points(points, frame.width_px, frame.height_px)
    looks = Looks.QUICK if quick else Looks.ALL
    found = _find_person(frame, vertical, person_at)
    if person_at is None and (found is None or is_head_outside(found[0].pose)):
        completed = with_stand_in_head(frame.rgb, shared_estimator())
        if completed is not None:
            return _measure_headless(frame, completed, points, vertical, (method, looks))
    if found is None:
        return reject_unseen(frame)
    scene, light = found
    return measure_scene(scene, light, points, method, looks)


def _measure_headless(
    frame: Frame,
    completed: Completed,
    points: BonyPoints | None,
    vertical: Segment | None,
    asked: tuple[Method | None, Looks],
) -> Measured | Rejected:
    """Measure in a picture with a stand-in head, and tell it of the picture itself."""
    added_px = completed.added_px * frame.scale

    def down(point: Point) -> tuple[float, float]:
        return float(point[0]), float(point[1]) + added_px

    taller = Frame(completed.rgb, frame.width_px, round(frame.height_px + added_px), frame.source)
    if vertical is not None:
        vertical = (down(vertical[0]), down(vertical[1]))
    if points is not None:
        points = BonyPoints(down(points.asis_px), down(points.psis_px))
    found = _find_person(taller, vertical)
    if found is None:
        return reject_unseen(frame)
    return without_stand_in(measure_scene(*found, points, *asked), added_px)


def _find_person(
    frame: Frame, vertical: Segment | None, person_at: Point | None = None
) -> tuple[Scene, Light] | None:
    """Return whom to measure in which light; None when nobody is seen.

    Each step that does not need the one before it goes on beside it, on a second core.
    """
    scene = _beside().submit(_look_at_scene, frame.rgb)
    roll_deg = None
    if vertical is not None:
        roll_deg = roll_of_vertical_deg(*vertical, frame.width_px, frame.height_px)
    people = shared_estimator().estimate(frame.rgb)
    if not people:
        return None
    choice, alone = Choice.LARGEST, frame
    if person_at is not None:
        people, choice, alone = _choose(frame, people, person_at)
    grey, lines = scene.result()
    light = _beside().submit(assess_light, grey, people[0])
    # The rest of the scene still shows what is upright.
    found = find_plumb(frame.rgb, people, lines)
    known = seen_vertical(found) if roll_deg is None else given_vertical(roll_deg, found)
    return side_view(alone, people, known, choice), light.result()


def _look_at_scene(rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return a picture's brightness, and its long upright lines: all that nobody is needed for."""
    grey = grey_of(rgb)
    return grey, find_lines(grey)


def _choose(
    frame: Frame, people: Sequence[PoseEstimate], person_at: Point
) -> tuple[list[PoseEstimate], Choice, Frame]:
    """Return the people with the one at a point first, how that went, and a picture of that one.

    Raises
    ------
    PointsError
        When nobody was found there.
    """
    point = person_at[0] / frame.scale, person_at[1] / frame.scale
    chosen = chosen_first(people, point, frame.working_px)
    if not chosen:
        raise PointsError(
            tr("Nobody was found at the place that was chosen."),
            tr("Choose a place on a person's body."),
        )
    pose, *others = chosen
    if not others:
        return chosen, Choice.LARGEST, frame
    looked = look_alone(frame.rgb, pose, others, shared_estimator())
    if looked is None:
        return chosen, Choice.TOUCHED, frame
    rgb, pose = looked
    return [pose, *others], Choice.CHOSEN, replace(frame, rgb=rgb)


def measure_scene(
    scene: Scene,
    light: Light,
    points: BonyPoints | None = None,
    method: Method | None = None,
    looks: Looks = Looks.ALL,
) -> Measured | Rejected:
    """Judge and measure somebody who has been found.

    Parameters
    ----------
    scene
        Whom and where.
    light
        Around that person.
    points, method
        As for :func:`measure_photo`.
    looks
        What is looked for beside the outline.
    """
    reasons = _judge(scene, light, points, looks)
    if any(reason.severity is Severity.REFUSE for reason in reasons):
        return _reject(scene, reasons)
    return _measure(scene, reasons, points, method, looks)


@cache
def _beside() -> ThreadPoolExecutor:
    """Return the threads for what goes on beside; one begins when all others are at work.

    A quick look keeps one busy, the looks of a careful one all; several may be measured at once.
    """
    return ThreadPoolExecutor(_HELPERS_MAX, "beltline")


def _check_method(method: Method | None, points: BonyPoints | None) -> None:
    if method is Method.MARKED and points is None:
        raise PointsError(
            tr("The method needs the two bony points."),
            tr("Give both the ASIS and the PSIS point."),
        )
    if method is Method.STICKERS:
        raise PointsError(
            tr("Stickers cannot be asked for."),
            tr("They are used by themselves wherever two are seen."),
        )


def _judge(
    scene: Scene, light: Light, points: BonyPoints | None, looks: Looks
) -> tuple[Reason, ...]:
    reasons = assess_quality(scene, light)
    if points is not None and not are_on_pelvis(scene, points):
        reasons = (refusal(ReasonCode.POINTS_UNUSABLE), *reasons)
    codes = {reason.code for reason in reasons if reason.severity is Severity.REFUSE}
    is_alone = scene.choice is Choice.LARGEST and ReasonCode.SEVERAL_PEOPLE not in codes
    if Looks.CLOSER in looks and is_alone and ReasonCode.TOO_SMALL in codes:
        others = look_closer(scene.frame.rgb, scene.people, shared_estimator())
        least_px = SIMILAR_SIZE * scene.pose.trunk_px
        similar = [other for other in others if other.trunk_px >= least_px]
        if similar:
            reasons = (refusal(ReasonCode.SEVERAL_PEOPLE, 1 + len(similar)), *reasons)
    if Looks.CLOSER in looks and {ReasonCode.NOT_UPRIGHT, ReasonCode.NOT_STANDING} <= codes:
        whose = who_is_turned(scene.frame.rgb, scene.pose, shared_estimator())
        reasons = tuple(reason for reason in reasons if reason.code is not _NOT_SO.get(whose))
    return without_contradictions(reasons)


def _measure(
    scene: Scene,
    reasons: tuple[Reason, ...],
    points: BonyPoints | None,
    method: Method | None,
    looks: Looks,
) -> Measured | Rejected:
    marks = _beside().submit(_look_for_marks, scene, looks)
    read = read_contour_carefully if Looks.CAREFUL in looks else read_contour
    reading, outline = read(scene), outline_px(scene.pose.mask)
    contour = scene.estimate(Method.CONTOUR, reading.tilt_deg, reading.sd_deg)
    stickers, belt = marks.result()
    if reading.loose_probability > _LOOSE_ABOVE:
        reasons = (*reasons, warning(ReasonCode.LOOSE_CLOTHING))
    if isinstance(stickers, NoStickers) and stickers.reason in _STICKER_TRIES:
        reasons = (*reasons, warning(ReasonCode.STICKERS_UNCLEAR))
    marked = None
    if points is not None:
        marked = scene.estimate(Method.MARKED, *_marked_deg(scene, points))
    elif isinstance(stickers, ByStickers):
        points = stickers.points
    by_method = {
        Method.MARKED: marked,
        Method.STICKERS: stickers.tilt if isinstance(stickers, ByStickers) else None,
        Method.CONTOUR: contour,
        Method.BELT: belt.tilt if isinstance(belt, BeltEstimate) else None,
    }
    tilt = _answer(by_method, method)
    if tilt is None:
        return _reject(scene, (refusal(ReasonCode.NO_BELT_LINE), *reasons))
    reasons = (*reasons, *assess_lens(scene.lens, tilt.method))
    return Measured(
        source=scene.frame.source,
        facing=scene.facing,
        tilt=tilt,
        contour=contour,
        marked=marked,
        stickers=by_method[Method.STICKERS],
        belt_line=belt if isinstance(belt, BeltEstimate) else None,
        no_belt_line=belt if isinstance(belt, NoBeltReason) else None,
        points=points,
        posture=scene.posture(),
        capture=scene.capture(),
        reasons=reasons,
        landmarks=scene.landmarks(),
        outline_px=scene.to_full(outline),
        plumb_px=scene.to_full(scene.vertical.lines_px),
        provenance=_provenance(),
    )


@dataclass(frozen=True, slots=True)
class ByStickers:
    """The stickers' answer and the points behind it, pixels of the full picture."""

    tilt: TiltEstimate
    points: BonyPoints


def read_contour(scene: Scene) -> ContourReading:
    """Read the outline of the body in one look."""
    side = scene.facing, scene.vertical.roll_deg, estimate_signed_yaw_deg(scene.level)
    return read_quickly(scene.frame.rgb, scene.pose, side)


def read_contour_carefully(scene: Scene) -> ContourReading:
    """Read the outline of the body in several looks and by two masks; a quarter of a second.

    Whoever faces left is mirrored first, so that a picture and its mirror image are read from the
    same pixels.
    """
    rgb, roll_deg = scene.frame.rgb, scene.vertical.roll_deg
    poses = [scene.pose, *look_again(rgb, scene.pose, shared_estimator().look, _beside())]
    pose = mean_pose(poses)
    if scene.facing is Facing.LEFT:
        rgb, roll_deg = np.ascontiguousarray(rgb[:, ::-1]), -roll_deg
        pose = mirrored(pose, rgb.shape[1])
    yaw_deg = float(np.mean([estimate_signed_yaw_deg(one) for one in poses]))
    # Nothing beside its network, which has all cores: whatever takes one holds up the others.
    masks = pose.mask, second_mask(rgb, pose)
    return read_carefully(rgb, pose, masks, (Facing.RIGHT, roll_deg, yaw_deg), _beside())


def are_on_pelvis(scene: Scene, points: BonyPoints) -> bool:
    """Tell whether the points lie near the hips, ASIS ahead of PSIS."""
    hip = scene.to_full(scene.pose.mid_hip_px)
    reach = _PELVIS_REACH_TRUNKS * scene.trunk_px
    near = all(math.dist(hip, point) <= reach for point in (points.asis_px, points.psis_px))
    tilt_deg, _ = _marked_deg(scene, points)
    return near and abs(tilt_deg) <= _MAX_MARKED_TILT_DEG


def _marked_deg(scene: Scene, points: BonyPoints) -> tuple[float, float]:
    """Return what marked points give, and its standard deviation, deg."""
    seen = lowering(scene.lens, scene.trunk_px)
    return measure_marked_deg(points, scene.facing, scene.vertical.roll_deg, seen)


def by_stickers(scene: Scene) -> ByStickers | NoStickers:
    """Look for two stickers and measure from them."""
    stickers = find_stickers(scene.frame.rgb, scene.pose, scene.facing)
    if not isinstance(stickers, Stickers):
        return stickers
    angle_deg, sd_deg = measure_stickers_deg(
        stickers, scene.pose, scene.facing, scene.vertical.roll_deg, scene.lens
    )
    points = bony_points(stickers, scene.pose, scene.facing)
    return ByStickers(
        scene.estimate(Method.STICKERS, angle_deg, sd_deg),
        BonyPoints(scene.point_to_full(points.asis_px), scene.point_to_full(points.psis_px)),
    )


def by_belt(scene: Scene) -> BeltEstimate | NoBeltReason:
    """Look for the belt line."""
    line = find_belt_line(scene.frame.rgb, scene.pose, scene.facing, scene.vertical.roll_deg)
    if not isinstance(line, BeltLine):
        return line
    return BeltEstimate(
        tilt=scene.estimate(Method.BELT, line.angle_deg, line.sd_deg),
        front_px=scene.point_to_full(line.front_px),
        back_px=scene.point_to_full(line.back_px),
    )


def _look_for_marks(
    scene: Scene, looks: Looks
) -> tuple[ByStickers | NoStickers | None, BeltEstimate | NoBeltReason | None]:
    return (
        by_stickers(scene) if Looks.STICKERS in looks else None,
        by_belt(scene) if Looks.BELT in looks else None,
    )


def _answer(
    by_method: Mapping[Method, TiltEstimate | None], method: Method | None
) -> TiltEstimate | None:
    """Return the answer asked for, or the best there is; only a belt line may be missing."""
    if method is not None:
        return by_method[method]
    best = (Method.MARKED, Method.STICKERS, Method.CONTOUR)
    return next(tilt for name in best if (tilt := by_method[name]) is not None)


def _reject(scene: Scene, reasons: tuple[Reason, ...]) -> Rejected:
    return Rejected(
        source=scene.frame.source,
        reasons=reasons,
        facing=scene.facing,
        posture=scene.posture(),
        capture=scene.capture(),
        landmarks=scene.landmarks(),
        outline_px=scene.to_full(outline_px(scene.pose.mask)),
        provenance=_provenance(),
        people=_boxes(scene),
    )


def _boxes(scene: Scene) -> tuple[PersonBox, ...]:
    """Return where everyone is, from left to right."""
    frame = scene.frame
    boxes = (box_of(pose, frame.working_px, frame.scale) for pose in scene.people)
    return tuple(sorted(boxes, key=lambda box: box.middle_px))


def reject_unseen(frame: Frame) -> Rejected:
    """Look closer at a picture in which the first look found nobody, and refuse it."""
    distant = look_closer(frame.rgb, (), shared_estimator())
    reasons = [refusal(ReasonCode.NO_PERSON)]
    if distant:
        reasons = [refusal(ReasonCode.TOO_SMALL, distant[0].trunk_px * frame.scale)]
    if len(distant) > 1:
        reasons.insert(0, refusal(ReasonCode.SEVERAL_PEOPLE, len(distant)))
    return _reject_unlooked(frame, reasons)


def reject_for_points(frame: Frame, error: PointsError) -> Rejected:
    """Refuse a picture for what was marked in it, where that is an answer and no error."""
    why = Reason(ReasonCode.POINTS_UNUSABLE, Severity.REFUSE, error.message, error.fix)
    return _reject_unlooked(frame, [why])


def _reject_unlooked(frame: Frame, reasons: Sequence[Reason]) -> Rejected:
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
