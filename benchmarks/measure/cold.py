"""From nothing to the first number: whole processes beside a script that finds the pose alone.

``python -m benchmarks measure cold|cold-window``

The bare script is what MediaPipe's own guide shows: import it, read the picture, find one person
with the mask, once. All processes of a round are taken in turn, so that a busy machine slows all
of them alike, and what counts is the median of the ratios within a round. The first round,
which writes Python's compiled files and reads all others from the disk, is not counted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmarks.shared import ROOT, judged, print_table, sample_pictures
from vision.model_files import FOLDER, POSE_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Times the bare script: a quick look on the command line; the first number in a new window.
COLD_TARGET, WINDOW_TARGET = 1.15, 1.2
#: Beyond the bare script's peak, in megabytes of 2**20 bytes.
MEMORY_TARGET_MB = 60.0
PAINTED_TARGET_S = 0.25
#: Its last lines tell what only the process itself knows: its peak, without its parent's.
_LEAVE = """
def told_at_the_end():
    held = open("/proc/self/status").read()
    print("PEAK", int(held.split("VmHWM:")[1].split()[0]) / 1024)
"""
_BARE = """
import sys
import mediapipe as mp
from mediapipe.tasks import python
from mediapipe.tasks.python import vision
options = vision.PoseLandmarkerOptions(
    base_options=python.BaseOptions(model_asset_path=sys.argv[1]), output_segmentation_masks=True)
with vision.PoseLandmarker.create_from_options(options) as landmarker:
    found = landmarker.detect(mp.Image.create_from_file(sys.argv[2]))
    for mask in found.segmentation_masks or ():
        mask.numpy_view()
    print(len(found.pose_landmarks), "found")
"""
_MEASURE = """
import atexit, sys
sys.argv = ["beltline", "measure", "--json", *sys.argv[1:]]
from app.__main__ import main
"""
#: What takes time on the way, by module and name; each is timed where it is called.
_STEPS = """
import importlib, os, time
def step(home, name, words):
    module = importlib.import_module(home)
    owner, _, name = name.rpartition(".")
    owner = getattr(module, owner) if owner else module
    real = getattr(owner, name)
    def timed(*given, **more):
        begun, used = time.time(), time.thread_time()
        try:
            return real(*given, **more)
        finally:
            own = 1000 * (time.thread_time() - used)
            since = float(os.environ["BEGUN"])
            ends.append((begun - since, time.time() - since, own, words))
    setattr(owner, name, timed)
