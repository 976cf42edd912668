"""Results with known numbers, and people to keep them for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtGui import QImage

from app.gui.background.history import HistoryHandle, HistoryService, SavedCheck
from app.gui.background.jobs import Jobs
from app.history.records import Conditions, NewCheck, Profile
from tests import made_up_results
from tests.made_up_results import tilt
from vision.result import BeltEstimate, Method, Posture, Reason, ReasonCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PyQt6.QtWidgets import QWidget

    from app.history.comparison import Change
    from app.history.records import Repeat
    from vision.result import Measured, Rejected

SAMPLES = Path(__file__).parents[3] / "sample_images"
SAMPLE = SAMPLES / "man_slim_left_tilt11.jpg"
FRONTAL = SAMPLES / "woman_frontal.jpg"
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def measured() -> Measured:
    belt = BeltEstimate(tilt(9.0, 2.0, Method.BELT), (300.0, 400.0), (340.0, 390.0))
    return made_up_results.measured(
        belt_line=belt,
        no_belt_line=None,
        posture=Posture(3.2, 2.0, 178.0, None),
        reasons=(
            made_up_results.LOOSE,
            Reason(ReasonCode.VERTICAL_ASSUMED, Severity.WARN, "Camera as level.", "Mark it."),
        ),
        landmarks={"left_hip": (302.0, 441.0, 0.99)},
    )


def rejected() -> Rejected:
    return made_up_results.rejected(
        Reason(ReasonCode.NOT_SIDE_ON, Severity.REFUSE, "Turned away.", "Turn to the side."),
        Reason(ReasonCode.TOO_DARK, Severity.WARN, "Rather dark.", "More light."),
    )


class _Shelf:
    """Takes what is said of a check after it was kept."""

    def __init__(self, edited: list[tuple[int, Conditions]]) -> None:
        self._edited = edited

    def set_conditions(self, check_id: int, conditions: Conditions) -> None:
        self._edited.append((check_id, conditions))


class Cupboard(HistoryService):
    """Keeps checks in a list, as the history would; answers when it is told to."""

    current_profile_id: int | None = None

    def __init__(
        self, current_profile_id: int | None = 1, names: tuple[str, ...] = ("Me", "Anna")
    ) -> None:
        #: What was said of checks after they were kept, by their numbers.
        self.edited: list[tuple[int, Conditions]] = []
        super().__init__(Jobs(), HistoryHandle(lambda: _Shelf(self.edited)), None)  # type: ignore[arg-type,return-value]
        self.current_profile_id, self.names = current_profile_id, names
        self.change_said = "2° more forward, which is no real change."
        self.answers_at_once = True
        self.error: Exception | None = None
        #: Against the last check like the one at hand.
        self.since_last: Change | None = None
        self.kept: list[NewCheck] = []
        self.waiting: list[Callable[[], None]] = []

    def profiles(self) -> list[Profile]:
        return [Profile(index, name, NOW) for index, name in enumerate(self.names, start=1)]

    def garments(self) -> list[str]:
        return ["grey leggings", "jeans"]

    def set_current_profile(self, profile_id: int) -> None:
        self.current_profile_id = profile_id

    def compare(
        self,
        result: Measured,
        taken_at: datetime,
        done: Callable[[Change | None], None],
        repeats: tuple[Repeat, ...] = (),
    ) -> None:
        done(self.since_last)

    def save(
        self, new: NewCheck, done: Callable[[SavedCheck], None], failed: Callable[[Exception], None]
    ) -> None:
        def answer() -> None:
            if self.error is not None:
                failed(self.error)
                return
            self.kept.append(new)
            done(SavedCheck(len(self.kept), self.change_said))

        if self.answers_at_once:
            answer()
        else:
            self.waiting.append(answer)


def pixels_of(widget: QWidget) -> NDArray[np.uint8]:
    """Return a widget as it is painted, shape (height, width, 3)."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits: Any = image.constBits()  # its published type is no buffer
    bits.setsize(image.sizeInBytes())
    rows = np.frombuffer(bits, np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    return np.asarray(pixels, np.uint8).copy()
