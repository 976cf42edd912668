"""What is said about somebody who exercises in front of a camera, moment by moment.

Everything here follows the pictures' own times, so that a film gives the same answers at
whatever speed it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision.pose.estimate import PoseEstimate


class RepetitionPhase(Enum):
    """Where in a repetition somebody is."""

    #: Not yet seen at the start.
    UNKNOWN = auto()
    START = auto()
    RISING = auto()
    TOP = auto()
    #: Past the top and not back yet.
    FALLING = auto()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A movement from the start and back to it.

    Attributes
    ----------
    repetition
        What it was like; None when it does not count.
    faults
        What could have been better, most important first.
    """

    repetition: Repetition | None
    faults: tuple[FormFault, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one picture shows of the exercise.

    Attributes
    ----------
    wish
        What has to change before anything can be counted; None when all is well.
    phase
        Where in a repetition they are.
    is_lying
        Whether they lie on the floor at all.
    is_low
        Whether whoever rests is as low as a start has to be.
    angle_deg
        As :class:`vision.coach.events.Repetition` counts it; None when it cannot be told.
    side
        The leg that works; None when it cannot be told or both do.
    hold_s
        Time at the top of the repetition under way.
    attempt
        What came to its end with this picture.
    faults
        What can be told already while they are at the top, most important first.
    """

    wish: CoachCue | None
    phase: RepetitionPhase = RepetitionPhase.UNKNOWN
    is_lying: bool = True
    is_low: bool = True
    angle_deg: float | None = None
    side: LegSide | None = None
    hold_s: float = 0.0
    attempt: Attempt | None = None
    faults: tuple[FormFault, ...] = ()


class Movement(Protocol):
    """Follows one exercise from picture to picture."""

    def add(self, pose: PoseEstimate, size_px: tuple[int, int], t_ms: float) -> Seen:
        """Look at the next picture in which somebody is seen."""
        ...

    def forget(self) -> None:
        """Drop the repetition under way: pictures were missing, or somebody went away."""
        ...


class CoachedExercise(StrEnum):
    """What can be counted from a camera."""

    #: Seen from the side.
    GLUTE_BRIDGE = "glute_bridge"
    #: Seen from the side; one repetition is one hold.
    SINGLE_LEG_BRIDGE = "single_leg_bridge"
    #: Seen from the feet or from the front.
    LEG_LIFT = "leg_lift"


class CoachState(StrEnum):
    """How far a set is.

    ``searching``: nobody is seen. ``adjust``: something has to change before counting.
    ``ready``: in the start position. ``moving``: between start and top. ``top``: at the top,
    the hold is timed. ``done``: the set has ended. ``lost``: the camera sends nothing of use.
    """

    SEARCHING = "searching"
    ADJUST = "adjust"
    READY = "ready"
    MOVING = "moving"
    TOP = "top"
    DONE = "done"
    LOST = "lost"


class CoachCue(StrEnum):
    """The one thing that is shown and said now; left and right are the person's own."""

    STEP_INTO_VIEW = "step_into_view"
    ONE_PERSON = "one_person"
    #: Shoulder, hip, knee and ankle of one side have to be in the picture.
    WHOLE_BODY = "whole_body"
    LIE_ON_BACK = "lie_on_back"
    LIE_ON_SIDE = "lie_on_side"
    #: The camera has to look at the side of the body (bridges).
    TURN_SIDE_ON = "turn_side_on"
    #: The camera has to look at the feet or the front of the body (leg lifts).
    SHOW_FEET_OR_FRONT = "show_feet_or_front"
    BEND_KNEES = "bend_knees"
    #: One leg is to be stretched out, for the single-leg bridge.
    LIFT_ONE_LEG = "lift_one_leg"
    LIFT = "lift"
    HOLD = "hold"
    LOWER = "lower"
    DONE = "done"
    PICTURE_BLACK = "picture_black"
    PICTURE_FROZEN = "picture_frozen"
    NO_PICTURE = "no_picture"


class FormFault(StrEnum):
    """What could be done better; the thresholds are those of docs/MEASUREMENT.md."""

    #: Bridges: the top stays below 165 deg. Leg lift: below 25 deg.
    NOT_HIGH_ENOUGH = "not_high_enough"
    #: Bridges: the shoulder-hip-knee angle goes beyond 185 deg.
    OVER_ARCHED = "over_arched"
    #: Bridges: the knee is bent to less than 90 deg, so the feet are too near.
    FEET_TOO_NEAR = "feet_too_near"
    #: Bridges: the knee is opened beyond 135 deg, so the feet are too far away.
    FEET_TOO_FAR = "feet_too_far"
    #: Single-leg bridge: the hip sinks by more than 10 deg; the hold ends.
    HIP_DROPS = "hip_drops"
    #: Leg lift: above 40 deg.
    TOO_HIGH = "too_high"
    #: Leg lift: the thigh comes in front of the trunk.
    THIGH_FORWARD = "thigh_forward"
    #: Leg lift: more than 10 deg behind the trunk.
    THIGH_TOO_FAR_BACK = "thigh_too_far_back"
    #: Leg lift: the pelvis rolls backward with the leg.
    PELVIS_ROLLS_BACK = "pelvis_rolls_back"
    #: Less than half a second up or down.
    TOO_FAST = "too_fast"


class LegSide(StrEnum):
    """The person's own left or right."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> LegSide:
        """The other side."""
        return LegSide.RIGHT if self is LegSide.LEFT else LegSide.LEFT


@dataclass(frozen=True, slots=True, eq=False)
class BodySighting:
    """Where a person's joints are in one picture of a camera.

    Attributes
    ----------
    t_ms
        The picture's time; rises from one to the next.
    epoch
        Grows whenever pictures have failed to come.
    pose
        The person, pixels of the picture; None when nobody is seen.
    size_px
        Width and height of the picture.
    people
        How many there are, as far as was looked.
    """

    t_ms: float
    epoch: int
    pose: PoseEstimate | None
    size_px: tuple[int, int]
    people: int = 1


@dataclass(frozen=True, slots=True)
class Repetition:
    """One complete repetition.

    Attributes
    ----------
    hold_s
        Time at the top.
    top_deg
        The exercise's angle at the top: shoulder-hip-knee (180 = straight, above = the hip
        lies beyond the straight line), or the thigh's height against the lower leg's thigh.
    faults
        What could have been better, most important first; empty for none.
    """

    hold_s: float
    top_deg: float
    faults: tuple[FormFault, ...] = ()


@dataclass(frozen=True, slots=True)
class FinishedSet:
    """A set that has ended.

    Attributes
    ----------
    exercise
        Which.
    side
        The leg that worked; None for the bridge on both.
    repetitions
        In order.
    faults
        How often each fault was seen, attempts that did not count included.
    """

    exercise: CoachedExercise
    side: LegSide | None
    repetitions: tuple[Repetition, ...]
    faults: Mapping[FormFault, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class CoachMoment:
    """What to show and say after one picture.

    Attributes
    ----------
    t_ms
        That picture's time.
    state
        How far things are.
    cue
        What the person is to do; None when there is nothing to say.
    fault
        The one form fault to be named now; None for none. Named once a repetition at most.
    repetitions, wanted
        Counted so far, and how many there are to be.
    hold_s, wanted_hold_s
        Time at the top of the repetition under way, and how long it is to be (0: no hold).
    angle_deg
        The exercise's angle now, see :class:`Repetition`; None when it cannot be told.
    side
        The leg that works; None when it cannot be told or both do.
    is_counted
        Whether a repetition was complete with this very picture.
    finished
        The set, in the moment in which it ends only.
    """

    t_ms: float
    state: CoachState
    cue: CoachCue | None
    fault: FormFault | None = None
    repetitions: int = 0
    wanted: int = 10
    hold_s: float = 0.0
    wanted_hold_s: float = 0.0
    angle_deg: float | None = None
    side: LegSide | None = None
    is_counted: bool = False
    finished: FinishedSet | None = None
