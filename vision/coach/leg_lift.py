"""The side-lying leg lift, seen from the front or obliquely from the feet.

How far the upper leg is lifted and where it points is told in space, about the pelvis: in the
picture a leg that points half towards the camera looks lifted twice as far.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision.coach.events import (
    Attempt,
    CoachCue,
    FormFault,
    LegSide,
    Repetition,
    RepetitionPhase,
    Seen,
)
from vision.coach.repetition import MedianFilter, RepetitionDetector, has_moved_away, leg_joints
from vision.pose.estimate import side_joints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.coach.repetition import Stroke
    from vision.pose.estimate import PoseEstimate

#: Section 7 of docs/MEASUREMENT.md; the start is the hysteresis below the top.
START_DEG, TOP_DEG, HIGHEST_DEG = 10.0, 25.0, 40.0
AHEAD_DEG, BEHIND_DEG = 0.0, -10.0
#: What landmarks may be wrong by: no fault is better than a wrong one. Where the leg points
#: is the least sure of all, because much of it lies along the camera's axis.
_HIGH_SLACK_DEG, _AHEAD_SLACK_DEG, _BEHIND_SLACK_DEG = 7.0, 30.0, 35.0
#: A leg that reads so far ahead comes there with the lift, or is further ahead still: the
#: camera's place alone may make it read as much from the start.
_COMES_DEG, _FAR_AHEAD_DEG = 15.0, 40.0
#: A leg that lies on the other one points down a little; where it reads more than this, up to
#: so much of what it reads is taken off, at the top as well.
_RESTS_DEG, _MOST_OFF_DEG, _RESTING_MS = 2.0, 8.0, 3000.0
#: One hip and shoulder above the other: the sine of how far the body may have rolled.
_UPRIGHT = 0.6
#: The trunk lies: the sine of its slope.
_LYING = 0.7
#: Nothing can be told from nearer to the body's long axis than about 35 deg.
_ALONG = 0.8
#: Seen so obliquely, left and right are mistaken in some bodies, and the pelvis with them:
#: the sine of how far the camera stands from the front. Then the legs alone tell.
_OBLIQUE, _STILL_OBLIQUE = 0.5, 0.42
#: By how much legs read too high that point straight at the camera, as a share.
_LEGS_TOO_HIGH = 0.3
#: A body on its side looks like one now and then at least, and one on its back never.
_LATELY_MS, _NOW_AND_THEN, _UPRIGHT_OBLIQUELY = 4000.0, 80.0, 0.42
#: Hips that roll backward take the leg with them, and its toes come up by more than this.
#: Only from the front, within about 20 deg, are the toes seen well enough.
_FRONT, _TOES_UP_DEG, _TOES_RISE_DEG = 0.32, 19.0, 12.0
#: How much higher the foot comes at least, in trunk lengths.
_FOOT_RISES = 0.12
#: How far shoulders and hips may be from where they were, in trunk lengths.
_AWAY = 0.4
#: Somebody still at the top after this can be told already what could be better.
_TELL_AFTER_S = 1.5
_TOP_PERCENTILE, _PLATEAU_DEG = 80.0, 6.0
#: Most of the pictures at the top have to say that it is too high.
_SURELY = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class LiftBody:
    """A lying body with one leg above the other.

    Attributes
    ----------
    upper
        The leg above.
    lift_deg
        How far that leg is raised against the pelvis; 0 = in line with the trunk.
    legs_deg
        How far the higher leg is raised against the trunk, told without the pelvis: it stands
        even where left and right are mistaken, but reads too much the more the legs point at
        the camera.
    ahead_deg
        How far that leg is in front of the trunk; below 0 = behind.
    toes_up_deg
        How far its toes point up; 0 = to the front.
    upright
        How straight the upper hip and shoulder are above the lower ones, -1..1.
    trunk
        The trunk's direction, from the shoulders to the hips, unit length, shape (3,):
        x right, y down, z away from the camera.
    foot_up
        How much higher one ankle is than the other, in trunk lengths.
    places_px
        Shape (2, 2): between the shoulders and between the hips.
    trunk_px
        The distance between both.
    """

    upper: LegSide
    lift_deg: float
    legs_deg: float
    ahead_deg: float
    toes_up_deg: float
    upright: float
    trunk: NDArray[np.float64]
    foot_up: float
    places_px: NDArray[np.float64]
    trunk_px: float


class LegLiftMovement:
    """Follows leg lifts; see :class:`vision.coach.events.Movement`."""

    def __init__(self) -> None:
        self._detector = RepetitionDetector(START_DEG, TOP_DEG)
        self._filter = MedianFilter()
        self._upper: LegSide | None = None
        self._start: LiftBody | None = None
        self._moving: list[LiftBody] = []
        self._resting: deque[tuple[float, float]] = deque()
        self._lately: deque[tuple[float, float, float]] = deque()
        self._is_oblique = self._is_on_side = False

    def forget(self) -> None:
        """Drop the repetition under way."""
        self._detector.reset()
        self._filter.reset()
        self._upper = None
        self._start, self._moving = None, []
        self._resting.clear()
        self._lately.clear()
        self._is_oblique = self._is_on_side = False

    def add(self, pose: PoseEstimate, size_px: tuple[int, int], t_ms: float) -> Seen:
        """Look at the next picture."""
        seen = self._look(pose, size_px, t_ms)
        is_top = self._detector.phase is RepetitionPhase.TOP
        can_tell = is_top and self._detector.hold_s >= _TELL_AFTER_S and self._start is not None
        side = None if seen.angle_deg is None else _upper_leg(pose)
        return replace(seen, side=side, faults=self._top_faults() if can_tell else ())

    def _look(self, pose: PoseEstimate, size_px: tuple[int, int], t_ms: float) -> Seen:
        if not _is_trunk_seen(pose, size_px):
            return self._detector.seen(CoachCue.WHOLE_BODY, None)
        if self._upper is None or self._detector.phase is RepetitionPhase.UNKNOWN:
            self._choose(_upper_leg(pose))
        body = None if self._upper is None else _lift_body(pose, self._upper)
        if body is None:
            return self._detector.seen(CoachCue.WHOLE_BODY, None)
        self._choose_measure(body, t_ms)
        wish = self._wish(body)
        if wish is not None:
            return self._detector.seen(wish, None, is_lying=abs(body.trunk[1]) <= _LYING)
        look = self._filter.steadied(t_ms, replace(body, lift_deg=self._lift_deg(body, t_ms)))
        stroke = self._detector.add(t_ms, look.lift_deg)
        if self._detector.phase in (RepetitionPhase.UNKNOWN, RepetitionPhase.START):
            attempt = None if stroke is None else self._judge(stroke)
            self._start, self._moving = look, []
            return self._detector.seen(None, look.lift_deg, attempt)
        self._moving.append(look)
        return self._detector.seen(None, look.lift_deg)

    def _choose(self, upper: LegSide) -> None:
        if upper is not self._upper:
            self._upper = upper
            self._filter.reset()

    def _choose_measure(self, body: LiftBody, t_ms: float) -> None:
        """Decide between pelvis and legs, which holds for a whole repetition."""
        self._lately.append((t_ms, abs(body.upright), abs(float(body.trunk[2]))))
        while self._lately[0][0] < t_ms - _LATELY_MS:
            self._lately.popleft()
        if self._detector.phase not in (RepetitionPhase.UNKNOWN, RepetitionPhase.START):
            return
        _, upright, along = np.array(self._lately).T
        least_upright = _UPRIGHT_OBLIQUELY if self._is_oblique else _UPRIGHT
        self._is_on_side = float(np.percentile(upright, _NOW_AND_THEN)) >= least_upright
        limit = _STILL_OBLIQUE if self._is_oblique else _OBLIQUE
        is_oblique = float(np.median(along)) >= limit
        if is_oblique is not self._is_oblique:
            self._is_oblique = is_oblique
            self._detector.reset()
            self._filter.reset()

    def _lift_deg(self, body: LiftBody, t_ms: float) -> float:
        """Return how far the leg is raised, by what it reads at rest."""
        legs_deg = body.legs_deg * (1.0 - _LEGS_TOO_HIGH * abs(float(body.trunk[2])))
        is_mistaken = self._is_oblique or body.upright < _UPRIGHT
        read_deg = legs_deg if is_mistaken else (body.lift_deg + legs_deg) / 2
        if self._detector.phase in (RepetitionPhase.UNKNOWN, RepetitionPhase.START):
            self._resting.append((t_ms, read_deg))
            while self._resting[0][0] < t_ms - _RESTING_MS:
                self._resting.popleft()
        off_deg = min((deg for _, deg in self._resting), default=read_deg) - _RESTS_DEG
        return read_deg - min(max(off_deg, 0.0), _MOST_OFF_DEG)

    def _wish(self, body: LiftBody) -> CoachCue | None:
        """Return what has to change before this can be a leg lift."""
        if abs(body.trunk[1]) > _LYING or not self._is_on_side:
            return CoachCue.LIE_ON_SIDE
        if abs(body.trunk[2]) > _ALONG or body.trunk[2] > _OBLIQUE:
            return CoachCue.SHOW_FEET_OR_FRONT
        return None

    def _judge(self, stroke: Stroke) -> Attempt | None:
        plateau = _plateau(self._moving)
        if self._start is None or not plateau or self._has_moved_away(self._start):
            return None
        rises = float(np.median([look.foot_up for look in plateau])) - self._start.foot_up
        if rises < _FOOT_RISES or not stroke.is_from_start:
            return None
        if not stroke.has_reached_top:
            return Attempt(None, (FormFault.NOT_HIGH_ENOUGH,))
        if stroke.is_too_quick:
            return Attempt(None, (FormFault.TOO_FAST,))
        faults = self._top_faults()
        # Seen obliquely a leg jumps now and then, however slowly it moves.
        if stroke.is_quick and not self._is_oblique:
            faults = (*faults, FormFault.TOO_FAST)
        top_deg = float(np.median([look.lift_deg for look in plateau]))
        return Attempt(Repetition(stroke.hold_s, top_deg, faults), faults)

    def _has_moved_away(self, start: LiftBody) -> bool:
        places_px = (look.places_px for look in self._moving)
        return has_moved_away(places_px, start.places_px, _AWAY * start.trunk_px)

    def _top_faults(self) -> tuple[FormFault, ...]:
        """Return what is wrong at the top, most important first."""
        plateau = _plateau(self._moving)
        if not plateau or self._start is None:
            return ()
        lifts_deg = [look.lift_deg for look in plateau]
        ahead_deg = float(np.median([look.ahead_deg for look in plateau]))
        comes_deg = ahead_deg - self._start.ahead_deg
        found = {
            FormFault.THIGH_FORWARD: ahead_deg > AHEAD_DEG + _AHEAD_SLACK_DEG
            and (comes_deg > _COMES_DEG or ahead_deg > _FAR_AHEAD_DEG),
            FormFault.TOO_HIGH: np.percentile(lifts_deg, _SURELY) > HIGHEST_DEG + _HIGH_SLACK_DEG,
            FormFault.PELVIS_ROLLS_BACK: _has_rolled(self._start, plateau),
            FormFault.THIGH_TOO_FAR_BACK: ahead_deg < BEHIND_DEG - _BEHIND_SLACK_DEG,
        }
        return tuple(fault for fault, is_so in found.items() if is_so)


def _has_rolled(start: LiftBody, plateau: Sequence[LiftBody]) -> bool:
    if max(abs(float(look.trunk[2])) for look in (start, *plateau)) > _FRONT:
        return False
    toes_up_deg = float(np.median([look.toes_up_deg for look in plateau]))
    return toes_up_deg > max(_TOES_UP_DEG, start.toes_up_deg + _TOES_RISE_DEG)


def _plateau(moving: Sequence[LiftBody]) -> list[LiftBody]:
    if not moving:
        return []
    # Odd pictures point a leg anywhere, so its very highest says nothing.
    top_deg = float(np.percentile([look.lift_deg for look in moving], _TOP_PERCENTILE))
    return [look for look in moving if look.lift_deg >= top_deg - _PLATEAU_DEG]


def _upper_leg(pose: PoseEstimate) -> LegSide:
    left, right = (float(pose.xy_px[leg_joints(side), 1].mean()) for side in LegSide)
    return LegSide.LEFT if left < right else LegSide.RIGHT


def _lift_body(pose: PoseEstimate, upper: LegSide) -> LiftBody | None:
    """Return what a body on its side shows; None when it has no length."""
    world = pose.world_m.astype(np.float64)
    shoulder, hip, knee, ankle = world[leg_joints(upper)]
    other_shoulder, other_hip, _, other_ankle = world[leg_joints(upper.other)]
    trunk = _unit((hip + other_hip - shoulder - other_shoulder) / 2)
    across = _unit(hip - other_hip)
    # The pelvis is wide against the trunk, whatever its two points say.
    side = _unit(across - trunk * (across @ trunk))
    thigh, leg = _unit(knee - hip), _unit(ankle - hip)
    if not all(np.any(line) for line in (trunk, side, thigh, leg)):
        return None
    # Nearest to the picture's up and square to the trunk.
    up = np.array([0.0, -1.0, 0.0])
    up = _unit(up - trunk * (up @ trunk))
    # Told from the vertical: the pelvis' two points are the first to be mistaken.
    front = np.cross(up, -trunk) if upper is LegSide.LEFT else np.cross(-up, -trunk)
    heel, toes = world[side_joints(upper, "heel", "foot_index")]
    foot = _unit(toes - heel)
    foot -= leg * (foot @ leg)
    ankles_px = pose.xy_px[[leg_joints(upper)[3], leg_joints(upper.other)[3]], 1]
    places_px = np.stack([pose.mid_shoulder_px, pose.mid_hip_px]).astype(np.float64)
    stack = _unit(shoulder - other_shoulder) + across
    return LiftBody(
        upper=upper,
        lift_deg=(_rise_deg(thigh, side) + _rise_deg(leg, side)) / 2,
        legs_deg=max(_rise_deg(leg, up), _rise_deg(_unit(other_ankle - other_hip), up)),
        ahead_deg=float(np.degrees(np.arctan2(leg @ front, leg @ trunk))),
        toes_up_deg=float(np.degrees(np.arctan2(foot @ up, foot @ front))),
        upright=float(-stack[1] / 2),
        trunk=trunk,
        foot_up=abs(float(np.diff(ankles_px)[0])) / max(pose.trunk_px, 1.0),
        places_px=places_px,
        trunk_px=pose.trunk_px,
    )


def _is_trunk_seen(pose: PoseEstimate, size_px: tuple[int, int]) -> bool:
    joints = [joint for side in LegSide for joint in side_joints(side, "shoulder", "hip", "knee")]
    return bool(pose.is_inside(size_px)[joints].all())


def _unit(line: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(line))
    return line / length if length > 1e-6 else np.zeros(3)


def _rise_deg(line: NDArray[np.float64], against: NDArray[np.float64]) -> float:
    """Return how far a line rises towards another one, both of unit length."""
    return float(np.degrees(np.arcsin(np.clip(line @ against, -1.0, 1.0))))
