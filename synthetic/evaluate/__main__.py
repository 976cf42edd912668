"""Judge the shipped program on bodies it never saw: ``python -m synthetic.evaluate``.

Every picture goes through the pipeline that users run, from its JPEG bytes to an answer or
a refusal. Only answers count; refusals are listed by reason. With ``--report`` the same
figures, and those of stickers, belt line and camera roll, become a page with a Bland-Altman
plot and the worst errors: ``docs/ACCURACY.md``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from synthetic.body.drape import surface_points
from synthetic.evaluate import fit_yaw
from synthetic.evaluate.report import (
    Agreement,
    Pair,
    Report,
    agreement,
    angle_agreement,
    by_stratum,
    measured_pairs,
)
from synthetic.scene.arrangement import build_person, scene_camera
from synthetic.scene.sampling import sample_scene
from synthetic.training.dataset import (
    WIDE_PER_TRUNK_PX,
    Sample,
    apparent_tilt_deg,
    jpeg_of,
    load_other,
    load_part,
    outline_tilt_deg,
)
from synthetic.training.make import draw_outline
from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.pose.mediapipe import shared_estimator
from vision.result import Facing, Measured, ReasonCode
from vision.scene import estimate_facing
from vision.silhouette import Placing, edges_of, read_quickly, rows_of, shared_model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


JPEG_QUALITIES = (60, 75, 95)
MEGAPIXELS = (0.5, 2.0, 8.0, 24.0)
#: Spread of a landmark's place from one frame to the next of somebody standing still.
LANDMARK_SD_TRUNKS = 0.01
_KEPT_QUALITY = 95
_MIRRORED_PICTURES = 100
_DISTURBED_PICTURES = 30
_BELT_COUNT = 250
_STICKER_COUNT, _STICKER_EACH, _ROOMS, _LENSES = 120, 8, 240, 110
_WORST = 100
#: Of all pictures, this many in one are looked at for comparison.
_EVERY = 3
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
    "*half width* that of the interval. Tables of the contour leave the shape of the bones out of "
    "truth and interval, unless they say otherwise. Pictures that the gate refuses are left out "
    "and counted apart."
)


def _landmark_features(sample: Sample) -> NDArray[np.float64]:
    """Return the landmarks around the hips, trunk lengths, front to the right; shape (66,)."""
    hip, shoulder = sample.xy_px[23:25].mean(axis=0), sample.xy_px[11:13].mean(axis=0)
    scaled = (sample.xy_px - hip) / np.hypot(*(shoulder - hip))
    facing_right = scaled * [Facing(sample.facing).front_sign, 1]
    return np.asarray(facing_right, float).ravel()


def _trunk_lean(sample: Sample) -> NDArray[np.float64]:
    features = _landmark_features(sample).reshape(33, 2)
    shoulder = features[11:13].mean(axis=0)
    return np.atleast_1d(np.degrees(np.arctan2(shoulder[0], -shoulder[1])))


def ridge_answers(
    train_x: NDArray[np.float64],
    train_y: NDArray[np.float64],
    test_x: NDArray[np.float64],
    strength: float = 1.0,
) -> NDArray[np.float64]:
    """Fit standardised ridge regression on one set and answer another.

    Parameters
    ----------
    train_x, train_y
        Shapes (n, k) and (n,).
    test_x
        Shape (m, k).
    strength
        Weight of the penalty, per sample of unit variance.
    """
    middle, spread = train_x.mean(axis=0), train_x.std(axis=0) + 1e-9
    x = (train_x - middle) / spread
    weights = np.linalg.solve(
        x.T @ x + strength * np.eye(x.shape[1]), x.T @ (train_y - train_y.mean())
    )
    answers: NDArray[np.float64] = (test_x - middle) / spread @ weights + train_y.mean()
    return answers


def baselines(train: list[Sample], pairs: list[tuple[Sample, Measured]]) -> dict[str, Agreement]:
    """Judge what is possible without the contour, on the very same pictures."""
    truth = np.array([outline_tilt_deg(sample.truth) for sample, _ in pairs])
    known = np.array([outline_tilt_deg(sample.truth) for sample in train])
    answers = {"always the mean": np.full(len(truth), known.mean())}
    for name, features in (("trunk lean", _trunk_lean), ("all landmarks", _landmark_features)):
        answers[f"{name}, best linear fit"] = ridge_answers(
            np.stack([features(sample) for sample in train]),
            known,
            np.stack([features(sample) for sample, _ in pairs]),
        )
    return {name: agreement(truth, answer) for name, answer in answers.items()}


def _resized(rgb: NDArray[np.uint8], megapixels: float) -> bytes:
    height, width = rgb.shape[:2]
    factor = (megapixels * 1e6 / (height * width)) ** 0.5
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = (round(width * factor), round(height * factor))
    return jpeg_of(np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8), _KEPT_QUALITY)


def _answer_deg(encoded: bytes) -> float:
    """Return the answer, NaN where the picture is refused."""
    result = measure_photo(frame_from_bytes(encoded, "disturbed"))
    return result.tilt.angle_deg if isinstance(result, Measured) else float("nan")


def _measured(moved_deg: list[float]) -> NDArray[np.float64]:
    return np.array([moved for moved in moved_deg if not np.isnan(moved)], float)


def mirror_differences(pairs: list[tuple[Sample, Measured]]) -> NDArray[np.float64]:
    """Return by how much mirroring, and encoding anew, changes each answer; deg."""
    moved = []
    for sample, result in track(pairs[:_MIRRORED_PICTURES], "measuring: mirrored"):
        mirrored = np.asarray(cv2.flip(sample.rgb, 1), np.uint8)
        moved.append(_answer_deg(jpeg_of(mirrored)) - result.tilt.angle_deg)
    return _measured(moved)


def _landmarks_moved_deg(rgb: NDArray[np.uint8], rng: np.random.Generator) -> float:
    """Return the change when hips and shoulders move and the mask does not."""
    people = shared_estimator().estimate(rgb)
    if not people:
        return float("nan")
    pose = people[0]
    facing = estimate_facing(pose)
    noise = rng.normal(0, LANDMARK_SD_TRUNKS * pose.trunk_px, pose.xy_px.shape)
    noisy = replace(pose, xy_px=(pose.xy_px + noise).astype(np.float32))
    before, after = (read_quickly(rgb, one, (facing, 0.0, 0.0)).tilt_deg for one in (pose, noisy))
    return after - before


def moved_deg(samples: Iterable[Sample]) -> dict[str, NDArray[np.float64]]:
    """Return, for each disturbance, by how much each answer moves; refused ones left out.

    Parameters
    ----------
    samples
        With their pictures.
    """
    changes = {f"JPEG quality {q}": partial(jpeg_of, quality=q) for q in JPEG_QUALITIES}
    changes |= {f"{size:g} megapixels": partial(_resized, megapixels=size) for size in MEGAPIXELS}
    rng = np.random.default_rng(5)
    moved: dict[str, list[float]] = {}
    for sample in samples:
        rgb = sample.rgb
        before_deg = _answer_deg(sample.jpeg)
        if np.isnan(before_deg):
            continue
        for name, change in changes.items():
            moved.setdefault(name, []).append(_answer_deg(change(rgb)) - before_deg)
        moved.setdefault("landmark noise", []).append(_landmarks_moved_deg(rgb, rng))
    return {name: _measured(values) for name, values in moved.items()}


def _flagged_loose(pairs: list[tuple[Sample, Measured]], fit: str) -> float:
    """Return in which share of pictures with clothes of this fit they are called loose."""
    reasons = [result.reasons for sample, result in pairs if sample.truth["fit"] == fit]
    flagged = [any(r.code is ReasonCode.LOOSE_CLOTHING for r in found) for found in reasons]
    return float(np.mean(flagged)) if flagged else float("nan")


def _report_refusals(report: Report, refused: Counter[str], total: int) -> None:
    counts = ([code, str(n), f"{n / total:.1%}"] for code, n in refused.most_common())
    report.table(f"Refused, of {total} pictures", ("first reason", "n", "share"), counts)


def _report_moves(report: Report, moved: dict[str, NDArray[np.float64]]) -> None:
    rows = []
    for name, values in moved.items():
        sizes = np.abs(values)
        figures = (sizes.mean(), np.percentile(sizes, 95), sizes.max(), (sizes <= 1).mean() * 100)
        rows.append([name, str(len(values)), *(f"{figure:.2f}" for figure in figures)])
    columns = ("", "n", "mean deg", "95th percentile", "largest", "within 1 deg, %")
    report.table("By how much the answer moves", columns, rows)


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
    outlines_deg = np.abs([outline_error_deg(sample) for sample, _ in some])
    is_tight = np.array([sample.truth["fit"] == "tight" for sample, _ in some])
    picture_deg = np.abs([error_deg(pair) for pair in some]).mean()
    report.text(
        f"On the true outlines of the bodies the model errs by {outlines_deg.mean():.2f} deg, in "
        f"tight clothes by {outlines_deg[is_tight].mean():.2f}, on the pictures of the same bodies "
        f"by {picture_deg:.2f} ({len(some)} bodies, every third): the difference is what the "
        "estimator's mask costs, the rest is what outlines do not tell."
    )
    report.table(
        "How often each is true of the worst, and of every third picture; several may be",
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
    """Return the outline's answer minus the truth without the bones' own shape, deg."""
    contour = pair[1].contour
    return contour.angle_deg - outline_tilt_deg(pair[0].truth) if contour else float("nan")


def _bland_altman(pairs: list[tuple[Sample, Measured]], path: Path) -> str:
    """Draw errors over the mean of answer and truth, and say their limits."""
    from matplotlib.figure import Figure

    error = np.array([error_deg(pair) for pair in pairs])
    mean = np.array([outline_tilt_deg(sample.truth) for sample, _ in pairs]) + error / 2
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
    edges = edges_of(true_outline(sample).astype(np.float32) / np.float32(255))
    rows = rows_of(edges[None], WIDE_PER_TRUNK_PX, Placing.beside([(0.0, 0.0)]))
    reading = shared_model().read(rows, sample.truth["yaw_deg"])[0]
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
        "tilt under 0 or over 20 deg": not 0 <= outline_tilt_deg(truth) <= 20,
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
        true_deg = outline_tilt_deg(sample.truth)
        said = f"{true_deg + error_deg((sample, result)):.0f}, true {true_deg:.0f}"
        cv2.putText(tile, said, (8, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
        tiles.append(tile)
    rows = [np.hstack(tiles[i : i + _COLUMNS]) for i in range(0, len(tiles), _COLUMNS)]
    return np.vstack(rows)


def judge_contour(report: Report, folder: Path) -> list[tuple[Sample, Measured]]:
    """Report on the contour's answers; return those of the part ``test``."""
    report.heading("Contour, held-out bodies drawn as for training")
    samples = load_part(folder, "test")
    pairs, refused = measured_pairs(samples, "test bodies")
    _report_part(report, [*pairs], refused, len(samples))
    flagged = {fit: _flagged_loose(pairs, fit) for fit in ("loose", "regular", "tight")}
    shares = ", ".join(f"{share:.0%} of {fit} clothes" for fit, share in flagged.items())
    report.text(f"Flagged as loose: {shares}.")
    others = baselines(load_part(folder, "train"), pairs)
    report.agreements("Without the contour, the same pictures", others)
    moves = {"mirrored and encoded anew": mirror_differences(pairs)}
    disturbed = track(samples[:_DISTURBED_PICTURES], "measuring: disturbed")
    _report_moves(report, moves | moved_deg(disturbed))
    return pairs


