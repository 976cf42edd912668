"""A set of an exercise by the clock, for whoever has no camera. Knows no screen."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.history.diary import ExerciseId
from app.system.clock import elapsed_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.history.diary import PlannedExercise

GET_READY_S, LIFT_S, LOWER_S = 5.0, 2.0, 2.0
SQUEEZE_S, RELAX_S, SINGLE_LEG_S = 5.0, 3.0, 30.0
#: The last seconds of a phase are counted if it lasts at least so long.
_TICKS, _TICKED_S = 3, 5.0
#: Nobody looked for so long: the computer slept, or was too busy to show anything.
GAP_S = 3.0
#: Against the rounding of added times.
_TINY_S = 1e-6


class SetPhase(StrEnum):
    """What is to be done."""

    GET_READY = "get_ready"
    LIFT = "lift"
    HOLD = "hold"
    LOWER = "lower"
    SQUEEZE = "squeeze"
    RELAX = "relax"


_HELD = frozenset({SetPhase.HOLD, SetPhase.SQUEEZE})
_LAST = frozenset({SetPhase.LOWER, SetPhase.RELAX})


@dataclass(frozen=True, slots=True)
class Step:
    """One phase of a set.

    Attributes
    ----------
    repetition
        From 1; 0 while getting ready.
    """

    phase: SetPhase
    length_s: float
    repetition: int


@dataclass(frozen=True, slots=True)
class SetPlan:
    """A set from getting ready to the last repetition.

    Attributes
    ----------
    already
        Repetitions done before it, for instance counted by a camera that failed.
    repetitions
        How many there are to be, those included.
    """

    repetitions: int
    steps: tuple[Step, ...]
    already: int = 0


class EventKind(StrEnum):
    """What has just happened in a set."""

    PHASE = "phase"
    #: One of the last seconds of a phase begins.
    TICK = "tick"
    REPETITION = "repetition"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TimerEvent:
    """Something to show and to be heard.

    Attributes
    ----------
    step
        The phase it belongs to: the one that begins, or the one under way.
    repetitions
        Complete ones.
    """

    kind: EventKind
    step: Step
    repetitions: int


def hold_of(planned: PlannedExercise) -> float:
    """Return for how many seconds each repetition is held; 0 for not at all."""
    if planned.hold_s > 0 and math.isfinite(planned.hold_s):
        return planned.hold_s
    usual_s = {
        ExerciseId.GLUTE_SQUEEZE.value: SQUEEZE_S,
        ExerciseId.SINGLE_LEG_BRIDGE.value: SINGLE_LEG_S,
    }
    return usual_s.get(planned.exercise, 0.0)


def plan_of(planned: PlannedExercise, already: int = 0) -> SetPlan:
    """Return one set of an exercise.

    Parameters
    ----------
    already
        Repetitions that need not be done again.
    """
    wanted, hold_s = max(1, planned.repetitions), hold_of(planned)
    already = min(max(0, already), wanted)
    steps = [Step(SetPhase.GET_READY, GET_READY_S, 0)]
    for number in range(already + 1, wanted + 1):
        if planned.exercise == ExerciseId.GLUTE_SQUEEZE:
            steps.append(Step(SetPhase.SQUEEZE, hold_s, number))
            steps.append(Step(SetPhase.RELAX, RELAX_S, number))
            continue
        steps.append(Step(SetPhase.LIFT, LIFT_S, number))
        if hold_s:
            steps.append(Step(SetPhase.HOLD, hold_s, number))
        steps.append(Step(SetPhase.LOWER, LOWER_S, number))
    return SetPlan(wanted, tuple(steps), already)


class SetTimer:
    """Leads through a set; stands still until :meth:`go_on`.

    Parameters
    ----------
    clock
        Seconds, never falling.

    Attributes
    ----------
    repetitions
        Complete ones, with those that were done before.
    is_interrupted
        Whether it has paused by itself, see :data:`GAP_S`.
    """

    def __init__(self, plan: SetPlan, clock: Callable[[], float] = elapsed_s) -> None:
        self.plan, self._clock = plan, clock
        self.repetitions = plan.already
        self.is_interrupted = False
        self._index, self._spent_s = 0, 0.0
        self._last_s: float | None = None
        self._has_begun = False
        self._held_s = 0.0
        self._holds_s: list[float] = []

    @property
    def step(self) -> Step:
        """The phase under way; the last one when all is done."""
        return self.plan.steps[min(self._index, len(self.plan.steps) - 1)]

    @property
    def left_s(self) -> float:
        """How long the phase still lasts."""
        return 0.0 if self.is_done else max(0.0, self.step.length_s - self._spent_s)

    @property
    def share(self) -> float:
        """How much of the phase is over, 0..1."""
        return 1 - self.left_s / self.step.length_s

    @property
    def is_running(self) -> bool:
        """Tell whether time passes."""
        return self._last_s is not None

    @property
    def is_done(self) -> bool:
        """Tell whether the last phase is over."""
        return self._index >= len(self.plan.steps)

    @property
    def hold_s(self) -> float:
        """Median time for which complete repetitions were held; 0 for none."""
        return float(statistics.median(self._holds_s)) if any(self._holds_s) else 0.0

    def go_on(self) -> None:
        """Let time pass from now on."""
        self.is_interrupted = False
        if not self.is_done:
            self._last_s = self._clock()

    def pause(self) -> None:
        """Let no time pass."""
        self._last_s = None

    def advance(self) -> tuple[TimerEvent, ...]:
        """Return what has happened since the last call, in order."""
        if self._last_s is None:
            return ()
        now_s = self._clock()
        passed_s = max(0.0, now_s - self._last_s)
        self._last_s = now_s
        if passed_s > GAP_S:
            self.pause()
            self.is_interrupted = True
            return ()
        return tuple(self._pass(passed_s))

    def skip(self) -> tuple[TimerEvent, ...]:
        """End the phase under way; the time it was held for counts as it was."""
        if self.is_done or not self._has_begun:
            return ()
        return tuple(self._end_step())

    def _pass(self, passed_s: float) -> Iterator[TimerEvent]:
        if not self._has_begun:
            self._has_begun = True
            yield self._event(EventKind.PHASE)
        while not self.is_done:
            before_s = self.left_s
            if passed_s < before_s - _TINY_S:
                self._spent_s += passed_s
                yield from self._ticks(before_s, self.left_s)
                return
            yield from self._ticks(before_s, 0.0)
            passed_s = max(0.0, passed_s - before_s)
            self._spent_s = self.step.length_s
            yield from self._end_step()

    def _ticks(self, before_s: float, after_s: float) -> Iterator[TimerEvent]:
        if self.step.length_s >= _TICKED_S:
            for second in range(_TICKS, 0, -1):
                if after_s <= second < before_s:
                    yield self._event(EventKind.TICK)

    def _end_step(self) -> Iterator[TimerEvent]:
        ended = self.step
        if ended.phase in _HELD:
            self._held_s = min(self._spent_s, ended.length_s)
        self._index, self._spent_s = self._index + 1, 0.0
        if ended.phase in _LAST:
            self.repetitions += 1
            self._holds_s.append(self._held_s)
            self._held_s = 0.0
            yield TimerEvent(EventKind.REPETITION, ended, self.repetitions)
        if self.is_done:
            self.pause()
            yield TimerEvent(EventKind.DONE, ended, self.repetitions)
        else:
            yield self._event(EventKind.PHASE)

    def _event(self, kind: EventKind) -> TimerEvent:
        return TimerEvent(kind, self.step, self.repetitions)
