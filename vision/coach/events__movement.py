"""What a coached exercise says of one picture; the same words for every exercise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vision.coach.events import CoachCue, FormFault, LegSide, Repetition
    from vision.pose.estimate import PoseEstimate


class Phase(Enum):
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
    phase: Phase = Phase.UNKNOWN
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
