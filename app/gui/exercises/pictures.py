"""Pictures of exercises: those that come with the program, and those of a person's own list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer
from PyQt6.QtGui import QPainter, QPainterPath, QPixmap
from PyQt6.QtWidgets import QWidget

from app.exercises import text
from app.exercises.routine import name_of
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PyQt6.QtGui import QHideEvent, QPaintEvent, QShowEvent

    from app.history.diary import Plan, PlannedExercise
    from app.history.place import EncodedPicture
    from app.history.records import KeptPicture

_FOLDER = Path(__file__).parents[2] / "assets" / "exercises"
_SIZE_PX = QSize(640, 400)
_ROUND_PX = 6
_FASTEST_MS = 40


class OwnPictures:
    """The pictures of a person's own exercises: files, or in memory until a list is saved."""

    def __init__(self) -> None:
        self._new: dict[str, EncodedPicture] = {}
        self._kept: dict[str, KeptPicture] = {}

    def add(self, pictures: Iterable[EncodedPicture]) -> None:
        """Know pictures that were chosen, or came from a file."""
        self._new |= {one.sha256: one for one in pictures}

    def find(self, kept: Mapping[str, KeptPicture]) -> None:
        """Know where pictures lie that the history has."""
        self._kept |= kept

    def new_in(self, plans: Iterable[Plan]) -> tuple[EncodedPicture, ...]:
        """Return the pictures of lists that may have to be written with them."""
        names = dict.fromkeys(name for plan in plans for name in plan.pictures)
        return tuple(self._new[name] for name in names if name in self._new)

    def pixmap(self, sha256: str, *, is_small: bool) -> QPixmap:
        """Return a picture; an empty one where it is missing.

        Parameters
        ----------
        is_small
            Whether the thumbnail is enough.
        """
        found = QPixmap()
        if sha256 in self._new:
            new = self._new[sha256]
            found.loadFromData(new.thumbnail if is_small else new.picture)
        elif sha256 in self._kept:
            kept = self._kept[sha256]
            found.load(str(kept.thumbnail if is_small else kept.picture))
        return found


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


_NO_PICTURES = Loop((), (), 0, "")


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

    def __init__(self, width_px: int, is_still: bool = False):
        super().__init__()
        self._width_px, self._is_still = width_px, is_still
        self._loop, self._at = _NO_PICTURES, 0
        self._own = QPixmap()
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
        return bool(self._loop.frames) or not self._own.isNull()

    @property
    def can_move(self) -> bool:
        """Whether there are several pictures to be shown one after the other."""
        return len(self._loop.frames) > 1 and not self._is_still

    def sizeHint(self) -> QSize:
        """Return the size for the width that was wished for; a picture of its own may be tall."""
        if self._own.isNull() or self._is_still:
            return QSize(self._width_px, self._width_px * _SIZE_PX.height() // _SIZE_PX.width())
        return self._own.size().scaled(
            QSize(self._width_px, self._width_px), Qt.AspectRatioMode.KeepAspectRatio
        )

    def show_exercise(self, exercise: str) -> None:
        """Show the exercise of this id; without pictures of it there is nothing to see."""
        self._show(loops().get(exercise, _NO_PICTURES), QPixmap())

    def show_planned(self, planned: PlannedExercise, pictures: OwnPictures) -> None:
        """Show an exercise of a list: by its own picture, or else as any of its id."""
        own = pictures.pixmap(planned.picture, is_small=self._is_still)
        if own.isNull():
            self.show_exercise(planned.exercise)
        else:
            alt = text.PICTURE_OF.format(name=name_of(planned))
            self._show(Loop((), (), 0, alt), own)

    def _show(self, loop: Loop, own: QPixmap) -> None:
        self._loop, self._own, self._read = loop, own, {}
        self.setFixedSize(self.sizeHint())
        self._at = self._loop.top if self._is_still else 0
        self._clock.stop()
        self.setVisible(self.has_picture)
        said = tr(self._loop.alt)
        self.setAccessibleName(said)
        self.setToolTip(said)
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
        if not self.has_picture:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        edge = QPainterPath()
        edge.addRoundedRect(QRectF(self.rect()), _ROUND_PX, _ROUND_PX)
        painter.setClipPath(edge)
        if self._own.isNull():
            painter.drawPixmap(self.rect(), self._picture())
        else:
            size = self._own.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(), size)
            place.moveCenter(self.rect().center())
            painter.drawPixmap(place, self._own)
        painter.end()

    def _picture(self) -> QPixmap:
        if self._at not in self._read:
            pixmap = QPixmap(str(self._loop.frames[self._at]))
            if self._is_still and not pixmap.isNull():
                # Painted again and again in lists, and much smaller than it is on the disk.
                pixmap = pixmap.scaled(
                    self.sizeHint() * self.devicePixelRatioF(),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            self._read[self._at] = pixmap
        return self._read[self._at]

    def _start(self) -> None:
        if self.can_move and self.isVisible() and not self._is_paused:
            self._clock.start(self._loop.ms[self._at])

    def _go_on(self) -> None:
        self._at = (self._at + 1) % len(self._loop.frames)
        self.update()
        self._start()
