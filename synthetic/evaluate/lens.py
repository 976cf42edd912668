"""Judge what a lens's height does to stickers and marked points: ``synthetic.evaluate.lens``.

Whole pictures as phones take them, the lens 0.4 to 1.8 m above the ground and of 24 to 50 mm as
on 35 mm film, half of them in rooms with plumb lines. Each is measured three times: its file
tells the focal length, it tells none, and it was cropped while the file tells what it told
before. Points are marked, and stickers placed, exactly over the bones.
"""

from __future__ import annotations

import argparse
import io
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track

from synthetic.evaluate.report import Report, agreement
from synthetic.scene.arrangement import Truth, build_person, line_angle_deg
from synthetic.scene.phone import hold_phone, in_room
from synthetic.scene.rooms import EMPTY, PLUMB
from synthetic.scene.sampling import sample_scene
from synthetic.stickers import StickerCase, render_case
from vision.image.frame import frame_from_bytes
from vision.marks.points import LENS_HEIGHT_SD_DEG, PLACING_SD_DEG
from vision.pipeline import measure_photo
from vision.result import Z_90, BonyPoints, Measured, VerticalSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from vision.result import TiltEstimate

#: Scenes on which no constant was fitted; that was done on 81,000,000 to 81,000,499. Those from
#: 82,000,000 were looked at on the way.
FIRST_SEED = 83_000_000
TOLD, UNTOLD, CROPPED = "file tells", "file tells nothing", "cropped, file tells the old"
_EXIF_IFD, _FOCAL_LENGTH_35MM = 0x8769, 0xA405
_LENS_HEIGHTS_M = ((0.4, 0.75), (0.75, 1.1), (1.1, 1.45), (1.45, 1.8))
_FOCAL_LENGTHS_MM = ((24.0, 32.0), (32.0, 41.0), (41.0, 50.0))
#: What a crop leaves free of the person at least, as a share of the picture.
_MARGIN_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class LensTrial:
    """One measurement of one picture.

    Attributes
    ----------
    truth
        What is known about the picture.
    focal_mm
        As on 35 mm film.
    down_deg
        Slope from the lens down to the middle of the pelvis.
    file
        What its file tells, one of :data:`TOLD`, :data:`UNTOLD`, :data:`CROPPED`.
    result
        What was measured.
    """

    truth: Truth
    focal_mm: float
    down_deg: float
    file: str
    result: Measured

    @property
    def shows_plumb(self) -> bool:
        """Tell whether plumb lines were found."""
        return self.result.capture.vertical is VerticalSource.FOUND


def as_file(rgb: NDArray[np.uint8], focal_mm: float | None) -> bytes:
    """Return a picture as the bytes of a JPEG file that tells this focal length, or none."""
    exif = Image.Exif()
    if focal_mm is not None:
        exif.get_ifd(_EXIF_IFD)[_FOCAL_LENGTH_35MM] = round(focal_mm)
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=95, exif=exif)
    return stream.getvalue()


