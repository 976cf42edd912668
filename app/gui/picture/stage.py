"""A camera's picture with words over it, to be read from afar, whatever the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.picture.overlay import Overlay, StrokeItem, plate_colour
from app.gui.style.theme import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.gui.background.camera import LiveLook

WHITE = QColor("white")
#: Between plates, their edges and what stands on them.
MARGIN_PX = 12.0
#: Lesser letters, in shares of the stage's height, and the least in logical pixels.
SMALL = (1 / 26, 17.0)
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_SENTENCE_MARGIN_PX = 24
_EDGE_PX = 6.0
_FULL_TURN = 360 * 16
_RING_THICK = 0.12


class PersonStage(QWidget):
    """Paints the newest picture and what is said of it, or a sentence in its place.

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
        self.sentence = self.problem = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_mirrored(self, is_mirrored: bool) -> None:
        """Show the picture as in a mirror or as the camera sees it; nothing else changes."""
        self._is_mirrored = is_mirrored
        self.update()

    def show_look(self, look: LiveLook[Any]) -> None:
        """Show a picture and what is said of it."""
        self._look, self.sentence = look, ""
        self._overlay = Overlay(look.shapes, look.size_px)
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
            mirrored = self._is_mirrored
            paint_picture(
                painter, box, look.preview, self._overlay, look.size_px, is_mirrored=mirrored
            )
            self._paint_words(painter, box, look)
        if self._in_place:
            height_px = letters_px(self._letters, box.height())
            height_px = max(height_px, self.fontInfo().pixelSize())
            paint_sentence(painter, box, self._in_place, height_px)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    @property
    def _in_place(self) -> str:
        """What is said in place of a picture; empty while there is one."""
        if self._look is None:
            return self.sentence
        return self.problem if self._look.preview.isNull() else ""

    def _words(self, moment: Any) -> list[str]:
        """Return what is said of the picture that is shown, as it is painted."""
        raise NotImplementedError

    def _paint_words(self, painter: QPainter, box: QRectF, look: LiveLook[Any]) -> None:
        """Paint over the picture what is said of it."""
        raise NotImplementedError

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


def picture_box(room: QRectF, picture: QImage) -> QRectF:
    """Return where a picture lies: whole, in the middle."""
    size = QSizeF(picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return middle(room, size.width(), size.height())


def middle(room: QRectF, width_px: float, height_px: float) -> QRectF:
    """Return a box of this size in the middle of another one."""
    box = QRectF(0, 0, width_px, height_px)
    box.moveCenter(room.center())
    return box


def paint_picture(
    painter: QPainter,
    room: QRectF,
    picture: QImage,
    overlay: Overlay | None,
    size_px: tuple[int, int],
    *,
    is_mirrored: bool,
) -> None:
    """Paint a camera's picture with the lines of what was found in it.

    Parameters
    ----------
    size_px
        Width and height of the picture that the lines belong to.
    """
    if picture.isNull():
        return
    box = picture_box(room, picture)
    painter.save()
    if is_mirrored:
        painter.translate(room.width(), 0)
        painter.scale(-1, 1)
    painter.drawImage(box, picture)
    if overlay is not None and size_px[0]:
        scale = box.width() / size_px[0]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
    painter: QPainter,
    box: QRectF,
    words: str,
    state: str,
    colour: QColor,
    large_px: float,
    indent_px: float = 0.0,
) -> QRectF:
    """Paint what is to be done at the top of the stage, the state in a word below it.

    Few words; they take two lines when they are too long for one.

    Parameters
    ----------
    colour
        The state's.
    large_px
        How high the letters of the words are.
    indent_px
        What is left free before them.

    Returns
    -------
    QRectF
        The plate that they lie on.
    """
    small_px = letters_px(SMALL, box.height())
    font = font_for(painter, large_px, is_bold=True)
    left = box.left() + indent_px + 2 * MARGIN_PX
    width = box.right() - left - MARGIN_PX
    needed = text_height(font, width, words) if words else 0.0
    plate = QRectF(box.left(), box.top(), box.width(), needed + 1.5 * small_px + MARGIN_PX)
    paint_plate(painter, plate, colour)
    top = box.top() + MARGIN_PX / 2
    painter.setPen(WHITE)
    painter.setFont(font)
    painter.drawText(QRectF(left, top, width, needed + 1), WRAPPED, words)
    painter.setPen(colour)
    painter.setFont(font_for(painter, small_px))
    below = QRectF(left, top + needed, width, 1.5 * small_px)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter), state)
    return plate


def paint_plate(painter: QPainter, plate: QRectF, colour: QColor) -> None:
    """Paint what letters lie on, with an edge of this colour."""
    painter.fillRect(plate, plate_colour())
    painter.fillRect(QRectF(plate.left(), plate.top(), _EDGE_PX, plate.height()), colour)


def text_height(font: QFont, width_px: float, words: str) -> float:
    """Return how high words are that wrap at a width."""
    room = QRectF(0, 0, width_px, 1e5)
    return QFontMetricsF(font).boundingRect(room, WRAPPED, words).height()


def paint_lines(
    painter: QPainter, box: QRectF, lines: Sequence[tuple[str, QFont]], foot_px: float = 0.0
) -> None:
    """Paint lines at the lower left of the stage, so far above its edge."""
    metrics = [QFontMetricsF(font) for _, font in lines]
    width = max(m.horizontalAdvance(line[0]) for m, line in zip(metrics, lines, strict=True))
    height = sum(m.height() for m in metrics)
    top = box.bottom() - height - foot_px
    plate = QRectF(box.left(), top, width + 3 * MARGIN_PX, height + foot_px)
    painter.fillRect(plate, plate_colour())
    painter.setPen(WHITE)
    for (words, font), m in zip(lines, metrics, strict=True):
        painter.setFont(font)
        painter.drawText(QPointF(plate.left() + 1.5 * MARGIN_PX, top + m.ascent()), words)
        top += m.height()


def paint_ring(
    painter: QPainter, ring: QRectF, share: float, colour: QColor, digits: str, digits_px: float
) -> None:
    """Paint a ring on a round plate, with digits inside it if any; see :func:`paint_arc`."""
    thick = ring.width() * _RING_THICK
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate_colour())
    painter.drawEllipse(ring)
    inside = ring.adjusted(thick, thick, -thick, -thick)
    paint_arc(painter, inside, share, thick, QColor(255, 255, 255, 60), colour)
    painter.setPen(WHITE)
    painter.setFont(font_for(painter, digits_px, is_bold=True))
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
