"""Says aloud what a camera or a timer shows, by voice and by tones."""

from __future__ import annotations

from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING

from app.exercises import text
from app.exercises.timer import EventKind, SetPhase
from app.system.sound import Tone
from app.system.speech import REPEAT_S, Urgency
from app.text import live
from app.text.language import texts
from app.text.languages.wording import inside
from vision.coach.events import CoachCue
from vision.live.events import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from app.exercises.timer import TimerEvent
    from app.history.diary import PlannedExercise
    from app.system.sound import Tones
    from app.system.speech import Voice
    from app.text.language import Cue
    from vision.coach.events import CoachMoment
    from vision.live.events import AnyMoment

#: What is not done is said again: at first after this long, then after twice as long ...
_AGAIN_S, _AGAIN_MOST_S = 8.0, 60.0
_PHASE_TONES: Mapping[SetPhase, Tone] = {
    SetPhase.GET_READY: Tone.READY,
    SetPhase.LIFT: Tone.COUNT_IN,
    SetPhase.HOLD: Tone.SHUTTER,
    SetPhase.LOWER: Tone.READY,
    SetPhase.SQUEEZE: Tone.COUNT_IN,
    SetPhase.RELAX: Tone.READY,
}
_BEGINS = frozenset({SetPhase.LIFT, SetPhase.SQUEEZE})


class Announcing:
    """Says results first, repeats what is not done, and beeps where it may not speak.

    Parameters
    ----------
    voice, tones
        Each may be muted on its own.
    clock
        Seconds, never falling.
    """

    def __init__(self, voice: Voice, tones: Tones, clock: Callable[[], float] = monotonic) -> None:
        self.voice, self.tones = voice, tones
        self._clock = clock
        self._now: Cue | None = None
        self._again_s = self._gap_s = _AGAIN_S
        self._sounded_s: dict[Cue, float] = {}

    @cached_property
    def timed(self) -> Mapping[Cue, Tone]:
        """What is of use at its moment only, and is heard even where words would be too late."""
        return {}

    @cached_property
    def well(self) -> Set[Cue]:
        """What asks for nothing that would be wrong now."""
        return frozenset()

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Say a result, before anything else."""
        if tone is not None:
            self.tones.play(tone)
        self.voice.say(text, Urgency.RESULT)

    def reset(self) -> None:
        """Fall silent; whatever comes next is new."""
        self._now = None
        self._sounded_s.clear()
        self.voice.hush()

    def _hear(self, cue: Cue | None, *, is_end: bool, is_known: bool = False) -> None:
        """Say a cue when it comes up, unless it is known, and while it is not followed.

        What ends it all is said elsewhere, with the result.
        """
        if cue is None or is_end:
            self._now = cue
        elif cue is not self._now:
            self._now, self._gap_s = cue, _AGAIN_S
            self._again_s = self._clock() + self._gap_s
            if not is_known:
                self._announce(cue)
        elif cue not in self.timed and self._clock() >= self._again_s:
            self._gap_s = min(2 * self._gap_s, _AGAIN_MOST_S)
            self._again_s = self._clock() + self._gap_s
            self._announce(cue)

    def _announce(self, cue: Cue) -> None:
        if cue in self.timed:
            self.voice.say(cue.spoken, Urgency.TIMED)
            self.tones.play(self.timed[cue])
        else:
            self._advise(cue, Tone.READY if cue in self.well else Tone.ATTENTION)

    def _advise(self, cue: Cue, tone: Tone) -> None:
        """Say it, or play a tone in its place, not more often than words would be said."""
        if self.voice.say(cue.spoken, Urgency.ADVICE):
            return
        now_s = self._clock()
        if now_s - self._sounded_s.get(cue, -REPEAT_S) >= REPEAT_S:
            self._sounded_s[cue] = now_s
            self.tones.play(tone)


class Announcer(Announcing):
    """Follows a live check and says each instruction when it comes up."""

    @cached_property
    def timed(self) -> Mapping[Cue, Tone]:
        """The tones of what is of use at its moment only."""
        tones = {
            Instruction.HOLD: Tone.COUNT_IN,
            Instruction.SQUEEZE: Tone.COUNT_IN,
            Instruction.RELAX: Tone.READY,
            Instruction.ARCH: Tone.COUNT_IN,
            Instruction.ARCH_FURTHER: Tone.COUNT_IN,
            Instruction.ARCH_THE_OTHER_WAY: Tone.COUNT_IN,
            Instruction.TUCK: Tone.COUNT_IN,
            Instruction.STAND_AS_USUAL: Tone.READY,
            Instruction.MARCH: Tone.DONE,
        }
        return {live.CUES[instruction]: tone for instruction, tone in tones.items()}

    @cached_property
    def well(self) -> Set[Cue]:
        """What asks for nothing that would be wrong."""
        return frozenset({live.READY, live.CUES[Instruction.STAND_STILL]})

    def follow(self, moment: AnyMoment) -> None:
        """Say what is new, and now and then what is not done."""
        cue = live.cue_of(moment.state, moment.instruction)
        self._hear(cue, is_end=moment.instruction is Instruction.DONE)


class ExerciseAnnouncer(Announcing):
    """Follows a set and says what it needs: counts, holds, one fault at a time."""

    @cached_property
    def timed(self) -> Mapping[Cue, Tone]:
        """The tones of what is of use at its moment only."""
        cues = texts().coach.cues
        return {cues[CoachCue.HOLD]: Tone.COUNT_IN, cues[CoachCue.LOWER]: Tone.READY}

    @cached_property
    def well(self) -> Set[Cue]:
        """What asks for nothing that would be wrong."""
        return frozenset({texts().coach.cues[CoachCue.LIFT]})

    def follow_timer(self, event: TimerEvent, planned: PlannedExercise) -> None:
        """Say the next phase, or how many repetitions are done where one ends and one begins."""
        if event.kind is EventKind.TICK:
            self.tones.play(Tone.TICK)
        elif event.kind is EventKind.PHASE:
            phase = event.step.phase
            self.tones.play(_PHASE_TONES[phase])
            spoken = text.phase_cue(planned, phase).spoken
            if phase in _BEGINS and event.repetitions:
                spoken = f"{text.number_word(event.repetitions)}."
            elif event.step.repetition % 2 == 0 and event.step.repetition:
                spoken = text.AND.format(word=inside(spoken))
            self.voice.say(spoken, Urgency.TIMED)

    def follow(self, moment: CoachMoment) -> None:
        """Say the cue when it comes up, and now and then what is not done."""
        cue = None if moment.cue is None else texts().coach.cues[moment.cue]
        # Once a repetition is done, the count says when to lift.
        is_known = moment.cue is CoachCue.LIFT and moment.repetitions > 0
        self._hear(cue, is_end=moment.cue is CoachCue.DONE, is_known=is_known)

    def count(self, moment: CoachMoment) -> None:
        """Say a repetition that is complete, and the fault that is to be named."""
        if moment.is_counted and moment.finished is None:
            number = text.number_word(moment.repetitions)
            if not self.voice.say(f"{number}.", Urgency.TIMED):
                self.tones.play(Tone.TICK)
        if moment.fault is not None and moment.finished is None:
            self._advise(texts().coach.faults[moment.fault], Tone.ATTENTION)

    def say_done(self, count: int) -> None:
        """Say that a set is over, and how many there were."""
        number = text.number_word(count)
        self.say(text.SPOKEN_DONE.format(number=number), Tone.DONE)
