"""Which method answers, and what the scene's plumb lines, stickers and belt line add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.vision.stick_figures import Figure, pose_of, textured_picture
from vision import BonyPoints, Facing, Measured, Method, Rejected
from vision.belt.line import BeltLine
from vision.image.frame import Frame
from vision.image.plumb import FoundPlumb
from vision.marks.stickers import NoStickers, StickerColour, StickerDoubt, Stickers
from vision.pipeline import measure_photo
from vision.result import BONES_SD_DEG, Doubt, NoBeltReason, ReasonCode, Severity, VerticalSource
from vision.silhouette import ContourReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vision.pose.estimate import PoseEstimate

FIGURE = Figure(lean_deg=3, knee_deg=178, hip_ahead_m=0.02, head_ahead_deg=12)
RGB = textured_picture(FIGURE)
POSE = pose_of(FIGURE, with_mask=True)
HIP = tuple(POSE.mid_hip_px.tolist())
#: Twice as large as the working picture, so that wrong pixels show.
FRAME = Frame(RGB, width_px=RGB.shape[1] * 2, height_px=RGB.shape[0] * 2, source="side.jpg")
BELT = BeltLine((HIP[0] - 50, HIP[1] - 60), (HIP[0] + 50, HIP[1] - 45), 8.5, 1.2, 0.9)
STICKERS = Stickers(
    StickerColour.GREEN, (HIP[0] + 50, HIP[1] - 50), (HIP[0] - 60, HIP[1] - 70), 0.5, 12.0
)


NO_BELT = NoBeltReason.ONE_COLOUR
NONE_SEEN = NoStickers(StickerDoubt.NONE_SEEN)


@dataclass
class Findings:
    """What the pipeline is made to find."""

    belt: BeltLine | NoBeltReason = NO_BELT
    stickers: Stickers | NoStickers = NONE_SEEN
    plumb: FoundPlumb | None = None


@pytest.fixture(autouse=True)
def findings(monkeypatch: pytest.MonkeyPatch) -> Findings:
    found = Findings()

    class Estimator:
        def estimate(self, rgb: NDArray[np.uint8]) -> Sequence[PoseEstimate]:
            return [POSE]

    monkeypatch.setattr("vision.pipeline.shared_estimator", Estimator)
    monkeypatch.setattr("vision.pipeline.find_plumb", lambda *_: found.plumb)
    reading = ContourReading(12.0, 3.0, 0.1)
    monkeypatch.setattr("vision.pipeline.read_contour_carefully", lambda _: reading)
    monkeypatch.setattr("vision.pipeline.find_belt_line", lambda *_: found.belt)
    monkeypatch.setattr("vision.pipeline.find_stickers", lambda *_: found.stickers)
    return found


def measured(**asked: object) -> Measured:
    result = measure_photo(FRAME, **asked)  # type: ignore[arg-type]
    assert isinstance(result, Measured)
    return result


def codes(result: Measured | Rejected) -> list[ReasonCode]:
    return [reason.code for reason in result.reasons]


def test_nothing_more_is_found() -> None:
    result = measured()
    assert result.tilt == result.contour
    assert (result.stickers, result.belt_line, result.points) == (None, None, None)
    assert result.no_belt_line is NoBeltReason.ONE_COLOUR
    assert result.plumb_px.shape == (0, 4)
    assert codes(result) == [ReasonCode.VERTICAL_ASSUMED]


def test_a_belt_line_stands_beside_the_answer(findings: Findings) -> None:
    findings.belt = BELT
    result = measured()
    assert result.tilt.method is Method.CONTOUR
    assert result.belt_line is not None
    assert result.belt_line.tilt.method is Method.BELT
    assert result.belt_line.tilt.angle_deg == 8.5
    assert result.belt_line.tilt.doubt == Doubt(1.2, 1.0, 0.0)
    assert result.belt_line.front_px == pytest.approx([2 * value for value in BELT.front_px])
    assert result.belt_line.back_px == pytest.approx([2 * value for value in BELT.back_px])
    assert result.no_belt_line is None


def test_the_belt_line_answers_when_asked(findings: Findings) -> None:
    findings.belt = BELT
    result = measured(method=Method.BELT)
    assert result.belt_line is not None
    assert result.tilt == result.belt_line.tilt


def test_no_belt_line_to_answer_with_is_a_refusal() -> None:
    result = measure_photo(FRAME, method=Method.BELT)
    assert isinstance(result, Rejected)
    assert result.reasons[0].code is ReasonCode.NO_BELT_LINE
    assert result.reasons[0].severity is Severity.REFUSE


def test_stickers_come_before_the_contour(findings: Findings) -> None:
    findings.stickers = STICKERS
    result = measured()
    assert result.tilt == result.stickers
    assert result.tilt.method is Method.STICKERS
    assert result.tilt.angle_deg == pytest.approx(np.degrees(np.arctan2(20, 110)), abs=3)
    assert result.points is not None
    assert result.points.asis_px == pytest.approx([2 * value for value in STICKERS.asis_px])
    assert result.contour is not None


def test_marked_points_come_before_stickers(findings: Findings) -> None:
    findings.stickers = STICKERS
    points = BonyPoints((2 * HIP[0] + 90, 2 * HIP[1] - 100), (2 * HIP[0] - 110, 2 * HIP[1] - 130))
    result = measured(points=points)
    assert result.tilt == result.marked
    assert result.points == points
    assert result.stickers is not None


def test_the_contour_answers_when_asked(findings: Findings) -> None:
    findings.stickers = STICKERS
    assert measured(method=Method.CONTOUR).tilt.method is Method.CONTOUR


@pytest.mark.parametrize("doubt", StickerDoubt)
def test_a_try_with_stickers_is_worth_a_word(findings: Findings, doubt: StickerDoubt) -> None:
    findings.stickers = NoStickers(doubt, StickerColour.PINK)
    tried = doubt in {StickerDoubt.ONLY_ONE, StickerDoubt.MORE_THAN_TWO}
    assert (ReasonCode.STICKERS_UNCLEAR in codes(measured())) == tried


def test_a_plumb_direction_found_in_the_scene_is_used(findings: Findings) -> None:
    lines = np.array([[10, 20, 12, 300]], np.float32)
    findings.plumb = FoundPlumb(2.0, 0.4, lines)
    result = measured()
    assert result.capture.vertical is VerticalSource.FOUND
    assert (result.capture.roll_deg, result.capture.roll_sd_deg) == (2.0, 0.4)
    assert result.facing is Facing.RIGHT
    np.testing.assert_array_equal(result.plumb_px, 2 * lines)
    assert result.tilt.doubt == Doubt(3.0, 0.4, BONES_SD_DEG)
    assert codes(result) == []


def test_a_plumb_line_that_somebody_marked_comes_first(findings: Findings) -> None:
    findings.plumb = FoundPlumb(2.0, 0.4, np.zeros((1, 4), np.float32))
    result = measured(vertical=((20.0, 10.0), (20.0, 900.0)))
    assert result.capture.vertical is VerticalSource.GIVEN
    assert result.capture.roll_deg == 0.0
    assert result.plumb_px.shape == (0, 4)
