"""Time of a measurement beside MediaPipe alone, of many on all cores; memory of a large one.

``python -m benchmarks measure speed|many|memory``
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from PIL import Image

from app.system.cores import worker_count
from benchmarks.shared import (
    ROOT,
    fetch_masks,
    judged,
    print_table,
    sample_pictures,
    took_ms,
    verdict,
)
from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.pose.mediapipe import Landmarker
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURE_TARGET = 1.3
HELP_TARGET_S = 0.3
IMPORT_TARGET_S = 0.2
PROCESS_ROUNDS = 7
PEAK_TARGET_MB = 700.0
#: Of the processes that work, so many do what one process alone does.
MANY_TARGET = 0.925
SIZE_PX = (8000, 6000)
_MEASURE = """
import resource, sys
if len(sys.argv) > 1:
    from vision import measure_photo
    print(type(measure_photo(sys.argv[1])).__name__)
else:
    import vision.pipeline
    print("nothing")
if sys.platform == "linux":
    # getrusage would count what the parent held when it started this process.
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""
_BARE = """
import sys
import mediapipe as mp
from benchmarks.shared import fetch_masks
from vision.image.frame import load_frame
from vision.pose.mediapipe import Landmarker
native = Landmarker(1, is_video=False).native
for path in sys.argv[1:]:
    fetch_masks(native.detect(mp.Image(mp.ImageFormat.SRGB, load_frame(path).rgb)))
"""


def speed(
    pictures: Annotated[list[Path] | None, typer.Argument()] = None, rounds: int = 25
) -> None:
    """Time a picture beside the bare MediaPipe call, and the start of the program.

    Each round takes every part once, one after another, so that a busy machine slows all of
    them alike; the tables give medians over the rounds, of times and of ratios.
    """
    landmarker = Landmarker(1, is_video=False).native
    print_table(
        f"A picture, warm: milliseconds, and times the bare call (* = over {MEASURE_TARGET}); "
        "all but the careful look are quick ones",
        ["picture", "size", "bare", "array", "decode", "bare file", "file", "careful",
         "array/bare", "file/bare", "file/bare file", "careful/bare", "target"],
        [measure_row(path, landmarker, rounds) for path in pictures or sample_pictures()],
    )  # fmt: skip
    script = Path(sysconfig.get_path("scripts")) / "beltline"
    help_command = [str(script)] if script.exists() else [sys.executable, "-m", "app"]
    print_table(
        "A whole process: seconds",
        ["process", "median", "target", "of target", ""],
        [
            process_row("python -c pass", [sys.executable, "-c", "pass"], IMPORT_TARGET_S),
            process_row("import vision", [sys.executable, "-c", "import vision"], IMPORT_TARGET_S),
            process_row("beltline --help", [*help_command, "--help"], HELP_TARGET_S),
        ],
    )