ends = []
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds on the clock and of the processors."""

    wall_s: float
    cpu_s: float


def cold(
    picture: Annotated[Path | None, typer.Argument()] = None,
    rounds: int = 9,
    steps: Annotated[
        bool, typer.Option("--steps", help="Also print when each step begins and ends.")
    ] = False,
) -> None:
    """Time `beltline measure` of one photograph from the start of the process, and its memory.

    Beside the bare script, on the same picture. The target is for a quick look, as the bare script
    looks once; the careful one stands beside it.
    """
    path = _chosen(picture)
    bare = [sys.executable, "-c", _BARE, str(FOLDER / POSE_BUNDLE), path]
    measure = [sys.executable, "-m", "app", "measure", "--json"]
    commands = {
        "bare script": bare,
        "beltline measure --quick": [*measure, "--quick", path],
        "beltline measure": [*measure, path],
    }
    found = in_turn({name: _timing(command) for name, command in commands.items()}, rounds)
    alone = found["bare script"]
    print_table(
        f"One photograph, cold, {rounds} rounds: seconds, and times the bare script",
        ["process", "fastest", "median", "processors", "times their", "times", "target",
         "of target", ""],
        [_row(name, costs, alone, COLD_TARGET) for name, costs in found.items()],
    )  # fmt: skip
    print_memory(path)
    if steps:
        for options in (["--quick"], []):
            print_steps([*options, path])


def _chosen(picture: Path | None) -> str:
    return str(Path(picture or sample_pictures()[1]).resolve())


def in_turn(parts: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Return what each part took, all taken in turn, the first round not counted."""
    found: dict[str, list[Cost]] = {name: [] for name in parts}
    for _ in range(rounds + 1):
        for name, part in parts.items():
            found[name].append(part())
    return {name: costs[1:] for name, costs in found.items()}


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment for a program as it is used: with its compiled files.

    MediaPipe tells its makers how it is used, when it is closed; here it finds nobody to tell.
    """
    nowhere = "http://127.0.0.1:9"
    own = os.environ | {"https_proxy": nowhere, "no_proxy": ""} | more
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own


def _timing(command: Sequence[str]) -> Callable[[], Cost]:
    def run() -> Cost:
        begun_s = time.perf_counter()
        with subprocess.Popen(
            command, cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            raise SystemExit(f"A process ended with {process.returncode}: {command}")
        return Cost(time.perf_counter() - begun_s, used.ru_utime + used.ru_stime)

    return run


def _row(name: str, costs: list[Cost], alone: list[Cost], target: float) -> list[str]:
    walls = [cost.wall_s for cost in costs]
    pairs = [*zip(costs, alone, strict=True)]
    cells = [f"{min(walls):.2f}", f"{statistics.median(walls):.2f}"]
    cells += [f"{statistics.median(cost.cpu_s for cost in costs):.2f}"]
    cells += [f"{statistics.median(ours.cpu_s / bare.cpu_s for ours, bare in pairs):.2f}"]
    ratio = statistics.median(ours.wall_s / bare.wall_s for ours, bare in pairs)
    if costs is alone:
        return [name, *cells, f"{ratio:.2f}", "", "", ""]
    return [name, *cells, *judged(ratio, target, 2)]


def print_memory(path: str) -> None:
    """Print the peak memory of each process, which it tells itself at its end; Linux only."""
    leave = f"{_LEAVE}\nimport atexit\natexit.register(told_at_the_end)\n"
    bare_mb = _peak_mb([leave + _BARE, str(FOLDER / POSE_BUNDLE), path])
    rows = [["bare script", f"{bare_mb:.0f}", "", "", "", ""]]
    for name, options in (("beltline measure --quick", ["--quick"]), ("beltline measure", [])):
        peak_mb = _peak_mb([f"{leave}{_MEASURE}main()", *options, path])
        beyond = judged(peak_mb - bare_mb, MEMORY_TARGET_MB, 0)
        rows.append([name, f"{peak_mb:.0f}", *beyond])
    header = ["process", "peak MB", "beyond the bare script", "target", "of target", ""]
    print_table("Peak memory", header, rows)


def _peak_mb(arguments: Sequence[str]) -> float:
    return float(_said(arguments).rpartition("PEAK")[2])


def print_steps(arguments: Sequence[str]) -> None:
    """Print when the steps of a measurement begin and end, ms from the start of the process.

    What holds the steps is imported beforehand, to be timed: a little more than the command needs.
    """
    told = """
def tell():
    from sys import stdout
    stdout.flush()
    for begun, ended, own, words in sorted(each for each in ends if each[1] - each[0] > 0.001):
        print("STEP", words, round(1000 * begun), round(1000 * ended), round(own), sep="\\t")
"""
    steps = "".join(f"step({home!r}, {name!r}, {words!r})\n" for home, name, words in STEPS)
    since = (
        'ends.append((0, time.time() - float(os.environ["BEGUN"]), 0, "Python and our imports"))'
    )
    code = f"{_STEPS}{told}{steps}{_MEASURE}import atexit\natexit.register(tell)\n{since}\nmain()"
    lines = _said([code, *arguments], BEGUN=str(time.time())).splitlines()
    rows = [line.split("\t")[1:] for line in lines if line.startswith("STEP")]
    header = ["step", "begins", "ends", "own processor's time"]
    print_table(f"Steps of beltline measure {' '.join(arguments[:-1])}: ms", header, rows)


#: Where each step is called, its name, and what it is.
STEPS = (
    ("app.cli.one_photo", "load_frame", "picture read and decoded"),
    ("vision.pose.mediapipe", "_library", "MediaPipe's modules and native library"),
    ("vision.pose.mediapipe", "read_model", "the pose model read and checked"),
    ("vision.pose.mediapipe", "run_offline", "MediaPipe, where no socket opens"),
    ("vision.pose.mediapipe", "_detect", "a look by MediaPipe"),
    ("vision.silhouette", "shared_model", "the contour network loaded"),
    ("vision.belt.line", "shared_network", "the belt line's network loaded"),
    ("vision.pipeline", "read_contour", "the outline read"),
    ("vision.pipeline", "read_contour_carefully", "the outline read carefully"),
    ("vision.pipeline", "_look_for_marks", "stickers and belt"),
    ("app.cli.one_photo", "measure_photo", "all of measuring"),
)


def _said(arguments: Sequence[str], **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", *arguments],
        cwd=ROOT, env=environment(**more), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 3):
        raise SystemExit(f"A process ended with {done.returncode}: {done.stderr}")
    return done.stdout


_WINDOW = """
import sys, time
from pathlib import Path
from app.gui.app import ShownWindow, desktop
from app.gui.check.page import CheckState
photo, is_dropped = sys.argv[1], sys.argv[2] == "dropped"
app = desktop()
window = ShownWindow(app).open(() if is_dropped else (photo,))
while not window.windowHandle().isExposed():
    app.processEvents()
