"""The sample pictures and their truth, as they lie in the clone."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import cv2
import pytest

_FOLDER = Path(__file__).parents[2] / "sample_images"
_REASONS = {"not_side_on", "body_cut_off"}
_POINTS = ("asis", "psis", "belt_front", "belt_back")


def _rows() -> list[dict[str, str]]:
    with (_FOLDER / "truth.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _measured() -> list[dict[str, str]]:
    return [row for row in _rows() if row["expected"] == "measured"]


def _point(row: dict[str, str], name: str) -> tuple[float, float]:
    return float(row[f"{name}_x_px"]), float(row[f"{name}_y_px"])


def _line_deg(row: dict[str, str], front: str, back: str) -> float:
    (x1, y1), (x0, y0) = _point(row, front), _point(row, back)
    ahead = (x1 - x0) if row["facing"] == "right" else (x0 - x1)
    return math.degrees(math.atan2(y1 - y0, ahead))


def test_every_picture_has_its_line_and_every_line_its_picture() -> None:
    named = sorted(row["file"] for row in _rows())
    assert named == sorted(path.name for path in _FOLDER.glob("*.jpg"))
    assert len(named) == len(set(named))


def test_at_least_ten_can_be_measured_and_one_of_each_must_be_refused() -> None:
    rows = _rows()
    assert sum(row["expected"] == "measured" for row in rows) >= 10
    assert {row["expected"] for row in rows} == {"measured", *_REASONS}


def test_tilts_run_from_minus_five_to_twenty_five_degrees_in_both_facings() -> None:
    tilts = sorted(float(row["tilt_deg"]) for row in _measured())
    assert tilts[0] == pytest.approx(-5, abs=0.1)
    assert tilts[-1] == pytest.approx(25, abs=0.1)
    assert max(b - a for a, b in itertools.pairwise(tilts)) <= 6
    facings = [row["facing"] for row in _measured()]
    assert min(facings.count("left"), facings.count("right")) >= 4


def test_side_views_are_inside_the_gate() -> None:
    for row in _measured():
        assert abs(float(row["yaw_deg"])) <= 5, row["file"]
        assert abs(float(row["roll_deg"])) <= 1, row["file"]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["file"])
def test_a_picture_is_small_upright_and_holds_its_points(row: dict[str, str]) -> None:
    path = _FOLDER / row["file"]
    assert path.stat().st_size < 400_000
    picture = cv2.imread(str(path))
    assert picture is not None
    height, width = picture.shape[:2]
    assert height > width >= 600
    assert 60 < picture.mean() < 220
    for name in _POINTS:
        if row[f"{name}_x_px"]:
            x, y = _point(row, name)
            assert 0 < x < width, name
            assert 0 < y < height, name


@pytest.mark.parametrize("row", _measured(), ids=lambda row: row["file"])
def test_the_points_lie_on_the_line_that_the_tilt_names(row: dict[str, str]) -> None:
    # Near-side points seen from pelvis height: the camera adds at most a few degrees.
    tilt_deg = _line_deg(row, "asis", "psis")
    assert tilt_deg == pytest.approx(float(row["tilt_deg"]), abs=3)


@pytest.mark.parametrize("row", _measured(), ids=lambda row: row["file"])
def test_a_belt_line_is_there_whole_or_not_at_all(row: dict[str, str]) -> None:
    parts = [row[f"belt_{end}_{axis}_px"] for end in ("front", "back") for axis in "xy"]
    if not row["belt_line_deg"]:
        assert parts == [""] * 4
        return
    belt_deg = _line_deg(row, "belt_front", "belt_back")
    assert belt_deg == pytest.approx(float(row["belt_line_deg"]), abs=0.5)


def test_a_frontal_view_claims_no_points() -> None:
    for row in _rows():
        if row["expected"] == "not_side_on":
            assert row["facing"] == ""
            assert not any(row[f"{name}_x_px"] for name in _POINTS)


def test_the_truth_is_that_of_the_described_scenes() -> None:
    for package in ("anny", "pyvista", "torch"):
        pytest.importorskip(package)
    from synthetic.samples import SAMPLES, truth_row

    written = {row["file"]: row for row in _rows()}
    assert sorted(written) == sorted(f"{sample.name}.jpg" for sample in SAMPLES)
    for sample in (SAMPLES[0], SAMPLES[-1]):
        assert truth_row(sample) == written[f"{sample.name}.jpg"]
