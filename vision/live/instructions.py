"""From one picture to what the person has to change before they can be measured."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from vision.geometry import lean_deg
from vision.live.events import Instruction, Sighting
from vision.pose.estimate import Joint
from vision.pose.legs import are_feet_down
from vision.result import Facing, ReasonCode, Rejected, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


#: A new instruction must have been wanted for so long ...
_WANTED_MS = 500.0
#: ... within the last so long: a few pictures that say otherwise do not matter.
_WITHIN_MS = 800.0
#: One picture stands for no longer than this, however late the next one comes.
_PICTURE_MS = 300.0
#: What must not wait: every picture of two people is one too many.
_AT_ONCE = frozenset({Instruction.ONE_PERSON})
#: For so long the person is asked for what would only be better.
PATIENCE_MS = 8000.0
#: What belongs to a stance and not to the room: asked for again in the next one.
_OF_THE_STANCE = frozenset({ReasonCode.NOT_SIDE_ON, ReasonCode.BODY_CUT_OFF})
_Code = ReasonCode
#: Beyond this the facing is a guess, and with it the way to turn. Somebody who looks into
#: the camera is read as turned by 55 deg or a little more (sample_images/woman_frontal.jpg).
_GUESSED_FACING_YAW_DEG = 50.0
#: Eyes to feet, as a share of the picture's height; the top of the head needs the rest.
_FULL_HEIGHT = 0.85
#: Legs that are more upright than this belong to somebody who bends over.
_UPRIGHT_LEGS_DEG = 45.0
_BODY = (
    Joint.NOSE,
    *(joint for joint in Joint if joint >= Joint.LEFT_HIP),
    Joint.LEFT_SHOULDER,
    Joint.RIGHT_SHOULDER,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that has to change.

    Attributes
    ----------
    instruction
        What the person is to do; None when nothing they do would help.
    code
        The reason behind it; None where only the person's moving is.
    is_soft
        Whether a measurement without it is still worth having.
    """

    instruction: Instruction | None
    code: ReasonCode | None
    is_soft: bool = False


#: From a picture, and whether the person is moving, to what they are to do.
_Rule: TypeAlias = Callable[[Sighting, bool], Instruction]


def find_corrections(sighting: Sighting, *, is_moving: bool = False) -> tuple[Correction, ...]:
    """Return everything that has to change, the most urgent first.

    Whatever forbids a number comes first, then arms in front of the pelvis, which are never
    measured as the person can simply raise them, then what only lowers the quality. Loose
    clothes, an assumed vertical, a trunk of 120 to 200 px and slight blur are no corrections:
    nobody standing in front of a camera can mend them.

    Parameters
    ----------
    sighting
        The picture.
    is_moving
        Whether the person is; says whose fault a blurred picture is.
    """
    reasons = sighting.result.reasons
    refused = {reason.code for reason in reasons if reason.severity is Severity.REFUSE}
    warned = {reason.code for reason in reasons} - refused
    hard = [
        Correction(rule(sighting, is_moving), code)
        for code, rule in _HARD.items()
        if code in refused
    ]
    if isinstance(sighting.result, Rejected) and not hard:
        hard.append(Correction(None, reasons[0].code if reasons else _Code.NO_PERSON))
    if _Code.ARMS_OVER_PELVIS in warned:
        hard.append(Correction(Instruction.RAISE_FISTS, _Code.ARMS_OVER_PELVIS))
    soft = (
        Correction(_HARD[code](sighting, is_moving), code, is_soft=True)
        for code in _SOFT
        if code in warned
    )
    return (*hard, *soft)


