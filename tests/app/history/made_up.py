"""Measurements with made-up numbers."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from app.history import values
from app.history.records import (
    Ability,
    Arms,
    Conditions,
    NewCheck,
    NewSqueeze,
    Repeat,
    SqueezeAnswers,
)
from app.history.store import History
from vision.live.events import SqueezeResult, SqueezeRound
from vision.reasons import warning
from vision.result import (
    BONES_SD_DEG,
    BeltEstimate,
    BonyPoints,
    Capture,
    Doubt,
    Facing,
    FocalSource,
    Lens,
    Measured,
    Method,
    NoBeltReason,
    Posture,
    Provenance,
    ReasonCode,
    TiltEstimate,
    VerticalSource,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from numpy.typing import NDArray

    from app.history.place import Place


@contextmanager
def clock_ahead(monkeypatch: pytest.MonkeyPatch, days: float) -> Iterator[None]:
    """Let this program's clock be ahead, or behind."""
    ahead = timedelta(days=days)
    with monkeypatch.context() as patch:
        patch.setattr(values, "now", lambda: datetime.now().astimezone() + ahead)
        yield


def open_for_days(
    place: Place, monkeypatch: pytest.MonkeyPatch, days: int, first_day: float = 0
) -> None:
    """Open and close a history every day for some days, by the program's clock."""
    for day in range(days + 1):
        with clock_ahead(monkeypatch, first_day + day):
            History.open(place).close()


SIZE_PX = (1200, 1600)
WHEN = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
LENS = Lens(5.25, 1.5, 3.0, 1600.5, FocalSource.TOLD, 22.5, 250.0)
POINTS = BonyPoints((243.25, 396.5), (346.0, 390.125))


def measured(angle_deg: float = 12.3, method: Method = Method.CONTOUR) -> Measured:
    """Return a measurement in which nothing is missing."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    outline = np.stack([600 + 150 * np.cos(turn), 800 + 600 * np.sin(turn)], 1)
    bones = {Method.CONTOUR: BONES_SD_DEG}
    by = {one: TiltEstimate(one, angle_deg, Doubt(2.6, 0.5, bones.get(one, 0.0))) for one in Method}
    return Measured(
        source="side.jpg",
        facing=Facing.LEFT,
        tilt=by[method],
        contour=by[Method.CONTOUR],
        marked=by[Method.MARKED],
        stickers=by[Method.STICKERS],
        belt_line=BeltEstimate(by[Method.BELT], (243.0, 396.0), (346.5, 417.25)),
        no_belt_line=None,
        points=POINTS,
        posture=Posture(3.25, -2.0, 178.0, 14.5),
        capture=Capture(4.0, -0.25, VerticalSource.FOUND, 260.4, 1, 0.5, LENS),
        reasons=(
            warning(ReasonCode.NOT_SIDE_ON, 12),
            warning(ReasonCode.LOOSE_CLOTHING),
            warning(ReasonCode.TOO_SMALL, 150),
        ),
        landmarks={"left_hip": (302.14, 441.8, 0.9912), "nose": (310.5, 120.0, 1.0)},
        outline_px=outline.astype(np.float32),
        plumb_px=np.array([[10.5, 0.25, 11.0, 700.0], [900, 3, 905, 800]], np.float32),
        provenance=Provenance("0.1.0", "a" * 64, "b" * 64),
    )


def sparse() -> Measured:
    """Return a measurement in which whatever may be missing is."""
    return replace(
        measured(),
        marked=None,
        stickers=None,
        belt_line=None,
        no_belt_line=NoBeltReason.LONG_TOP,
        points=None,
        posture=Posture(None, None, None, None),
        capture=Capture(4.0, 0.0, VerticalSource.ASSUMED, 260.4, 1, 1.0),
        reasons=(),
        landmarks={},
        outline_px=np.empty((0, 2), np.float32),
        plumb_px=np.empty((0, 4), np.float32),
    )


def new_check(
    profile_id: int,
    result: Measured | None = None,
    *,
    day: int = 0,
    note: str = "",
    garment: str = "",
    rgb: NDArray[np.uint8] | None = None,
    repeats: tuple[Repeat, ...] = (),
) -> NewCheck:
    """Return a check to be kept, taken ``day`` days after :data:`WHEN`."""
    return NewCheck(
        profile_id=profile_id,
        taken_at=WHEN + timedelta(days=day),
        result=result or measured(),
        size_px=SIZE_PX,
        conditions=Conditions(garment, Arms.COLLAR_BONES, note),
        suggested_points=BonyPoints((240.0, 400.0), (350.5, 380.0)),
        rgb=rgb,
        repeats=repeats,
    )


def repeats(*angles_deg: float, method: Method = Method.CONTOUR) -> tuple[Repeat, ...]:
    """Return repeats a minute apart."""
    return tuple(
        Repeat(
            WHEN + timedelta(minutes=number),
            TiltEstimate(method, angle_deg, Doubt(2.6, 0.5, 0.25 * number)),
            80 + number,
            0.125 * number,
        )
        for number, angle_deg in enumerate(angles_deg)
    )


def new_squeeze(
    profile_id: int,
    *,
    day: int = 0,
    backward_deg: float = 6.0,
    answers: SqueezeAnswers | None = None,
    note: str = "",
) -> NewSqueeze:
    """Return a squeeze test to be kept, ended ``day`` days after :data:`WHEN`."""
    turned = (backward_deg - 1.1, backward_deg, backward_deg + 1.1)
    rounds = tuple(SqueezeRound(12.25, 12.5 - turn_deg, 12.75) for turn_deg in turned)
    return NewSqueeze(
        profile_id,
        WHEN + timedelta(days=day),
        SqueezeResult(backward_deg, backward_deg - 1.9, backward_deg + 1.9, True, rounds),
        answers or SqueezeAnswers(Ability.YES, Ability.PARTLY, None),
        note,
    )


def picture(width_px: int = 300, height_px: int = 400) -> NDArray[np.uint8]:
    """Return an upright picture, reddish above and bluish below."""
    rgb = np.full((height_px, width_px, 3), 90, np.uint8)
    rgb[: height_px // 2, :, 0] = 220
    rgb[height_px // 2 :, :, 2] = 220
    return rgb


def png_of(colour: str, size_px: tuple[int, int] = (1200, 200)) -> bytes:
    """Return a picture file all of one colour."""
    data = io.BytesIO()
    Image.new("RGB", size_px, colour).save(data, "PNG")
    return data.getvalue()


def assert_same(found: Measured, wanted: Measured) -> None:
    """Compare everything but the outline, which is kept with fewer corners."""
    for name in ("outline_px", "plumb_px"):
        assert getattr(found, name).dtype == np.float32
    np.testing.assert_allclose(found.plumb_px, wanted.plumb_px, atol=0.01)
    empty = np.empty((0, 2), np.float32)
    # Arrays have no single truth to compare, and both sides now hold the same empty one.
    found, wanted = (
        replace(result, outline_px=empty, plumb_px=empty) for result in (found, wanted)
    )
    assert found == wanted
