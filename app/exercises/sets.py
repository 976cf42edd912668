"""A set on its way into the diary, whoever counts."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exercises import text
from app.exercises.routine import dose_of, key_of, name_of
from app.exercises.timer import hold_of
from app.history.diary import CountedBy, ExerciseSet
from vision.coach.events import CoachedExercise, LegSide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.history.diary import PlannedExercise
    from vision.coach.events import FinishedSet, FormFault


@dataclass(frozen=True, slots=True)
class SetAtHand:
    """One set.

    Attributes
    ----------
    sets_left
        How many there are to do, this one included.
    side
        ``left``, ``right``, or empty for both.
    is_timer_led
        Whether the timer leads, although a camera could count.
    before
        What a camera has counted of it before the timer went on.
    """

    planned: PlannedExercise
    sets_left: int
    side: str
    is_timer_led: bool = False
    before: FinishedSet | None = None

    @property
    def key(self) -> str:
        """What the set is kept under."""
        return key_of(self.planned)

    @property
    def title(self) -> str:
        """The exercise's name, with the side."""
        return " · ".join(filter(None, (name_of(self.planned), text.side_name(self.side))))

    @property
    def sets(self) -> str:
        """How many sets there are to do."""
        return text.sets_left(self.sets_left)

    @property
    def dose(self) -> str:
        """How much is to be done."""
        return f"{dose_of(self.planned)}. {self.sets}."

    @property
    def exercise(self) -> CoachedExercise | None:
        """What a camera can count of it; None when it cannot."""
        is_known = self.planned.exercise in set(CoachedExercise)
        return CoachedExercise(self.planned.exercise) if is_known else None

    @property
    def wanted(self) -> int:
        """How many repetitions there are to be."""
        return max(1, self.planned.repetitions)

    @property
    def hold_s(self) -> float:
        """For how long each is to be held; 0 for not at all."""
        return hold_of(self.planned)

    @property
    def leg(self) -> LegSide | None:
        """The leg that is to work; None for both."""
        return LegSide(self.side) if self.side else None

    def follows(self, earlier: SetAtHand) -> bool:
        """Tell whether this comes after that in the same exercise."""
        return self.key == earlier.key and self.sets_left < earlier.sets_left

    def timed(self, repetitions: int, hold_s: float, is_corrected: bool = False) -> ExerciseSet:
        """Return it as it was done by the clock.

        Parameters
        ----------
        hold_s
            For how long the timer had each repetition held.
        is_corrected
            Whether the person has said how many there were.
        """
        return ExerciseSet(
            exercise=self.key,
            repetitions=repetitions,
            hold_s=round(hold_s, 1),
            side=self.side,
            load=self.planned.load,
            counted_by=CountedBy.PERSON if is_corrected else CountedBy.TIMER,
            faults=_seen(self.before.faults) if self.before is not None else {},
        )

    def counted(self, finished: FinishedSet) -> ExerciseSet:
        """Return it as a camera has counted it; where no side was planned, with the side seen."""
        holds_s = [repetition.hold_s for repetition in finished.repetitions]
        return ExerciseSet(
            exercise=self.key,
            repetitions=len(finished.repetitions),
            hold_s=round(float(statistics.median(holds_s)), 1) if holds_s else 0.0,
            side=self.side or (finished.side.value if finished.side is not None else ""),
            load=self.planned.load,
            counted_by=CountedBy.CAMERA,
            faults=_seen(finished.faults),
        )


def _seen(faults: Mapping[FormFault, int]) -> dict[str, int]:
    return {fault.value: count for fault, count in faults.items() if count}
