"""What a rater marks on one photograph; nothing is suggested and no angle is worked out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.gui.picture.marks import Handle, inside, upright_line
from app.text.research import rating
from vision.marks.points import PointsError, roll_of_vertical_deg

if TYPE_CHECKING:
    from app.gui.picture.marks import Place

#: The two points are never brought nearer to one another than this, pixels.
_APART_PX = 2.0


@dataclass(frozen=True, slots=True)
class RatedMarks:
    """Marks in pixels of the full upright picture; each change returns new ones.

    Attributes
    ----------
    size_px
        Width and height of the full picture.
    front_px, back_px
        The two bony points; None for what is not marked.
    plumb_px
        Two ends of something plumb in reality, upper end first; None for none.
    cannot_tell
        Whether the rater said that the points cannot be told.
    """

    size_px: tuple[int, int]
    front_px: Place | None = None
    back_px: Place | None = None
    plumb_px: tuple[Place, Place] | None = None
    cannot_tell: bool = False

    @property
    def missing(self) -> Handle | None:
        """The point to be marked next; None when nothing is missing."""
        if self.cannot_tell:
            return None
        if self.front_px is None:
            return Handle.FRONT
        return Handle.BACK if self.back_px is None else None

    @property
    def plumb_problem(self) -> str:
        """Why the plumb line cannot be used; empty when it can, or there is none."""
        if self.plumb_px is None:
            return ""
        if self.plumb_px == self._first_plumb():
            return rating.MOVE_PLUMB
        try:
            roll_of_vertical_deg(*self.plumb_px, *self.size_px)
        except PointsError:
            return rating.LEANING_PLUMB
        return ""

    def place(self, handle: Handle) -> Place | None:
        """Return where a handle is; None for what is not marked."""
        if handle.is_plumb:
            ends = self.plumb_px
            return None if ends is None else ends[0 if handle is Handle.PLUMB_TOP else 1]
        return self.front_px if handle is Handle.FRONT else self.back_px

    def move(self, handle: Handle, to: Place) -> RatedMarks:
        """Bring a handle elsewhere, kept inside the picture; marks a point that was not."""
        if not all(map(math.isfinite, to)):
            return self
        to = inside(to, self.size_px)
        if handle.is_plumb:
            if self.plumb_px is None:
                return self
            top, bottom = self.plumb_px
            ends = (to, bottom) if handle is Handle.PLUMB_TOP else (top, to)
            return self if ends == self.plumb_px else replace(self, plumb_px=ends)
        is_front = handle is Handle.FRONT
        before, other = self.place(handle), self.back_px if is_front else self.front_px
        if to == before or (other is not None and math.dist(to, other) < _APART_PX):
            return self
        if is_front:
            return replace(self, front_px=to, cannot_tell=False)
        return replace(self, back_px=to, cannot_tell=False)

    def give_up(self, wanted: bool) -> RatedMarks:
        """Say that the points cannot be told, which takes them away, or that they can."""
        if wanted == self.cannot_tell:
            return self
        return replace(self, front_px=None, back_px=None, cannot_tell=wanted)

    def add_plumb(self) -> RatedMarks:
        """Put up an exactly upright line, to be dragged onto an edge."""
        return self if self.plumb_px else replace(self, plumb_px=self._first_plumb())

    def remove_plumb(self) -> RatedMarks:
        """Take the plumb line away."""
        return replace(self, plumb_px=None) if self.plumb_px else self

    def _first_plumb(self) -> tuple[Place, Place]:
        return upright_line(self.size_px, at_left=True)
