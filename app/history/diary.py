"""What a person did and said beside the measurements: values, as the history keeps them.

One diary for all of it, because everything in it has the same shape: whose, when, what.
"""

from __future__ import annotations

# The names in annotations are looked up when entries are read from text.
from collections.abc import Mapping  # noqa: TC003
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from app.history.records import SqueezeAnswers  # noqa: TC001
from app.history.values import Time  # noqa: TC001
from vision.range_of_motion import RangeResult  # noqa: TC001
from vision.result import Method  # noqa: TC001

if TYPE_CHECKING:
    from datetime import datetime


class ExerciseId(StrEnum):
    """Stable ids: they are kept in histories. The last three are those a camera can count."""

    GLUTE_SQUEEZE = "glute_squeeze"
    GLUTE_BRIDGE = "glute_bridge"
    SINGLE_LEG_BRIDGE = "single_leg_bridge"
    LEG_LIFT = "leg_lift"


class EntryKind(StrEnum):
    """What an entry is about; each has one of the types below as its content."""

    SCREENING = "screening"
    PAIN = "pain"
    SELF_CHECK = "self_check"
    EXERCISE = "exercise"
    BREAK = "break"
    PLAN = "plan"
    CALIBRATION = "calibration"
    RANGE = "range"
    EXPERIMENT = "experiment"


class ScreeningOutcome(StrEnum):
    """What the questions before exercising led to; gravest first."""

    EMERGENCY = "emergency"
    DOCTOR_FIRST = "doctor_first"
    ASK_FIRST = "ask_first"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Screening:
    """Answers to the questions before exercising.

    Attributes
    ----------
    outcome
        The gravest of what was said yes to.
    yes
        Codes of the questions that were answered with yes, see
        :mod:`app.exercises.screening`.
    has_asked
        Whether, after ``ask_first``, the person says that they asked and may exercise.
    """

    outcome: ScreeningOutcome
    yes: tuple[str, ...] = ()
    has_asked: bool = False

    @property
    def allows_exercise(self) -> bool:
        """Whether exercises may be done."""
        if self.outcome is ScreeningOutcome.ASK_FIRST:
            return self.has_asked
        return self.outcome is ScreeningOutcome.CLEAR


@dataclass(frozen=True, slots=True)
class Pain:
    """Somebody pressed "This hurts".

    Attributes
    ----------
    exercise
        Id of the exercise under way; empty outside of one.
    note
        What the person wrote; may be empty.
    """

    exercise: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Whether both buttocks, and each alone, could be squeezed."""

    answers: SqueezeAnswers


class CountedBy(StrEnum):
    """Where the numbers of a set come from."""

    CAMERA = "camera"
    TIMER = "timer"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """One set of an exercise.

    Attributes
    ----------
    exercise
        Id, as in :mod:`app.exercises.routine`, or the name in a person's own list.
    repetitions
        Complete ones.
    hold_s
        Median time at the top of a repetition, or the time held; 0 for none.
    side
        ``left``, ``right``, or empty for both.
    load
        Band or weight in the person's own words; may be empty.
    counted_by
        Camera, timer or the person.
    faults
        How often each form fault (value of :class:`vision.coach.events.FormFault`) was seen.
    """

    exercise: str
    repetitions: int
    hold_s: float = 0.0
    side: str = ""
    load: str = ""
    counted_by: CountedBy = CountedBy.PERSON
    faults: Mapping[str, int] = field(default_factory=dict)


class BreakKind(StrEnum):
    """How a break came about."""

    #: The person said that they took it.
    TAKEN = "taken"
    #: Keyboard and mouse rested, or the computer slept.
    AWAY = "away"
    #: The person worked standing, which breaks off sitting, and counts as no break.
    STOOD = "stood"


@dataclass(frozen=True, slots=True)
class Break:
    """A break from sitting; its moment is its end.

    Attributes
    ----------
    how
        Said or noticed.
    minutes
        How long, as far as is known; 0 when it is not.
    """

    how: BreakKind
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class PlannedExercise:
    """One line of an exercise list.

    Attributes
    ----------
    exercise
        Id of a known exercise, or else empty.
    name
        As typed, for an exercise that is not known; else empty.
    sets, repetitions
        How often, at least 1.
    hold_s
        Seconds at the top of each repetition, or 0.
    each_side
        Whether the sets are done with each side.
    load, note, how
        In the person's or the physiotherapist's own words; may be empty. ``how`` says how the
        exercise is done.
    picture
        The SHA-256 of a picture of it, by which :meth:`app.history.store.History.plan_picture`
        finds it; else empty.
    """

    exercise: str = ""
    name: str = ""
    sets: int = 2
    repetitions: int = 10
    hold_s: float = 0.0
    each_side: bool = False
    load: str = ""
    note: str = ""
    how: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A list of exercises that replaces the usual routine; an empty one brings it back."""

    exercises: tuple[PlannedExercise, ...] = ()

    @property
    def pictures(self) -> tuple[str, ...]:
        """Which pictures there are in it, each once."""
        return tuple(dict.fromkeys(one.picture for one in self.exercises if one.picture))


