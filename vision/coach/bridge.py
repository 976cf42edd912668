"""Both glute bridges, seen from the side: repetitions, holds and form.

What makes a bridge of a rising angle: the trunk lies, the knees are bent, shoulder and foot
stay where they are, and the hip leaves the line between them. So neither squats, sit-ups,
rolling over, getting up nor raising a leg is taken for one. Angles are those in the picture:
which end the head is at makes no difference, up is the picture's up.
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
from vision.geometry import hinge_deg
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.coach.repetition import Stroke
    from vision.pose.estimate import PoseEstimate


#: Section 7 of docs/MEASUREMENT.md.
START_DEG, OVER_ARCHED_DEG = 150.0, 185.0
KNEE_LEAST_DEG, KNEE_MOST_DEG = 90.0, 135.0
#: What landmarks may be wrong by: no fault is better than a wrong one.
_ARCH_SLACK_DEG, _KNEE_SLACK_DEG = 8.0, 5.0
#: The stretched leg hides the knee of the other, and the hip's angle with it.
_ONE_LEG_SLACK_DEG = 16.0
#: How much further above shoulder and foot the hip comes at least, in trunk lengths: in a
#: repetition, and in one that is begun.
_LEAST_RISE, _BEGUN_RISE = 0.12, 0.04
#: How far shoulder and foot may be from where they were, in trunk lengths.
_AWAY = 0.35
#: Somebody still at the top after this can be told already what could be better.
_TELL_AFTER_S = 1.5
#: The top, for its form: this close to its highest, and not in the lower part of the way.
_PLATEAU_DEG, _PLATEAU_SHARE = 8.0, 0.3
#: The start is the lowest of so long.
_RESTING_MS = 1500.0
#: Section 7 of docs/MEASUREMENT.md.
TOP_DEG, DROP_DEG = 165.0, 10.0
#: How steep the trunk may be: the hip far above the shoulder is a shoulder stand, the
#: shoulder far above the hip is sitting.
_STEEPEST_DEG, _SITTING_DEG = 60.0, -30.0
#: The camera looks at the side within about 50 deg: the cosine of that.
_SIDE_ON = 0.64
#: Above this the body lies on its side: its left is straight above its right.
_ON_SIDE = 0.8
_STRAIGHT_KNEE_DEG = 165.0
#: How high bent knees are at least, in trunk lengths above shoulder and ankle.
_KNEE_UP = 0.12
#: How much higher the foot of a leg that is lifted is, in trunk lengths.
_FOOT_UP = 0.3
#: Joints below this visibility are invented.
_FEWEST_VISIBLE = 0.4
#: The other side must be seen this much more surely to be followed instead.
_SURER = 0.2
#: A foot on the floor stays there; a picture in which it does not mistakes the legs.
_PLANTED, _LONGEST_MISTAKE_MS = 0.25, 2500.0
#: A hip that sinks takes the trunk with it: by this share of its way up at least.
_SUNK_SHARE = 0.15
#: Whoever lowers themselves is nearly down after this; a hip that sinks hangs in between.
_LOWERED_MS, _HANGS_SHARE, _HANGS_STILL_SHARE = 1200.0, 0.35, 0.2


@dataclass(frozen=True, slots=True, eq=False)
class SideBody:
    """One side of a lying body; lengths in trunk lengths, shoulder to hip.

    Attributes
    ----------
    hip_deg
        Shoulder-hip-knee: 180 = straight, above = the hip lies above the straight line.
    knee_deg
        Hip-knee-ankle, 180 = straight.
    trunk_deg
        How much higher the hip is than the shoulder, as the trunk's slope, -180..180.
    rise
        How high the hip is above the line from shoulder to ankle.
    knee_up
        How high the knee is above that line.
    foot_up
        How much higher the ankle is than the other side's.
    ends_px
        Shape (2, 2): shoulder and ankle, which stay where they are.
    trunk_px
        The trunk's length.
    is_in_air
        Whether the other leg is lifted.
    """

    hip_deg: float
    knee_deg: float
    trunk_deg: float
    rise: float
    knee_up: float
    foot_up: float
    ends_px: NDArray[np.float64]
    trunk_px: float
    is_in_air: bool


class BridgeForm:
    """Watches the form of one repetition after the other.

    Parameters
    ----------
    is_single
        Whether one leg has to be in the air.
    """

    def __init__(self, *, is_single: bool) -> None:
        self._is_single = is_single
        self._arched_deg = OVER_ARCHED_DEG + (_ONE_LEG_SLACK_DEG if is_single else _ARCH_SLACK_DEG)
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._resting: deque[tuple[float, SideBody]] = deque()
        self._moving: list[SideBody] = []
        self._is_top = False

    def add(self, look: SideBody, phase: RepetitionPhase, t_ms: float) -> None:
        """Look at the next picture."""
        self._is_top = phase is RepetitionPhase.TOP
        if phase not in (RepetitionPhase.UNKNOWN, RepetitionPhase.START):
            self._moving.append(look)
            return
        if self._moving:
            self.reset()
        self._resting.append((t_ms, look))
        while self._resting[0][0] < t_ms - _RESTING_MS:
            self._resting.popleft()

    @property
    def _start(self) -> SideBody | None:
        looks = (look for _, look in self._resting)
        return min(looks, key=lambda look: look.hip_deg, default=None)

    def is_foot_elsewhere(self, foot_px: NDArray[np.float64]) -> bool:
        """Tell whether the foot is not where it stood."""
        start = self._start
        if start is None or not self._moving:
            return False
        return float(np.hypot(*(foot_px - start.ends_px[1]))) > _PLANTED * start.trunk_px

    def sunk_share(self, trunk_deg: float) -> float:
        """Return how much of its way up the trunk has lost again, 0..1."""
        start = self._start
        if start is None or not self._moving:
            return 0.0
        top_deg = max(look.trunk_deg for look in self._moving)
        return (top_deg - trunk_deg) / max(top_deg - start.trunk_deg, 1.0)

    def so_far(self, hold_s: float) -> tuple[FormFault, ...]:
        """Return what can be told of somebody who stays at the top."""
        if not self._is_top or hold_s < _TELL_AFTER_S or self._has_moved_away():
            return ()
        return self._top_faults(self._plateau())

    def judge(self, stroke: Stroke, *, has_dropped: bool = False) -> Attempt | None:
        """Return what came of a way up and back; None when it was no bridge.

        Parameters
        ----------
        stroke
            The way of the hip's angle.
        has_dropped
            Whether the hip sank before its time.
        """
        plateau, start = self._plateau(), self._start
        if start is None or not plateau or self._has_moved_away():
            return None
        rise = float(np.median([look.rise for look in plateau])) - start.rise
        is_on_two = self._is_single and 2 * sum(look.is_in_air for look in plateau) < len(plateau)
        if rise < _BEGUN_RISE or is_on_two:
            return None
        if not stroke.has_reached_top:
            return Attempt(None, (FormFault.NOT_HIGH_ENOUGH,))
        faults = self._top_faults(plateau)
        is_high = stroke.bottom_deg > START_DEG
        if FormFault.FEET_TOO_FAR in faults and is_high:
            return Attempt(None, (FormFault.FEET_TOO_FAR,))
        if not stroke.is_from_start or rise < _LEAST_RISE:
            return None
        if stroke.is_too_quick:
            return Attempt(None, (FormFault.TOO_FAST,))
        if has_dropped:
            faults = (FormFault.HIP_DROPS, *faults)
        if stroke.is_quick:
            faults = (*faults, FormFault.TOO_FAST)
        top_deg = float(np.median([look.hip_deg for look in plateau]))
        return Attempt(Repetition(stroke.hold_s, top_deg, faults), faults)

    def _top_faults(self, plateau: Sequence[SideBody]) -> tuple[FormFault, ...]:
        """Return what is wrong at the top, most important first."""
        if not plateau:
            return ()
        hip_deg = float(np.median([look.hip_deg for look in plateau]))
        knees_deg = [look.knee_deg for look in plateau]
        found = {
            FormFault.OVER_ARCHED: hip_deg > self._arched_deg,
            FormFault.FEET_TOO_FAR: min(knees_deg) > KNEE_MOST_DEG
            and is_knee_too_far(float(np.median(knees_deg))),
            FormFault.FEET_TOO_NEAR: max(knees_deg) < KNEE_LEAST_DEG
            and float(np.median(knees_deg)) < KNEE_LEAST_DEG - _KNEE_SLACK_DEG,
        }
        return tuple(fault for fault, is_so in found.items() if is_so)

    def _plateau(self) -> list[SideBody]:
        start = self._start
        if not self._moving or start is None:
            return []
        top_deg = max(look.hip_deg for look in self._moving)
        below_deg = min(_PLATEAU_DEG, _PLATEAU_SHARE * (top_deg - start.hip_deg))
        return [look for look in self._moving if look.hip_deg >= top_deg - below_deg]

    def _has_moved_away(self) -> bool:
        start = self._start
        if start is None:
            return False
        places_px = (look.ends_px for look in self._moving)
        return has_moved_away(places_px, start.ends_px, _AWAY * start.trunk_px)


def is_knee_too_far(knee_deg: float) -> bool:
    """Tell whether a knee is so open that the feet are surely too far away."""
    return knee_deg > KNEE_MOST_DEG + _KNEE_SLACK_DEG


class BridgeMovement:
    """Follows bridges; see :class:`vision.coach.events.Movement`.

    Parameters
    ----------
    is_single
        Whether one leg is to be in the air.
    wanted_hold_s
        Whoever comes down after this has not sunk.
    """

    def __init__(self, *, is_single: bool = False, wanted_hold_s: float = 0.0) -> None:
        self._is_single, self._wanted_hold_s = is_single, wanted_hold_s
        self._detector = RepetitionDetector(START_DEG, TOP_DEG, DROP_DEG if is_single else None)
        self._form = BridgeForm(is_single=is_single)
        self._filter = MedianFilter()
        self._side: LegSide | None = None
        self._falling_ms: float | None = None
        self._mistaken_ms: float | None = None
        self._has_dropped = False
        self._top_deg = TOP_DEG

    def forget(self) -> None:
        """Drop the repetition under way."""
        self._detector.reset()
        self._filter.reset()
        self._form.reset()
        self._side = None
        self._falling_ms, self._has_dropped = None, False
        self._mistaken_ms = None

    def add(self, pose: PoseEstimate, size_px: tuple[int, int], t_ms: float) -> Seen:
        """Look at the next picture."""
        seen = self._look(pose, size_px, t_ms)
        faults = self._form.so_far(self._detector.hold_s)
        if self._has_dropped:
            faults = (FormFault.HIP_DROPS, *faults)
        return replace(seen, side=self._side if self._is_single else None, faults=faults)

    def _look(self, pose: PoseEstimate, size_px: tuple[int, int], t_ms: float) -> Seen:
        side = self._choose_side(pose)
        body = _side_body(pose, side)
        if body is None or not _is_seen(pose, side, size_px):
            return self._detector.seen(CoachCue.WHOLE_BODY, None)
        wish = _wish(body, pose)
        if wish in (None, CoachCue.BEND_KNEES) and self._is_mistaken(body, t_ms):
            unchanged_deg = self._detector.at_share(self._detector.left_share)
            return self._detector.seen(None, None, self._drive(t_ms, unchanged_deg))
        if wish is not None:
            is_lying = _SITTING_DEG <= body.trunk_deg <= _STEEPEST_DEG
            return self._detector.seen(wish, None, is_lying=is_lying)
        look = self._filter.steadied(t_ms, body)
        attempt = self._drive(t_ms, self._driving_deg(look))
        self._form.add(look, self._detector.phase, t_ms)
        is_resting = self._detector.phase in (RepetitionPhase.UNKNOWN, RepetitionPhase.START)
        if self._is_single and not look.is_in_air:
            wish = CoachCue.LIFT_ONE_LEG
        elif is_resting and look.hip_deg > START_DEG and is_knee_too_far(look.knee_deg):
            wish = CoachCue.BEND_KNEES
        return self._detector.seen(wish, look.hip_deg, attempt)

    def _is_mistaken(self, body: SideBody, t_ms: float) -> bool:
        """Tell whether the legs are mistaken for one another, and a picture says nothing new.

        A foot that stays away for longer has moved: what was begun is dropped.
        """
        if not self._form.is_foot_elsewhere(body.ends_px[1]):
            self._mistaken_ms = None
            return False
        if self._mistaken_ms is None:
            self._mistaken_ms = t_ms
        if t_ms - self._mistaken_ms <= _LONGEST_MISTAKE_MS:
            return True
        self.forget()
        return False

    def _drive(self, t_ms: float, angle_deg: float) -> Attempt | None:
        """Follow the hip's angle; return what came to its end."""
        stroke = self._detector.add(t_ms, angle_deg)
        self._notice_drop(t_ms)
        if stroke is None:
            return None
        attempt = self._form.judge(stroke, has_dropped=self._has_dropped)
        self._falling_ms, self._has_dropped = None, False
        return attempt

    def _driving_deg(self, look: SideBody) -> float:
        """Return the hip's angle, which on one leg sinks only if the trunk does.

        The knee of the standing leg is hidden by the stretched one now and then.
        """
        share = self._form.sunk_share(look.trunk_deg)
        if self._is_single and self._detector.phase is RepetitionPhase.TOP and share < _SUNK_SHARE:
            self._top_deg = max(look.hip_deg, self._top_deg)
            return self._top_deg
        self._top_deg = TOP_DEG
        if self._is_single and self._detector.phase is RepetitionPhase.FALLING:
            return max(look.hip_deg, self._detector.at_share(1.0 - share))
        return look.hip_deg

    def _choose_side(self, pose: PoseEstimate) -> LegSide:
        """Return the leg on the floor, or of two on the floor the one that is seen better."""
        if self._side is not None and self._detector.phase not in (
            RepetitionPhase.UNKNOWN,
            RepetitionPhase.START,
        ):
            return self._side
        left, right = (_nearness(pose, side) for side in LegSide)
        lifted = _side_body(pose, LegSide.LEFT)
        if self._is_single and lifted is not None and abs(lifted.foot_up) > _FOOT_UP:
            self._change_side(LegSide.LEFT if lifted.foot_up < 0 else LegSide.RIGHT)
        elif self._side is None or abs(left - right) > _SURER:
            self._change_side(LegSide.LEFT if left > right else LegSide.RIGHT)
        return self._side or LegSide.LEFT

    def _change_side(self, side: LegSide) -> None:
        if side is not self._side:
            self._side = side
            self._filter.reset()

    def _notice_drop(self, t_ms: float) -> None:
        """Tell a hip that sinks and hangs from somebody who comes down."""
        if not self._is_single or self._detector.phase is not RepetitionPhase.FALLING:
            self._falling_ms = None
            return
        if self._falling_ms is None:
            self._falling_ms = t_ms
        is_hanging = self._detector.left_share > _HANGS_SHARE or (
            self._detector.left_share > _HANGS_STILL_SHARE and self._detector.is_still
        )
        is_early = self._detector.hold_s < self._wanted_hold_s
        if is_early and is_hanging and t_ms - self._falling_ms >= _LOWERED_MS:
            self._has_dropped = True


