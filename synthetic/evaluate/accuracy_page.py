"""The page ``docs/ACCURACY.md``: all figures, a Bland-Altman plot, and the worst errors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import cv2
import numpy as np

from synthetic.body.drape import surface_points
from synthetic.scene.arrangement import build_person
from synthetic.scene.sampling import sample_scene
from synthetic.scene.view import scene_camera
from synthetic.training.dataset import WIDE_PX, apparent_tilt_deg
from synthetic.training.make import draw_outline
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX, shared_model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from synthetic.evaluate.report import Report
    from synthetic.training.dataset import Sample
    from vision.result import Measured

_WORST = 100
#: Of all pictures, this many in one are looked at for comparison.
_EVERY = 10
_SHOWN, _COLUMNS, _TILE_PX = 12, 6, (200, 300)
#: Below this share of overlap with the true outline around the pelvis a mask is at fault.
_FAULTY_OVERLAP = 0.93
#: Rows of the wide crop in which the pelvis lies.
_PELVIS_ROWS = slice(60, 135)
_INTRODUCTION = (
    "Written by `python -m synthetic.evaluate --report docs/ACCURACY.md` in one run. "
    "All bodies are rendered; their pelvis is known exactly. **These figures show that geometry "
    "and ordering are right on such bodies. They are not accuracy on people**, which nobody has "
    "measured yet. Angles are degrees; *covered* is the share of truths inside the 90 % interval, "
    "*half width* that of the interval. Pictures that the gate refuses are left out and counted "
    "apart."
)


def write_page(report: Report, page: Path, pairs: list[tuple[Sample, Measured]]) -> None:
    """Add plot and worst errors to what was reported, and write the page and its pictures."""
    pictures = page.parent / "accuracy"
    pictures.mkdir(exist_ok=True)
    report.heading("Agreement")
    plot = pictures / "agreement.png"
    report.text(_bland_altman(pairs, plot))
    report.picture(plot, page, "Error of each answer over the mean of answer and truth")
    report.heading(f"The worst {_WORST} errors by cause")
    worst = sorted(pairs, key=lambda pair: abs(error_deg(pair)))[::-1][:_WORST]
    causes = Counter(cause for pair in worst for cause in causes_of(pair))
    some = pairs[::_EVERY]
    usual = Counter(cause for pair in some for cause in causes_of(pair))
    outline_deg = np.abs([outline_error_deg(sample) for sample, _ in some]).mean()
    picture_deg = np.abs([error_deg(pair) for pair in some]).mean()
    report.text(
        f"On the true outlines of the bodies the model errs by {outline_deg:.2f} deg, on the "
        f"pictures of the same bodies by {picture_deg:.2f} ({len(some)} bodies, every tenth): "
        "the difference is what the estimator's mask costs, the rest is what outlines do not tell."
    )
    report.table(
        "How often each is true of the worst, and of every tenth picture; several may be",
        ("", "of the worst", "of all"),
        (
            [name, f"{n / len(worst):.0%}", f"{usual[name] / len(some):.0%}"]
            for name, n in causes.most_common()
        ),
    )
    sheet = pictures / "worst.jpg"
    cv2.imwrite(str(sheet), contact_sheet(worst[:_SHOWN]), [cv2.IMWRITE_JPEG_QUALITY, 80])
    report.picture(sheet, page, f"The {_SHOWN} worst, with answer and truth")
    report.write(page, "Accuracy on rendered bodies", _INTRODUCTION)


def error_deg(pair: tuple[Sample, Measured]) -> float:
    """Return answer minus truth, deg."""
    return float(pair[1].tilt.angle_deg - pair[0].truth["tilt_deg"])


def _bland_altman(pairs: list[tuple[Sample, Measured]], path: Path) -> str:
    """Draw errors over the mean of answer and truth, and say their limits."""
    from matplotlib.figure import Figure

    error = np.array([error_deg(pair) for pair in pairs])
    mean = np.array([sample.truth["tilt_deg"] for sample, _ in pairs]) + error / 2
    bias, sd = float(error.mean()), float(error.std(ddof=1))
    limits = bias - 1.96 * sd, bias + 1.96 * sd
    figure = Figure(figsize=(7, 4), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    axes.scatter(mean, error, s=6, color="#0072b2", alpha=0.5, linewidths=0)
    for level, style in ((bias, "-"), (limits[0], "--"), (limits[1], "--")):
        axes.axhline(level, color="#d55e00", linestyle=style, linewidth=1.2)
    axes.set_xlabel("mean of answer and truth, degrees")
    axes.set_ylabel("answer minus truth, degrees")
    figure.savefig(path)
    return (
        f"Bland-Altman: bias {bias:+.1f} deg, 95 % limits of agreement {limits[0]:.1f} to "
        f"{limits[1]:+.1f} deg, {len(pairs)} pictures."
    )


def true_outline(sample: Sample) -> NDArray[np.uint8]:
    """Return what the sample's wide crop would be without the estimator's faults."""
    scene = sample_scene(sample.truth["seed"])
    person = build_person(scene)
    points = np.concatenate([surface_points(m.vertices, m.faces) for m in person.meshes])
    return draw_outline(points, scene_camera(scene, person), sample.wide_matrix())


def outline_error_deg(sample: Sample) -> float:
    """Return the contour model's error on the true outline, camera roll known, deg."""
    above, left = (WIDE_PX - CROP_HEIGHT_PX) // 2, (WIDE_PX - CROP_WIDTH_PX) // 2
    crop = true_outline(sample)[above : above + CROP_HEIGHT_PX, left : left + CROP_WIDTH_PX]
    reading = shared_model().read(np.ascontiguousarray(crop, np.float32) / np.float32(255))
    return reading.tilt_deg - apparent_tilt_deg(sample.truth)