window.repaint()
print(time.time(), time.process_time(), flush=True)
if is_dropped:
    window.open_photo(photo)
page = window.pages.check()
answered = CheckState.MEASURED, CheckState.REFUSED, CheckState.UNREADABLE
while page.state not in answered:
    app.processEvents()
    time.sleep(0.001)
window.repaint()
print(time.time(), page.state, flush=True)
window.close()
"""


def cold_window(picture: Annotated[Path | None, typer.Argument()] = None, rounds: int = 9) -> None:
    """Time the window from the start of the process: painted, and with its first number painted.

    One window gets the photograph on its command line, another as soon as it is painted, as if it
    were dropped there by then; nothing was loaded ahead. Beside the bare script, in turn. With
    ``DISPLAY`` set and without ``QT_QPA_PLATFORM`` a real screen is used, else Qt's offscreen one.
    """
    path = _chosen(picture)
    painted: dict[str, list[Cost]] = {"on the command line": [], "dropped": []}
    bare = _timing([sys.executable, "-c", _BARE, str(FOLDER / POSE_BUNDLE), path])

    def window(way: str) -> Callable[[], Cost]:
        def run() -> Cost:
            first, cost = _window_cost(path, way)
            painted[way].append(first)
            return cost

        return run

    found = in_turn({"bare script": bare} | {way: window(way) for way in painted}, rounds)
    print_table(
        f"The window painted, cold, {rounds} rounds: seconds",
        ["photograph", "processors", "fastest", "median", "target", "of target", ""],
        [_painted_row(way, taken[1:]) for way, taken in painted.items()],
    )
    alone = found["bare script"]
    print_table(
        "Its first number (a careful look's) painted: seconds, and times the bare script",
        ["photograph", "fastest", "median", "processors", "times their", "times", "target",
         "of target", ""],
        [_row(name, costs, alone, WINDOW_TARGET) for name, costs in found.items()],
    )  # fmt: skip


def _painted_row(way: str, costs: list[Cost]) -> list[str]:
    walls = [cost.wall_s for cost in costs]
    busy_s = statistics.median(cost.cpu_s for cost in costs)
    cells = judged(statistics.median(walls), PAINTED_TARGET_S, 2)
    return [way, f"{busy_s:.2f}", f"{min(walls):.2f}", *cells]


def _window_cost(path: str, way: str) -> tuple[Cost, Cost]:
    """Return what the painted window took from the start of its process, and what its number."""
    with tempfile.TemporaryDirectory() as folder:
        names = "BELTLINE_CONFIG_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"
        own = dict.fromkeys(names, folder)
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            own["QT_QPA_PLATFORM"] = "offscreen"
        begun_s = time.time()
        with subprocess.Popen(
            [sys.executable, "-c", _WINDOW, path, way],
            cwd=ROOT, env=environment(**own), stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            said = process.stdout.read() if process.stdout is not None else ""
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    painted, busy, answered, state = said.split()
    if state != "measured":
        raise SystemExit(f"The window says {state} of {path}.")
    cost = Cost(float(answered) - begun_s, used.ru_utime + used.ru_stime)
    return Cost(float(painted) - begun_s, float(busy)), cost
