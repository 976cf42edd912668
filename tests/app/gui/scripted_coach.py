"""A camera in front of which exercises are done as written down beforehand, and who counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tests.app.gui.scripted_camera import FPS, NAME, Script, ScriptedView
from tests.vision.stick_figures import Figure, pose_of
from vision.coach.events import (
    BodySighting,
    CoachCue,
    CoachedExercise,
    CoachMoment,
    CoachState,
    FinishedSet,
    FormFault,
    LegSide,
    Repetition,
)

if TYPE_CHECKING:
    import pytest

SIZE_PX = (64, 100)
POSE = pose_of(Figure())
HOLD_S = 0.4


class Act(Enum):
    """What somebody does in one picture."""

    GONE = "gone"
    READY = "ready"
    MOVE = "move"
    TOP = "top"
    COUNT = "count"
    FAULT = "fault"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, eq=False)
class Acted(BodySighting):
    """A sighting that says what is done in it."""

    act: Act = Act.READY


def acted(act: Act) -> Acted:
    return Acted(0.0, 0, None if act in (Act.GONE, Act.LEAVE) else POSE, SIZE_PX, act=act)


class CoachScript(Script):
    """Repetitions in place of somebody who stands."""

    def install(self, monkeypatch: pytest.MonkeyPatch, name: str | None = NAME) -> CoachScript:
        super().install(monkeypatch, name)
        monkeypatch.setattr("vision.coach.view.CoachView", lambda: ScriptedView(self))
        monkeypatch.setattr("vision.coach.coaching.Coach", ScriptedCoach)
        return self

    def do(self, *acts: Act, times: int = 1) -> CoachScript:
        self.steps += [acted(act) for act in acts] * times  # type: ignore[arg-type]
        return self

    def repeat(self, times: int, *, fault: bool = False) -> CoachScript:
        tops = [Act.TOP] * round(HOLD_S * FPS)
        faults = [Act.FAULT] if fault else []
        for _ in range(times):
            self.do(Act.READY, Act.MOVE, *tops, Act.MOVE, *faults, Act.COUNT)
        return self

    def rest(self, seconds: float) -> CoachScript:
        return self.do(Act.READY, times=round(seconds * FPS))


class ScriptedCoach:
    """Stands in for :class:`vision.coach.coaching.Coach`."""

    def __init__(
        self,
        exercise: CoachedExercise,
        wanted: int = 10,
        wanted_hold_s: float = 0.0,
        side: LegSide | None = None,
    ) -> None:
        self.exercise, self.wanted, self.wanted_hold_s = exercise, wanted, wanted_hold_s
        self.side = side
        self.repetitions: list[Repetition] = []
        self.faults: Counter[FormFault] = Counter()
        self.times: list[tuple[float, int]] = []
        self._tops = 0
        self._is_over = False

    def add(self, sighting: BodySighting) -> CoachMoment:
        assert isinstance(sighting, Acted)
        self.times.append((sighting.t_ms, sighting.epoch))
        self._tops = self._tops + 1 if sighting.act is Act.TOP else 0
        match sighting.act:
            case Act.GONE:
                return self._say(sighting, CoachState.SEARCHING, CoachCue.STEP_INTO_VIEW)
            case Act.READY:
                return self._say(sighting, CoachState.READY, CoachCue.LIFT)
            case Act.TOP:
                return self._say(sighting, CoachState.TOP, CoachCue.HOLD)
            case Act.FAULT:
                self.faults[FormFault.NOT_HIGH_ENOUGH] += 1
                return self._say(sighting, CoachState.MOVING, None, FormFault.NOT_HIGH_ENOUGH)
            case Act.COUNT:
                self.repetitions.append(Repetition(HOLD_S, 172.0))
                is_over = len(self.repetitions) == self.wanted
                return self._say(sighting, CoachState.READY, None, counted=True, over=is_over)
            case Act.LEAVE:
                return self._say(sighting, CoachState.SEARCHING, None, over=True)
            case _:
                return self._say(sighting, CoachState.MOVING, None)

    def lose(self, t_ms: float, cue: CoachCue) -> CoachMoment:
        return self._moment(t_ms, CoachState.LOST, cue)

    def finish_now(self) -> FinishedSet:
        return FinishedSet(self.exercise, self.side, tuple(self.repetitions), dict(self.faults))

    def _say(
        self,
        sighting: BodySighting,
        state: CoachState,
        cue: CoachCue | None,
        fault: FormFault | None = None,
        *,
        counted: bool = False,
        over: bool = False,
    ) -> CoachMoment:
        ends = over and not self._is_over
        self._is_over = self._is_over or over
        if ends:
            state, cue = CoachState.DONE, CoachCue.DONE
        finished = self.finish_now() if ends else None
        return self._moment(sighting.t_ms, state, cue, fault, counted, finished)

    def _moment(
        self,
        t_ms: float,
        state: CoachState,
        cue: CoachCue | None,
        fault: FormFault | None = None,
        is_counted: bool = False,
        finished: FinishedSet | None = None,
    ) -> CoachMoment:
        return CoachMoment(
            t_ms,
            state,
            cue,
            fault,
            len(self.repetitions),
            self.wanted,
            self._tops / FPS,
            self.wanted_hold_s,
            side=self.side,
            is_counted=is_counted,
            finished=finished,
        )
