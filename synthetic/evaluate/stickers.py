"""Judge the stickers on rendered pictures: ``python -m synthetic.evaluate.stickers``.

Everybody wears the stickers exactly over the bones, so the figures hold the finding, the
stickers' standing out from the bone, camera height, yaw and roll, but no error of the hand
that places them. Pictures that the pipeline refuses are left out.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
from rich.console import Console
from rich.progress import track

from synthetic.evaluate.report import Report, agreement
from synthetic.scene.arrangement import Truth, line_angle_deg
from synthetic.scene.sampling import sample_scene
from synthetic.stickers import StickerCase, StickerPicture, render_case
from synthetic.training.dataset import load_part
from vision.marks.points import PLACING_SD_DEG
from vision.marks.stickers import NoStickers, Stickers, find_stickers
from vision.pipeline import measure_photo
from vision.pose.mediapipe import shared_estimator
from vision.result import Z_90, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

#: Scenes that neither training nor the choice of any threshold has seen.
FIRST_SEED = 70_100_000
#: Sticker centres further than this from the true ones, diameters, are something else.
_ON_TARGET = 0.5
#: A lens this near to the pelvis's height, m, is what people are asked for.
_LENS_NEAR_M = 0.15
#: A sticker hidden by more than this cannot be asked for.
_VISIBLE = 0.5


@dataclass(frozen=True, slots=True)
class Trial:
    """One picture inside the gate and what was found in it; ``tilt_deg`` is NaN if nothing."""

    picture: StickerPicture
    found: Stickers | NoStickers
    tilt_deg: float
    sd_deg: float

    @property
    def truth(self) -> Truth:
        """What is known about the picture."""
        return self.picture.rendered.truth

    @property
    def visible(self) -> bool:
        """Tell whether half of each sticker can be seen."""
        return min(self.picture.asis_seen, self.picture.psis_seen) >= _VISIBLE

    @property
    def on_target(self) -> bool:
        """Tell whether what was found are the two stickers."""
        found = self.found
        return isinstance(found, Stickers) and all(
            math.dist(seen, true) <= _ON_TARGET * found.diameter_px
            for seen, true in (
                (found.asis_px, self.picture.asis_px),
                (found.psis_px, self.picture.psis_px),
            )
        )

    @property
    def lens_above_m(self) -> float:
        """Return the lens's height above a pelvis at 0.56 of the stature."""
        return self.truth.camera_height_m - 0.56 * self.truth.stature_m


def _find(rgb: NDArray[np.uint8]) -> tuple[Stickers | NoStickers, float, float] | None:
    """Return what is found with tilt and standard deviation, or None outside the gate."""
    result = measure_photo(rgb, quick=True)
    if not isinstance(result, Measured):
        return None
    pose = shared_estimator().estimate(rgb)[0]
    found = find_stickers(rgb, pose, result.facing)
    if isinstance(found, NoStickers):
        return found, math.nan, math.nan
    if result.stickers is None:
        return found, math.nan, math.nan
    doubt = result.stickers.doubt
    sd_deg = math.hypot(math.sqrt(doubt.reading_deg**2 - PLACING_SD_DEG**2), doubt.roll_deg)
    return found, result.stickers.angle_deg, sd_deg


def trials(case: StickerCase, seeds: Iterable[int]) -> list[Trial]:
    """Render a case with each seed and look for the stickers."""
    done = []
    for seed in track(list(seeds), case.value):
        picture = render_case(sample_scene(seed), case)
        answer = _find(picture.rendered.rgb)
        if answer is not None:
            done.append(Trial(picture, *answer))
    return done


def false_finds(folder: Path, part: str, count: int) -> tuple[int, int]:
    """Return how many kept pictures without stickers show some, and how many were looked at."""
    looked, false = 0, 0
    for sample in track(load_part(folder, part)[:count], "pictures without stickers"):
        answer = _find(sample.rgb)
        if answer is not None:
            looked += 1
            false += isinstance(answer[0], Stickers)
    return false, looked


_STRATA: dict[str, Callable[[Trial], bool]] = {
    "all": lambda trial: True,
    "clothing: tight": lambda trial: trial.truth.fit == "tight",
    "clothing: regular": lambda trial: trial.truth.fit == "regular",
    "clothing: loose": lambda trial: trial.truth.fit == "loose",
    f"lens within {_LENS_NEAR_M} m of the pelvis": lambda t: abs(t.lens_above_m) < _LENS_NEAR_M,
}


def _report_angles(report: Report, found: list[Trial]) -> None:
    truths: dict[str, Callable[[Trial], float]] = {
        "mid-line": lambda trial: trial.truth.tilt_deg,
        # Between the bony points of the side near the camera, roll undone.
        "near side": lambda trial: line_angle_deg(
            trial.truth.asis_px, trial.truth.psis_px, trial.truth.roll_deg
        ),
    }
    rows = {}
    for stratum, belongs in _STRATA.items():
        chosen = [trial for trial in found if belongs(trial)]
        for against, truth_of in truths.items() if chosen else ():
            ends = [(t.tilt_deg - Z_90 * t.sd_deg, t.tilt_deg + Z_90 * t.sd_deg) for t in chosen]
            rows[f"{stratum}, against the {against}"] = agreement(
                [truth_of(t) for t in chosen], [t.tilt_deg for t in chosen], ends
            )
    report.agreements("Tilt from stickers, pictures in which they were found", rows)


def _case_cells(case: StickerCase, done: list[Trial]) -> list[str]:
    found = [trial for trial in done if isinstance(trial.found, Stickers)]
    right = sum(trial.on_target for trial in found)
    doubts = Counter(t.found.reason.value for t in done if isinstance(t.found, NoStickers))
    said = ", ".join(f"{doubt} {n}" for doubt, n in doubts.most_common())
    return [case.value, str(len(done)), str(right), str(len(found) - right), said]


def judge(report: Report, folder: Path, count: int, each: int, first: int = FIRST_SEED) -> None:
    """Report on scenes with stickers, and on the part ``test`` of a data set, without.

    Parameters
    ----------
    count, each
        Pictures with both stickers and nothing else, and pictures of each other kind.
    first
        First seed.
    """
    both = trials(StickerCase.BOTH, range(first, first + count))
    visible = [trial for trial in both if trial.visible]
    found = [trial for trial in both if isinstance(trial.found, Stickers)]
    right = [trial for trial in visible if trial.on_target]
    report.text(
        f"Both stickers: {len(both)} of {count} pictures inside the gate, half of each "
        f"sticker seen in {len(visible)}; of those the two found in {len(right)} "
        f"({len(right) / max(len(visible), 1):.1%}). Something else taken for one: "
        f"{len(found) - sum(trial.on_target for trial in found)} of {len(both)}."
    )
    _report_angles(report, found)
    if (folder / "test").is_dir():
        false, looked = false_finds(folder, "test", max(count, 1))
        report.text(f"Stickers seen where there are none: {false} of {looked} pictures.")
    start = first + count
    report.table(
        "What else is in the picture",
        ("", "n", "the two found", "something else found", "nothing, because"),
        (
            _case_cells(case, trials(case, range(start, start + each)))
            for case in StickerCase
            if case is not StickerCase.BOTH and each
        ),
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="pictures with both stickers")
    parser.add_argument("--each", type=int, default=16, help="pictures of each other kind")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--data", type=Path, default=Path("data"))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    report = Report(Console(width=130))
    judge(report, arguments.data, arguments.count, arguments.each, arguments.first_seed)


if __name__ == "__main__":
    main()
