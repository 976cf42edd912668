"""Parts of a page that know their height and draw themselves. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.report.flow__sheet import Sheet
    from app.report.flow__typesetting import Style, Typesetter


class Block(Protocol):
    """Something with a height that can be drawn once its place is known."""

    @property
    def height_pt(self) -> float:
        """How much room it takes from top to bottom."""
        ...

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw it with its upper left corner there."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, broken into lines."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height_pt(self) -> float:
        """How much room it takes from top to bottom."""
        return len(self.lines) * self.style.leading_pt

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Write it."""
        sheet.lines(self.lines, self.style, left_pt, top_pt)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line from side to side."""

    width_pt: float
    height_pt: float = 1.0

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw it."""
        sheet.rule((left_pt, top_pt), (left_pt + self.width_pt, top_pt))


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks one below the other, ``gap_pt`` apart."""

    blocks: tuple[Block, ...]
    gap_pt: float = 3.0

    @property
    def height_pt(self) -> float:
        """How much room they take from top to bottom."""
        gaps = self.gap_pt * max(0, len(self.blocks) - 1)
        return sum(block.height_pt for block in self.blocks) + gaps

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw them from the top."""
        for block in self.blocks:
            block.draw(sheet, left_pt, top_pt)
            top_pt += block.height_pt + self.gap_pt


@dataclass(frozen=True, slots=True)
class Beside:
    """Two blocks next to each other, tops in line.

    Attributes
    ----------
    offset_pt
        From the left edge of the first to that of the second.
    """

    first: Block
    second: Block
    offset_pt: float

    @property
    def height_pt(self) -> float:
        """The height of the taller one."""
        return max(self.first.height_pt, self.second.height_pt)

    def draw(self, sheet: Sheet, left_pt: float, top_pt: float) -> None:
        """Draw both."""
        self.first.draw(sheet, left_pt, top_pt)
        self.second.draw(sheet, left_pt + self.offset_pt, top_pt)


def paragraph(
    typesetter: Typesetter, text: str, style: Style, room_pt: float, most: int | None = None
) -> Text:
    """Break a text into a paragraph of at most ``most`` lines."""
    return Text(typesetter.lines(text, style, room_pt, most), style)
