"""The live check and the exercise coach: how fast, how steady, how right.

``python -m benchmarks live rate|coach-rate|memory|heartbeat|steady|coach-clips``

A film of a sample person is made where none is given; the coach then says that he is to lie
down, which costs what any other answer costs.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cv2
import mediapipe as mp
import numpy as np
import typer

from benchmarks import clips, heartbeat
from benchmarks.shared import judged, print_table, verdict, write_standing
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
    from collections.abc import Callable
    from concurrent.futures import Future

    from PyQt6.QtCore import QCoreApplication

    from vision.live.events import Sighting

app = typer.Typer(no_args_is_help=True)
app.command("heartbeat")(heartbeat.live_heartbeat)
app.command("steady")(clips.steady)
app.command("coach-clips")(clips.coach_clips)

RATE_TARGET = 0.85
#: In pictures' times, over the answer's own processing time.
AGE_TARGET = 1.5
GROWTH_TARGET_MB = 20.0
CLOSE_TARGET_S = 1.0
IDLE_TARGET_PERCENT = 1.0
_WARM_UP_MINUTES = 2.0
_CLOSINGS = 20
_PAUSE_S = 10.0

Films = Annotated[list[Path] | None, typer.Argument()]


@app.command("rate")
def rate(films: Films = None, rounds: int = 5) -> None:
    """Compare pictures a second with MediaPipe alone, and take the age of an answer.

    MediaPipe alone (VIDEO mode, one person, with mask) and the live check read the same film
    in turn, as fast as they can, so that a busy machine slows both. Then the film is played at
    its own speed, as a camera would, and each answer's age is taken: from when its picture was
    there to when the answer is.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = films or [write_standing(Path(folder) / "standing.mp4")]
        rates = [rate_row(film, rounds, live_rate) for film in found]
        ages = [age_row(film.name, played(film)) for film in found]
    print_rates("live check", rates)
    print_table(
        "At the film's own speed: age of an answer",
        ("film", "age p95, ms", "own time p50, ms", "waited p95, pictures", "dropped", "1.5"),
        ages,
    )


@app.command("coach-rate")
def coach_rate(
    films: Films = None, rounds: int = 5, exercise: CoachedExercise = CoachedExercise.GLUTE_BRIDGE
) -> None:
    """Compare the coach's pictures a second with MediaPipe alone, read in turn."""
    counted: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for film in films or [write_standing(Path(folder) / "standing.mp4")]:

            def coached(film: Path) -> float:
                view, coach = CoachView(), Coach(exercise, 1000)
                found = play(film, view, coach)
                view.close()
                counted.append(str(len(coach.finish_now().repetitions)))
                return found

            rows.append([*rate_row(film, rounds, coached), counted[-1]])
    print_rates("coach", rows, "counted")


def print_rates(ours: str, rows: list[list[str]], *more: str) -> None:
    """Print the rows of :func:`rate_row`."""
    header = ("film", "MediaPipe alone", ours, "ratio", f"at least {RATE_TARGET}", *more)
    print_table("Pictures a second, read as fast as possible", header, rows)


def rate_row(film: Path, rounds: int, our_rate: Callable[[Path], float]) -> list[str]:
    """Read a film by turns, and return the row of the table."""
    pairs = [(bare_rate(film), our_rate(film)) for _ in range(rounds)]
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    return [
        film.name,
        *(f"{statistics.median(rates):.1f}" for rates in zip(*pairs, strict=True)),
        f"{ratio:.2f}",
        verdict(RATE_TARGET, ratio),
    ]


def bare_rate(film: Path) -> float:
    """Return how many pictures a second MediaPipe alone looks at."""
    landmarker = Landmarker(1, is_video=True).native
    capture = cv2.VideoCapture(str(film))
    count, started_s = 0, time.perf_counter()
    while True:
        worked, bgr = capture.read()
        if not worked:
            break
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
        found = landmarker.detect_for_video(image, 33 * count)
        for mask in found.segmentation_masks or ():
            mask.numpy_view()
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
    found = play(film, view, LiveCheck(5))
    view.close()
    return found


def play(film: Path, view: Any, check: Any, epoch: int = 0) -> float:
    """Let a check see every picture of a film, and return how many a second those were."""
    feed, count, started_s = NewestFrame(film, keep_all=True), 0, 0.0
    last: Future[Any] | None = None
    feed.start()
    while (event := feed.take(10.0)) is not None and event.problem is None:
        if event.frame is None:
            continue
        last = view.begin(event.frame, epoch)
        last.add_done_callback(lambda done: check.add(done.result()))
        count += 1
        if count == 1:
            last.result()
            started_s = time.perf_counter()
    if last is not None:
        last.result()
    took_s = time.perf_counter() - started_s
    feed.close()
    return (count - 1) / took_s


