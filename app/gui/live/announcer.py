"""Says aloud what a live check shows: by voice, and by tones."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from app.gui.widgets.camera import Announcing
from app.system.sound import Tone, Tones
from app.system.speech import Urgency, Voice
from app.text.live import CUES, READY, cue_of
from vision.live.events import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.text.language import Cue
    from vision.live.events import AnyMoment

#: These are of use at their moment only.
_TIMED: Mapping[Cue, Tone] = {
    CUES[Instruction.HOLD]: Tone.COUNT_IN,
    CUES[Instruction.SQUEEZE]: Tone.COUNT_IN,
    CUES[Instruction.RELAX]: Tone.READY,
    CUES[Instruction.MARCH]: Tone.DONE,
}
_WELL = frozenset({READY, CUES[Instruction.STAND_STILL]})


class Announcer(Announcing):
    """Follows the moments and says each instruction when it comes up; arguments as its base."""

    def __init__(self, voice: Voice, tones: Tones, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(voice, tones, clock)
        self._now: Cue | None = None

    def follow(self, moment: AnyMoment) -> None:
        """Say what is new, and now and then what is not done."""
        cue = cue_of(moment.state, moment.instruction)
        if cue is None or moment.instruction is Instruction.DONE:
            self._now = cue  # the result is said in its own words
        elif cue is not self._now:
            self._now = cue
            self._begin()
            self._announce(cue)
        elif cue not in _TIMED and self._is_time_again():
            self._announce(cue)

    def reset(self) -> None:
        """Fall silent; whatever comes next is new."""
        self._now = None
        super().reset()

    def _announce(self, cue: Cue) -> None:
        is_timed = cue in _TIMED
        is_spoken = self.voice.say(cue.spoken, Urgency.TIMED if is_timed else Urgency.ADVICE)
        if is_timed:
            self.tones.play(_TIMED[cue])
        elif not is_spoken:
            self._sound(cue, Tone.READY if cue in _WELL else Tone.ATTENTION)
