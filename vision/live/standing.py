"""Whether somebody in front of a camera can be measured, and what every live test does about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from vision.live.events import Instruction, LiveState, Moment, PhasedMoment
from vision.live.instructions import Correction, Patience, Prompter, find_corrections
from vision.live.smoothing import ShownTilt
from vision.pose.estimate import Joint, side_joints
from vision.result import Facing, Measured, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.live.events import Sighting
    from vision.pose.estimate import PoseEstimate
    from vision.result import TiltEstimate

Told = TypeVar("Told", Moment, PhasedMoment)

#: Somebody stands still who has done so for this long.
STILL_MS = 1500.0
#: Without pictures for longer, what went before is another stance.
LONGEST_GAP_MS = 700.0
#: Whoever moved within this time is moving.
_JUST_NOW_MS = 600.0
_FEWEST_PICTURES = 5
#: This share of the pictures may say otherwise, and always one.
_STRAY_SHARE = 0.1
#: How far a point may be from its middle place: mid-shoulder, mid-hip, mid-knee, mid-ankle,
#: and the wrist on the camera's side, which is found less surely.
_STRAY_TRUNKS = np.array([0.07, 0.07, 0.07, 0.07, 0.25])
_STRAY_YAW_DEG = 6.0
#: And how far between the two halves of the time, whose medians are steadier.
_DRIFT_TRUNKS = np.array([0.045, 0.045, 0.045, 0.045, 0.15])
_DRIFT_YAW_DEG = 2.5
#: Over several seconds a body sways further than over one and a half.
_LONG_FACTOR = 1.5
_LEFT, _RIGHT = (side_joints(side, "shoulder", "hip", "knee", "ankle") for side in Facing)
#: The hips have moved this far: about a step.
_AWAY_TRUNKS = 0.5
#: For so long somebody must be away, or out of sight, so that one odd picture is not enough.
_AWAY_MS = 400.0
#: Marching on the spot does as well.
_STEPS = 3
_MARCH_MS = 3000.0
#: Whoever has not lifted a foot for this long has come to the end of their steps.
_STOPPED_MS = 700.0
#: A foot is up above the first, in trunk lengths (7 cm), and down again below the second.
_UP_TRUNKS, _DOWN_TRUNKS = 0.14, 0.07
_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
#: The nose is about so far below the top of the head, in trunk lengths. A hand that
#: scratches the head leaves its wrist below that.
_ABOVE_NOSE_TRUNKS = 0.25
_VISIBILITY = 0.5
_HELD_MS = 700.0
#: The arm must have been seen lowered for so long before: whoever sets up the camera or
#: comes in waving ends nothing.
_LOWERED_MS = 500.0
#: Pictures in which the arm is not seen as before matter only beyond this.
_LONGEST_LAPSE_MS = 250.0
_ARMS = [side_joints(side, "shoulder", "elbow", "wrist") for side in Facing]
_STAND_STILL = Correction(Instruction.STAND_STILL, None)
#: Numbers that hover about their limits: once they are good enough to begin, they need not
#: be all the time.
_HOVERING = frozenset({ReasonCode.NOT_SIDE_ON, ReasonCode.CAMERA_TILTED, ReasonCode.TOO_DARK})


@dataclass(frozen=True, slots=True, eq=False)
class StancePlace:
    """Where somebody stands in the picture.

    Attributes
    ----------
    points_px
        Shape (5, 2): mid-shoulder, mid-hip, mid-knee, mid-ankle, near wrist; pixels of the
        working picture.
    trunk_px
        The trunk's length.
    yaw_deg
        How far the body is turned, with its sign.
    facing
        Which edge of the picture the person looks towards.
    """

    points_px: NDArray[np.float64]
    trunk_px: float
    yaw_deg: float
    facing: Facing

    @property
    def hip_px(self) -> NDArray[np.float64]:
        """The point between the hips, shape (2,)."""
        return np.asarray(self.points_px[1])

    def is_held_by(self, other: StancePlace) -> bool:
        """Tell whether somebody who stood here and is there now has stood still meanwhile."""
        away = np.hypot(*(other.points_px - self.points_px).T) / self.trunk_px
        return (
            other.facing is self.facing
            and bool((away <= _LONG_FACTOR * _STRAY_TRUNKS).all())
            and abs(other.yaw_deg - self.yaw_deg) <= _LONG_FACTOR * _STRAY_YAW_DEG
        )


def place_of(sighting: Sighting) -> StancePlace | None:
    """Return where the person of a picture stands; None when nobody is seen."""
    pose, yaw_deg, facing = sighting.pose, sighting.yaw_deg, sighting.facing
    if pose is None or yaw_deg is None or facing is None or pose.trunk_px <= 0:
        return None
    # Somebody who looks to the left of the picture shows the camera their left side.
    near_wrist = pose.xy_px[side_joints(facing, "wrist")]
    points = [*map(pose.midpoint_px, _LEFT, _RIGHT), *near_wrist]
    return StancePlace(np.asarray(points, np.float64), pose.trunk_px, yaw_deg, facing)


class Stillness:
    """Follows a person and tells whether they stand still.

    Attributes
    ----------
    place
        The middle of where they have stood for :data:`STILL_MS`; None unless they have stood
        still for that long.
    is_moving
        Whether they moved just now; not so as long as there is too little to tell.
    """

    def __init__(self) -> None:
        self.place: StancePlace | None = None
        self.is_moving = False
        self._seen: deque[tuple[float, StancePlace]] = deque()

    def reset(self) -> None:
        """Begin anew."""
        self.place, self.is_moving = None, False
        self._seen.clear()

    def add(self, sighting: Sighting) -> None:
        """Look at the next picture; one without anybody only makes a gap."""
        t_ms, place = sighting.t_ms, place_of(sighting)
        if self._seen and t_ms - self._seen[-1][0] > LONGEST_GAP_MS:
            self.reset()
        if place is None:
            self.place = None
            return
        self._seen.append((t_ms, place))
        # One picture from before the time is kept, so that the whole of it is covered.
        while len(self._seen) > 1 and self._seen[1][0] <= t_ms - STILL_MS:
            self._seen.popleft()
        places = [seen for _, seen in self._seen]
        is_long = t_ms - self._seen[0][0] >= STILL_MS and len(places) >= _FEWEST_PICTURES
        is_still = _is_still(places)
        self.place = _middle(places) if is_long and is_still else None
        just_now = [seen for ms, seen in self._seen if ms >= t_ms - _JUST_NOW_MS]
        self.is_moving = not is_still and not _is_still(just_now)


def _middle(places: Sequence[StancePlace]) -> StancePlace:
    return StancePlace(
        points_px=np.median([place.points_px for place in places], axis=0),
        trunk_px=float(np.median([place.trunk_px for place in places])),
        yaw_deg=float(np.median([place.yaw_deg for place in places])),
        facing=places[-1].facing,
    )


def _is_still(places: Sequence[StancePlace]) -> bool:
    """Tell whether nearly all places are close to their middle, and the middle does not move."""
    middle = _middle(places)
    points = np.array([place.points_px for place in places])
    yaws_deg = np.array([place.yaw_deg for place in places])
    away = np.hypot(*np.moveaxis(points - middle.points_px, -1, 0)) / middle.trunk_px
    is_stray = (away > _STRAY_TRUNKS).any(axis=1)
    is_stray |= np.abs(yaws_deg - middle.yaw_deg) > _STRAY_YAW_DEG
    is_stray |= [place.facing is not middle.facing for place in places]
    if np.count_nonzero(is_stray) > max(1, int(_STRAY_SHARE * len(places))):
        return False
    half = len(places) // 2
    if half < 2:
        return True
    moved = np.median(points[half:], axis=0) - np.median(points[:half], axis=0)
    drift = np.hypot(*moved.T) / middle.trunk_px
    turned_deg = abs(float(np.median(yaws_deg[half:]) - np.median(yaws_deg[:half])))
    return bool((drift <= _DRIFT_TRUNKS).all()) and turned_deg <= _DRIFT_YAW_DEG


class Leaving:
    """Watches somebody leave a stance.

    Parameters
    ----------
    place
        Where they stood; None to take the first picture's place for it.
    t_ms
        When they were told to leave.
    """

    def __init__(self, place: StancePlace | None, t_ms: float) -> None:
        self._place = place
        self._told_ms = t_ms
        self._here_ms = t_ms
        #: Where the higher of both ankles is while both feet stand; y points down.
        self._floor_y = -np.inf
        self._is_foot_up = False
        self._steps = 0
        self._stepped_ms = t_ms

    def add(self, sighting: Sighting) -> bool:
        """Look at the next picture and return whether the stance has been left."""
        place = place_of(sighting)
        if place is None or sighting.pose is None:
            return self._is_away(sighting.t_ms)
        if self._place is None:
            self._place = place
        gone = np.hypot(*(place.hip_px - self._place.hip_px)) / self._place.trunk_px
        if gone <= _AWAY_TRUNKS:
            self._here_ms = sighting.t_ms
        self._count_steps(sighting.pose, self._place.trunk_px, sighting.t_ms)
        return self._has_marched(sighting.t_ms) or self._is_away(sighting.t_ms)

    def _is_away(self, t_ms: float) -> bool:
        return t_ms - self._here_ms >= _AWAY_MS

    def _has_marched(self, t_ms: float) -> bool:
        is_long = t_ms - self._told_ms >= _MARCH_MS
        return is_long and self._steps >= _STEPS and t_ms - self._stepped_ms >= _STOPPED_MS

    def _count_steps(self, pose: PoseEstimate, trunk_px: float, t_ms: float) -> None:
        """Count how often a foot is lifted; which of the two it is may be mistaken."""
        higher_y = min(float(pose.xy_px[ankle, 1]) for ankle in _ANKLES)
        self._floor_y = max(self._floor_y, higher_y)
        lifted = (self._floor_y - higher_y) / trunk_px
        if self._is_foot_up and lifted < _DOWN_TRUNKS:
            self._is_foot_up = False
        elif not self._is_foot_up and lifted > _UP_TRUNKS:
            self._is_foot_up, self._stepped_ms = True, t_ms
            self._steps += 1


class RaisedArm:
    """Watches for an arm that is raised and held."""

    def __init__(self) -> None:
        self._t_ms = 0.0
        self._was_lowered = False
        self._is_up: bool | None = None
        self._since_ms = 0.0
        self._seen_ms = 0.0
        #: Since when pictures have been saying something else than before.
        self._other_ms: float | None = None

    def reset(self) -> None:
        """Wait for a lowered arm first."""
        self._was_lowered, self._is_up, self._other_ms = False, None, None

    def add(self, sighting: Sighting) -> bool:
        """Return whether the person has just asked for the end; once for each raising."""
        t_ms = sighting.t_ms
        if t_ms - self._t_ms > LONGEST_GAP_MS:
            self.reset()
        self._t_ms = t_ms
        is_up = None if sighting.pose is None else is_arm_raised(sighting.pose)
        if is_up is self._is_up:
            self._seen_ms, self._other_ms = t_ms, None
        else:
            self._other_ms = t_ms if self._other_ms is None else self._other_ms
            if self._is_up is None or t_ms - self._seen_ms > _LONGEST_LAPSE_MS:
                self._is_up, self._since_ms, self._seen_ms = is_up, self._other_ms, t_ms
                self._other_ms = None
        held_ms = self._seen_ms - self._since_ms
        if self._is_up is False and held_ms >= _LOWERED_MS:
            self._was_lowered = True
        is_asked = self._is_up is True and self._was_lowered and held_ms >= _HELD_MS
        if is_asked:
            self._was_lowered = False
        return is_asked


def is_arm_raised(pose: PoseEstimate) -> bool:
    """Tell whether a wrist that is seen is clearly above the head, its elbow above the shoulder.

    Fists on the collar-bones and a hand at the head are not.
    """
    limit_y = pose.xy_px[Joint.NOSE, 1] - _ABOVE_NOSE_TRUNKS * pose.trunk_px
    return any(
        pose.visibility[wrist] >= _VISIBILITY
        and pose.xy_px[wrist, 1] < limit_y
        and pose.xy_px[elbow, 1] < pose.xy_px[shoulder, 1]
        for shoulder, elbow, wrist in _ARMS
    )


@dataclass(frozen=True, slots=True, eq=False)
class StanceReading:
    """How somebody stands in one picture.

    Attributes
    ----------
    state
        ``searching``, ``adjust`` or ``ready``.
    instruction
        What they are to do.
    is_usable
        Whether this picture may count in a measurement that is under way.
    place
        Where they have stood still for long enough and with nothing to change, so that
        measuring may begin; else None.
    """

    state: LiveState
    instruction: Instruction | None
    is_usable: bool
    place: StancePlace | None


class StanceFollower:
    """Follows somebody until they stand right and still."""

    def __init__(self) -> None:
        self._stillness = Stillness()
        self._patience = Patience()
        self._prompter = Prompter()
        self._correction: Correction | None = None

    def forget(self) -> None:
        """Begin anew: pictures were missing, or the camera may stand elsewhere."""
        self._stillness.reset()
        self._patience.forget()
        self._prompter.reset()

    def next_stance(self) -> None:
        """Begin anew with the same camera."""
        self._stillness.reset()
        self._patience.next_stance()
        self._prompter.reset()

    def interrupt(self) -> StanceReading:
        """Ask at once for what ended a measurement; standing still is awaited anew."""
        shown = self._correction if self._correction is not None else _STAND_STILL
        self._prompter.put(shown)
        self._stillness.reset()
        return StanceReading(_state(shown), shown.instruction, is_usable=False, place=None)

    def add(self, sighting: Sighting) -> StanceReading:
        """Look at the next picture."""
        self._stillness.add(sighting)
        is_moving = self._stillness.is_moving
        corrections = find_corrections(sighting, is_moving=is_moving)
        left = self._patience.left(corrections, sighting.t_ms)
        self._correction = left[0] if left else _STAND_STILL if is_moving else None
        shown = self._prompter.add(self._correction, sighting.t_ms)
        state = _state(shown)
        is_content = not left and state is LiveState.READY
        return StanceReading(
            state=state,
            instruction=None if shown is None else shown.instruction,
            is_usable=isinstance(sighting.result, Measured) and all(map(_is_hovering, left)),
            place=self._stillness.place if is_content else None,
        )


def _state(shown: Correction | None) -> LiveState:
    if shown is None or shown.code is None:
        return LiveState.READY
    if shown.instruction is Instruction.STEP_INTO_VIEW:
        return LiveState.SEARCHING
    return LiveState.ADJUST


def _is_hovering(correction: Correction) -> bool:
    return correction.is_soft and correction.code in _HOVERING


class Follower(ABC, Generic[Told]):
    """Follows one live test; feed it with every sighting in order.

    Time is the pictures' own. The test begins once the person stands right and still, and ends
    after its last measurement or when they raise an arm.
    """

    def __init__(self) -> None:
        self._stance = StanceFollower()
        self._shown = ShownTilt()
        self._arm = RaisedArm()
        self._setting: tuple[int, ...] = ()
        self._is_over = self._is_cancelled = False

    def add(self, sighting: Sighting) -> Told:
        """Look at the next picture; nothing is measured any more once the test has ended."""
        setting = (sighting.epoch, sighting.frame.width_px, sighting.frame.height_px)
        is_elsewhere = setting != self._setting
        if is_elsewhere:
            self._setting = setting
            self._forget()
        t_ms, tilt = sighting.t_ms, self._shown.add(sighting)
        standing, is_arm_raised = self._stance.add(sighting), self._arm.add(sighting)
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, tilt)
        if is_arm_raised and not self._is_cancelled:
            self._is_cancelled = True
            self._drop()
            return replace(self._moment(t_ms, standing.state, None, tilt), is_cancelled=True)
        if self._is_cancelled:
            return self._moment(t_ms, standing.state, None, tilt)
        if is_elsewhere:  # pictures were missing, or have another size
            self._break_off(t_ms)
        moment = self._go_on(sighting, standing, tilt)
        if moment is not None:
            return moment
        if standing.place is None:
            return self._moment(t_ms, standing.state, standing.instruction, tilt)
        return self._begin(standing.place, t_ms, tilt)

    def lose(self, t_ms: float, instruction: Instruction) -> Told:
        """Take note that the camera gives nothing of use; what is complete is kept.

        Parameters
        ----------
        t_ms
            The last picture's time, or a later one.
        instruction
            ``picture_black``, ``picture_frozen`` or ``no_picture``.
        """
        if self._is_over:
            return self._moment(t_ms, LiveState.CAPTURED, Instruction.DONE, None)
        self._break_off(t_ms)
        self._forget()
        return self._moment(t_ms, LiveState.LOST, instruction, None)

    def _forget(self) -> None:
        self._stance.forget()
        self._shown.reset()
        self._arm.reset()

    def _interrupt(self, t_ms: float, tilt: TiltEstimate | None) -> Told:
        """Ask for what has just ended a measurement."""
        standing = self._stance.interrupt()
        return self._moment(t_ms, standing.state, standing.instruction, tilt)

    @abstractmethod
    def _begin(self, place: StancePlace, t_ms: float, tilt: TiltEstimate | None) -> Told:
        """Begin to measure somebody who stands right and still."""

    @abstractmethod
    def _go_on(
        self, sighting: Sighting, standing: StanceReading, tilt: TiltEstimate | None
    ) -> Told | None:
        """Go on with what is under way; None when nothing is."""

    @abstractmethod
    def _break_off(self, t_ms: float) -> None:
        """End what is under way: pictures were missing."""

    @abstractmethod
    def _drop(self) -> None:
        """End what is under way for good."""

    @abstractmethod
    def _moment(
        self, t_ms: float, state: LiveState, cue: Instruction | None, tilt: TiltEstimate | None
    ) -> Told:
        """Return what is shown and said."""
