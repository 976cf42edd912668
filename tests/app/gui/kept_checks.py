"""Checks with known numbers in a real history, and ways to wait for the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from app.history.records import Arms, Conditions, NewCheck, NewSqueeze, Repeat, SqueezeAnswers
from tests import made_up_results
from vision.live.events import SqueezeResult, SqueezeRound
from vision.result import (
    BonyPoints,
    Capture,
    Facing,
    Measured,
    Method,
    Posture,
    VerticalSource,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.gui.history.page import HistoryPage
    from app.history.records import Check, Squeeze
    from app.history.store import History

#: Its published types take the first argument for an instance of it.
TEST: Any = QTest

SIZE_PX = (120, 240)
FIRST_DAY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
#: Name to place: somebody upright in a picture of :data:`SIZE_PX`.
_LANDMARKS = {
    "ear": (62.0, 30.0),
    "shoulder": (60.0, 60.0),
    "hip": (60.0, 125.0),
    "knee": (60.0, 170.0),
    "ankle": (60.0, 220.0),
}


def measured(angle_deg: float = 12.0, method: Method = Method.CONTOUR) -> Measured:
    """Return a measurement with everything a page shows."""
    return made_up_results.measured(
        made_up_results.tilt(angle_deg, 4, method),
        facing=Facing.RIGHT,
        points=BonyPoints((70.0, 122.0), (48.0, 116.0)) if method is Method.MARKED else None,
        posture=Posture(3.0, 2.0, 178.0, 14.0),
        capture=Capture(4.0, 0.0, VerticalSource.ASSUMED, 65.0, 1, 1.0),
        landmarks={
            f"{side}_{part}": (x, y, 0.9)
            for part, (x, y) in _LANDMARKS.items()
            for side in ("left", "right")
        },
        outline_px=np.array([[45, 20], [75, 20], [75, 230], [45, 230]], np.float32),
    )


def keep(
    history: History,
    day: float = 0.0,
    result: Measured | None = None,
    conditions: Conditions | None = None,
    *,
    with_picture: bool = False,
    repeats_deg: tuple[float, ...] = (),
) -> Check:
    """Keep a check of the first profile, so many days after :data:`FIRST_DAY`."""
    rgb = np.full((SIZE_PX[1], SIZE_PX[0], 3), 128, np.uint8) if with_picture else None
    result = result or measured()
    at = FIRST_DAY + timedelta(days=day)
    method = result.tilt.method
    repeats = tuple(
        Repeat(at, made_up_results.tilt(angle_deg, 4, method), 80, 0.4) for angle_deg in repeats_deg
    )
    return history.save(
        NewCheck(
            profile_id=history.default_profile().id,
            taken_at=at,
            result=result,
            size_px=SIZE_PX,
            conditions=conditions or Conditions("grey shorts", Arms.COLLAR_BONES),
            rgb=rgb,
            repeats=repeats,
        )
    )


def keep_squeeze(
    history: History,
    day: float = 0.0,
    backward_deg: float = 6.0,
    answers: SqueezeAnswers | None = None,
) -> Squeeze:
    """Keep a squeeze test of the first profile, so many days after :data:`FIRST_DAY`."""
    rounds = tuple(SqueezeRound(12.0, 12.0 - backward_deg - off, 12.0) for off in (1, 0, -1))
    result = SqueezeResult(
        backward_deg, backward_deg - 2, backward_deg + 2, backward_deg > 3, rounds
    )
    return history.save_squeeze(
        NewSqueeze(
            history.default_profile().id,
            FIRST_DAY + timedelta(days=day),
            result,
            answers or SqueezeAnswers(),
        )
    )


def by_belt(angle_deg: float) -> Measured:
    """Return a measurement whose answer is the belt line."""
    return replace(measured(angle_deg), tilt=made_up_results.tilt(angle_deg, 10.0, Method.BELT))


class Opener:
    """Opens the history for a page, and can be told to fail instead."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.error: Exception | None = None

    def __call__(self) -> History:
        if self.error is not None:
            raise self.error
        return self.history


def settle(page: HistoryPage, qtbot: QtBot) -> None:
    """Wait until nothing is being read or written any more."""
    for _ in range(3):
        qtbot.waitUntil(lambda: not page._jobs._waiting)
        QApplication.processEvents()
