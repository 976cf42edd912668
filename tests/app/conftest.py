"""Outcomes with known numbers, small picture files, and a pipeline that needs no model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests import made_up_results
from vision.result import BonyPoints, Method, Reason, ReasonCode, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from vision.image.frame import Frame
    from vision.result import Measured, Rejected


@pytest.fixture
def measured() -> Measured:
    return made_up_results.measured()


@pytest.fixture
def marked(measured: Measured) -> Measured:
    tilt = made_up_results.tilt(-4.6, 2.8, Method.MARKED)
    points = BonyPoints((243.0, 396.0), (346.0, 390.0))
    return replace(measured, tilt=tilt, marked=tilt, points=points)


@pytest.fixture
def rejected() -> Rejected:
    turned = Reason(ReasonCode.NOT_SIDE_ON, Severity.REFUSE, "Turned by 80 degrees.", "Turn.")
    return made_up_results.rejected(turned)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A readable picture of nobody, 640 by 960."""
    return _picture(tmp_path / "side.jpg")


@pytest.fixture
def more_photos(tmp_path: Path) -> list[Path]:
    return [_picture(tmp_path / name) for name in ("one.png", "Größe mit Leer.jpg", "three.webp")]


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all photographs measured here: other processes know of no made-up pipeline."""
    monkeypatch.setattr("app.cli.batch.worker_count", lambda *_, **__: 1)


@pytest.fixture
def answers(
    monkeypatch: pytest.MonkeyPatch, measured: Measured, rejected: Rejected, one_process: None
) -> list[dict[str, object]]:
    """Let names with "front" be refused and all others measured; collect the requests."""
    requests: list[dict[str, object]] = []

    def measure(frame: Frame, **asked: object) -> Measured | Rejected:
        requests.append({"source": frame.source, **asked})
        return rejected if "front" in frame.source else measured

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)
    return requests


def _picture(path: Path) -> Path:
    Image.new("RGB", (640, 960), "lightgrey").save(path)
    return path
