"""What every announcer does alike: says results first, repeats what is not done, and beeps."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from app.system.speech import REPEAT_S, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.system.sound import Tone, Tones
    from app.system.speech import Voice
    from app.text.language import Cue

#: What is not done is said again: at first after this long, then after twice as long ...
_AGAIN_S, _AGAIN_MOST_S = 8.0, 60.0


class Announcing:
    """A voice and tones, and when something is to be heard again.

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
        self._again_s = self._gap_s = _AGAIN_S
        self._sounded_s: dict[Cue, float] = {}

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Say a result, before anything else."""
        if tone is not None:
            self.tones.play(tone)
        self.voice.say(text, Urgency.RESULT)

    def reset(self) -> None:
        """Fall silent; whatever comes next is new."""
        self._sounded_s.clear()
        self.voice.hush()

    def _begin(self) -> None:
        """Take note that something new is said now."""
        self._gap_s = _AGAIN_S
        self._again_s = self._clock() + self._gap_s

    def _is_time_again(self) -> bool:
        """Tell whether what is not done is to be said again, which then takes longer."""
        if self._clock() < self._again_s:
            return False
        self._gap_s = min(2 * self._gap_s, _AGAIN_MOST_S)
        self._again_s = self._clock() + self._gap_s
        return True

    def _sound(self, cue: Cue, tone: Tone) -> None:
        """Play a tone in place of words, not more often than words would be said."""
        now_s = self._clock()
        if now_s - self._sounded_s.get(cue, -REPEAT_S) >= REPEAT_S:
            self._sounded_s[cue] = now_s
            self.tones.play(tone)
