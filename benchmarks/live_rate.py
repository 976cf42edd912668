"""How many pictures a second the live check looks at, and how old what it shows is.

From a clone::

    python -m benchmarks.live_rate [FILM...]

Without a film, one of a rendered man is made. MediaPipe alone (VIDEO mode, one person, with
mask) and the live check read the same film in turn, as fast as they can, so that a busy
machine slows both. Then the film is played at its own speed, as a camera would, and each
answer's age is taken: from when its picture was there to when the answer is.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import mediapipe as mp
import numpy as np

from benchmarks.live_film import write_standing
from benchmarks.table import print_table, verdict
from vision.camera.errors import CameraProblem
from vision.camera.stream import NewestFrame
from vision.live.check import LiveCheck
from vision.live.view import LiveView
from vision.pose.mediapipe import Landmarker

if TYPE_CHECKING:
    from concurrent.futures import Future

    from vision.live.events import Sighting

RATE_TARGET = 0.85
#: In pictures' times, over the answer's own processing time.
AGE_TARGET = 1.5
ROUNDS = 5


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
    feed, view, check = NewestFrame(film, keep_all=True), LiveView(), LiveCheck(5)
    count, started_s = 0, 0.0
    last: Future[Sighting] | None = None
    feed.start()
    while (event := feed.take(10.0)) is not None and event.problem is None:
        if event.frame is None:
            continue
        last = view.begin(event.frame, event.epoch)
        last.add_done_callback(lambda done: check.add(done.result()))
        count += 1
        if count == 1:
            last.result()
            started_s = time.perf_counter()
    if last is not None:
        last.result()
    took_s = time.perf_counter() - started_s
    feed.close()
    view.close()
    return (count - 1) / took_s


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


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("films", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        films = arguments.films or [write_standing(Path(folder) / "standing.mp4")]
        rates, ages = [], []
        for film in films:
            pairs = [(bare_rate(film), live_rate(film)) for _ in range(arguments.rounds)]
            ratio = statistics.median(ours / bare for bare, ours in pairs)
            rates.append(
                [
                    film.name,
                    *(f"{statistics.median(rate):.1f}" for rate in zip(*pairs, strict=True)),
                    f"{ratio:.2f}",
                    "met" if ratio >= RATE_TARGET else "MISSED",
                ]
            )
            ages.append(_age_row(film.name, played(film)))
    print_table(
        "Pictures a second, read as fast as possible",
        ("film", "MediaPipe alone", "live check", "ratio", f"at least {RATE_TARGET}"),
        rates,
    )
    print_table(
        "At the film's own speed: age of an answer",
        ("film", "age p95, ms", "own time p50, ms", "waited p95, pictures", "dropped", "1.5"),
        ages,
    )


def _age_row(name: str, ages: Ages) -> list[str]:
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


if __name__ == "__main__":
    main()