@dataclass(frozen=True, slots=True)
class CalibrationPicture:
    """What marks and outline said of one picture; positive = tilted forward.

    Attributes
    ----------
    taken_at
        When it was taken; the check that was kept of it has the same moment.
    method
        What the marks were: points or stickers.
    marks_deg, marks_sd_deg
        Their angle, and the reading's part of its doubt.
    contour_deg, contour_sd_deg
        The same of the outline.
    """

    taken_at: Time
    method: Method
    marks_deg: float
    marks_sd_deg: float
    contour_deg: float
    contour_sd_deg: float


@dataclass(frozen=True, slots=True)
class KeptCalibration:
    """A person was calibrated; its moment is that of the last picture, and the newest holds.

    Attributes
    ----------
    offset_deg, sd_deg, reading_deg, contour_model_sha256
        As in :class:`vision.marks.calibration.Calibration`.
    pictures
        What it was worked out from.
    """

    offset_deg: float
    sd_deg: float
    reading_deg: float
    contour_model_sha256: str
    pictures: tuple[CalibrationPicture, ...]


class RangeSource(StrEnum):
    """Where the three positions of a range test were seen."""

    LIVE = "live"
    PHOTOGRAPHS = "photographs"


@dataclass(frozen=True, slots=True)
class RangeKept:
    """A range test: how far the pelvis was turned, and where relaxed standing lay.

    Attributes
    ----------
    result
        Angles of the three positions, range and place.
    source
        In front of a camera, or in photographs.
    note
        What the person wrote; may be empty.
    """

    result: RangeResult
    source: RangeSource = RangeSource.LIVE
    note: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Weeks with and without exercises, from the day of its moment on; without any, its end.

    Attributes
    ----------
    weeks
        For each whether it is one with exercises.
    """

    weeks: tuple[bool, ...] = ()


Content: TypeAlias = (
    Screening
    | Pain
    | SelfCheck
    | ExerciseSet
    | Break
    | Plan
    | KeptCalibration
    | RangeKept
    | Experiment
)

#: The kind of each content.
KINDS: Mapping[type, EntryKind] = {
    Screening: EntryKind.SCREENING,
    Pain: EntryKind.PAIN,
    SelfCheck: EntryKind.SELF_CHECK,
    ExerciseSet: EntryKind.EXERCISE,
    Break: EntryKind.BREAK,
    Plan: EntryKind.PLAN,
    KeptCalibration: EntryKind.CALIBRATION,
    RangeKept: EntryKind.RANGE,
    Experiment: EntryKind.EXPERIMENT,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is kept.

    Attributes
    ----------
    id
        Given by the database.
    profile_id
        Whose it is.
    at
        When it happened, with its offset from UTC.
    content
        What.
    """

    id: int
    profile_id: int
    at: datetime
    content: Content

    @property
    def kind(self) -> EntryKind:
        """What the entry is about."""
        return KINDS[type(self.content)]