def _wish(body: SideBody, pose: PoseEstimate) -> CoachCue | None:
    """Return what has to change before this can be a bridge."""
    across = _axis_across(pose)
    if not _SITTING_DEG <= body.trunk_deg <= _STEEPEST_DEG or abs(across[1]) > _ON_SIDE:
        return CoachCue.LIE_ON_BACK
    if abs(across[2]) < _SIDE_ON * float(np.hypot(across[0], across[2])):
        return CoachCue.TURN_SIDE_ON
    if body.knee_deg > _STRAIGHT_KNEE_DEG or body.knee_up < _KNEE_UP:
        return CoachCue.BEND_KNEES
    return None


def _side_body(pose: PoseEstimate, side: LegSide) -> SideBody | None:
    """Return what one side shows; None when the body has no length in the picture."""
    shoulder, hip, knee, ankle = (np.asarray(pose.xy_px[j], np.float64) for j in leg_joints(side))
    trunk_px = float(np.hypot(*(shoulder - hip)))
    head_sign = 1 if shoulder[0] > ankle[0] else -1
    if trunk_px < 1.0 or np.hypot(*(shoulder - ankle)) < 1.0:
        return None
    away = hip - shoulder
    foot_up = float(pose.xy_px[leg_joints(side.other)[3], 1] - ankle[1]) / trunk_px
    return SideBody(
        hip_deg=hinge_deg(shoulder, hip, knee, head_sign),
        knee_deg=_unsigned_deg(hip - knee, ankle - knee),
        trunk_deg=float(np.degrees(np.arctan2(-away[1], -head_sign * away[0]))),
        rise=_above(hip, shoulder, ankle, head_sign) / trunk_px,
        knee_up=_above(knee, shoulder, ankle, head_sign) / trunk_px,
        foot_up=foot_up,
        ends_px=np.stack([shoulder, ankle]),
        trunk_px=trunk_px,
        is_in_air=foot_up < -_FOOT_UP,
    )


