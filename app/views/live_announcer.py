"""Says aloud what a live check shows: by voice, and by tones."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from app.guidance.live_words import CUES, READY, cue_of
from app.views.tones import Tone, Tones
from app.views.voice import REPEAT_S, Urgency, Voice
from vision.live.moments import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.guidance.live_words import Cue
    from vision.live.moments import AnyMoment

#: These are of use at their moment only.
_TIMED: Mapping[Cue, Tone] = {
    CUES[Instruction.HOLD]: Tone.COUNT_IN,
    CUES[Instruction.SQUEEZE]: Tone.COUNT_IN,
    CUES[Instruction.RELAX]: Tone.READY,
    CUES[Instruction.MARCH]: Tone.DONE,
}
_WELL = frozenset({READY, CUES[Instruction.STAND_STILL]})
#: What is not done is said again: at first after this long, then after twice as long ...
_AGAIN_S, _AGAIN_MOST_S = 8.0, 60.0


class Announcer:
    """Follows the moments and says each instruction when it comes up.

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

    def follow(self, moment: AnyMoment) -> None:
        """Say what is new, and now and then what is not done."""
        cue = cue_of(moment.state, moment.instruction)
        if cue is None or moment.instruction is Instruction.DONE:
            self._now = cue  # the result is said in its own words
        elif cue is not self._now:
            self._now, self._gap_s = cue, _AGAIN_S
            self._announce(cue)
        elif self._clock() >= self._again_s and cue not in _TIMED:
            self._gap_s = min(2 * self._gap_s, _AGAIN_MOST_S)
            self._announce(cue)

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

    def _announce(self, cue: Cue) -> None:
        self._again_s = self._clock() + self._gap_s
        is_timed = cue in _TIMED
        is_spoken = self.voice.say(cue.spoken, Urgency.TIMED if is_timed else Urgency.ADVICE)
        if is_timed:
            self.tones.play(_TIMED[cue])
        elif not is_spoken:
            self._sound(cue)

    def _sound(self, cue: Cue) -> None:
        """Play a tone in place of words, not more often than words would be said."""
        now_s = self._clock()
        if now_s - self._sounded_s.get(cue, -REPEAT_S) < REPEAT_S:
            return
        self._sounded_s[cue] = now_s
        self.tones.play(Tone.READY if cue in _WELL else Tone.ATTENTION)
