"""Says aloud what a set needs: counts, holds, one fault at a time; by voice and by tones."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from app.exercises import text
from app.exercises.timer import EventKind, SetPhase
from app.gui.widgets.camera import Announcing
from app.system.sound import Tone
from app.system.speech import Urgency
from vision.coach.events import CoachCue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.exercises.timer import TimerEvent
    from app.history.diary import PlannedExercise
    from app.system.sound import Tones
    from app.system.speech import Voice
    from app.text.language import Cue
    from vision.coach.events import CoachMoment

#: These are of use at their moment only, and are heard even where words would be too late.
_TIMED: Mapping[CoachCue, Tone] = {CoachCue.HOLD: Tone.COUNT_IN, CoachCue.LOWER: Tone.READY}
#: Said before the first repetition; afterwards the count is enough.
_FIRST = CoachCue.LIFT
_PHASE_TONES: Mapping[SetPhase, Tone] = {
    SetPhase.GET_READY: Tone.READY,
    SetPhase.LIFT: Tone.COUNT_IN,
    SetPhase.HOLD: Tone.SHUTTER,
    SetPhase.LOWER: Tone.READY,
    SetPhase.SQUEEZE: Tone.COUNT_IN,
    SetPhase.RELAX: Tone.READY,
}
_BEGINS = frozenset({SetPhase.LIFT, SetPhase.SQUEEZE})


class ExerciseAnnouncer(Announcing):
    """Follows a set and says what is new in it; arguments as for its base."""

    def __init__(self, voice: Voice, tones: Tones, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(voice, tones, clock)
        self._cue: CoachCue | None = None

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
                spoken = text.AND.format(word=spoken.lower())
            self.voice.say(spoken, Urgency.TIMED)

    def follow(self, moment: CoachMoment) -> None:
        """Say the cue when it comes up, and now and then what is not done."""
        cue = moment.cue
        if cue is None or cue is CoachCue.DONE:
            self._cue = cue  # the end is said with its count
        elif cue is not self._cue:
            self._cue = cue
            self._begin()
            if cue is not _FIRST or not moment.repetitions:
                self._announce(cue)
        elif cue not in _TIMED and self._is_time_again():
            self._announce(cue)

    def count(self, moment: CoachMoment) -> None:
        """Say a repetition that is complete, and the fault that is to be named."""
        if moment.is_counted and moment.finished is None:
            number = text.number_word(moment.repetitions)
            if not self.voice.say(f"{number}.", Urgency.TIMED):
                self.tones.play(Tone.TICK)
        if moment.fault is not None and moment.finished is None:
            self._advise(text.FAULTS[moment.fault], Tone.ATTENTION)

    def say_done(self, count: int) -> None:
        """Say that a set is over, and how many there were."""
        number = text.number_word(count)
        self.say(text.SPOKEN_DONE.format(number=number), Tone.DONE)

    def reset(self) -> None:
        """Fall silent; whatever comes next is new."""
        self._cue = None
        super().reset()

    def _announce(self, cue: CoachCue) -> None:
        words = text.CUES[cue]
        if cue in _TIMED:
            self.voice.say(words.spoken, Urgency.TIMED)
            self.tones.play(_TIMED[cue])
        else:
            self._advise(words, Tone.READY if cue is _FIRST else Tone.ATTENTION)

    def _advise(self, words: Cue, tone: Tone) -> None:
        if not self.voice.say(words.spoken, Urgency.ADVICE):
            self._sound(words, tone)
