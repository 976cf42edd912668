"""The sample pictures, rendered with known truth, through the real pipeline."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.vision.overlay.plates import is_on_body, plates_of
from vision.image.frame import frame_from_array, load_frame
from vision.overlay.build import build_overlay
from vision.pipeline import measure_photo
from vision.result import Z_90, BonyPoints, Measured, Method, Rejected, Severity

FOLDER = Path(__file__).parents[2] / "sample_images"
# All samples are measured once, in one process of tests.
pytestmark = pytest.mark.xdist_group("samples")


@dataclass(frozen=True)
class Truth:
    """One line of truth.csv."""

    row: dict[str, str]

    @property
    def path(self) -> Path:
        return FOLDER / self.row["file"]

    @property
    def tilt_deg(self) -> float:
        return float(self.row["tilt_deg"])

    @property
    def points(self) -> BonyPoints:
        asis_x, asis_y, psis_x, psis_y = (
            float(self.row[name]) for name in ("asis_x_px", "asis_y_px", "psis_x_px", "psis_y_px")
        )
        return BonyPoints((asis_x, asis_y), (psis_x, psis_y))


with (FOLDER / "truth.csv").open(encoding="utf-8", newline="") as file:
    TRUTHS = [Truth(row) for row in csv.DictReader(file)]
GOOD = [truth for truth in TRUTHS if truth.row["expected"] == "measured"]
BAD = [truth for truth in TRUTHS if truth.row["expected"] != "measured"]


def name_of(truth: Truth) -> str:
    return truth.path.stem


@pytest.fixture(scope="module")
def results() -> dict[str, Measured | Rejected]:
    return {name_of(truth): measure_photo(truth.path) for truth in TRUTHS}


def test_pictures_measured_at_once_get_their_own_answers(
    results: dict[str, Measured | Rejected],
) -> None:
    """As from notebooks and servers: four at once, some carefully and some quickly."""
    some = TRUTHS[:6]
    alone = {name_of(truth): measure_photo(truth.path, quick=True) for truth in some}

    def answer(number: int) -> bool:
        truth, is_quick = some[number % len(some)], number % 4 > 0
        expected = (alone if is_quick else results)[name_of(truth)]
        found = measure_photo(truth.path, quick=is_quick)
        assert isinstance(found, Measured)
        assert isinstance(expected, Measured)
        return (found.tilt, found.belt_line, found.capture, found.reasons) == (
            expected.tilt, expected.belt_line, expected.capture, expected.reasons,
        )  # fmt: skip

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(answer, range(12)))


def test_there_are_enough_of_both_kinds() -> None:
    assert len(GOOD) >= 8
    assert {truth.row["expected"] for truth in BAD} == {"not_side_on", "body_cut_off"}


@pytest.mark.parametrize("truth", GOOD, ids=name_of)
def test_a_good_picture_is_measured(truth: Truth, results: dict[str, Measured]) -> None:
    result = results[name_of(truth)]
    assert isinstance(result, Measured)
    assert result.tilt.method is Method.CONTOUR
    assert result.facing == truth.row["facing"]
    assert result.tilt.low_deg < result.tilt.angle_deg < result.tilt.high_deg
    assert result.capture.yaw_deg <= 15
    assert result.capture.people == 1


@pytest.mark.parametrize("truth", GOOD, ids=name_of)
def test_the_angle_is_written_beside_the_body(truth: Truth, results: dict[str, Measured]) -> None:
    result = results[name_of(truth)]
    frame = load_frame(truth.path)
    (box,) = plates_of(build_overlay(result), frame.width_px, frame.height_px)
    assert not is_on_body(result.outline_px, box)


@pytest.mark.parametrize("truth", BAD, ids=name_of)
def test_a_bad_picture_is_refused_for_its_reason(
    truth: Truth, results: dict[str, Rejected]
) -> None:
    result = results[name_of(truth)]
    assert isinstance(result, Rejected)
    refusals = [r.code for r in result.reasons if r.severity is Severity.REFUSE]
    assert truth.row["expected"] in refusals


def test_the_answers_are_about_right(results: dict[str, Measured]) -> None:
    error = np.array([results[name_of(t)].tilt.angle_deg - t.tilt_deg for t in GOOD])
    # The rendered bodies share the shape of their bones.
    own = np.array([results[name_of(t)].tilt.doubt.own_deg for t in GOOD])
    inside = np.abs(error) <= Z_90 * own
    assert np.abs(error).mean() < 4
    # Nine in ten are meant to be inside; so few pictures may fall a little short.
    assert np.mean(inside) >= 0.75


def test_more_tilt_gives_a_larger_answer(results: dict[str, Measured]) -> None:
    truth = [t.tilt_deg for t in GOOD]
    answer = [results[name_of(t)].tilt.angle_deg for t in GOOD]
    assert np.corrcoef(truth, answer)[0, 1] > 0.8


@pytest.mark.parametrize("truth", GOOD, ids=name_of)
def test_marked_points_give_the_tilt_up_to_perspective(truth: Truth) -> None:
    result = measure_photo(truth.path, points=truth.points)
    assert isinstance(result, Measured)
    assert result.tilt.method is Method.MARKED
    assert result.tilt.angle_deg == pytest.approx(truth.tilt_deg, abs=4)


@pytest.mark.parametrize("truth", GOOD[:4], ids=name_of)
def test_the_mirror_image_gives_the_same_answer(truth: Truth, results: dict[str, Measured]) -> None:
    mirrored = np.ascontiguousarray(load_frame(truth.path).rgb[:, ::-1])
    result = measure_photo(frame_from_array(mirrored))
    assert isinstance(result, Measured)
    assert result.facing != results[name_of(truth)].facing
    before = results[name_of(truth)]
    # Upright lines are not found to the same hundredth in both.
    roll_apart_deg = abs(result.capture.roll_deg + before.capture.roll_deg)
    assert roll_apart_deg < 0.2
    assert result.tilt.angle_deg == pytest.approx(before.tilt.angle_deg, abs=0.2 + roll_apart_deg)


@pytest.mark.parametrize("roll_deg", [-6.0, 6.0])
def test_a_marked_vertical_takes_camera_roll_out(
    roll_deg: float, results: dict[str, Measured]
) -> None:
    truth = GOOD[0]
    rgb = load_frame(truth.path).rgb
    height, width = rgb.shape[:2]
    middle = (width / 2, height / 2)
    # OpenCV turns counter-clockwise for positive angles: the look of a clockwise camera.
    matrix = cv2.getRotationMatrix2D(middle, roll_deg, 1.0)
    turned = cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    ends = np.array([[width / 2, 100.0, 1.0], [width / 2, height - 100.0, 1.0]]) @ matrix.T
    (x1, y1), (x2, y2) = ends.tolist()
    result = measure_photo(
        frame_from_array(np.asarray(turned, np.uint8)), vertical=((x1, y1), (x2, y2))
    )
    assert isinstance(result, Measured)
    assert result.capture.roll_deg == pytest.approx(roll_deg, abs=0.01)
    before = results[name_of(truth)].tilt.angle_deg
    assert result.tilt.angle_deg == pytest.approx(before, abs=3)
