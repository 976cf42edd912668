from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app.history.diary import ExerciseId

FOLDER = Path(__file__).parents[3] / "app" / "assets" / "exercises"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def index() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "index.json").read_text("utf-8"))
    return loaded


def test_every_exercise_has_a_loop_from_start_to_top_and_back(index: dict[str, Any]) -> None:
    assert set(index) == {exercise.value for exercise in ExerciseId}
    for entry in index.values():
        frames, top = entry["frames"], entry["top"]
        assert len(frames) == len(entry["ms"]) == 12
        assert entry["start"] == 0
        assert frames[1:top] == frames[:top:-1]
        assert min(entry["ms"]) >= 100
        assert entry["ms"][top] == max(entry["ms"])
        assert entry["alt"].startswith("Somebody ")
        assert entry["alt"].endswith(".")


def test_pictures_are_small_light_and_differ(index: dict[str, Any]) -> None:
    used = {name for entry in index.values() for name in entry["frames"]}
    assert {path.name for path in FOLDER.glob("*.jpg")} == used
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES
    for entry in index.values():
        start, top = (
            cv2.imread(str(FOLDER / entry["frames"][at])) for at in (entry["start"], entry["top"])
        )
        assert start is not None
        assert top is not None
        assert start.shape == top.shape == (400, 640, 3)
        assert np.median(start) > 225
        assert np.abs(start.astype(float) - top).mean() > 0.3


def test_muscles_are_tinted_on_the_side_that_works_and_only_there() -> None:
    pytest.importorskip("anny")
    pytest.importorskip("pyvista")
    from synthetic.body.fitting import regions
    from synthetic.exercises.art import gluteal

    rest = regions().rest
    left = gluteal(1.0, 0.0)
    assert float(left.max()) > 0.8
    assert float(left[rest[:, 0] < -0.06].max()) < 0.1
    np.testing.assert_allclose(left[rest[:, 2] > 0.35], 0.0, atol=1e-3)
    both = gluteal(1.0, 1.0)
    assert float(both.sum()) == pytest.approx(2 * float(left.sum()), rel=0.1)


def test_a_picture_shows_more_tint_at_the_top() -> None:
    pytest.importorskip("anny")
    pytest.importorskip("pyvista")
    from synthetic.body.model import Build
    from synthetic.exercises.art import all_art, draw
    from synthetic.exercises.limbs import shape_of

    shape = shape_of(Build())
    art = all_art(shape)[ExerciseId.GLUTE_BRIDGE]

    def tinted(share: float) -> int:
        red, green, blue = draw(shape, art, share).astype(int).transpose(2, 0, 1)
        return int(((red > blue + 60) & (red > green + 30) & (green < 150)).sum())

    assert tinted(1.0) > tinted(0.0) + 100