def _above(
    point: NDArray[np.float64],
    head_end: NDArray[np.float64],
    foot_end: NDArray[np.float64],
    head_sign: int,
) -> float:
    """Return how far a point is above the line between both ends, pixels."""
    line = head_end - foot_end
    off = point - foot_end
    return float(head_sign * (line[1] * off[0] - line[0] * off[1]) / np.hypot(*line))


def _unsigned_deg(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    turn = np.arctan2(one[0] * other[1] - one[1] * other[0], one @ other)
    return float(np.degrees(abs(turn)))


def _is_seen(pose: PoseEstimate, side: LegSide, size_px: tuple[int, int]) -> bool:
    joints = leg_joints(side)
    inside = pose.is_inside(size_px)[joints]
    return bool(inside.all() and (pose.visibility[joints] >= _FEWEST_VISIBLE).all())


def _nearness(pose: PoseEstimate, side: LegSide) -> float:
    """Return how surely a side is seen; the larger of both is the camera's."""
    joints = leg_joints(side)
    near = -float(pose.depth_px[joints[:3]].mean()) / max(pose.trunk_px, 1.0)
    return float(pose.visibility[joints].mean()) + float(np.clip(near, -0.5, 0.5))


def _axis_across(pose: PoseEstimate) -> NDArray[np.float64]:
    """Return the direction from the body's left to its right, unit length, shape (3,).

    x right, y down, z away from the camera; zeros when it cannot be told.
    """
    world = pose.world_m.astype(np.float64)
    across = (
        world[Joint.RIGHT_SHOULDER]
        - world[Joint.LEFT_SHOULDER]
        + world[Joint.RIGHT_HIP]
        - world[Joint.LEFT_HIP]
    )
    length = float(np.linalg.norm(across))
    return across / length if length > 1e-6 else np.zeros(3)
