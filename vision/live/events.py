"""What is said about a person in front of a camera, moment by moment.

Everything here follows the pictures' own times, so that a film gives the same answers at
whatever speed it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from vision.image.frame import Frame
    from vision.pose.estimate import PoseEstimate
    from vision.range_of_motion import RangeResult, RefusedRange
    from vision.result import Facing, Measured, Reason, Rejected, TiltEstimate
    from vision.series import RefusedSeries, Series


class LiveState(StrEnum):
    """How far a live check is.

    ``searching``: nobody is seen. ``adjust``: something has to change before measuring.
    ``ready``: all is well, only stillness is awaited. ``capturing``: these pictures count.
    ``captured``: a capture has just ended. ``lost``: the camera sends nothing of use.
    """

    SEARCHING = "searching"
    ADJUST = "adjust"
    READY = "ready"
    CAPTURING = "capturing"
    CAPTURED = "captured"
    LOST = "lost"


class Instruction(StrEnum):
    """The one thing that the person is to do now; left and right are the person's own."""

    STEP_INTO_VIEW = "step_into_view"
    ONE_PERSON = "one_person"
    STEP_BACK = "step_back"
    COME_CLOSER = "come_closer"
    #: The body fills the picture, which still has too few pixels.
    FINER_PICTURE = "finer_picture"
    #: The body is cut off at the picture's left or right edge.
    MOVE_TO_MIDDLE = "move_to_middle"
    STAND_UPRIGHT = "stand_upright"
    #: One foot is far ahead of the other, or off the ground.
    FEET_TOGETHER = "feet_together"
    TURN_SIDE_ON = "turn_side_on"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    RAISE_FISTS = "raise_fists"
    LEVEL_CAMERA = "level_camera"
    #: The whole picture lies on its side or stands on its head.
    TURN_CAMERA = "turn_camera"
    MORE_LIGHT = "more_light"
    STEADY_CAMERA = "steady_camera"
    STAND_STILL = "stand_still"
    #: These pictures count.
    HOLD = "hold"
    #: Between two repeats: away, and once more into the stance.
    MARCH = "march"
    #: Of the squeeze test.
    RELAX = "relax"
    SQUEEZE = "squeeze"
    #: Of the range test. The last two ask to arch after a round that went wrong.
    ARCH = "arch"
    TUCK = "tuck"
    STAND_AS_USUAL = "stand_as_usual"
    ARCH_THE_OTHER_WAY = "arch_the_other_way"
    ARCH_FURTHER = "arch_further"
    DONE = "done"
    #: Of the camera; the picture is not to be trusted.
    PICTURE_BLACK = "picture_black"
    PICTURE_FROZEN = "picture_frozen"
    NO_PICTURE = "no_picture"


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What one picture of a camera shows.

    Attributes
    ----------
    t_ms
        The picture's time; rises from one to the next.
    epoch
        Grows whenever pictures have failed to come: what was seen before is another stance.
    frame
        The picture.
    result
        As for a photograph of it.
    pose
        The person measured, pixels of the frame's working picture; None when nobody is seen.
    yaw_deg
        How far the body is turned from side-on, with a sign: + = its front is turned
        towards the camera, - = its back is. None when nobody is seen.
    sharpness
        See :class:`vision.quality.Light`; 0 when nobody is seen.
    """

    t_ms: float
    epoch: int
    frame: Frame
    result: Measured | Rejected
    pose: PoseEstimate | None
    yaw_deg: float | None
    sharpness: float

    @property
    def facing(self) -> Facing | None:
        """Which edge of the picture the person looks towards."""
        return self.result.facing


@dataclass(frozen=True, slots=True, eq=False)
class StillCapture:
    """One stance, measured for some seconds.

    Attributes
    ----------
    result
        The sharpest picture's measurement, its tilt replaced by the median of all good
        pictures (and so is the estimate of the same method).
    frame
        The sharpest picture.
    frames
        How many good pictures there were.
    spread_deg
        Sample standard deviation of their angles.
    """

    result: Measured
    frame: Frame
    frames: int
    spread_deg: float

    @property
    def median_deg(self) -> float:
        """The median angle of the good pictures."""
        return self.result.tilt.angle_deg


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What to show and say after one picture.

    Attributes
    ----------
    t_ms
        That picture's time.
    state, instruction
        How far things are, and what the person is to do; None when there is nothing to do.
    tilt
        To be shown: evened out over time, with the interval of a single picture; None
        whenever the picture gives no number.
    progress
        Of the capture that is running, 0..1; else 0.
    capture
        The capture that has just ended, in one moment only.
    taken, wanted
        Repeats measured so far, and how many there are to be.
    finished
        The whole check, in the moment in which it ends only.
    is_cancelled
        Whether the person has just raised an arm to end it.
    """

    t_ms: float
    state: LiveState
    instruction: Instruction | None
    tilt: TiltEstimate | None = None
    progress: float = 0.0
    capture: StillCapture | None = None
    taken: int = 0
    wanted: int = 1
    finished: FinishedCheck | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FinishedCheck:
    """A live check with all its repeats.

    Attributes
    ----------
    captures
        In the order in which they were taken; at least one.
    best
        The capture whose angle is nearest to the median: its picture stands for the check.
    series
        What they say together; None when there is only one. Refused when they lie too far
        apart to be one stance.
    """

    captures: tuple[StillCapture, ...]
    best: StillCapture
    series: Series | RefusedSeries | None


