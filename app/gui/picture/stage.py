"""A camera's picture with words beside it, to be read from afar, whatever the page.

Nothing that is written ever lies over the picture: the person would be covered by it.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QRect, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.picture.ghost import Ghost
from app.gui.picture.overlay import Overlay, StrokeItem
from app.gui.style.theme import colours
from app.history.change.stance import kept_stance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.gui.background.camera import LiveLook
    from app.history.change.stance import SeenStance
    from app.history.records import Check

WHITE = QColor("white")
#: Between plates, their edges and what stands on them.
MARGIN_PX = 12.0
#: Lesser letters, in shares of the stage's height, and the least in logical pixels.
SMALL = (1 / 26, 17.0)
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_SENTENCE_MARGIN_PX = 24
#: What words have at least: this share of the stage's width next to the picture, or of its
#: height below it.
_NEXT_SHARE, _BELOW_SHARE = 0.36, 0.4
#: From this height in widths on, a room is parted into rows.
_COLUMN_FROM = 0.8
#: While no picture has come, room is left for one of this shape.
_USUAL_PICTURE = QSizeF(16, 9)
#: Of a line of letters, in heights of these; accents and descenders included.
_LINE_HEIGHT = 1.35
#: Letters that are fitted into a room are never smaller.
_LEAST_LETTERS_PX = 9
_FULL_TURN = 360 * 16
#: Of a ring, in its diameters: how thick it is, and how high the digits in it.
_RING_THICK, _RING_DIGITS = 0.12, 0.45


@dataclass(frozen=True, slots=True)
class StageRooms:
    """Where picture and words lie; the two never overlap.

    Attributes
    ----------
    picture
        What the picture fills.
    words
        All the rest, next to it or below it.
    """

    picture: QRectF
    words: QRectF

    @property
    def has_column(self) -> bool:
        """Whether the words' parts stand better one below the other than side by side."""
        return self.words.height() > _COLUMN_FROM * self.words.width()


class PersonStage(QWidget):
    """Paints the newest picture and beside it what is said of it, or a sentence alone.

    Parameters
    ----------
    size, least
        At the first one the person is recognisable; at the second one the words can be read.
    letters
        Those of a sentence in place of a picture; see :func:`letters_px`. They are never smaller
        than letters elsewhere.

    Attributes
    ----------
    sentence
        What stands in place of a picture.
    problem
        What keeps pictures from coming.
    last, ghost
        How somebody stood before, and that drawn faintly over the picture; None for nothing.
    """

    def __init__(
        self,
        size: QSize,
        least: QSize,
        letters: tuple[float, float] = (0.0, 0.0),
        is_mirrored: bool = True,
    ) -> None:
        super().__init__()
        self._size, self._least, self._letters = size, least, letters
        self._is_mirrored = is_mirrored
        self._look: LiveLook[Any] | None = None
        self._overlay: Overlay | None = None
        self._shape = _USUAL_PICTURE
        self.last: SeenStance | None = None
        self.ghost: Ghost | None = None
        self.sentence = self.problem = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_mirrored(self, is_mirrored: bool) -> None:
        """Show the picture as in a mirror or as the camera sees it; nothing else changes."""
        self._is_mirrored = is_mirrored
        self.update()

    def show_last(self, check: Check | None) -> None:
        """Help to stand as in an earlier check; None for no such help."""
        self.last = kept_stance(check) if check is not None else None
        ghost = Ghost(check.result.outline_px, check.size_px) if check is not None else None
        self.ghost = None if ghost is None or ghost.is_empty else ghost
        self._describe()

    def show_look(self, look: LiveLook[Any]) -> None:
        """Show a picture and what is said of it."""
        self._look, self.sentence = look, ""
        self._overlay = Overlay(look.shapes, look.size_px)
        if not look.preview.isNull():
            self._shape = QSizeF(look.preview.size())
        self._describe()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._look = self._overlay = None
        self.sentence, self.problem = sentence, ""
        self._describe()

    def show_problem(self, sentence: str) -> None:
        """Say what keeps pictures from coming, while there is none; empty when they come."""
        self.problem = sentence
        self._describe()

    def sizeHint(self) -> QSize:
        """Return a size at which the person is recognisable."""
        return self._size

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which the words can be read."""
        return self._least

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint on the dark stage."""
        painter, box, look = QPainter(self), QRectF(self.rect()), self._look
        painter.fillRect(self.rect(), QColor(colours().stage))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if look is not None:
            rooms = self.rooms()
            box = rooms.picture
            with mirrored(painter, box, self._is_mirrored):
                paint_picture(painter, box, look.preview, self._overlay, look.size_px)
                if self.ghost is not None and self._has_ghost(look):
                    self.ghost.paint(painter, box)
            self._paint_words(painter, rooms, look)
        if self._in_place:
            height_px = letters_px(self._letters, self.height())
            height_px = max(height_px, self.fontInfo().pixelSize())
            paint_sentence(painter, box, self._in_place, height_px)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def rooms(self) -> StageRooms:
        """Return where picture and words lie now."""
        return share(QRectF(self.rect()), self._shape)

    @property
    def _in_place(self) -> str:
        """What is said in place of a picture; empty while there is one."""
        if self._look is None:
            return self.sentence
        return self.problem if self._look.preview.isNull() else ""

    def _words(self, moment: Any) -> list[str]:
        """Return what is said of the picture that is shown, as it is painted."""
        raise NotImplementedError

    def _paint_words(self, painter: QPainter, rooms: StageRooms, look: LiveLook[Any]) -> None:
        """Paint what is said of the picture, in the words' room."""
        raise NotImplementedError

    def _has_ghost(self, look: LiveLook[Any]) -> bool:
        """Tell whether the ghost helps at this moment."""
        return not look.preview.isNull()

    def _describe(self) -> None:
        """Tell a screen reader what is painted, and paint it."""
        words = self._words(self._look.moment) if self._look is not None else []
        said = ". ".join(word for word in (*words, self._in_place) if word)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.update()


