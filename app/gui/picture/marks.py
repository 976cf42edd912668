"""What is marked on a picture by hand: handles, and where they may be."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from typing import Self

#: Pixels of the full upright picture, x right, y down.
Place: TypeAlias = tuple[float, float]
#: Where a new plumb line stands: this far from the edge, and how much of the picture's height
#: it takes.
_PLUMB_FROM_EDGE, _PLUMB_TOP, _PLUMB_BOTTOM = 0.1, 0.2, 0.8


class Handle(StrEnum):
    """What can be moved."""

    FRONT = "front"
    BACK = "back"
    PLUMB_TOP = "plumb_top"
    PLUMB_BOTTOM = "plumb_bottom"

    @property
    def is_plumb(self) -> bool:
        """Whether it is an end of the plumb line."""
        return self in (Handle.PLUMB_TOP, Handle.PLUMB_BOTTOM)


class HandMarks(Protocol):
    """Marks that never change; each step gives new ones."""

    @property
    def plumb_px(self) -> tuple[Place, Place] | None:
        """Two ends of something plumb in reality, upper end first; None for none."""

    @property
    def plumb_problem(self) -> str:
        """Why the plumb line cannot be used; empty when it can, or there is none."""

    def place(self, handle: Handle) -> Place | None:
        """Return where a handle is; None for what is not marked."""

    def move(self, handle: Handle, to: Place) -> Self:
        """Bring a handle elsewhere, kept inside the picture."""

    def add_plumb(self) -> Self:
        """Put up an exactly upright line, to be dragged onto an edge."""

    def remove_plumb(self) -> Self:
        """Take the plumb line away."""


def inside(place: Place, size_px: tuple[int, int]) -> Place:
    """Return the nearest place inside a picture of this width and height."""
    x, y = (min(max(value, 0.0), side - 1.0) for value, side in zip(place, size_px, strict=True))
    return float(x), float(y)


def upright_line(size_px: tuple[int, int], *, at_left: bool) -> tuple[Place, Place]:
    """Return both ends of an exactly upright line near an edge, upper end first."""
    width, height = size_px
    x = (_PLUMB_FROM_EDGE if at_left else 1 - _PLUMB_FROM_EDGE) * (width - 1)
    return (x, _PLUMB_TOP * (height - 1)), (x, _PLUMB_BOTTOM * (height - 1))