class Prompter:
    """Chooses the correction that is said aloud."""

    def __init__(self) -> None:
        self.shown: Correction | None = None
        self._is_new = True
        self._t_ms = 0.0
        #: When, for how long, and which; the last moments only.
        self._wanted: deque[tuple[float, float, Correction | None]] = deque()

    def reset(self) -> None:
        """Show what the next picture wants at once."""
        self._is_new = True

    def put(self, correction: Correction | None) -> None:
        """Show a correction without waiting."""
        self.shown, self._is_new = correction, False
        self._wanted.clear()

    def add(self, correction: Correction | None, t_ms: float) -> Correction | None:
        """Take what one picture wants, and return what is shown."""
        step_ms = min(max(t_ms - self._t_ms, 0.0), _PICTURE_MS)
        self._t_ms = t_ms
        is_urgent = correction is not None and correction.instruction in _AT_ONCE
        if self._is_new or is_urgent:
            self.put(correction)
            return correction
        if _is_alike(correction, self.shown):
            # The same instruction may now have another reason.
            self.shown = correction
        self._wanted.append((t_ms, step_ms, correction))
        while self._wanted[0][0] <= t_ms - _WITHIN_MS:
            self._wanted.popleft()
        if not _is_alike(correction, self.shown):
            self._change(correction)
        return self.shown

    def _change(self, correction: Correction | None) -> None:
        """Show another one if it was wanted long enough, or else if the shown one is stale."""
        most = max((entry[2] for entry in self._wanted), key=self._wanted_ms)
        seen_ms = sum(ms for _, ms, _ in self._wanted)
        # Steps that make half a second add up to a hair less than that.
        if self._wanted_ms(correction) >= _WANTED_MS - 1e-6:
            self.put(correction)
        elif self._wanted_ms(self.shown) == 0.0 and seen_ms >= _WITHIN_MS - _PICTURE_MS:
            self.put(most)

    def _wanted_ms(self, correction: Correction | None) -> float:
        return sum(ms for _, ms, other in self._wanted if _is_alike(other, correction))


class Patience:
    """Accepts soft corrections that stay unmet, so that nobody is stuck for ever."""

    def __init__(self) -> None:
        self._t_ms = 0.0
        self._hard_ms = 0.0
        self._asked_ms: dict[ReasonCode, float] = {}
        self._accepted: set[ReasonCode] = set()

    def forget(self) -> None:
        """Begin anew: the camera may stand elsewhere."""
        self._asked_ms.clear()
        self._accepted.clear()

    def next_stance(self) -> None:
        """Ask once more for what the person did, not for what the room is like."""
        self._asked_ms.clear()
        self._accepted -= _OF_THE_STANCE

    def left(self, corrections: Sequence[Correction], t_ms: float) -> tuple[Correction, ...]:
        """Return the corrections that are not yet accepted.

        A soft correction is accepted after :data:`PATIENCE_MS` in which nothing else was wrong.
        """
        step_ms = min(max(t_ms - self._t_ms, 0.0), _PICTURE_MS)
        self._t_ms = t_ms
        is_hard = any(not correction.is_soft for correction in corrections)
        self._hard_ms = self._hard_ms + step_ms if is_hard else 0.0
        if self._hard_ms >= _WANTED_MS:
            self._asked_ms.clear()
        if not is_hard:
            for code in {
                correction.code for correction in corrections if correction.code is not None
            }:
                self._asked_ms[code] = self._asked_ms.get(code, 0.0) + step_ms
                if self._asked_ms[code] >= PATIENCE_MS:
                    self._accepted.add(code)
        return tuple(w for w in corrections if not (w.is_soft and w.code in self._accepted))


def _is_alike(one: Correction | None, other: Correction | None) -> bool:
    """Tell whether both would be shown alike: the same words, or none for the same reason."""
    if one is None or other is None:
        return one is other
    return one.instruction is other.instruction


