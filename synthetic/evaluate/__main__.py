"""Judge the shipped program on bodies it never saw: ``python -m synthetic.evaluate``.

Every picture goes through the pipeline that users run, from its JPEG bytes to an answer or
a refusal. Only answers count; refusals are listed by reason. With ``--report`` the same
figures, and those of stickers, belt line and camera roll, become a page.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from synthetic.evaluate import fit_yaw
from synthetic.evaluate.figures import Agreement, agreement, ridge_answers
from synthetic.evaluate.report import Report
from synthetic.evaluate.strata import by_stratum
from synthetic.training.dataset import SWEEP_TILTS_DEG, Sample, load_other, load_part, replay
from synthetic.training.disturb import moved_deg
from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.result import Facing, Measured, ReasonCode, Rejected, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthetic.evaluate.strata import Known, Pair

_MIRRORED_PICTURES = 300
_DISTURBED_PICTURES = 100
#: The first this many pictures of the part ``test`` chose the belt line's interval.
_BELT_SKIP, _BELT_COUNT = 500, 250
_STICKER_COUNT, _STICKER_EACH, _ROOMS = 120, 8, 240

_KnownT = TypeVar("_KnownT", bound="Known")


def measured_pairs(
    pictures: list[_KnownT], what: str
) -> tuple[list[tuple[_KnownT, Measured]], Counter[str]]:
    """Run the pipeline; return what was measured, and how often each reason refused."""
    pairs, refused = [], Counter[str]()
    for picture, result in track(replay(pictures), f"measuring: {what}", total=len(pictures)):
        if isinstance(result, Measured):
            pairs.append((picture, result))
        else:
            refused.update({_first_refusal(result): 1})
    return pairs, refused


def _first_refusal(result: Rejected) -> str:
    return next(r.code.value for r in result.reasons if r.severity is Severity.REFUSE)


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


def baselines(train: list[Sample], pairs: list[tuple[Sample, Measured]]) -> dict[str, Agreement]:
    """Judge what is possible without the contour, on the very same pictures."""
    truth = np.array([sample.truth["tilt_deg"] for sample, _ in pairs])
    known = np.array([sample.truth["tilt_deg"] for sample in train])
    answers = {"always the mean": np.full(len(truth), known.mean())}
    for name, features in (("trunk lean", _trunk_lean), ("all landmarks", _landmark_features)):
        answers[f"{name}, best linear fit"] = ridge_answers(
            np.stack([features(sample) for sample in train]),
            known,
            np.stack([features(sample) for sample, _ in pairs]),
        )
    return {name: agreement(truth, answer) for name, answer in answers.items()}


def sweep_rises(samples: list[Sample]) -> tuple[int, int, int]:
    """Return how many swept bodies rise at every step, were measured whole, and there are."""
    bodies: dict[int, dict[float, float]] = {}
    for sample, result in track(replay(samples), "measuring: sweep", total=len(samples)):
        answers = bodies.setdefault(sample.truth["seed"], {})
        if isinstance(result, Measured):
            answers[float(round(sample.truth["tilt_deg"]))] = result.tilt.angle_deg
    whole = [b for b in bodies.values() if len(b) == len(SWEEP_TILTS_DEG)]
    rising = [b for b in whole if (np.diff([b[t] for t in SWEEP_TILTS_DEG]) > 0).all()]
    return len(rising), len(whole), len(bodies)


def mirror_differences(pairs: list[Pair]) -> NDArray[np.float64]:
    """Return by how much mirroring, and encoding anew, changes each answer; deg."""
    differences = []
    for picture, result in track(pairs[:_MIRRORED_PICTURES], "measuring: mirrored"):
        mirrored = cv2.flip(frame_from_bytes(picture.jpeg, "").rgb[:, :, ::-1], 1)
        encoded = cv2.imencode(".jpg", mirrored, [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
        again = measure_photo(frame_from_bytes(encoded.tobytes(), "mirrored"))
        if isinstance(again, Measured):
            differences.append(again.tilt.angle_deg - result.tilt.angle_deg)
    return np.array(differences)


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


def judge_contour(report: Report, folder: Path) -> list[tuple[Sample, Measured]]:
    """Report on the contour's answers; return those of the part ``test``."""
    report.heading("Contour")
    samples = load_part(folder, "test")
    pairs, refused = measured_pairs(samples, "test bodies")
    report.agreements("Held-out bodies inside the gate", by_stratum([*pairs]))
    flagged = {fit: _flagged_loose(pairs, fit) for fit in ("loose", "regular", "tight")}
    shares = ", ".join(f"{share:.0%} of {fit} clothes" for fit, share in flagged.items())
    report.text(f"Flagged as loose: {shares}.")
    others = baselines(load_part(folder, "train"), pairs)
    report.agreements("Without the contour, the same pictures", others)
    _report_refusals(report, refused, len(samples))
    rising, whole, bodies = sweep_rises(load_part(folder, "sweep"))
    report.text(
        f"Bodies swept from -5 to 25 deg by 5: {rising} of {whole} rise at every step "
        f"({bodies} swept)."
    )
    moves = {"mirrored and encoded anew": mirror_differences([*pairs])}
    disturbed = track(samples[:_DISTURBED_PICTURES], "measuring: disturbed")
    _report_moves(report, moves | moved_deg(disturbed))
    return pairs


def judge_yaw(report: Report, folder: Path) -> None:
    """Report how well the body's turn away from side-on is told."""
    samples = load_part(folder, "test")
    report.heading("Turned away from side-on")
    right = [s for s in samples if s.facing == s.truth["facing"]]
    fit_yaw.judge(report, "test bodies", right)


def judge_other_renderer(report: Report, folder: Path) -> None:
    """Report on pictures of bodies that another renderer drew, if there are any."""
    pictures = load_other(folder / "other")
    if not pictures:
        return
    report.heading("Contour, other renderer than trained on")
    pairs, refused = measured_pairs(pictures, "other renderer")
    report.agreements("Held-out bodies, drawn and lit by Blender", by_stratum([*pairs]))
    _report_refusals(report, refused, len(pictures))


def judge_others(report: Report, folder: Path) -> None:
    """Report on stickers, belt line and camera roll."""
    from synthetic.evaluate import belt, level, stickers

    report.heading("Stickers")
    stickers.judge(report, folder, _STICKER_COUNT, _STICKER_EACH)
    report.heading("Belt line")
    pictures = belt.stored_pictures(folder, "test")
    belt.judge(report, pictures, _BELT_COUNT, _BELT_SKIP)
    report.heading("Camera roll")
    level.judge(report, folder, _ROOMS)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--report", type=Path, help="judge everything, and write this page too")
    arguments = parser.parse_args()
    report = Report(Console(width=130))
    pairs = judge_contour(report, arguments.data)
    judge_yaw(report, arguments.data)
    judge_other_renderer(report, arguments.data)
    if arguments.report:
        from synthetic.evaluate.accuracy_page import write_page

        judge_others(report, arguments.data)
        write_page(report, arguments.report, pairs)


if __name__ == "__main__":
    main()