def judge_never_trained(report: Report, folder: Path) -> None:
    """Report on bodies, clothes and renderers of which nothing was ever trained on."""
    report.heading("Contour, flesh and clothes of other kinds than trained on")
    samples = load_part(folder, "judge")
    pairs, refused = measured_pairs(samples, "judging bodies")
    _report_part(report, [*pairs], refused, len(samples))
    pictures = load_other(folder / "other")
    if pictures:
        report.heading("The same, drawn and lit by another renderer (Blender)")
        others, refused = measured_pairs(pictures, "other renderer")
        _report_part(report, [*others], refused, len(pictures))


def _report_part(report: Report, pairs: list[Pair], refused: Counter[str], total: int) -> None:
    report.agreements("Bodies inside the gate", by_stratum(pairs))
    whole = angle_agreement(pairs)
    report.text(
        f"The interval of one angle, all parts of the doubt together, holds the tilt of the bones, "
        f"whose shape is drawn, in {whole.coverage:.1%}; mean error {whole.mae_deg:.2f} deg, half "
        f"width {whole.half_width_deg:.1f} deg."
    )
    _report_refusals(report, refused, total)


def judge_others(report: Report, folder: Path, photos: Path | None) -> None:
    """Report on changes, range test, stickers, lens, belt line, roll and real photographs."""
    from synthetic.evaluate import belt, change, lens, level, range, real, stickers

    report.heading("Change, and what calibrating is worth")
    change.judge(report, folder)
    report.heading("Range test")
    range.judge(report)
    report.heading("Stickers")
    stickers.judge(report, folder, _STICKER_COUNT, _STICKER_EACH)
    report.heading("Stickers and marked points by the height of the lens")
    lens.judge(report, _LENSES)
    report.heading("Belt line")
    # Its interval was chosen on some of the part ``test``.
    belt.judge(report, belt.stored_pictures(folder, "judge"), _BELT_COUNT)
    others = load_other(folder / "other")
    if others:
        report.text("The same, drawn and lit by another renderer (Blender):")
        belt.judge(report, ((other.rgb, other.truth) for other in others), len(others))
    report.heading("Camera roll")
    level.judge(report, folder, _ROOMS)
    if photos is not None:
        report.heading("Real photographs, of which no truth is known")
        real.judge(report, photos)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--report", type=Path, help="judge everything, and write this page too")
    parser.add_argument("--photos", type=Path, help="folder of real photographs, for the page")
    arguments = parser.parse_args()
    report = Report(Console(width=130))
    pairs = judge_contour(report, arguments.data)
    report.heading("Turned away from side-on")
    fit_yaw.judge(report, "test bodies", load_part(arguments.data, "test"))
    judge_never_trained(report, arguments.data)
    if arguments.report:
        judge_others(report, arguments.data, arguments.photos)
        write_page(report, arguments.report, pairs)


if __name__ == "__main__":
    main()