def times_ms(parts: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the times of each part, all parts taken in turn, the first round not counted."""
    times: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds + 1):
        for name, part in parts.items():
            times[name].append(took_ms(part))
    return {name: found[1:] for name, found in times.items()}


def measure_row(path: Path, landmarker: Any, rounds: int) -> list[str]:
    """Time one picture and return its row of the table."""
    import mediapipe as mp

    rgb = load_frame(path).rgb
    result = measure_photo(path)
    found = times_ms(
        {
            "bare": lambda: fetch_masks(landmarker.detect(mp.Image(mp.ImageFormat.SRGB, rgb))),
            "array": lambda: measure_photo(rgb, quick=True),
            "decode": lambda: load_frame(path),
            # MediaPipe reads the file itself, and works on it in full size.
            "bare file": lambda: fetch_masks(
                landmarker.detect(mp.Image.create_from_file(str(path)))
            ),
            "file": lambda: measure_photo(path, quick=True),
            "careful": lambda: measure_photo(rgb),
        },
        rounds,
    )
    pairs = ("array", "bare"), ("file", "bare"), ("file", "bare file"), ("careful", "bare")
    *ratios, careful = [
        statistics.median(a / b for a, b in zip(found[ours], found[theirs], strict=True))
        for ours, theirs in pairs
    ]
    return [
        path.name[:36],
        f"{rgb.shape[1]}x{rgb.shape[0]}",
        *(f"{statistics.median(times):.1f}" for times in found.values()),
        *(f"{ratio:.2f}{'*' if ratio > MEASURE_TARGET else ' '}" for ratio in ratios),
        f"{careful:.1f}",
        verdict(max(ratios), MEASURE_TARGET) if isinstance(result, Measured) else "(rejected)",
    ]


def process_row(name: str, command: list[str], target_s: float) -> list[str]:
    """Time a whole process and return its row of the table."""

    def run() -> None:
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    found_ms = times_ms({name: run}, PROCESS_ROUNDS)[name]
    return [name, *judged(statistics.median(found_ms) / 1000, target_s, 3)]


def many(
    pictures: Annotated[list[Path] | None, typer.Argument()] = None,
    count: int = 200,
    rounds: int = 3,
    quick: bool = False,
    workers: int | None = None,
) -> None:
    """Time `beltline measure` of many photographs on all cores beside one process.

    The pictures, ``sample_images`` unless given, are taken again and again until there are
    enough. In each round one process, all cores, and as many processes of MediaPipe alone as
    there are cores (each reads its share and looks once at each) take turns; whole processes,
    with their start. The lines of both ways have to be the same.
    """
    known = [str(path) for path in pictures or sample_pictures()]
    photos = [known[number % len(known)] for number in range(count)]
    processes = workers or worker_count(count, is_quick=quick)
    one = MeasuredLines(photos, "--workers", "1", *["--quick"] * quick)
    all_cores = MeasuredLines(photos, "--workers", str(processes), *["--quick"] * quick)
    found = times_ms(
        {
            "one process": one.measure,
            f"{processes} processes": all_cores.measure,
            f"{processes} of MediaPipe alone": lambda: look_barely(photos, processes),
        },
        rounds,
    )
    seconds = {name: [time / 1000 for time in times] for name, times in found.items()}
    alone, *_ = seconds.values()
    rows = []
    for name, times in seconds.items():
        ratios = [a / b for a, b in zip(alone, times, strict=True)]
        cells = [f"{statistics.median(times):.1f}", f"{count / statistics.median(times):.1f}"]
        rows.append([name, *cells, f"{statistics.median(ratios):.2f}"])
    print_table(
        f"{count} photographs, {'quick looks' if quick else 'careful looks'}; times one process: "
        f"at least {MANY_TARGET * processes:.2f} with {processes}",
        ["", "seconds", "a second", "times one process"],
        rows,
    )
    print(f"The lines are the same: {'yes' if one.lines == all_cores.lines else 'NO'}")


class MeasuredLines:
    """A call of the program, and what it printed the last time."""

    def __init__(self, photos: list[str], *options: str) -> None:
        self._command = [sys.executable, "-m", "app", "measure", "--json", *options, *photos]
        self.lines = b""

    def measure(self) -> None:
        """Run the program once; refused photographs are no failure."""
        done = subprocess.run(self._command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(f"beltline measure ended with {done.returncode}.")
        self.lines = done.stdout


def look_barely(photos: list[str], processes: int) -> None:
    """Have so many processes find people in their share of the photographs, and nothing else."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _BARE, *photos[first::processes]],
            cwd=ROOT, stderr=subprocess.DEVNULL,
        )
        for first in range(processes)
    ]  # fmt: skip
    statuses = [process.wait() for process in started]
    if any(statuses):
        raise SystemExit("A process of MediaPipe alone failed.")


def memory(picture: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Take the peak memory of a process that measures a 48-megapixel photograph.

    The picture, one of ``sample_images`` unless given, is enlarged to 8000 by 6000 pixels and
    measured by a process of its own, whose peak is what the system counted.
    """
    source = picture or next(iter(sample_pictures()), None)
    if source is None:
        raise SystemExit("There are no sample images: name a picture of a person.")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        kinds: dict[str, Path | None] = {"imports only": None, "as it is": source}
        kinds.update(enlarge(source, Path(folder)))
        for kind, path in kinds.items():
            answer, peak_mb = peak_of(path)
            cells = judged(peak_mb, PEAK_TARGET_MB, 0)
            cells[-1] = "-" if path in (None, source) else cells[-1]
            rows.append([kind, answer, *cells])
    print_table(
        f"{source.name} at {SIZE_PX[0]} by {SIZE_PX[1]}: peak memory",
        ["file", "answer", "MB", "target", "of target", ""],
        rows,
    )


def enlarge(source: Path, folder: Path) -> dict[str, Path]:
    """Write the picture as 48-megapixel files of each kind, the person as large as fits."""
    with Image.open(source) as small:
        picture = small.convert("RGB")
    height_px = SIZE_PX[1]
    width_px = min(SIZE_PX[0], round(picture.width * height_px / picture.height))
    large = Image.new("RGB", SIZE_PX, (150, 150, 145))
    large.paste(picture.resize((width_px, height_px)), ((SIZE_PX[0] - width_px) // 2, 0))
    names = ("JPEG", "plain.jpg"), ("progressive JPEG", "progressive.jpg"), ("PNG", "plain.png")
    files = {kind: folder / name for kind, name in names}
    for kind, path in files.items():
        large.save(path, quality=92, progressive=kind.startswith("progressive"), compress_level=1)
    return files


def peak_of(picture: Path | None) -> tuple[str, float]:
    """Return what a process of its own answers, and its peak in megabytes (of 2**20 bytes)."""
    arguments = [] if picture is None else [str(picture)]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *arguments],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    answer, peak_mb = done.stdout.split()
    return answer, float(peak_mb)
