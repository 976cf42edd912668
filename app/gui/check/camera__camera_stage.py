"""The camera's picture, as in a mirror, with large digits on it."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.gui.style.theme import colours

#: Digits are legible at about 1/200 of the distance: at three metres 15 mm would do. Half
#: the picture's height is some 150 mm on most screens.
_DIGIT_SHARE = 0.5
_DIGIT_LEAST_PX = 120.0
_HALO_SHARE = 0.05


class CameraStage(QWidget):
    """Paints the newest picture, a digit, or a sentence in place of both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._is_mirrored = False
        self._digits = ""
        self._sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Camera picture"))

    @property
    def digits(self) -> str:
        """What is counted, as it is painted."""
        return self._digits

    def show_image(self, image: QImage, is_mirrored: bool) -> None:
        """Show a picture; a mirrored one is easier to stand by, but is not what is kept."""
        self._image, self._is_mirrored, self._sentence = image, is_mirrored, ""
        self.update()

    def show_digits(self, digits: str) -> None:
        """Paint these over the picture; an empty text paints none."""
        self._digits = digits
        self.setAccessibleDescription(digits)
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of a picture."""
        self._image, self._digits, self._sentence = QImage(), "", sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which a standing person is recognisable."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that is of use."""
        return QSize(240, 200)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint on the dark stage."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(colours().stage))
        if not self._image.isNull():
            self._paint_image(painter)
        if self._digits:
            self._paint_digits(painter)
        if self._sentence:
            painter.setPen(QColor("white"))
            inside = self.rect().adjusted(24, 24, -24, -24)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inside, int(flags), self._sentence)
        painter.end()

    def image_rect(self) -> QRectF:
        """Return where the picture lies: whole, in the middle."""
        size = QSizeF(self._image.size()).scaled(
            QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio
        )
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(QPointF(left, top), size)

    def _paint_image(self, painter: QPainter) -> None:
        painter.save()
        if self._is_mirrored:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(self.image_rect(), self._image)
        painter.restore()

    def _paint_digits(self, painter: QPainter) -> None:
        height = max(_DIGIT_LEAST_PX, self.height() * _DIGIT_SHARE)
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(round(height))
        box = QFontMetricsF(font).tightBoundingRect(self._digits)
        path = QPainterPath()
        centre = QRectF(self.rect()).center()
        path.addText(centre - box.center(), font, self._digits)
        halo = QPen(QColor(10, 12, 16), height * _HALO_SHARE)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
        painter.fillPath(path, QColor("white"))
