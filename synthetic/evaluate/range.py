"""Judge the range test on rendered bodies: ``python -m synthetic.evaluate.range``.

Every body is seen tucked, relaxed and arched, with its relaxed stance anywhere in between, by
one camera as in front of a webcam, and by another camera each time as in three photographs.
Every picture goes through the whole pipeline. A body of which one position is refused gives no
range and is counted.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.progress import track

from synthetic.body.pose import ArmPose
from synthetic.evaluate.report import Report
from synthetic.scene.render import render
from synthetic.scene.sampling import judging_scene, sample_scene
from synthetic.training.dataset import jpeg_of
from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.range_of_motion import PositionTilts, RangeResult, assess_range
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synthetic.scene.arrangement import BodyScene
    from vision.range_of_motion import Likely
    from vision.result import TiltEstimate

#: Scenes that neither training nor the choice of any constant has seen.
FIRST_SEED = 70_200_000
#: Scenes by which the constants of :mod:`vision.range_of_motion` were chosen.
CHOOSING_SEED = 70_300_000
_BODIES = 30
#: A standing pelvis can be turned by about 11 deg forward and 9 backward (Levine and Whittle
#: 1996, J Orthop Sports Phys Ther 24:130), people differ.
_TUCKED_DEG, _RANGE_DEG, _PLACE = (-10.0, 4.0), (12.0, 26.0), (0.1, 0.9)
#: Seeds of the cameras of the second and third photograph lie so far from the body's.
_OTHER_CAMERA = 400_000
_OF_THE_CAMERA = (
    "yaw_deg",
    "roll_deg",
    "pitch_deg",
    "camera_height_m",
    "camera_distance_m",
    "fill",
    "place",
    "width_px",
    "height_px",
    "background",
    "background_colour",
    "lighting",
    "exposure",
)


@dataclass(frozen=True, slots=True)
class RangeTrial:
    """One body in three positions, tucked, relaxed and arched.

    Attributes
    ----------
    true_deg
        The pelvis's own tilts.
    answers
        What the pipeline said of each; None where it refused.
    """

    true_deg: tuple[float, float, float]
    answers: tuple[TiltEstimate | None, ...]

    @property
    def true_range_deg(self) -> float:
        """How far the pelvis turned."""
        return self.true_deg[2] - self.true_deg[0]

    @property
    def true_place_percent(self) -> float:
        """Where relaxed standing lay."""
        return 100 * (self.true_deg[1] - self.true_deg[0]) / self.true_range_deg

    def result(self, *, is_one_camera: bool) -> RangeResult | None:
        """Return what the program makes of it; None where it refuses."""
        if any(answer is None for answer in self.answers):
            return None
        tucked, relaxed, arched = ((answer,) for answer in self.answers if answer is not None)
        found = assess_range(PositionTilts(tucked, relaxed, arched), is_one_camera=is_one_camera)
        return found if isinstance(found, RangeResult) else None


def scenes_of(seed: int, *, is_one_camera: bool) -> tuple[BodyScene, ...]:
    """Return a body tucked, relaxed and arched, fists on the collar-bones, in its clothes."""
    scene = replace(judging_scene(seed), arms=ArmPose.COLLAR_BONES)
    random = np.random.default_rng([seed, 31])
    tucked_deg, range_deg, place = (
        float(random.uniform(*limits)) for limits in (_TUCKED_DEG, _RANGE_DEG, _PLACE)
    )
    tilts_deg = tucked_deg, tucked_deg + place * range_deg, tucked_deg + range_deg
    shape_deg = scene.bones.shape_deg
    positions = [replace(scene, tilt_deg=tilt_deg + shape_deg) for tilt_deg in tilts_deg]
    if is_one_camera:
        return tuple(positions)
    cameras = [sample_scene(seed + number * _OTHER_CAMERA) for number in range(3)]
    return tuple(
        replace(position, **{name: getattr(camera, name) for name in _OF_THE_CAMERA})
        for position, camera in zip(positions, cameras, strict=True)
    )


def trial_of(seed: int, *, is_one_camera: bool) -> RangeTrial:
    """Render a body's three positions and measure each picture from its JPEG bytes."""
    true_deg, answers = [], []
    for scene in scenes_of(seed, is_one_camera=is_one_camera):
        rendered = render(scene)
        result = measure_photo(frame_from_bytes(jpeg_of(rendered.rgb), "position"))
        true_deg.append(rendered.truth.tilt_deg)
        answers.append(result.tilt if isinstance(result, Measured) else None)
    tucked_deg, relaxed_deg, arched_deg = true_deg
    return RangeTrial((tucked_deg, relaxed_deg, arched_deg), tuple(answers))


def figures(found: Sequence[tuple[float, Likely]]) -> list[str]:
    """Return the cells of a row: how many, and how good what was said of each truth is."""
    error = np.array([said.value - true for true, said in found])
    half = np.array([(said.high - said.low) / 2 for _, said in found])
    covered = np.mean([said.low <= true <= said.high for true, said in found])
    return [
        str(len(found)),
        f"{np.abs(error).mean():.2f}",
        f"{error.mean():+.2f}",
        f"{covered:.0%}",
        f"{half.mean():.1f}",
        f"{np.abs(error).max():.1f}",
    ]


_COLUMNS = ("", "n", "MAE", "bias", "covered", "half width", "largest")


def judge(report: Report, count: int = _BODIES, first_seed: int = FIRST_SEED) -> None:
    """Report on range and place, seen by one camera and by three."""
    for is_one_camera, title in ((True, "One camera"), (False, "Another camera each time")):
        trials = [
            trial_of(first_seed + number, is_one_camera=is_one_camera)
            for number in track(range(count), title)
        ]
        pairs = [(trial, trial.result(is_one_camera=is_one_camera)) for trial in trials]
        told = [(trial, result) for trial, result in pairs if result is not None]
        whole = sum(None not in trial.answers for trial in trials)
        report.text(
            f"{title}: {count} bodies, {whole} of them measured in all three positions, "
            f"{len(told)} of these given a range."
        )
        if not told:
            continue
        rows = [
            ["range, deg", *figures([(t.true_range_deg, r.range_deg) for t, r in told])],
            ["place, %", *figures([(t.true_place_percent, r.place_percent) for t, r in told])],
        ]
        report.table(f"Range test: {title.lower()}", _COLUMNS, rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=_BODIES, help="how many bodies")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    arguments = parser.parse_args()
    judge(Report(Console(width=110)), arguments.count, arguments.first_seed)


if __name__ == "__main__":
    main()
