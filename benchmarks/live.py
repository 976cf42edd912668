"""The live check and the exercise coach: how fast, how steady, how right.

``python -m benchmarks live rate|coach-rate|memory|heartbeat|steady|coach-clips``

A film of a sample person is made where none is given; the coach then says that he is to lie
down, which costs what any other answer costs.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cv2
import numpy as np
import typer

from benchmarks import clips, window
from benchmarks.shared import (
    after,
    cost_of,
    fetch_masks,
    judged,
    print_table,
    took_ms,
    verdict,
    wait,
    write_standing,
)
from vision.camera.capture import CameraProblem
from vision.camera.stream import NewestFrame
from vision.coach.coaching import Coach
from vision.coach.events import CoachedExercise
from vision.coach.view import CoachView
from vision.live.check import LiveCheck
from vision.live.session import LiveKind, LiveSession
from vision.live.view import LiveView
from vision.pose.mediapipe import Landmarker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray
    from PyQt6.QtCore import QCoreApplication

    from app.gui.background.camera import LiveFeed

    Times = NDArray[np.float64]

app = typer.Typer(no_args_is_help=True)
app.command("heartbeat")(window.live_heartbeat)
app.command("steady")(clips.steady)
app.command("coach-clips")(clips.coach_clips)

#: On a quiet machine, and beside other processes that are busy.
RATE_TARGET, BESIDE_TARGET = 0.95, 0.90
COACH_TARGET = 0.85
#: In pictures' times, over the answer's own processing time.
AGE_TARGET = 1.5
GROWTH_TARGET_MB = 20.0
CLOSE_TARGET_S = 1.0
IDLE_TARGET_PERCENT = 1.0
_WARM_UP_MINUTES = 2.0
_CLOSINGS = 20
_PAUSE_S = 10.0

Films = Annotated[list[Path] | None, typer.Argument()]
Beside = Annotated[int, typer.Option(help="How many busy processes run meanwhile.")]


@app.command("rate")
def rate(films: Films = None, rounds: int = 5, beside: Beside = 0) -> None:
    """Compare pictures a second with MediaPipe alone, and take the age of an answer.

    MediaPipe alone (VIDEO mode, one person, with mask) and the live check read the same film
    in turn, as fast as they can, so that a busy machine slows both. Then the film is played at
    its own speed, as a camera would, and each answer's age is taken: from when its picture was
    there to when the answer is, and what it keeps busy of the processors.
    """
    target = BESIDE_TARGET if beside else RATE_TARGET
    with tempfile.TemporaryDirectory() as folder, busy_processes(beside):
        found = films or [write_standing(Path(folder) / "standing.mp4")]
        rates = [rate_row(film, rounds, live_rate, target) for film in found]
        ages = [age_row(film) for film in found]
    print_rates("live check", target, rates)
    print_table(
        "At the film's own speed: age of an answer",
        ("film", "age p95, ms", "own time p50, ms", "dropped", "cores kept busy",
         "waited p95, pictures", "at most", "of target", ""),
        ages,
    )  # fmt: skip


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Have so many processes do nothing but count meanwhile, each as fast as one core can."""
    code = "while True: pass"
    others = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


@app.command("coach-rate")
def coach_rate(
    films: Films = None, rounds: int = 5, exercise: CoachedExercise = CoachedExercise.GLUTE_BRIDGE
) -> None:
    """Compare the coach's pictures a second with MediaPipe alone, read in turn."""
    counted: list[str] = []

    def coached(film: Path) -> float:
        view, coach = CoachView(), Coach(exercise, 1000)
        times_ms = play(film, view, coach)
        view.close()
        counted.append(str(len(coach.finish_now().repetitions)))
        return rate_of(times_ms)

    with tempfile.TemporaryDirectory() as folder:
        found = films or [write_standing(Path(folder) / "standing.mp4")]
        rows = [[*rate_row(film, rounds, coached, COACH_TARGET), counted[-1]] for film in found]
    print_rates("coach", COACH_TARGET, rows, "counted")


