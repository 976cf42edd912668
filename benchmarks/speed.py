"""How long a measurement takes beside MediaPipe alone, and how soon the program answers.

From a clone::

    python -m benchmarks.speed [PICTURE...]

Each round takes every part once, one after another, so that a busy machine slows all of
them alike; the tables give medians over the rounds, of times and of ratios.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mediapipe as mp
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions

from benchmarks.table import print_table, verdict
from vision.image.frame import load_frame
from vision.model_files import POSE_BUNDLE, read_model
from vision.pipeline import measure_photo
from vision.pose.offline import run_offline
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
MEASURE_TARGET = 1.3
HELP_TARGET_S = 0.3
IMPORT_TARGET_S = 0.2
PROCESS_ROUNDS = 7


def bare_landmarker() -> Any:
    """Return MediaPipe's landmarker on the shipped bundle, with mask, for one person."""
    options = PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=read_model(POSE_BUNDLE)),
        num_poses=1,
        output_segmentation_masks=True,
    )
    return run_offline(lambda: PoseLandmarker.create_from_options(options))


def bare_call(landmarker: Any, rgb: NDArray[Any]) -> None:
    """Run MediaPipe on a decoded picture, and fetch its mask."""
    found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
    for mask in found.segmentation_masks or ():
        mask.numpy_view()


def bare_file_call(landmarker: Any, path: Path) -> None:
    """Let MediaPipe read the file itself, in full size."""
    found = landmarker.detect(mp.Image.create_from_file(str(path)))
    for mask in found.segmentation_masks or ():
        mask.numpy_view()


def seconds(part: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    part()
    return time.perf_counter() - start


def times_s(parts: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the times of each part, all parts taken in turn."""
    for part in parts.values():
        part()
    times: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            times[name].append(seconds(part))
    return times


def median_ratio(times: list[float], beside: list[float]) -> float:
    """Return the median over the rounds of one part's time by another's."""
    return statistics.median(one / other for one, other in zip(times, beside, strict=True))


def measure_row(path: Path, landmarker: Any, rounds: int) -> list[str]:
    """Time one picture and return its row of the table."""
    rgb = load_frame(path).rgb
    result = measure_photo(path)
    found = times_s(
        {
            "bare": lambda: bare_call(landmarker, rgb),
            "array": lambda: measure_photo(rgb),
            "decode": lambda: load_frame(path),
            "bare file": lambda: bare_file_call(landmarker, path),
            "file": lambda: measure_photo(path),
        },
        rounds,
    )
    ratios = [
        median_ratio(found[ours], found[theirs])
        for ours, theirs in (("array", "bare"), ("file", "bare"), ("file", "bare file"))
    ]
    return [
        path.name[:36],
        f"{rgb.shape[1]}x{rgb.shape[0]}",
        *(f"{statistics.median(times) * 1000:.1f}" for times in found.values()),
        *(f"{ratio:.2f}{'*' if ratio > MEASURE_TARGET else ' '}" for ratio in ratios),
        verdict(max(ratios), MEASURE_TARGET) if isinstance(result, Measured) else "(rejected)",
    ]


def process_row(name: str, command: list[str], target_s: float) -> list[str]:
    """Time a whole process and return its row of the table."""

    def run() -> None:
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    found_s = statistics.median(times_s({name: run}, PROCESS_ROUNDS)[name])
    return [name, f"{found_s:.3f}", f"{target_s:.1f}", verdict(found_s, target_s)]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pictures", nargs="*", type=Path, help="default: sample_images/*.jpg")
    parser.add_argument("--rounds", type=int, default=25)
    arguments = parser.parse_args()
    pictures = arguments.pictures or sorted((ROOT / "sample_images").glob("*.jpg"))

    landmarker = bare_landmarker()
    print_table(
        f"A picture, warm: milliseconds, and times the bare call (* = over {MEASURE_TARGET})",
        ["picture", "size", "bare", "array", "decode", "bare file", "file",
         "array/bare", "file/bare", "file/bare file", "target"],
        [measure_row(path, landmarker, arguments.rounds) for path in pictures],
    )  # fmt: skip
    script = Path(sysconfig.get_path("scripts")) / "beltline"
    help_command = [str(script)] if script.exists() else [sys.executable, "-m", "app"]
    print_table(
        "A whole process: seconds",
        ["process", "median", "target", ""],
        [
            process_row("python -c pass", [sys.executable, "-c", "pass"], IMPORT_TARGET_S),
            process_row("import vision", [sys.executable, "-c", "import vision"], IMPORT_TARGET_S),
            process_row("beltline --help", [*help_command, "--help"], HELP_TARGET_S),
        ],
    )


if __name__ == "__main__":
    main()
