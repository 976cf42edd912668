"""Small studies of made-up photographs, for tests of whatever comes after their making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from app.study.design import Design
from app.study.making import make_study
from app.study.worklist import BeltSeen, Rating
from tests import made_up_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.study.design import Study
    from vision.image.frame import Frame
    from vision.result import Measured, Reason, Rejected

SIZE_PX = 48, 64


def write_photographs(folder: Path, count: int) -> list[Path]:
    """Write pictures that differ, called ``person-0.png`` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"person-{number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        pixels = np.full((SIZE_PX[1], SIZE_PX[0], 3), 40 + 3 * number, np.uint8)
        pixels[: 10 + number % 20, :, 0] = 200
        Image.fromarray(pixels).save(path)
    return paths


def let_all_stand_alone(
    patch: pytest.MonkeyPatch, but: Sequence[str] = (), reason: Reason | None = None
) -> None:
    """Let each photograph show one person, but for those whose path ends like one of these."""

    def measure(frame: Frame, *, quick: bool) -> Measured | Rejected:
        assert quick
        if reason is not None and frame.source.endswith(tuple(but)):
            return made_up_results.rejected(reason)
        return made_up_results.measured()

    patch.setattr("vision.pipeline.measure_photo", measure)


def small_study(folder: Path, design: str = "raters=2,repeats=2,subjects=4") -> Study:
    """Make a study of made-up photographs beside them."""
    asked = Design.parse(design)
    write_photographs(folder / "photographs", asked.subjects)
    return make_study(folder / "study", asked, str(folder / "photographs"), seed=1)


def rated_study(folder: Path, photographs: Path) -> Study:
    """Make a study of three people in which two raters have answered everything, twice.

    Nobody looks whether the photographs show one person, which takes models.
    """
    with pytest.MonkeyPatch.context() as patch:
        let_all_stand_alone(patch)
        design = Design(raters=2, repeats=2, subjects=3)
        study = make_study(folder, design, str(photographs), seed=1)
    for rater in study.raters:
        worklist = study.worklist(rater)
        worklist.keep_all(
            [answer(item.id, 29.0 + place) for place, item in enumerate(worklist.items)]
        )
    return study


def answer(item: str, asis_y_px: float = 30.0) -> Rating:
    """Return a plausible answer."""
    return Rating(item, (30.0, asis_y_px), (12.0, 28.0), belt=BeltSeen.PARTLY, seconds=20.0)
