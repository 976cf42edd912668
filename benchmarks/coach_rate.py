"""How many pictures a second the exercise coach looks at, beside MediaPipe alone.

From a clone::

    python -m benchmarks.coach_rate [FILM...] [--exercise glute_bridge] [--rounds 5]

Without a film, one of a rendered man is made; the coach then says that he is to lie down,
which costs what any other answer costs. MediaPipe alone (VIDEO mode, one person) and the coach
read the same film in turn, as fast as they can, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.live_film import write_standing
from benchmarks.live_rate import ROUNDS, bare_rate
from benchmarks.table import print_table, verdict
from vision.camera.stream import NewestFrame
from vision.coach.coach import Coach
from vision.coach.events import CoachedExercise
from vision.coach.view import CoachView

if TYPE_CHECKING:
    from concurrent.futures import Future

    from vision.coach.events import BodySighting

RATE_TARGET = 0.85


def coach_rate(film: Path, exercise: CoachedExercise) -> tuple[float, int]:
    """Return how many pictures a second the whole coach looks at, and what it has counted."""
    feed, view, coach = NewestFrame(film, keep_all=True), CoachView(), Coach(exercise, 1000)
    count, started_s = 0, 0.0
    last: Future[BodySighting] | None = None
    feed.start()
    while (event := feed.take(10.0)) is not None and event.problem is None:
        if event.frame is None:
            continue
        last = view.begin(event.frame, event.epoch)
        last.add_done_callback(lambda done: coach.add(done.result()))
        count += 1
        if count == 1:  # the first picture also loads things, on either side
            last.result()
            started_s = time.perf_counter()
    if last is not None:
        last.result()
    took_s = time.perf_counter() - started_s
    feed.close()
    view.close()
    return (count - 1) / took_s, len(coach.finish_now().repetitions)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("films", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--exercise", type=CoachedExercise, default=CoachedExercise.GLUTE_BRIDGE)
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for film in arguments.films or [write_standing(Path(folder) / "standing.mp4")]:
            bare, ours, counted = [], [], 0
            for _ in range(arguments.rounds):
                bare.append(bare_rate(film))
                rate, counted = coach_rate(film, arguments.exercise)
                ours.append(rate)
            ratio = statistics.median(b / a for a, b in zip(bare, ours, strict=True))
            rows.append(
                [
                    film.name,
                    f"{statistics.median(bare):.1f}",
                    f"{statistics.median(ours):.1f}",
                    f"{ratio:.2f}",
                    str(counted),
                    verdict(RATE_TARGET, ratio),
                ]
            )
    print_table(
        "Pictures a second, read as fast as possible",
        ("film", "MediaPipe alone", "coach", "ratio", "counted", f"at least {RATE_TARGET}"),
        rows,
    )


if __name__ == "__main__":
    main()
