"""A picture is measured three times, and the truth fits each."""

from __future__ import annotations

import io

import pytest
from PIL import Image

pytest.importorskip("anny")
pytest.importorskip("pyvista")

import numpy as np
from rich.console import Console

from synthetic.evaluate.lens import CROPPED, TOLD, UNTOLD, as_file, judge, trials_of
from synthetic.evaluate.report import Report
from vision.image.frame import frame_from_bytes
from vision.result import FocalSource


def test_a_file_tells_the_focal_length_or_none() -> None:
    rgb = np.full((128, 96, 3), 100, np.uint8)
    assert frame_from_bytes(as_file(rgb, None), "a").focal_px is None
    assert frame_from_bytes(as_file(rgb, 26.2), "a").focal_px == pytest.approx(96.1, abs=0.1)
    assert Image.open(io.BytesIO(as_file(rgb, 26.2))).size == (96, 128)


def test_each_way_of_measuring_knows_what_it_should() -> None:
    trials = {trial.file: trial for trial in trials_of(81_000_003)}
    assert set(trials) == {TOLD, UNTOLD, CROPPED}
    for trial in trials.values():
        assert trial.result.marked is not None
        assert abs(trial.result.marked.angle_deg - trial.truth.tilt_deg) < 6
    sources = {file: trial.result.capture.lens for file, trial in trials.items()}
    assert {file: lens.focal for file, lens in sources.items() if lens} == {
        TOLD: FocalSource.TOLD,
        UNTOLD: FocalSource.ASSUMED,
        CROPPED: FocalSource.TOLD,
    }


def test_the_report_has_a_table_for_each_method() -> None:
    console = Console(file=io.StringIO(), width=130)
    judge(Report(console), 1, 81_000_003)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Stickers" in said
    assert "Marked points" in said
    assert "Slope from the lens" in said