@dataclass(frozen=True, slots=True)
class Ages:
    """What a film at its own speed gave, all in ms.

    Attributes
    ----------
    picture_ms
        From one picture to the next.
    age_ms, own_ms
        Of each answer: since its picture was there, and since work on it began.
    dropped
        Share of the pictures nobody looked at.
    """

    picture_ms: float
    age_ms: tuple[float, ...]
    own_ms: tuple[float, ...]
    dropped: float


def played(film: Path) -> Ages:
    """Play a film as a camera would, and return how old each answer was."""
    feed, view, check = NewestFrame(film), LiveView(), LiveCheck(5)
    times: list[tuple[float, float, float]] = []

    def answer(began_ms: float, done: Future[Sighting]) -> None:
        sighting = done.result()
        check.add(sighting)
        times.append((sighting.t_ms, began_ms, _now_ms()))

    feed.start()
    last: Future[Sighting] | None = None
    while (event := feed.take(10.0)) is not None and event.problem is not CameraProblem.ENDED:
        if event.frame is None:
            continue
        began_ms = _now_ms()
        last = view.begin(event.frame, event.epoch)
        last.add_done_callback(partial(answer, began_ms))
    if last is not None:
        last.result()
    view.close()
    feed.close()
    return _ages(film, times)


def _ages(film: Path, times: list[tuple[float, float, float]]) -> Ages:
    capture = cv2.VideoCapture(str(film))
    fps, total = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
    capture.release()
    # The pictures taken soonest were taken just when they were there. The first second
    # loads the models' last parts.
    starts_ms = min(began - t for t, began, _ in times)
    late = [entry for entry in times if entry[0] > 1000]
    return Ages(
        picture_ms=1000 / fps,
        age_ms=tuple(ready - starts_ms - t for t, _, ready in late),
        own_ms=tuple(ready - began for _, began, ready in late),
        dropped=1 - len(late) / max(total - fps, 1),
    )


def _now_ms() -> float:
    return time.perf_counter() * 1000


def age_row(name: str, ages: Ages) -> list[str]:
    """Return the row of the table of ages."""
    waited_ms = np.subtract(ages.age_ms, ages.own_ms)
    waited = float(np.percentile(waited_ms, 95)) / ages.picture_ms
    return [
        name,
        f"{np.percentile(ages.age_ms, 95):.0f}",
        f"{np.median(ages.own_ms):.0f}",
        f"{waited:.2f}",
        f"{100 * ages.dropped:.0f} %",
        verdict(waited, AGE_TARGET),
    ]


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
    capture = cv2.VideoCapture(str(film))
    fps, count = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
    capture.release()
    view, turns = LiveView(), 0
    played_minutes, started_s, warm_mb = 0.0, time.monotonic(), 0.0
    while played_minutes < minutes:
        play(film, view, LiveCheck(5), turns)
        turns += 1
        played_minutes += count / fps / 60
        if not warm_mb and played_minutes >= min(_WARM_UP_MINUTES, minutes / 2):
            warm_mb = resident_mb()
    end_mb = resident_mb()
    view.close()
    return [
        f"{played_minutes:.0f} min of film in {(time.monotonic() - started_s) / 60:.1f} min",
        f"{warm_mb:.0f}",
        f"{end_mb:.0f}",
        *judged(end_mb - warm_mb, GROWTH_TARGET_MB),
    ]


def resident_mb() -> float:
    """Return what the process holds of the computer's memory, in units of 2**20 bytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def closing_times_s(film: Path) -> list[float]:
    """Start and stop the page's run at random moments; return how long each end took."""
    from PyQt6.QtCore import QCoreApplication

    from app.gui.background.camera import LiveFeed

    application = QCoreApplication.instance() or QCoreApplication([])
    chance, took_s = random.Random(0), []
    for _ in range(_CLOSINGS):
        feed = LiveFeed()
        feed.start(film, LiveSession(LiveKind.CHECK, 3), (1280, 720))
        _run_for(application, chance.uniform(0.0, 3.0))
        started_s = time.monotonic()
        feed.close()
        took_s.append(time.monotonic() - started_s)
        _run_for(application, 0.05)
    return took_s


def idle_percent(film: Path) -> float:
    """Run, pause, and return how busy one processor is meanwhile."""
    from PyQt6.QtCore import QCoreApplication

    from app.gui.background.camera import LiveFeed

    application = QCoreApplication.instance() or QCoreApplication([])
    feed = LiveFeed()
    feed.start(film, LiveSession(LiveKind.CHECK, 3), (1280, 720))
    _run_for(application, 3.0)
    feed.stop()
    _run_for(application, 2.0)
    before_s = time.process_time()
    _run_for(application, _PAUSE_S)
    busy_s = time.process_time() - before_s
    feed.close()
    return 100 * busy_s / _PAUSE_S


def _run_for(application: QCoreApplication, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        application.processEvents()
        time.sleep(0.02)
