"""Makes of many wishes one instruction at a time that does not flicker, and none for ever."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from vision.live.events import Instruction
from vision.result import ReasonCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.live.instructions import Wish

#: A new instruction must have been wanted for so long ...
_WANTED_MS = 500.0
#: ... within the last so long: a few pictures that say otherwise do not matter.
_WITHIN_MS = 800.0
#: One picture stands for no longer than this, however late the next one comes.
_PICTURE_MS = 300.0
#: What must not wait: every picture of two people is one too many.
_AT_ONCE = frozenset({Instruction.ONE_PERSON})
#: For so long the person is asked for what would only be better.
PATIENCE_MS = 8000.0
#: What belongs to a stance and not to the room: asked for again in the next one.
_OF_THE_STANCE = frozenset({ReasonCode.NOT_SIDE_ON, ReasonCode.BODY_CUT_OFF})


class Prompter:
    """Chooses the wish that is said aloud."""

    def __init__(self) -> None:
        self.shown: Wish | None = None
        self._is_new = True
        self._t_ms = 0.0
        #: When, for how long, and which; the last moments only.
        self._wanted: deque[tuple[float, float, Wish | None]] = deque()

    def reset(self) -> None:
        """Show what the next picture wants at once."""
        self._is_new = True

    def put(self, wish: Wish | None) -> None:
        """Show a wish without waiting."""
        self.shown, self._is_new = wish, False
        self._wanted.clear()

    def add(self, wish: Wish | None, t_ms: float) -> Wish | None:
        """Take what one picture wants, and return what is shown."""
        step_ms = min(max(t_ms - self._t_ms, 0.0), _PICTURE_MS)
        self._t_ms = t_ms
        if self._is_new or _instruction(wish) in _AT_ONCE:
            self.put(wish)
            return wish
        if _is_alike(wish, self.shown):
            # The same instruction may now have another reason.
            self.shown = wish
        self._wanted.append((t_ms, step_ms, wish))
        while self._wanted[0][0] <= t_ms - _WITHIN_MS:
            self._wanted.popleft()
        if not _is_alike(wish, self.shown):
            self._change(wish)
        return self.shown

    def _change(self, wish: Wish | None) -> None:
        """Show another wish if it was wanted long enough, or else if the shown one is stale."""
        most = max((entry[2] for entry in self._wanted), key=self._wanted_ms)
        seen_ms = sum(ms for _, ms, _ in self._wanted)
        # Steps that make half a second add up to a hair less than that.
        if self._wanted_ms(wish) >= _WANTED_MS - 1e-6:
            self.put(wish)
        elif self._wanted_ms(self.shown) == 0.0 and seen_ms >= _WITHIN_MS - _PICTURE_MS:
            self.put(most)

    def _wanted_ms(self, wish: Wish | None) -> float:
        return sum(ms for _, ms, other in self._wanted if _is_alike(other, wish))


class Patience:
    """Accepts soft wishes that stay unmet, so that nobody is stuck for ever."""

    def __init__(self) -> None:
        self._t_ms = 0.0
        self._hard_ms = 0.0
        self._asked_ms: dict[ReasonCode, float] = {}
        self._accepted: set[ReasonCode] = set()

    def forget(self) -> None:
        """Begin anew: the camera may stand elsewhere."""
        self._asked_ms.clear()
        self._accepted.clear()

    def next_stance(self) -> None:
        """Ask once more for what the person did, not for what the room is like."""
        self._asked_ms.clear()
        self._accepted -= _OF_THE_STANCE

    def left(self, wishes: Sequence[Wish], t_ms: float) -> tuple[Wish, ...]:
        """Return the wishes that are not yet accepted.

        A soft wish is accepted after :data:`PATIENCE_MS` in which nothing else was wrong.
        """
        step_ms = min(max(t_ms - self._t_ms, 0.0), _PICTURE_MS)
        self._t_ms = t_ms
        is_hard = any(not wish.is_soft for wish in wishes)
        self._hard_ms = self._hard_ms + step_ms if is_hard else 0.0
        if self._hard_ms >= _WANTED_MS:
            self._asked_ms.clear()
        if not is_hard:
            for code in {wish.code for wish in wishes if wish.code is not None}:
                self._asked_ms[code] = self._asked_ms.get(code, 0.0) + step_ms
                if self._asked_ms[code] >= PATIENCE_MS:
                    self._accepted.add(code)
        return tuple(w for w in wishes if not (w.is_soft and w.code in self._accepted))


def _instruction(wish: Wish | None) -> Instruction | None:
    return None if wish is None else wish.instruction


def _is_alike(one: Wish | None, other: Wish | None) -> bool:
    """Tell whether both would be shown alike: the same words, or none for the same reason."""
    if one is None or other is None:
        return one is other
    return one.instruction is other.instruction
