"""Outcomes with known numbers, small picture files, and a pipeline that needs no model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from vision.result import (
    BonyPoints,
    Capture,
    Facing,
    Measured,
    Method,
    NoBeltReason,
    Posture,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    TiltEstimate,
    VerticalSource,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vision.image.frame import Frame


@pytest.fixture
def measured() -> Measured:
    contour = TiltEstimate(Method.CONTOUR, 12.3, 8.1, 16.5)
    return Measured(
        source="side.jpg",
        facing=Facing.LEFT,
        tilt=contour,
        contour=contour,
        marked=None,
        stickers=None,
        belt_line=None,
        no_belt_line=NoBeltReason.LONG_TOP,
        points=None,
        posture=Posture(3.2, 2.0, 178.0, 14.0),
        capture=Capture(4.0, 0.0, VerticalSource.ASSUMED, 260.4, 1, 1.0),
        reasons=(
            Reason(ReasonCode.LOOSE_CLOTHING, Severity.WARN, "Loose clothes.", "Wear tight ones."),
        ),
        landmarks={"left_hip": (302.14, 441.8, 0.99)},
        outline_px=np.array([[300.0, 400.0], [340.0, 400.0], [320.0, 500.0]], np.float32),
        plumb_px=np.empty((0, 4), np.float32),
        provenance=Provenance("0.1.0", "a" * 64, "b" * 64),
    )


@pytest.fixture
def marked(measured: Measured) -> Measured:
    tilt = TiltEstimate(Method.MARKED, -4.6, -7.4, -1.8)
    points = BonyPoints((243.0, 396.0), (346.0, 390.0))
    return replace(measured, tilt=tilt, marked=tilt, points=points)


@pytest.fixture
def rejected(measured: Measured) -> Rejected:
    return Rejected(
        source="front.jpg",
        reasons=(
            Reason(ReasonCode.NOT_SIDE_ON, Severity.REFUSE, "Turned by 80 degrees.", "Turn."),
        ),
        facing=None,
        posture=None,
        capture=None,
        landmarks={},
        outline_px=np.empty((0, 2), np.float32),
        provenance=measured.provenance,
    )


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A readable picture of nobody, 640 by 960."""
    return _picture(tmp_path / "side.jpg")


@pytest.fixture
def more_photos(tmp_path: Path) -> list[Path]:
    return [_picture(tmp_path / name) for name in ("one.png", "Größe mit Leer.jpg", "three.webp")]


@pytest.fixture
def answers(
    monkeypatch: pytest.MonkeyPatch, measured: Measured, rejected: Rejected
) -> list[dict[str, object]]:
    """Let names with "front" be refused and all others measured; collect the requests."""
    requests: list[dict[str, object]] = []

    def measure(frame: Frame, **asked: object) -> Measured | Rejected:
        requests.append({"source": frame.source, **asked})
        return rejected if "front" in frame.source else measured

    monkeypatch.setattr("app.cli.batch.measure_photo", measure)
    return requests


def _picture(path: Path) -> Path:
    Image.new("RGB", (640, 960), "lightgrey").save(path)
    return path
