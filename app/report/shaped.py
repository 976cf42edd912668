"""Text whose letters join, run from right to left, or are in no font of the report's own.

Its lines are drawn as outlines, so that any font of the machine will do, whatever its format;
under them lies the same text unseen, to search for and to copy. matplotlib, which is there
anyway, joins and orders the letters (HarfBuzz, SheenBidi). Lengths are points.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from app.report.fonts import BOLD, font_files, is_silent, readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.ft2font import FT2Font
    from reportlab.lib.styles import ParagraphStyle

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
#: Letters that say which way a text runs.
_STRONG = _RIGHT_TO_LEFT | {"L"}
#: Whether letters of a kind run from right to left; numbers never do.
_SIDES = {"L": False, "EN": False, "AN": False, "R": True, "AL": True}
#: Unseen; before a line they say which way it runs.
_MARKS = {False: "\u200e", True: "\u200f"}
#: Chinese, Japanese and Korean are broken between any two letters but before and after these.
_WIDE = frozenset({"W", "F"})
#: Full stops, commas, closing brackets, small kana; and opening brackets.
_NEVER_FIRST = frozenset(
    "\u3001\u3002\uff0c\uff0e\u30fb\uff1a\uff1b\uff1f\uff01\u30fc\u3005\u300d\u300f\uff09"
    "\uff3d\uff5d\u3009\u300b\u3011\u3015\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085"
    "\u3087\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7"
)
_NEVER_LAST = frozenset("\u300c\u300e\uff08\uff3b\uff5b\u3008\u300a\u3010\u3014")
_ELLIPSIS = "…"
#: No letters are narrower, but for marks above and below others.
LETTERS_PER_EM = 8
_INVISIBLE, _VISIBLE = 3, 0
#: What matplotlib.path.Path calls MOVETO, CURVE3, CURVE4 and CLOSEPOLY; else a line.
_MOVE, _QUADRATIC, _CUBIC, _CLOSE = 1, 3, 4, 79


class ShapedText:
    """Sets a text in lines, and draws them.

    Parameters
    ----------
    text
        Anything; letters that no font of this machine holds are replaced.
    style
        Size and colour, and whether it is bold.
    most
        No more lines than this, the last of them then ends in three dots.
    """

    def __init__(self, text: str, style: ParagraphStyle, most: int | None = None) -> None:
        self._style, self._most = style, most
        self._text = readable(text)
        self._files = font_files(self._text, is_bold=style.fontName == BOLD)
        self._is_rtl = _runs_right_to_left(self._text)
        self._lines: list[str] = []
        self._width_pt = 0.0

    def wrap(self, width_pt: float) -> float:
        """Break the text for a width, and return how tall it is."""
        self._width_pt = width_pt
        self._lines = self._broken(width_pt)
        return float(self._style.leading) * len(self._lines)

    def draw(self, canvas: Any, height_pt: float) -> None:
        """Draw the lines, the upper left corner at (0, height)."""
        canvas.saveState()
        canvas.setFillColor(self._style.textColor)
        y = height_pt - self._style.fontSize
        for line in self._lines:
            width_pt = self._measured(line)
            # A paragraph that runs from right to left begins at the right.
            is_right = self._is_rtl and len(self._lines) > 1
            self._draw_line(canvas, line, self._width_pt - width_pt if is_right else 0.0, y)
            y -= self._style.leading
        canvas.restoreState()

    @property
    def lines(self) -> tuple[str, ...]:
        """Each line as it is read."""
        return tuple(self._lines)

    def _broken(self, room_pt: float) -> list[str]:
        lines: list[str] = []
        line, taken_pt = "", 0.0
        for piece in self._short_pieces(room_pt):
            needed_pt = self._measured(piece.rstrip())
            if line and taken_pt + needed_pt > room_pt:
                lines.append(line.rstrip())
                line, taken_pt = "", 0.0
                if self._most is not None and len(lines) > self._most:
                    break
            line += piece
            taken_pt += self._measured(piece)
        if line.strip():
            lines.append(line.rstrip())
        if self._most is not None and len(lines) > self._most:
            last = lines[self._most - 1]
            while last and self._measured(f"{last}{_ELLIPSIS}") > room_pt:
                last = last[:-1]
            lines[self._most - 1 :] = [f"{last.rstrip(' .,;:')}{_ELLIPSIS}"]
        return lines

    def _short_pieces(self, room_pt: float) -> Iterator[str]:
        """Give what a line may be broken after, cut where it is longer than a line."""
        for piece in _pieces(self._text):
            rest = piece
            while self._measured(rest.rstrip()) > room_pt and len(rest.rstrip()) > 1:
                count = self._fitting(rest, room_pt)
                yield rest[:count]
                rest = rest[count:]
            yield rest

    def _fitting(self, text: str, room_pt: float) -> int:
        """Return how many letters fit into a line, one at least."""
        most = int(LETTERS_PER_EM * room_pt / self._style.fontSize) + 2
        fitting, too_many = 1, min(len(text), most)
        while too_many - fitting > 1:
            middle = (fitting + too_many) // 2
            if self._measured(text[:middle]) <= room_pt:
                fitting = middle
            else:
                too_many = middle
        return fitting

    def _measured(self, line: str) -> float:
        return _width_units(self._files, self._marked(line)) * self._pt_per_unit()

    def _draw_line(self, canvas: Any, line: str, left_pt: float, base_pt: float) -> None:
        from matplotlib.textpath import TextToPath

        share = self._pt_per_unit()
        self._draw_unseen(canvas, line, left_pt, base_pt)
        placed, outlines, _ = TextToPath().get_glyphs_with_font(
            _font(self._files), self._marked(line)
        )
        path = canvas.beginPath()
        for name, x, y, size in placed:
            points, codes = outlines[name]
            points = points * size + (x, y)
            _trace(path, (points * share + (left_pt, base_pt)).tolist(), list(codes))
        canvas.drawPath(path, stroke=0, fill=1, fillMode=1)

    def _draw_unseen(self, canvas: Any, line: str, left_pt: float, base_pt: float) -> None:
        """Put the line where it can be searched for and copied."""
        name, size = self._style.fontName, self._style.fontSize
        seen = _as_seen(line, self._is_rtl)
        letters = "".join(one for one in seen if ord(one) <= 0xFFFF and not is_silent(one))
        own_pt = stringWidth(letters, name, size)
        if not own_pt:
            return
        text = canvas.beginText(left_pt, base_pt)
        text.setTextRenderMode(_INVISIBLE)
        text.setFont(name, size)
        text.setHorizScale(100 * self._measured(line) / own_pt)
        text.textOut(letters)
        text.setHorizScale(100)
        text.setTextRenderMode(_VISIBLE)
        # Readers turn what runs from right to left round themselves, here as well as in the text
        # below; letters that the report's own font lacks are known from here alone.
        says_more = not any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in line)
        if says_more:
            meant = line.encode("utf-16-be", "replace").hex().upper()
            canvas.addLiteral(f"/Span <</ActualText <FEFF{meant}>>> BDC")
        canvas.drawText(text)
        if says_more:
            canvas.addLiteral("EMC")

    def _marked(self, line: str) -> str:
        return f"{_MARKS[self._is_rtl]}{line}"

    def _pt_per_unit(self) -> float:
        from matplotlib.textpath import TextToPath

        return float(self._style.fontSize) / TextToPath.FONT_SCALE


def _font(files: tuple[Path, ...]) -> FT2Font:
    from matplotlib.font_manager import get_font
    from matplotlib.textpath import TextToPath

    # Fonts are shared: somebody else may have set another size.
    font = get_font(files)
    font.set_size(TextToPath.FONT_SCALE, TextToPath.DPI)
    return font


@lru_cache(maxsize=16384)
def _width_units(files: tuple[Path, ...], text: str) -> float:
    """Return how wide a text is in letters of matplotlib's own size."""
    from matplotlib.ft2font import LoadFlags

    font = _font(files)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def _trace(path: Any, points: list[list[float]], codes: list[int]) -> None:
    """Add an outline to a path; PDF has no curves with one control point, so they get two."""
    here, number = [0.0, 0.0], 0
    while number < len(codes):
        code, point = codes[number], points[number]
        if code == _MOVE:
            path.moveTo(*point)
        elif code == _CLOSE:
            path.close()
        elif code == _QUADRATIC:
            end = points[number := number + 1]
            path.curveTo(*_towards(here, point), *_towards(end, point), *end)
        elif code == _CUBIC:
            path.curveTo(*point, *points[number + 1], *points[number + 2])
            number += 2
        else:
            path.lineTo(*point)
        here, number = points[number], number + 1