def letters_px(size: tuple[float, float], height_px: float) -> float:
    """Return how high letters are on a stage so high: a share of it, or the least."""
    share, least_px = size
    return max(least_px, share * height_px)


def font_for(painter: QPainter, height_px: float, is_bold: bool = False) -> QFont:
    """Return the painter's font in a height."""
    font = QFont(painter.font())
    font.setPixelSize(max(1, math.floor(height_px)))
    font.setBold(is_bold)
    return font


def share(stage: QRectF, picture: QSizeF) -> StageRooms:
    """Share a stage between a picture and its words, whichever way shows more of the picture."""
    aside, above, words = QRectF(stage), QRectF(stage), QRectF(stage)
    aside.setWidth((1 - _NEXT_SHARE) * stage.width())
    above.setHeight((1 - _BELOW_SHARE) * stage.height())
    next_to, over = fitted(aside, picture), fitted(above, picture)
    if next_to.width() >= over.width():
        next_to.moveLeft(stage.left())
        words.setLeft(next_to.right())
        return StageRooms(next_to, words)
    over.moveTop(stage.top())
    words.setTop(over.bottom())
    return StageRooms(over, words)


def fitted(room: QRectF, picture: QSizeF) -> QRectF:
    """Return where a picture lies in a room: whole, in the middle."""
    size = picture.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return middle(room, size.width(), size.height())


def middle(room: QRectF, width_px: float, height_px: float) -> QRectF:
    """Return a box of this size in the middle of another one."""
    box = QRectF(0, 0, width_px, height_px)
    box.moveCenter(room.center())
    return box


def rows(room: QRectF, *shares: float) -> list[QRectF]:
    """Part a room into rows of these shares of its height, from the top."""
    found, top = [], room.top()
    for one in shares:
        found.append(QRectF(room.left(), top, room.width(), one * room.height()))
        top += one * room.height()
    return found


@contextmanager
def mirrored(painter: QPainter, box: QRectF, is_mirrored: bool) -> Iterator[None]:
    """Have what is painted meanwhile mirrored within a box, or not."""
    painter.save()
    if is_mirrored:
        painter.translate(box.left() + box.right(), 0)
        painter.scale(-1, 1)
    yield
    painter.restore()


def paint_picture(
    painter: QPainter,
    box: QRectF,
    picture: QImage,
    overlay: Overlay | None,
    size_px: tuple[int, int],
) -> None:
    """Paint a camera's picture with the lines of what was found in it.

    Parameters
    ----------
    size_px
        Width and height of the picture that the lines belong to.
    """
    if picture.isNull():
        return
    painter.drawImage(box, picture)
    if overlay is None or not size_px[0]:
        return
    scale = box.width() / size_px[0]
    painter.save()
    painter.setClipRect(box)
    painter.translate(box.topLeft())
    painter.scale(scale, scale)
    overlay.rescale(scale)
    for _, item in overlay.items:
        if isinstance(item, StrokeItem):
            item.paint(painter, None)
    painter.restore()


def paint_sentence(painter: QPainter, room: QRectF, sentence: str, height_px: float) -> None:
    """Say something in place of a picture."""
    painter.setPen(WHITE)
    painter.setFont(font_for(painter, height_px))
    margin_px = _SENTENCE_MARGIN_PX
    inside = room.adjusted(margin_px, margin_px, -margin_px, -margin_px)
    painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), sentence)


