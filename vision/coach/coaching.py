"""One set of an exercise from the first picture to the last repetition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from vision.coach.bridge import BridgeMovement
from vision.coach.events import (
    CoachCue,
    CoachedExercise,
    CoachMoment,
    CoachState,
    FinishedSet,
    RepetitionPhase,
    Seen,
)
from vision.coach.leg_lift import LegLiftMovement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.coach.events import Attempt, BodySighting, FormFault, LegSide, Movement, Repetition


#: A new wish must have been there for so long.
_WANTED_MS = 500.0
#: What must not wait.
_AT_ONCE = frozenset({CoachCue.ONE_PERSON})
#: The same fault is named again after so many attempts.
_AGAIN_AFTER = 3
#: How long a single-leg bridge is held when nobody says otherwise.
USUAL_SINGLE_HOLD_S = 30.0
#: Whoever has got up or gone for so long has ended the set.
_GONE_MS = 3000.0
#: So many of the pictures have to agree on which leg works.
_AGREEING = 0.75
_AT_REST = (RepetitionPhase.UNKNOWN, RepetitionPhase.START)
_STATES = {
    RepetitionPhase.UNKNOWN: CoachState.READY,
    RepetitionPhase.START: CoachState.READY,
    RepetitionPhase.RISING: CoachState.MOVING,
    RepetitionPhase.TOP: CoachState.TOP,
    RepetitionPhase.FALLING: CoachState.MOVING,
}


class Debounce:
    """Chooses the wish that is shown."""

    def __init__(self) -> None:
        self.shown: CoachCue | None = None
        self._is_new = True
        self._wanted: CoachCue | None = None
        self._since_ms = 0.0

    def reset(self) -> None:
        """Show what the next picture wants at once."""
        self._is_new = True

    def add(self, wish: CoachCue | None, t_ms: float) -> CoachCue | None:
        """Take what one picture wants, and return what is shown."""
        if wish is not self._wanted:
            self._wanted, self._since_ms = wish, t_ms
        is_long = t_ms - self._since_ms >= _WANTED_MS
        if self._is_new or is_long or wish in _AT_ONCE:
            self.shown, self._is_new = wish, False
        return self.shown


class FaultVoice:
    """Chooses the fault that is named: one an attempt, and each now and then only."""

    def __init__(self) -> None:
        self._attempt = 0
        self._has_named = False
        self._named: dict[FormFault, int] = {}

    def name(self, faults: Sequence[FormFault]) -> FormFault | None:
        """Return what to name of faults, the most important first; None for nothing."""
        if self._has_named:
            return None
        for fault in faults:
            last = self._named.get(fault)
            if last is None or self._attempt - last >= _AGAIN_AFTER:
                self._named[fault], self._has_named = self._attempt, True
                return fault
        return None

    def next_attempt(self) -> None:
        """Begin the next attempt."""
        self._attempt += 1
        self._has_named = False


class Coach:
    """Follows one set: into position, up, hold, down, and once more.

    Feed it with every sighting in order. Time is the pictures' own.

    Parameters
    ----------
    exercise
        Which.
    wanted
        How many repetitions make the set, at least 1.
    wanted_hold_s
        How long the top is held; 0 for not at all, or for 30 s on one leg.
    side
        The leg that works, where somebody has said so; else it is told from the pictures.
    """

    def __init__(
        self,
        exercise: CoachedExercise,
        wanted: int = 10,
        wanted_hold_s: float = 0.0,
        side: LegSide | None = None,
    ) -> None:
        if wanted < 1:
            raise ValueError(f"a set needs at least one repetition, got {wanted}")
        if exercise is CoachedExercise.SINGLE_LEG_BRIDGE and wanted_hold_s <= 0:
            wanted_hold_s = USUAL_SINGLE_HOLD_S
        self._exercise, self._wanted, self._wanted_hold_s = exercise, wanted, wanted_hold_s
        self._side = side
        self._sides: Counter[LegSide] = Counter()
        self._movement = _movement(exercise, wanted_hold_s)
        self._repetitions: list[Repetition] = []
        self._faults: Counter[FormFault] = Counter()
        #: Named before its repetition was over, and counted then.
        self._early: FormFault | None = None
        self._wish, self._voice = Debounce(), FaultVoice()
        self._setting: tuple[int, ...] = ()
        self._there_ms: float | None = None
        self._is_over = False

    def add(self, sighting: BodySighting) -> CoachMoment:
        """Look at the next picture; nothing is counted any more once the set has ended."""
        t_ms = sighting.t_ms
        if self._is_over:
            return self._moment(t_ms, CoachState.DONE, CoachCue.DONE)
        setting = (sighting.epoch, *sighting.size_px)
        if setting != self._setting:
            self._setting = setting
            self._forget(t_ms)
        if sighting.pose is None:
            return self._adjust(t_ms, CoachCue.STEP_INTO_VIEW, is_there=False)
        if sighting.people > 1:
            return self._adjust(t_ms, CoachCue.ONE_PERSON, is_there=True)
        seen = self._movement.add(sighting.pose, sighting.size_px, t_ms)
        if seen.side is not None and seen.phase is not RepetitionPhase.UNKNOWN:
            self._sides[seen.side] += 1
        if seen.wish is not None and seen.attempt is None:
            return self._adjust(t_ms, seen.wish, is_there=seen.is_lying, seen=seen)
        self._there_ms = t_ms
        shown = self._wish.add(None, t_ms)
        if shown is not None and seen.attempt is None and seen.phase in _AT_REST:
            return self._moment(t_ms, CoachState.ADJUST, shown, seen)
        return self._follow(t_ms, seen)

    def lose(self, t_ms: float, cue: CoachCue) -> CoachMoment:
        """Take note that the camera gives nothing of use; what is counted is kept.

        Parameters
        ----------
        t_ms
            The last picture's time, or a later one.
        cue
            ``picture_black``, ``picture_frozen`` or ``no_picture``.
        """
        if self._is_over:
            return self._moment(t_ms, CoachState.DONE, CoachCue.DONE)
        self._forget(t_ms)
        return self._moment(t_ms, CoachState.LOST, cue)

    def finish_now(self) -> FinishedSet:
        """End the set with the repetitions counted so far, which may be none."""
        self._is_over = True
        return FinishedSet(
            self._exercise,
            self._working_side,
            tuple(self._repetitions),
            MappingProxyType(dict(self._faults)),
        )

    @property
    def _working_side(self) -> LegSide | None:
        if self._exercise is CoachedExercise.GLUTE_BRIDGE:
            return None
        if self._side is not None:
            return self._side
        most = self._sides.most_common(1)
        is_told = bool(most) and most[0][1] >= _AGREEING * self._sides.total()
        return most[0][0] if is_told else None

    def _forget(self, t_ms: float) -> None:
        self._movement.forget()
        self._wish.reset()
        self._there_ms = t_ms

    def _adjust(
        self, t_ms: float, wish: CoachCue, *, is_there: bool, seen: Seen | None = None
    ) -> CoachMoment:
        """Say what has to change, or end the set of somebody who has got up."""
        if is_there or self._there_ms is None:
            self._there_ms = t_ms
        elif self._repetitions and t_ms - self._there_ms >= _GONE_MS:
            return self._end(t_ms)
        shown = self._wish.add(wish, t_ms)
        if shown is None and seen is not None:
            return self._follow(t_ms, seen)
        nobody = shown is CoachCue.STEP_INTO_VIEW
        state = CoachState.SEARCHING if nobody else CoachState.ADJUST
        return self._moment(t_ms, state, shown)

    def _follow(self, t_ms: float, seen: Seen) -> CoachMoment:
        """Say what comes next in the repetition under way."""
        if seen.attempt is not None:
            return self._take(t_ms, seen, seen.attempt)
        fault = self._voice.name(seen.faults)
        if fault is not None:
            self._early = fault
            self._faults[fault] += 1
        moment = self._moment(t_ms, _STATES[seen.phase], self._next_cue(seen), seen)
        return replace(moment, fault=fault)

    def _take(self, t_ms: float, seen: Seen, attempt: Attempt) -> CoachMoment:
        self._faults.update(fault for fault in attempt.faults if fault is not self._early)
        self._early = None
        fault = self._voice.name(attempt.faults)
        self._voice.next_attempt()
        is_counted = attempt.repetition is not None
        if attempt.repetition is not None:
            self._repetitions.append(attempt.repetition)
        if len(self._repetitions) >= self._wanted:
            return replace(self._end(t_ms), fault=fault, is_counted=is_counted)
        moment = self._moment(t_ms, CoachState.READY, CoachCue.LIFT, seen)
        return replace(moment, fault=fault, is_counted=is_counted)

    def _end(self, t_ms: float) -> CoachMoment:
        finished = self.finish_now()
        return replace(self._moment(t_ms, CoachState.DONE, CoachCue.DONE), finished=finished)

    def _next_cue(self, seen: Seen) -> CoachCue:
        if seen.phase is RepetitionPhase.FALLING:
            return CoachCue.LOWER
        if seen.phase is RepetitionPhase.TOP:
            return CoachCue.HOLD if seen.hold_s < self._wanted_hold_s else CoachCue.LOWER
        if seen.phase is RepetitionPhase.START and not seen.is_low:
            return CoachCue.LOWER
        return CoachCue.LIFT

    def _moment(
        self, t_ms: float, state: CoachState, cue: CoachCue | None, seen: Seen | None = None
    ) -> CoachMoment:
        return CoachMoment(
            t_ms=t_ms,
            state=state,
            cue=cue,
            repetitions=len(self._repetitions),
            wanted=self._wanted,
            hold_s=0.0 if seen is None else seen.hold_s,
            wanted_hold_s=self._wanted_hold_s,
            angle_deg=None if seen is None else seen.angle_deg,
            side=self._working_side,
        )


def _movement(exercise: CoachedExercise, wanted_hold_s: float) -> Movement:
    if exercise is CoachedExercise.LEG_LIFT:
        return LegLiftMovement()
    is_single = exercise is CoachedExercise.SINGLE_LEG_BRIDGE
    return BridgeMovement(is_single=is_single, wanted_hold_s=wanted_hold_s)