def print_rates(ours: str, target: float, rows: list[list[str]], *more: str) -> None:
    """Print the rows of :func:`rate_row`."""
    header = ("film", "MediaPipe alone", ours, "ratio", f"at least {target}", *more)
    print_table("Pictures a second, read as fast as possible", header, rows)


def rate_row(
    film: Path, rounds: int, our_rate: Callable[[Path], float], target: float
) -> list[str]:
    """Read a film by turns, and return the row of the table."""
    pairs = [(bare_rate(film), our_rate(film)) for _ in range(rounds)]
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    return [
        film.name,
        *(f"{statistics.median(rates):.1f}" for rates in zip(*pairs, strict=True)),
        f"{ratio:.2f}",
        verdict(target, ratio),
    ]


def bare_rate(film: Path) -> float:
    """Return how many pictures a second MediaPipe alone looks at."""
    import mediapipe as mp

    landmarker = Landmarker(1, is_video=True).native
    capture = cv2.VideoCapture(str(film))
    count, started_s = 0, time.perf_counter()
    while True:
        worked, bgr = capture.read()
        if not worked:
            break
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
        fetch_masks(landmarker.detect_for_video(image, 33 * count))
        count += 1
        if count == 1:  # the first picture also loads things, on either side
            started_s = time.perf_counter()
    took_s = time.perf_counter() - started_s
    capture.release()
    landmarker.close()
    return (count - 1) / took_s


def live_rate(film: Path) -> float:
    """Return how many pictures a second the whole live check looks at."""
    view = LiveView()
    times_ms = play(film, view, LiveCheck(5))
    view.close()
    return rate_of(times_ms)


def rate_of(times_ms: Times) -> float:
    """Return how many answers a second there were after the first, which also loads things."""
    ready_ms = times_ms[:, 2]
    return float(1000 * (len(ready_ms) - 1) / (ready_ms[-1] - ready_ms[0]))


def play(film: Path, view: Any, check: Any, epoch: int = 0, *, keep_all: bool = True) -> Times:
    """Let a check see a film, all of it or at its own speed; return three times of each answer.

    Shape (n, 3), ms: its picture's time in the film, and when, by the clock, work on it began
    and ended.
    """
    feed, last = NewestFrame(film, keep_all=keep_all), None
    times_ms: list[tuple[float, float, float]] = []

    def answer(began_ms: float, done: Future[Any]) -> None:
        check.add(done.result())
        times_ms.append((done.result().t_ms, began_ms, time.perf_counter() * 1000))

    feed.start()
    while (event := feed.take(10.0)) is not None and event.problem is not CameraProblem.ENDED:
        if event.frame is None:
            continue
        is_first, began_ms = last is None, time.perf_counter() * 1000
        last = view.begin(event.frame, epoch + event.epoch)
        last.add_done_callback(partial(answer, began_ms))
        if is_first and keep_all:
            last.result()
    if last is not None:
        last.result()
    feed.close()
    return np.array(times_ms)


def age_row(film: Path) -> list[str]:
    """Play a film at its own speed and return the row of the table of ages."""
    fps, total = length_of(film)
    view = LiveView()
    began_s, before_s = time.perf_counter(), time.process_time()
    t_ms, began_ms, ready_ms = play(film, view, LiveCheck(5), keep_all=False).T
    cores = (time.process_time() - before_s) / (time.perf_counter() - began_s)
    view.close()
    # The pictures taken soonest were taken just when they were there. The first second
    # loads the models' last parts.
    late = t_ms > 1000
    age_ms = (ready_ms - (began_ms - t_ms).min() - t_ms)[late]
    own_ms = (ready_ms - began_ms)[late]
    waited = float(np.percentile(age_ms - own_ms, 95)) * fps / 1000
    dropped = 1 - late.sum() / max(total - fps, 1)
    return [
        film.name,
        f"{np.percentile(age_ms, 95):.0f}",
        f"{np.median(own_ms):.0f}",
        f"{100 * dropped:.0f} %",
        f"{cores:.2f}",
        *judged(waited, AGE_TARGET, 2),
    ]