def mask_overlap(sample: Sample) -> float:
    """Return by how much the estimator's mask overlaps the true outline around the pelvis."""
    truly = true_outline(sample)[_PELVIS_ROWS] > 127
    seen = sample.wide[_PELVIS_ROWS] > 127
    return float((truly & seen).sum() / max((truly | seen).sum(), 1))


def causes_of(pair: tuple[Sample, Measured]) -> list[str]:
    """Name what is known to make a picture hard, all that apply."""
    truth = pair[0].truth
    found = {
        "mask at fault": mask_overlap(pair[0]) < _FAULTY_OVERLAP,
        "loose clothing": truth["fit"] == "loose",
        "arm hanging over the pelvis": truth["arms"] == "hanging",
        "turned by over 8 deg": abs(truth["yaw_deg"]) > 8,
        "unusual build": not 18 < truth["bmi"] < 28,
        "lumbar curve against the tilt": abs(truth["lordosis_deg"]) > 10,
        "tilt under 0 or over 20 deg": not 0 <= truth["tilt_deg"] <= 20,
    }
    return [name for name, applies in found.items() if applies] or ["none of these"]


def contact_sheet(pairs: list[tuple[Sample, Measured]]) -> NDArray[np.uint8]:
    """Return small pictures side by side, BGR, each with its answer and truth."""
    tiles = []
    for sample, result in pairs:
        bgr = np.ascontiguousarray(sample.rgb[..., ::-1])
        height, width = bgr.shape[:2]
        scale = min(_TILE_PX[0] / width, (_TILE_PX[1] - 24) / height)
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        tile = np.full((_TILE_PX[1], _TILE_PX[0], 3), 255, np.uint8)
        left = (_TILE_PX[0] - small.shape[1]) // 2
        tile[24 : 24 + small.shape[0], left : left + small.shape[1]] = small
        said = f"{result.tilt.angle_deg:.0f}, true {sample.truth['tilt_deg']:.0f}"
        cv2.putText(tile, said, (8, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
        tiles.append(tile)
    rows = [np.hstack(tiles[i : i + _COLUMNS]) for i in range(0, len(tiles), _COLUMNS)]
    return np.vstack(rows)
