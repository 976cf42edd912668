"""A moving picture of an exercise, which moves only while it can be seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer
from PyQt6.QtGui import QPainter, QPainterPath, QPixmap
from PyQt6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QHideEvent, QPaintEvent, QShowEvent

_FOLDER = Path(__file__).parents[2] / "assets" / "exercises"
_SIZE_PX = QSize(640, 400)
_ROUND_PX = 6
_FASTEST_MS = 40


@dataclass(frozen=True, slots=True)
class Loop:
    """Pictures of one exercise, to be shown one after the other and over again.

    Attributes
    ----------
    frames
        Files, in order.
    ms
        How long each is shown.
    top
        Which of them shows the exercise best.
    alt
        What is to be seen, in words.
    """

    frames: tuple[Path, ...]
    ms: tuple[int, ...]
    top: int
    alt: str


@cache
def loops(folder: Path = _FOLDER) -> Mapping[str, Loop]:
    """Return all loops by the exercise's id."""
    try:
        index: dict[str, Any] = json.loads((folder / "index.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {
        key: Loop(
            tuple(folder / name for name in entry["frames"]),
            tuple(max(_FASTEST_MS, int(ms)) for ms in entry["ms"]),
            int(entry["top"]),
            str(entry["alt"]),
        )
        for key, entry in index.items()
    }


class ExercisePicture(QWidget):
    """Shows an exercise: still, or moving while it is in sight and not paused.

    Parameters
    ----------
    width_px
        The widest it is to be, in logical pixels; the height follows.
    is_still
        Whether only the picture of the top is shown.
    """

    def __init__(self, width_px: int, is_still: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._width_px, self._is_still = width_px, is_still
        self._loop: Loop | None = None
        self._at = 0
        self._read: dict[int, QPixmap] = {}
        self._is_paused = False
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._go_on)
        self.setFixedSize(self.sizeHint())
        self.hide()

    @property
    def is_moving(self) -> bool:
        """Whether it moves just now."""
        return self._clock.isActive()

    @property
    def has_picture(self) -> bool:
        """Whether there is something to show."""
        return self._loop is not None

    def sizeHint(self) -> QSize:
        """Return the size for the width that was wished for."""
        return QSize(self._width_px, self._width_px * _SIZE_PX.height() // _SIZE_PX.width())

    def show_exercise(self, exercise: str) -> None:
        """Show the exercise of this id; without pictures of it there is nothing to see."""
        self._loop, self._read = loops().get(exercise), {}
        self._clock.stop()
        self.setVisible(self._loop is not None)
        if self._loop is not None:
            self._at = self._loop.top if self._is_still else 0
            self.setAccessibleName(self._loop.alt)
            self.setToolTip(self._loop.alt)
            self._start()
        self.update()

    def set_paused(self, is_paused: bool) -> None:
        """Stand still, or move again."""
        self._is_paused = is_paused
        self._clock.stop()
        self._start()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Move now that it can be seen."""
        super().showEvent(event)
        self._start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Cost nothing while nobody can see it."""
        super().hideEvent(event)
        self._clock.stop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the picture whose turn it is, with the corners of the cards."""
        del event
        picture = self._picture()
        if picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        edge = QPainterPath()
        edge.addRoundedRect(QRectF(self.rect()), _ROUND_PX, _ROUND_PX)
        painter.setClipPath(edge)
        painter.drawPixmap(self.rect(), picture)
        painter.end()

    def _picture(self) -> QPixmap | None:
        if self._loop is None:
            return None
        if self._at not in self._read:
            pixmap = QPixmap(str(self._loop.frames[self._at]))
            if self._is_still and not pixmap.isNull():
                # Painted again and again in lists, and much smaller than it is on the disk.
                ratio = self.devicePixelRatioF()
                pixmap = pixmap.scaled(
                    self.sizeHint() * ratio,
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            self._read[self._at] = pixmap
        picture = self._read[self._at]
        return None if picture.isNull() else picture

    def _start(self) -> None:
        can_move = self._loop is not None and len(self._loop.frames) > 1 and not self._is_still
        if can_move and self.isVisible() and not self._is_paused and self._loop is not None:
            self._clock.start(self._loop.ms[self._at])

    def _go_on(self) -> None:
        if self._loop is not None:
            self._at = (self._at + 1) % len(self._loop.frames)
            self.update()
            self._start()
