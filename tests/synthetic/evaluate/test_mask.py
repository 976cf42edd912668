"""Second masks are compared on the same pictures, by the program that people run."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from rich.console import Console

pytest.importorskip("anny")

from synthetic.evaluate import mask
from synthetic.evaluate.report import Report
from synthetic.mask import SIDE_PX
from synthetic.training.dataset import KnownPicture
from tests.made_up_results import measured, rejected
from tests.vision.stick_figures import Figure, pose_of
from vision import pipeline
from vision.pose.second_mask import HEIGHT_PX, WIDTH_PX

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class Darkness:
    """Sees people where what is left of the picture is dark; keeps the size of what it saw."""

    def __init__(self) -> None:
        self.seen = np.zeros(0, np.float32)

    def setInput(self, planes: NDArray[np.float32]) -> None:
        self.seen = planes

    def forward(self, output: str) -> NDArray[np.float32]:
        assert output
        return (self.seen[:, :1] < 0).astype(np.float32)


@pytest.mark.parametrize("width_px", [WIDTH_PX, SIDE_PX])
def test_the_published_network_sees_the_same_person_in_the_middle(
    width_px: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    network = Darkness()
    monkeypatch.setattr(cv2.dnn, "readNetFromONNX", lambda _: network)
    figure = Figure(trunk_px=150, width_px=420, height_px=620, hip_px=(205.0, 280.0))
    pose = pose_of(figure, with_mask=True)
    grey = np.where(pose.mask > 0.5, 20, 220).astype(np.uint8)
    drawn = mask.published(tmp_path / "any.onnx", width_px)(np.dstack(3 * [grey]), pose)
    assert list(network.seen.shape) == [1, 3, HEIGHT_PX, width_px]
    own, other = drawn > 0.5, pose.mask > 0.5
    assert (own & other).sum() / (own | other).sum() > 0.95


def test_masks_are_judged_by_the_answers_that_come_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth = {"tilt_deg": 12.0, "shape_deg": 0.0}
    pictures = [KnownPicture(b"a", truth), KnownPicture(b"b", truth), KnownPicture(b"c", truth)]
    told = {"good": 12.0, "poor": 16.0}
    contour = measured().contour
    assert contour is not None

    def answer(frame: tuple[bytes, str]) -> object:
        jpeg, name = frame
        assert vars(pipeline)["second_mask"] is draws[name]
        angle_deg = told[name] + (jpeg == b"a")
        own = replace(contour, angle_deg=angle_deg)
        return rejected() if jpeg == b"c" else replace(measured(), contour=own)

    draws = {"good": lambda _, pose: pose.mask, "poor": lambda _, pose: 1 - pose.mask}
    monkeypatch.setattr(mask, "frame_from_bytes", lambda jpeg, name: (jpeg, name))
    monkeypatch.setattr(pipeline, "measure_photo", answer)
    page = io.StringIO()
    mask.judge(Report(Console(file=page, width=130)), pictures, draws)
    said = page.getvalue()
    assert "0.50" in said
    assert "4.50" in said
    assert "answers differ from: good" in said
    assert said.count("4.00") >= 3
