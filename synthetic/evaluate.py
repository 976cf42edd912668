"""Judge the shipped model on bodies it never saw: ``python -m synthetic.evaluate``.

Every picture goes through the pipeline that users run, from its JPEG bytes to an answer or
a refusal. Only answers count; refusals are listed by reason.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from synthetic.dataset import SWEEP_TILTS_DEG, Sample, load_part
from synthetic.figures import Agreement, agreement, ridge_answers
from synthetic.replay import replay
from vision.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.result import Facing, Measured, Rejected, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Pair = tuple[Sample, Measured]
_MIRRORED_PICTURES = 300


def _yaw_stratum(pair: Pair) -> str:
    return f"true yaw {min(abs(pair[0].truth['yaw_deg']) // 5 * 5, 15):.0f} deg and up"


def _build_stratum(pair: Pair) -> str:
    bmi = pair[0].truth["bmi"]
    return "build: " + ("slim" if bmi < 22 else "middle" if bmi < 28 else "heavy")


#: Each gives the name of the stratum that a pair belongs to.
STRATA: tuple[Callable[[Pair], str], ...] = (
    lambda pair: "all",
    lambda pair: f"clothing: {pair[0].truth['fit']}",
    lambda pair: f"arms: {pair[0].truth['arms']}",
    lambda pair: f"sex: {pair[0].truth['sex']}",
    _build_stratum,
    _yaw_stratum,
    lambda pair: f"facing: {pair[0].truth['facing']}",
)


def measured_pairs(samples: list[Sample], what: str) -> tuple[list[Pair], Counter[str]]:
    """Run the pipeline; return what was measured, and how often each reason refused."""
    pairs, refused = [], Counter[str]()
    for sample, result in track(replay(samples), f"measuring: {what}", total=len(samples)):
        if isinstance(result, Measured):
            pairs.append((sample, result))
        else:
            refused.update({_first_refusal(result): 1})
    return pairs, refused


def _first_refusal(result: Rejected) -> str:
    return next(r.code.value for r in result.reasons if r.severity is Severity.REFUSE)


def by_stratum(pairs: list[Pair]) -> dict[str, Agreement]:
    """Return the agreement of the contour's answers in each stratum."""
    groups: dict[str, list[Pair]] = {}
    for name_of in STRATA:
        for pair in sorted(pairs, key=name_of):
            groups.setdefault(name_of(pair), []).append(pair)
    return {
        name: agreement(
            [sample.truth["tilt_deg"] for sample, _ in group],
            [result.tilt.angle_deg for _, result in group],
            [(result.tilt.low_deg, result.tilt.high_deg) for _, result in group],
        )
        for name, group in groups.items()
    }


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


def baselines(train: list[Sample], pairs: list[Pair]) -> dict[str, Agreement]:
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
    for sample, result in track(pairs[:_MIRRORED_PICTURES], "measuring: mirrored"):
        mirrored = cv2.flip(frame_from_bytes(sample.jpeg, "").rgb[:, :, ::-1], 1)
        encoded = cv2.imencode(".jpg", mirrored, [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
        again = measure_photo(frame_from_bytes(encoded.tobytes(), "mirrored"))
        if isinstance(again, Measured):
            differences.append(again.tilt.angle_deg - result.tilt.angle_deg)
    return np.array(differences)


def _print_agreements(console: Console, title: str, rows: dict[str, Agreement]) -> None:
    table = Table(title=title)
    for name in ("", "n", "MAE deg", "bias deg", "slope", "r", "covered", "half width deg"):
        table.add_column(name, justify="left" if not name else "right")
    for name, row in rows.items():
        numbers = (row.mae_deg, row.bias_deg, row.slope, row.correlation)
        cells = [f"{number:.2f}" for number in numbers]
        share = "" if np.isnan(row.coverage) else f"{row.coverage:.1%}"
        width = "" if np.isnan(row.half_width_deg) else f"{row.half_width_deg:.1f}"
        table.add_row(name, str(row.count), *cells, share, width)
    console.print(table)


def evaluate(folder: Path, console: Console) -> dict[str, Any]:
    """Run every check on the parts ``test``, ``sweep`` and ``train`` and print the figures."""
    pairs, refused = measured_pairs(load_part(folder, "test"), "test bodies")
    strata = by_stratum(pairs)
    _print_agreements(console, "Contour model, held-out bodies inside the gate", strata)
    others = baselines(load_part(folder, "train"), pairs)
    _print_agreements(console, "Without the contour, the same pictures", others)
    console.print("Refused:", ", ".join(f"{code} {n}" for code, n in refused.most_common()) or "0")
    rising, whole, bodies = sweep_rises(load_part(folder, "sweep"))
    console.print(f"Swept bodies: {rising} of {whole} rise at every step ({bodies} swept).")
    moved = np.abs(mirror_differences(pairs))
    console.print(
        f"Mirrored and encoded anew, {len(moved)} pictures: "
        f"mean {moved.mean():.2f}, 95th percentile {np.percentile(moved, 95):.2f}, "
        f"largest {moved.max():.2f} deg"
    )
    return {
        "contour": {name: asdict(row) for name, row in strata.items()},
        "baselines": {name: asdict(row) for name, row in others.items()},
        "refused": dict(refused),
        "sweep": {"rising": rising, "measured_whole": whole, "bodies": bodies},
        "mirror_deg": {"mean": float(moved.mean()), "max": float(moved.max())},
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()
    figures = evaluate(arguments.data, Console(width=110))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