class LivePhase(StrEnum):
    """What the person does in the squeeze test and in the range test."""

    RELAXED = "relaxed"
    SQUEEZED = "squeezed"
    ARCHED = "arched"
    TUCKED = "tucked"


@dataclass(frozen=True, slots=True)
class SqueezeRound:
    """One squeeze, between two times of rest.

    Attributes
    ----------
    before_deg, squeezed_deg, after_deg
        Median tilts, positive = anterior.
    """

    before_deg: float
    squeezed_deg: float
    after_deg: float

    @property
    def backward_deg(self) -> float:
        """How far the pelvis turned backward on squeezing."""
        return (self.before_deg + self.after_deg) / 2 - self.squeezed_deg


@dataclass(frozen=True, slots=True)
class SqueezeResult:
    """How far the pelvis turned backward on squeezing.

    Attributes
    ----------
    backward_deg
        Mean over the rounds; positive = backward.
    low_deg, high_deg
        Its interval at :data:`vision.result.INTERVAL_LEVEL`.
    is_more_than_noise
        Whether that is more than standing at rest varies by itself.
    rounds
        In order.
    """

    backward_deg: float
    low_deg: float
    high_deg: float
    is_more_than_noise: bool
    rounds: tuple[SqueezeRound, ...]


@dataclass(frozen=True, slots=True)
class RefusedSqueeze:
    """A squeeze test without a result, and why."""

    reasons: tuple[Reason, ...]


#: What comes of a test that has ended.
PhasedResult: TypeAlias = "SqueezeResult | RefusedSqueeze | RangeResult | RefusedRange"


@dataclass(frozen=True, slots=True, eq=False)
class PhasedMoment:
    """What to show and say after one picture of a squeeze test or a range test.

    Attributes
    ----------
    t_ms, state, instruction, tilt, is_cancelled
        As in :class:`Moment`; the instruction says what belongs to the phase while all is well.
    phase
        None until the test has begun.
    round_number
        From 1 on; 0 until the test has begun.
    seconds_left
        Of the phase.
    progress
        How much of it is done, 0..1.
    finished
        The result, in the moment in which the test ends only.
    """

    t_ms: float
    state: LiveState
    instruction: Instruction | None
    tilt: TiltEstimate | None
    phase: LivePhase | None
    round_number: int
    seconds_left: float
    progress: float = 0.0
    finished: PhasedResult | None = None
    is_cancelled: bool = False


#: What a live check is made of, whichever kind it is.
AnyMoment: TypeAlias = Moment | PhasedMoment


def shown_tilt(moment: AnyMoment) -> TiltEstimate | None:
    """Return the tilt that may be shown: none while something is asked for that is not done.

    While a measurement runs what is asked for is being done.
    """
    is_done = moment.instruction in (None, Instruction.DONE)
    is_well = moment.state in (LiveState.READY, LiveState.CAPTURED) and is_done
    return moment.tilt if is_well or moment.state is LiveState.CAPTURING else None