def _towards(end: list[float], control: list[float]) -> list[float]:
    return [a + 2 / 3 * (b - a) for a, b in zip(end, control, strict=True)]


def _runs_right_to_left(text: str) -> bool:
    """Tell which way a text runs, by the first letter that says so."""
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in _STRONG), "L") != "L"


def _pieces(text: str) -> Iterator[str]:
    """Give what a line may be broken after: words, and letters of scripts that need no gaps."""
    piece = ""
    for letter in text:
        if piece and _may_part(piece[-1], letter):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _may_part(before: str, after: str) -> bool:
    """Tell whether a line may end between two letters."""
    if after.isspace() or before in _NEVER_LAST or after in _NEVER_FIRST:
        return False
    wide = (unicodedata.east_asian_width(one) in _WIDE for one in (before, after))
    return before.isspace() or (any(wide) and not unicodedata.combining(after))


def _as_seen(line: str, is_rtl: bool) -> str:
    """Return a line's letters from left to right, which is how PDF keeps text to be copied."""
    kinds = [unicodedata.bidirectional(letter) for letter in line]
    sides = [_SIDES.get(kind) for kind in kinds]
    runs: list[tuple[bool, str]] = []
    for number, letter in enumerate(line):
        # What stands between letters of one direction runs like them, else like the whole.
        before = next((side for side in reversed(sides[: number + 1]) if side is not None), is_rtl)
        after = next((side for side in sides[number:] if side is not None), is_rtl)
        side = before if before == after else is_rtl
        if runs and runs[-1][0] == side:
            letter = runs.pop()[1] + letter
        runs.append((side, letter))
    seen = [text[::-1] if side else text for side, text in runs]
    return "".join(reversed(seen) if is_rtl else seen)