def _into_picture(sighting: Sighting, is_moving: bool) -> Instruction:
    """Say how to get the body into the picture, by the edge where most of it lies outside."""
    if sighting.pose is None:
        return Instruction.STEP_BACK
    height, width = sighting.frame.rgb.shape[:2]
    x, y = sighting.pose.xy_px[list(_BODY)].T
    beside = np.count_nonzero((x < 0) | (x >= width))
    above_or_below = np.count_nonzero((y < 0) | (y >= height))
    return Instruction.MOVE_TO_MIDDLE if beside > above_or_below else Instruction.STEP_BACK


def _larger(sighting: Sighting, is_moving: bool) -> Instruction:
    """Ask to come closer, or for more pixels where that would push the body out."""
    if sighting.pose is None:
        return Instruction.COME_CLOSER
    filled = float(np.ptp(sighting.pose.xy_px[:, 1])) / sighting.frame.rgb.shape[0]
    return Instruction.COME_CLOSER if filled <= _FULL_HEIGHT else Instruction.FINER_PICTURE


def _upright(sighting: Sighting, is_moving: bool) -> Instruction:
    """Tell a turned picture from somebody who bends over, by the legs."""
    if sighting.pose is None:
        return Instruction.TURN_CAMERA
    ankles = sighting.pose.midpoint_px(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    is_bent_over = abs(lean_deg(ankles, sighting.pose.mid_hip_px, 1)) < _UPRIGHT_LEGS_DEG
    return Instruction.STAND_UPRIGHT if is_bent_over else Instruction.TURN_CAMERA


def _standing(sighting: Sighting, is_moving: bool) -> Instruction:
    """Tell feet that are not side by side, for a moment or for long, from a body that bends."""
    pose = sighting.pose
    if pose is None or are_feet_down(pose, pose.is_inside(sighting.frame.working_px)):
        return Instruction.STAND_UPRIGHT
    return Instruction.STAND_STILL if is_moving else Instruction.FEET_TOGETHER


def _side_on(sighting: Sighting, is_moving: bool) -> Instruction:
    """Say which way to turn to the side view that the person is nearest to.

    Somebody who looks straight into the camera has the picture's left edge at their right
    hand. To look towards that edge they turn to their right. So whoever faces left with the
    front turned towards the camera (yaw above 0) turns right, and whoever has turned too
    far, showing the camera their back (yaw below 0), turns left. Facing right is the mirror
    image.
    """
    yaw_deg, facing = sighting.yaw_deg, sighting.facing
    if yaw_deg is None or facing is None or abs(yaw_deg) > _GUESSED_FACING_YAW_DEG:
        return Instruction.TURN_SIDE_ON
    is_right = (facing is Facing.LEFT) == (yaw_deg > 0)
    return Instruction.TURN_RIGHT if is_right else Instruction.TURN_LEFT


def _sharper(sighting: Sighting, is_moving: bool) -> Instruction:
    return Instruction.STAND_STILL if is_moving else Instruction.STEADY_CAMERA


def _always(instruction: Instruction) -> _Rule:
    return lambda sighting, is_moving: instruction


#: In order of urgency: what hides everything else comes first.
_HARD: dict[ReasonCode, _Rule] = {
    _Code.NO_PERSON: _always(Instruction.STEP_INTO_VIEW),
    _Code.TOO_DARK: _always(Instruction.MORE_LIGHT),
    _Code.SEVERAL_PEOPLE: _always(Instruction.ONE_PERSON),
    _Code.NOT_UPRIGHT: _upright,
    _Code.BODY_CUT_OFF: _into_picture,
    _Code.TOO_SMALL: _larger,
    _Code.NOT_STANDING: _standing,
    _Code.NOT_SIDE_ON: _side_on,
    _Code.CAMERA_TILTED: _always(Instruction.LEVEL_CAMERA),
    _Code.BLURRED: _sharper,
}
_SOFT: Iterable[ReasonCode] = (
    _Code.TOO_DARK,
    _Code.SEVERAL_PEOPLE,
    _Code.BODY_CUT_OFF,
    _Code.NOT_SIDE_ON,
    _Code.CAMERA_TILTED,
)
