"""The accuracy page: what is reported is what is on it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from rich.console import Console

from synthetic.evaluate.__main__ import LANDMARK_SD_TRUNKS, moved_deg
from synthetic.evaluate.report import Report, agreement, by_stratum
from synthetic.training.dataset import load_other, replay
from synthetic.training.make import make_shard
from vision.result import Measured

if TYPE_CHECKING:
    from pathlib import Path

    from synthetic.training.dataset import Sample


@dataclass
class Written:
    report: Report
    stream: io.StringIO = field(default_factory=io.StringIO)


@pytest.fixture
def written() -> Written:
    stream = io.StringIO()
    return Written(Report(Console(file=stream, width=120)), stream)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    from synthetic.training.dataset import load_shard

    path = tmp_path_factory.mktemp("data") / "test" / "0000000.npz"
    make_shard(path, "test", 0, 3)
    return load_shard(path)


def test_the_page_holds_what_was_printed(written: Written, tmp_path: Path) -> None:
    page, plot = tmp_path / "ACCURACY.md", tmp_path / "accuracy" / "plot.png"
    written.report.heading("Contour")
    written.report.table("Refused", ("reason", "n"), [["blurred", "3"], ["too_dark", "1"]])
    written.report.agreements("Held-out", {"all": agreement([0.0, 10.0, 20.0], [1.0, 11.0, 21.0])})
    written.report.picture(plot, page, "A plot")
    written.report.write(page, "Accuracy", "Rendered bodies only.")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Accuracy\n\nRendered bodies only.\n\n## Contour\n")
    assert "| reason | n |\n| --- | ---: |\n| blurred | 3 |\n| too_dark | 1 |" in text
    # Figures that do not exist, such as the coverage of no intervals, are left empty.
    assert "| all | 3 | 1.00 | 1.00 | 1.00 | 1.00 |  |  |" in text
    assert "![A plot](accuracy/plot.png)" in text
    for part in ("Contour", "blurred", "Held-out"):
        assert part in written.stream.getvalue()


def test_groups_hold_every_picture_once(samples: list[Sample]) -> None:
    pairs = [(s, result) for s, result in replay(samples) if isinstance(result, Measured)]
    rows = by_stratum([*pairs])
    assert rows["all"].count == len(pairs) >= 1
    for kind in ("clothing", "arms", "yaw", "camera roll", "lens height", "facing", "vertical"):
        counts = [row.count for name, row in rows.items() if name.startswith(f"{kind}: ")]
        assert sum(counts) == len(pairs), kind


def test_disturbed_pictures_are_measured_again(
    samples: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthetic.evaluate.__main__.MEGAPIXELS", (0.5,))
    monkeypatch.setattr("synthetic.evaluate.__main__.JPEG_QUALITIES", (60,))
    moved = moved_deg(samples)
    assert set(moved) == {"JPEG quality 60", "0.5 megapixels", "landmark noise"}
    assert LANDMARK_SD_TRUNKS > 0
    for values in moved.values():
        assert len(values) >= 1
        assert 0 < np.abs(values).max() < 10


def test_the_worst_are_shown_and_their_causes_named(samples: list[Sample]) -> None:
    from synthetic.evaluate.__main__ import (
        causes_of,
        contact_sheet,
        mask_overlap,
        outline_error_deg,
    )

    pairs = [(s, result) for s, result in replay(samples) if isinstance(result, Measured)]
    assert all(0.6 < mask_overlap(sample) <= 1 for sample, _ in pairs)
    assert all(causes_of(pair) for pair in pairs)
    assert all(abs(outline_error_deg(sample)) < 15 for sample, _ in pairs)
    sheet = contact_sheet(pairs)
    assert sheet.shape == (300, 200 * len(pairs), 3)
    assert sheet.std() > 20


def test_another_renderer_s_pictures_come_with_their_truth(tmp_path: Path) -> None:
    truth: dict[str, Any] = {"tilt_deg": 12.5}
    picture = cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    (tmp_path / "00000001.json").write_text(json.dumps(truth), encoding="utf-8")
    (tmp_path / "00000001.jpg").write_bytes(picture)
    (loaded,) = load_other(tmp_path)
    assert (loaded.truth, loaded.jpeg) == (truth, picture)
    assert load_other(tmp_path / "nothing") == []


def test_the_other_findings_are_judged(written: Written, tmp_path: Path) -> None:
    from synthetic.evaluate import belt, level, stickers

    make_shard(tmp_path / "test" / "0000000.npz", "test", 0, 2)
    level.judge(written.report, tmp_path, 3)
    belt.judge(written.report, belt.stored_pictures(tmp_path, "test"), 2)
    stickers.judge(written.report, tmp_path, 2, 1)
    said = written.stream.getvalue()
    for part in ("Painted rooms", "Belt line, 2 rendered people", "Both stickers: ", "one sticker"):
        assert part in said