def trials_of(seed: int) -> list[LensTrial]:
    """Render a picture and measure it in each way in which it can be."""
    scene = sample_scene(seed)
    person = build_person(scene)
    phone = hold_phone(scene, person)
    pelvis_m = np.concatenate([person.pelvis.asis, person.pelvis.psis]).mean(0)
    away_m = pelvis_m - phone.camera.position
    down_deg = math.degrees(math.atan2(-away_m[2], math.hypot(away_m[0], away_m[1])))
    picture = render_case(
        replace(phone.scene, background="plain"), StickerCase.BOTH, lambda *_: phone.camera
    )
    rooms = PLUMB if seed % 2 else EMPTY
    rgb = in_room(picture.rendered, phone, rooms[seed // 2 % len(rooms)])
    truth = picture.rendered.truth
    rng = np.random.default_rng([seed, 63])
    cut_at, cropped = _cropped(rgb, picture.rendered.silhouette, rng)
    files = {
        TOLD: (as_file(rgb, phone.focal_mm), (0, 0)),
        UNTOLD: (as_file(rgb, None), (0, 0)),
        CROPPED: (as_file(cropped, phone.focal_mm), cut_at),
    }
    done = []
    for name, (data, corner) in files.items():
        asis, psis = (
            (float(x) - corner[0], float(y) - corner[1]) for x, y in (truth.asis_px, truth.psis_px)
        )
        points = BonyPoints(asis, psis)
        result = measure_photo(frame_from_bytes(data, name), points=points, quick=True)
        if isinstance(result, Measured):
            done.append(LensTrial(truth, phone.focal_mm, down_deg, name, result))
    return done


def _cropped(
    rgb: NDArray[np.uint8], silhouette: NDArray[np.float32], rng: np.random.Generator
) -> tuple[tuple[int, int], NDArray[np.uint8]]:
    """Cut a picture around its person, keeping its shape; return the corner and the rest."""
    whole = np.array(rgb.shape[1::-1])
    y, x = np.nonzero(silhouette > 0.5)
    low, high = np.array([x.min(), y.min()]), np.array([x.max(), y.max()])
    least = float(((high - low) / whole).max()) + _MARGIN_SHARE
    size = np.floor(whole * rng.uniform(min(1.0, least), 1.0)).astype(int)
    first = np.maximum(high - size, 0)
    last = np.maximum(np.minimum(low, whole - size), first)
    left, top = (int(v) for v in rng.integers(first, last + 1))
    part = rgb[top : top + size[1], left : left + size[0]]
    return (left, top), np.ascontiguousarray(part)


_Rows = dict[str, list[LensTrial]]


def _groups(done: list[LensTrial]) -> _Rows:
    """Return trials by what their file tells, by plumb lines, by height and by focal length."""
    rows: _Rows = {}
    for file in (TOLD, UNTOLD, CROPPED):
        of_file = [trial for trial in done if trial.file == file]
        rows[file] = of_file
        rows[f"{file}, plumb lines found"] = [trial for trial in of_file if trial.shows_plumb]
        rows[f"{file}, none found"] = [trial for trial in of_file if not trial.shows_plumb]
    for file in (TOLD, UNTOLD):
        of_file = rows[file]
        for low, high in _LENS_HEIGHTS_M:
            rows[f"{file}, lens {low:g} to {high:g} m high"] = [
                trial for trial in of_file if low <= trial.truth.camera_height_m < high
            ]
        for low, high in _FOCAL_LENGTHS_MM:
            rows[f"{file}, {low:g} to {high:g} mm"] = [
                trial for trial in of_file if low <= trial.focal_mm < high
            ]
    return rows


def _report(
    report: Report,
    title: str,
    done: list[LensTrial],
    tilt_of: Callable[[Measured], TiltEstimate | None],
) -> None:
    """Report on one method, against the tilt of the mid-line."""
    rows = {}
    for name, group in _groups(done).items():
        known = [(trial, tilt) for trial in group if (tilt := tilt_of(trial.result)) is not None]
        if not known:
            continue
        half_deg = [Z_90 * _without_hand_deg(tilt) for _, tilt in known]
        rows[name] = agreement(
            [trial.truth.tilt_deg for trial, _ in known],
            [tilt.angle_deg for _, tilt in known],
            [
                (tilt.angle_deg - half, tilt.angle_deg + half)
                for (_, tilt), half in zip(known, half_deg, strict=True)
            ],
        )
    report.agreements(title, rows)


def _without_hand_deg(tilt: TiltEstimate) -> float:
    """Return the doubt without placing the points by touch, since here they lie on the bone."""
    return math.sqrt(max(0.0, tilt.doubt.total_deg**2 - PLACING_SD_DEG**2))


def _uncorrected(result: Measured, points: BonyPoints) -> TiltEstimate:
    """Return what marked points read with nothing known of the lens."""
    roll_deg = result.capture.roll_deg
    angle_deg = line_angle_deg(points.asis_px, points.psis_px, roll_deg)
    assert result.marked is not None  # points were given
    doubt = replace(result.marked.doubt, reading_deg=math.hypot(PLACING_SD_DEG, LENS_HEIGHT_SD_DEG))
    return replace(result.marked, angle_deg=angle_deg, doubt=doubt)


def _report_slope(report: Report, done: list[LensTrial]) -> None:
    """Report on the slope from the lens down to the hips itself."""
    rows = {}
    for name, group in _groups(done).items():
        lenses = [(t.down_deg, t.result.capture.lens) for t in group]
        known = [(true, lens) for true, lens in lenses if lens is not None]
        if known:
            rows[name] = agreement(
                [true for true, _ in known],
                [lens.down_deg for _, lens in known],
                [
                    (
                        lens.down_deg - Z_90 * lens.down_sd_deg,
                        lens.down_deg + Z_90 * lens.down_sd_deg,
                    )
                    for _, lens in known
                ],
            )
    report.agreements("Slope from the lens down to the hips", rows)


def judge(report: Report, count: int, first_seed: int = FIRST_SEED) -> None:
    """Report on pictures of so many scenes."""
    seeds = range(first_seed, first_seed + count)
    done = [trial for seed in track(seeds, "lenses") for trial in trials_of(seed)]
    pictures = len({trial.truth.seed for trial in done})
    report.text(f"Inside the gate in one way or another: {pictures} of {count} pictures.")
    _report(report, "Stickers", done, lambda result: result.stickers)
    _report(report, "Marked points", done, lambda result: result.marked)
    told = [trial for trial in done if trial.file == TOLD]
    _report(
        report,
        "Marked points, as they read without any correction",
        told,
        lambda result: _uncorrected(result, result.points) if result.points else None,
    )
    _report_slope(report, done)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="how many pictures")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    judge(Report(Console(width=130)), arguments.count, arguments.first_seed)


if __name__ == "__main__":
    main()
