"""One thing at a time: a wish that does not flicker, a fault that is not repeated for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.coach.events import CoachCue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.coach.events import FormFault

#: A new wish must have been there for so long.
_WANTED_MS = 500.0
#: What must not wait.
_AT_ONCE = frozenset({CoachCue.ONE_PERSON})
#: The same fault is named again after so many attempts.
_AGAIN_AFTER = 3


class SteadyWish:
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
