"""What is done to real photographs means nothing, and how answers move is told as it is."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console

pytest.importorskip("anny")

from synthetic.evaluate import real
from synthetic.evaluate.report import Report
from synthetic.training.dataset import jpeg_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture
def picture() -> NDArray[np.uint8]:
    y, x = np.mgrid[:200, :150]
    return np.stack([y, x, (x + y) // 2], axis=2).astype(np.uint8)


@pytest.mark.parametrize("name", real.CHANGES)
def test_a_change_leaves_nearly_the_same_picture(name: str, picture: NDArray[np.uint8]) -> None:
    change, quality = real.CHANGES[name]
    changed = change(picture)
    assert changed.dtype == np.uint8
    assert changed.flags.c_contiguous
    assert 50 < quality < 100
    sizes = np.array(changed.shape[:2]) / picture.shape[:2]
    assert (abs(sizes - 1) <= 0.26).all()
    assert abs(changed.mean() / picture.mean() - 1) < 0.2
    assert name.startswith("JPEG") or not np.array_equal(changed, picture)


def test_moves_are_told_with_what_was_refused_left_out(
    picture: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([10.0, 11.0, float("nan"), *(len(real.CHANGES) - 2) * [9.0]])
    monkeypatch.setattr(real, "contour_deg", lambda *_, **__: next(answers))
    moves = real.moves_of(jpeg_of(picture), quick=True)
    assert moves is not None
    assert moves.answer_deg == 10.0
    np.testing.assert_allclose(moves.moved_deg[[0, 2]], [1.0, -1.0])
    assert np.isnan(moves.moved_deg[1])
    told = [1.0, *(len(real.CHANGES) - 2) * [-1.0], 0.0]
    assert moves.sd_deg == pytest.approx(np.std(told, ddof=1))


def test_a_photograph_that_is_refused_has_no_moves(
    picture: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real, "contour_deg", lambda *_, **__: float("nan"))
    assert real.moves_of(jpeg_of(picture), quick=False) is None


def test_every_folder_is_counted(
    picture: NDArray[np.uint8], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("standing/a.jpg", "refuse/dark/b.jpg", "refuse/dark/c.jpeg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg_of(picture))
    stream = io.StringIO()
    real.judge_gate(Report(Console(file=stream, width=120)), tmp_path)
    said = stream.getvalue()
    assert "refuse/dark" in said
    assert [path.name for path in real.photographs(tmp_path)] == ["b.jpg", "c.jpeg", "a.jpg"]
