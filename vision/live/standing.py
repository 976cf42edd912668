"""Whether somebody in front of a camera stands so that they can be measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision.live.events import Instruction, LiveState
from vision.live.instructions import Wish, find_wishes
from vision.live.instructions__prompter import Patience, Prompter
from vision.live.standing__stillness import Stillness
from vision.result import Measured, ReasonCode

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.live.standing__stillness import Place

_STAND_STILL = Wish(Instruction.STAND_STILL, None)
#: Numbers that hover about their limits: once they are good enough to begin, they need not
#: be all the time.
_HOVERING = frozenset({ReasonCode.NOT_SIDE_ON, ReasonCode.CAMERA_TILTED, ReasonCode.TOO_DARK})


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How somebody stands in one picture.

    Attributes
    ----------
    state
        ``searching``, ``adjust`` or ``ready``.
    instruction
        What they are to do.
    is_usable
        Whether this picture may count in a measurement that is under way.
    place
        Where they have stood still for long enough and with nothing to change, so that
        measuring may begin; else None.
    """

    state: LiveState
    instruction: Instruction | None
    is_usable: bool
    place: Place | None


class Stance:
    """Follows somebody until they stand right and still."""

    def __init__(self) -> None:
        self._stillness = Stillness()
        self._patience = Patience()
        self._prompter = Prompter()
        self._wish: Wish | None = None

    def forget(self) -> None:
        """Begin anew: pictures were missing, or the camera may stand elsewhere."""
        self._stillness.reset()
        self._patience.forget()
        self._prompter.reset()

    def next_stance(self) -> None:
        """Begin anew with the same camera."""
        self._stillness.reset()
        self._patience.next_stance()
        self._prompter.reset()

    def interrupt(self) -> Standing:
        """Ask at once for what ended a measurement; standing still is awaited anew."""
        shown = self._wish if self._wish is not None else _STAND_STILL
        self._prompter.put(shown)
        self._stillness.reset()
        return Standing(_state(shown), shown.instruction, is_usable=False, place=None)

    def add(self, sighting: Sighting) -> Standing:
        """Look at the next picture."""
        self._stillness.add(sighting)
        is_moving = self._stillness.is_moving
        wishes = find_wishes(sighting, is_moving=is_moving)
        left = self._patience.left(wishes, sighting.t_ms)
        self._wish = left[0] if left else _STAND_STILL if is_moving else None
        shown = self._prompter.add(self._wish, sighting.t_ms)
        state = _state(shown)
        is_content = not left and state is LiveState.READY
        return Standing(
            state=state,
            instruction=None if shown is None else shown.instruction,
            is_usable=isinstance(sighting.result, Measured) and all(map(_is_hovering, left)),
            place=self._stillness.place if is_content else None,
        )


def _state(shown: Wish | None) -> LiveState:
    if shown is None or shown.code is None:
        return LiveState.READY
    if shown.instruction is Instruction.STEP_INTO_VIEW:
        return LiveState.SEARCHING
    return LiveState.ADJUST


def _is_hovering(wish: Wish) -> bool:
    return wish.is_soft and wish.code in _HOVERING