def paint_focus(painter: QPainter, room: QRect) -> None:
    """Show where the keys go."""
    painter.setPen(QColor(colours().on_stage))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room.adjusted(0, 0, -1, -1))


def paint_headline(
    painter: QPainter, room: QRectF, words: str, state: str, colour: QColor, most_px: float
) -> QRectF:
    """Paint what is to be done, as large as it fits, and the state in a word above it.

    Parameters
    ----------
    colour
        The state's.
    most_px
        The greatest height of the letters.

    Returns
    -------
    QRectF
        What is left free before the state for a sign of it.
    """
    inside = room.adjusted(MARGIN_PX, MARGIN_PX / 2, -MARGIN_PX, 0)
    small_px = min(0.45 * most_px, 0.2 * inside.height())
    sign = QRectF(inside.left(), inside.top(), 1.4 * small_px, 1.4 * small_px)
    beside = QRectF(inside.left(), inside.top(), inside.width(), 1.5 * small_px)
    beside.setLeft(sign.right() + MARGIN_PX / 2)
    painter.setPen(colour)
    paint_fitted(painter, beside, state, small_px)
    painter.setPen(WHITE)
    inside.setTop(beside.bottom())
    paint_fitted(painter, inside, words, most_px, is_bold=True)
    return sign


def paint_fitted(
    painter: QPainter, room: QRectF, words: str, most_px: float, *, is_bold: bool = False
) -> float:
    """Paint words from the upper left of a room on, as large as they fit; return their foot."""
    font = fitted_font(painter, words, room.size(), most_px, is_bold=is_bold)
    painter.setFont(font)
    painter.drawText(room, WRAPPED, words)
    return room.top() + text_size(font, room.width(), words).height()


def fitted_font(
    painter: QPainter, words: str, room: QSizeF, most_px: float, *, is_bold: bool = False
) -> QFont:
    """Return the painter's font at the greatest height at which words fit into a room.

    Parameters
    ----------
    most_px
        It is no greater than this.
    """
    font, size = font_for(painter, most_px, is_bold), (room.width(), room.height())
    font.setPixelSize(_fitted_px(font.toString(), words, *size, math.floor(most_px)))
    return font


@lru_cache(maxsize=256)  # the same few words are painted many times a second
def _fitted_px(font_text: str, words: str, width_px: float, height_px: float, most_px: int) -> int:
    font = QFont()
    font.fromString(font_text)
    low, high = _LEAST_LETTERS_PX, max(_LEAST_LETTERS_PX, most_px)
    while low < high:
        between = (low + high + 1) // 2
        font.setPixelSize(between)
        needed = text_size(font, width_px, words)
        if needed.width() <= width_px and needed.height() <= height_px:
            low = between
        else:
            high = between - 1
    return low


def text_size(font: QFont, width_px: float, words: str) -> QSizeF:
    """Return how much room words take that wrap at a width; one long word may be wider."""
    room = QRectF(0, 0, width_px, 1e5)
    return QFontMetricsF(font).boundingRect(room, WRAPPED, words).size()


def paint_lines(
    painter: QPainter, room: QRectF, lines: Sequence[tuple[str, float]], most_px: float
) -> None:
    """Paint lines one below the other, as large as they fit into a room.

    Parameters
    ----------
    lines
        Each with the height of its letters as a share of the greatest; the first is bold.
    most_px
        The greatest.
    """
    needed = sum(share for _, share in lines) * _LINE_HEIGHT
    most_px = min(most_px, room.height() / needed)
    top = room.top()
    painter.setPen(WHITE)
    for number, (words, part) in enumerate(lines):
        line = QRectF(room.left(), top, room.width(), part * most_px * _LINE_HEIGHT)
        top = paint_fitted(painter, line, words, part * most_px, is_bold=number == 0)


def paint_ring(painter: QPainter, ring: QRectF, share: float, colour: QColor, digits: str) -> None:
    """Paint a ring with digits inside it if any; see :func:`paint_arc`."""
    thick = ring.width() * _RING_THICK
    inside = ring.adjusted(thick, thick, -thick, -thick)
    paint_arc(painter, inside, share, thick, QColor(255, 255, 255, 60), colour)
    painter.setPen(WHITE)
    painter.setFont(font_for(painter, _RING_DIGITS * ring.height(), is_bold=True))
    painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), digits)


def paint_arc(
    painter: QPainter, box: QRectF, share: float, thick_px: float, track: QColor, colour: QColor
) -> None:
    """Paint a ring of which a share, 0..1, is filled, clockwise from the top."""
    pen = QPen(track, thick_px)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawEllipse(box)
    pen.setColor(colour)
    painter.setPen(pen)
    painter.drawArc(box, _FULL_TURN // 4, -round(_FULL_TURN * min(1.0, max(0.0, share))))