def length_of(film: Path) -> tuple[float, float]:
    """Return a film's pictures a second, and how many it has."""
    capture = cv2.VideoCapture(str(film))
    found = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
    capture.release()
    return found


@app.command("memory")
def memory(film: Annotated[Path | None, typer.Argument()] = None, minutes: float = 30.0) -> None:
    """See what half an hour costs in memory, how idle a pause is, how quickly it ends.

    A film is played over and over, as fast as it can be looked at, through camera thread, live
    view and live check. Memory is read after the first two minutes of film and at the end. Then
    the page's own run is started and stopped at random moments, and the processor's time is
    taken while it is paused. Linux only.
    """
    with tempfile.TemporaryDirectory() as folder:
        film = film or write_standing(Path(folder) / "standing.mp4", 20.0)
        row = growth_row(film, minutes)
        longest_s, idle = max(closing_times_s(film)), idle_percent(film)
    header = ("", "warm", "at the end", "grown", "at most", "of target", "")
    print_table("Memory, MB", header, [row])
    print_table(
        "Ending and pausing",
        ("", "measured", "at most", "of target", ""),
        [
            [f"{_CLOSINGS} ends at random moments, longest, s",
             *judged(longest_s, CLOSE_TARGET_S, 2)],
            ["processor while paused, %", *judged(idle, IDLE_TARGET_PERCENT)],
        ],
    )  # fmt: skip


def growth_row(film: Path, minutes: float) -> list[str]:
    """Play for so many minutes of film and return the row of the table."""
    fps, count = length_of(film)
    view, turns = LiveView(), 0
    played_minutes, started_s, warm_mb = 0.0, time.monotonic(), 0.0
    while played_minutes < minutes:
        play(film, view, LiveCheck(5), turns)
        turns += 1
        played_minutes += count / fps / 60
        if not warm_mb and played_minutes >= min(_WARM_UP_MINUTES, minutes / 2):
            warm_mb = cost_of(os.getpid())[0] / 2**20
    end_mb = cost_of(os.getpid())[0] / 2**20
    view.close()
    return [
        f"{played_minutes:.0f} min of film in {(time.monotonic() - started_s) / 60:.1f} min",
        f"{warm_mb:.0f}",
        f"{end_mb:.0f}",
        *judged(end_mb - warm_mb, GROWTH_TARGET_MB),
    ]


def started(film: Path, seconds: float) -> tuple[QCoreApplication, LiveFeed]:
    """Start the page's run, let it live for a while, and return what runs."""
    from PyQt6.QtCore import QCoreApplication

    from app.gui.background.camera import LiveFeed

    application = QCoreApplication.instance() or QCoreApplication([])
    feed = LiveFeed()
    feed.start(film, LiveSession(LiveKind.CHECK, 3), (1280, 720))
    _run_for(application, seconds)
    return application, feed


def closing_times_s(film: Path) -> list[float]:
    """Start and stop the page's run at random moments; return how long each end took."""
    chance, took_s = random.Random(0), []
    for _ in range(_CLOSINGS):
        application, feed = started(film, chance.uniform(0.0, 3.0))
        took_s.append(took_ms(feed.close) / 1000)
        _run_for(application, 0.05)
    return took_s


def idle_percent(film: Path) -> float:
    """Run, pause, and return how busy one processor is meanwhile."""
    application, feed = started(film, 3.0)
    feed.stop()
    _run_for(application, 2.0)
    before_s = time.process_time()
    _run_for(application, _PAUSE_S)
    busy_s = time.process_time() - before_s
    feed.close()
    return 100 * busy_s / _PAUSE_S


def _run_for(application: QCoreApplication, seconds: float) -> None:
    wait(application, after(seconds), nap_s=0.02)
