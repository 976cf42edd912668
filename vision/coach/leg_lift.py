"""The side-lying leg lift, seen from the front or obliquely from the feet."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vision.coach.body import is_trunk_seen, lift_body, upper_leg
from vision.coach.events import (
    Attempt,
    CoachCue,
    FormFault,
    LegSide,
    Repetition,
    RepetitionPhase,
    Seen,
)
from vision.coach.repetition import MedianFilter, RepetitionDetector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.coach.body import LiftBody
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
_STRAY_SHARE = 0.2
#: Somebody still at the top after this can be told already what could be better.
_TELL_AFTER_S = 1.5
_TOP_PERCENTILE, _PLATEAU_DEG = 80.0, 6.0
#: Most of the pictures at the top have to say that it is too high.
_SURELY = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class _LiftAngles:
    """One picture, steadied; as :class:`vision.coach.body.LiftBody` has it."""

    lift_deg: float
    ahead_deg: float
    toes_up_deg: float
    foot_up: float
    along: float
    places_px: NDArray[np.float64]
    trunk_px: float


class LegLiftMovement:
    """Follows leg lifts; see :class:`vision.coach.events.Movement`."""

    def __init__(self) -> None:
        self._detector = RepetitionDetector(START_DEG, TOP_DEG)
        self._filter = MedianFilter()
        self._upper: LegSide | None = None
        self._start: _LiftAngles | None = None
        self._moving: list[_LiftAngles] = []
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
        side = None if seen.angle_deg is None else upper_leg(pose)
        return replace(seen, side=side, faults=self._top_faults() if can_tell else ())

    def _look(self, pose: PoseEstimate, size_px: tuple[int, int], t_ms: float) -> Seen:
        if not is_trunk_seen(pose, size_px):
            return self._detector.seen(CoachCue.WHOLE_BODY, None)
        if self._upper is None or self._detector.phase is RepetitionPhase.UNKNOWN:
            self._choose(upper_leg(pose))
        body = None if self._upper is None else lift_body(pose, self._upper)
        if body is None:
            return self._detector.seen(CoachCue.WHOLE_BODY, None)
        self._choose_measure(body, t_ms)
        wish = self._wish(body)
        if wish is not None:
            return self._detector.seen(wish, None, is_lying=abs(body.trunk[1]) <= _LYING)
        look = _steadied(body, self._lift_deg(body, t_ms), self._filter, t_ms)
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

    def _has_moved_away(self, start: _LiftAngles) -> bool:
        away = [
            bool((np.hypot(*(look.places_px - start.places_px).T) > _AWAY * start.trunk_px).any())
            for look in self._moving
        ]
        return sum(away) > _STRAY_SHARE * len(away)

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


def _has_rolled(start: _LiftAngles, plateau: Sequence[_LiftAngles]) -> bool:
    if max(abs(look.along) for look in (start, *plateau)) > _FRONT:
        return False
    toes_up_deg = float(np.median([look.toes_up_deg for look in plateau]))
    return toes_up_deg > max(_TOES_UP_DEG, start.toes_up_deg + _TOES_RISE_DEG)


def _plateau(moving: Sequence[_LiftAngles]) -> list[_LiftAngles]:
    if not moving:
        return []
    # Odd pictures point a leg anywhere, so its very highest says nothing.
    top_deg = float(np.percentile([look.lift_deg for look in moving], _TOP_PERCENTILE))
    return [look for look in moving if look.lift_deg >= top_deg - _PLATEAU_DEG]


def _steadied(
    body: LiftBody, lift_deg: float, median_filter: MedianFilter, t_ms: float
) -> _LiftAngles:
    values = [
        lift_deg, body.ahead_deg, body.toes_up_deg, body.foot_up, body.trunk[2], body.trunk_px,
        *body.places_px.ravel(),
    ]  # fmt: skip
    steady = median_filter.add(t_ms, np.array(values))
    return _LiftAngles(
        lift_deg=float(steady[0]),
        ahead_deg=float(steady[1]),
        toes_up_deg=float(steady[2]),
        foot_up=float(steady[3]),
        along=float(steady[4]),
        trunk_px=float(steady[5]),
        places_px=steady[6:].reshape(2, 2),
    )
