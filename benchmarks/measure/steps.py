"""Where the time of one photograph goes: ``python -m benchmarks measure steps``."""

from __future__ import annotations

import statistics
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from pathlib import Path  # noqa: TC003  (typer reads it)
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated, Any
from unittest.mock import patch

import numpy as np
import typer

from benchmarks.shared import print_table, sample_pictures, took_ms
from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.pose.mediapipe import shared_estimator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What is watched: name in the table, module, function. Those that others call are indented.
STEPS = (
    ("brightness, for the mirror form", "vision.pose.mediapipe", "brightness_leans_left"),
    ("pose, MediaPipe and its mask", "vision.pose.mediapipe", "_detect"),
    ("pose, turned back", "vision.pose.mediapipe", "mirrored"),
    ("brightness and upright lines", "vision.pipeline", "_look_at_scene"),
    ("light and sharpness", "vision.pipeline", "assess_light"),
    ("roll from the lines", "vision.pipeline", "find_plumb"),
    ("side view", "vision.pipeline", "side_view"),
    ("gate", "vision.pipeline", "_judge"),
    ("stickers", "vision.pipeline", "by_stickers"),
    ("belt line", "vision.pipeline", "by_belt"),
    ("second mask", "vision.pipeline", "second_mask"),
    ("other looks", "vision.pipeline", "look_again"),
    ("outline, quickly", "vision.pipeline", "read_quickly"),
    ("  mask cut and drawn to edges", "vision.silhouette", "cut_masks"),
    ("  rows of the outline", "vision.silhouette", "edges_of"),
    ("outline, carefully", "vision.pipeline", "read_carefully"),
    ("outline to show", "vision.pipeline", "outline_px"),
)
_WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Watched:
    """One call: which step in which round, when it began and ended, ms, and where."""

    step: str
    round_number: int
    began_ms: float
    ended_ms: float
    thread: str


class Watch:
    """Takes the times of the steps while photographs are measured."""

    def __init__(self) -> None:
        self.calls: list[Watched] = []
        self._round, self._began_s = -_WARM_UP, 0.0

    def measure(self, measure: Callable[[], object]) -> float:
        """Do one round; return how long it took, ms."""
        self._began_s = time.perf_counter()
        took = took_ms(measure)
        self._round += 1
        return took

    def around(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is watched."""

        @wraps(function)
        def watched(*arguments: Any, **named: Any) -> Any:
            began_s = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                times = (began_s, time.perf_counter())
                began_ms, ended_ms = (1000 * (at - self._began_s) for at in times)
                thread = threading.current_thread().name
                if self._round >= 0:
                    self.calls.append(Watched(step, self._round, began_ms, ended_ms, thread))

        return watched

    def by_step(self) -> Iterator[tuple[str, list[Watched]]]:
        """Yield each step that was taken, by its place in :data:`STEPS`, with its calls."""
        for step, _, _ in STEPS:
            calls = [call for call in self.calls if call.step == step]
            if calls:
                yield step, calls


def steps(
    picture: Annotated[Path | None, typer.Argument()] = None,
    rounds: int = 25,
    careful: bool = False,
    drawing: Annotated[Path | None, typer.Option(help="draw one round to this file")] = None,
) -> None:
    """Measure one picture again and again, and print when each step began and how long it took.

    Times are the clock's, in place: after the pose nothing is in the processor's caches any more,
    and the same step alone, over and over, takes about half. Medians over the rounds.
    """
    rgb = load_frame(picture or next(iter(sample_pictures()))).rgb
    watch, quick = Watch(), not careful
    shared_estimator()
    with ExitStack() as stack:
        for step, module, name in STEPS:
            function = resolve_name(f"{module}.{name}")
            stack.enter_context(patch(f"{module}.{name}", watch.around(step, function)))
        times = [
            watch.measure(lambda: measure_photo(rgb, quick=quick)) for _ in range(rounds + _WARM_UP)
        ][_WARM_UP:]
    whole_ms = statistics.median(times)
    print_table(
        f"{rgb.shape[1]}x{rgb.shape[0]}, {'careful' if careful else 'quick'}: {whole_ms:.1f} ms",
        ["step", "begins, ms", "takes, ms", "% of all", "times", "beside"],
        [row_of(step, calls, rounds, whole_ms) for step, calls in watch.by_step()],
    )
    if drawing is not None:
        draw(watch, times, drawing)


def row_of(step: str, calls: list[Watched], rounds: int, whole_ms: float) -> list[str]:
    """Return a step's line of the table; times of a round are added up."""
    first = [min(c.began_ms for c in calls if c.round_number == n) for n in range(rounds)]
    taken = [
        sum(c.ended_ms - c.began_ms for c in calls if c.round_number == n) for n in range(rounds)
    ]
    took = statistics.median(taken)
    is_beside = calls[0].thread != threading.main_thread().name
    return [
        step, f"{statistics.median(first):.1f}", f"{took:.2f}", f"{100 * took / whole_ms:.0f}",
        f"{len(calls) / rounds:g}", "beside" if is_beside else "",
    ]  # fmt: skip


def draw(watch: Watch, times: list[float], path: Path) -> None:
    """Draw the round of the median time: a bar for each call, the helpers' in another colour."""
    from matplotlib.figure import Figure

    middle = int(np.argsort(times)[len(times) // 2])
    found = list(watch.by_step())
    figure = Figure(figsize=(9, 0.5 + 0.3 * len(found)), layout="constrained")
    axes = figure.add_subplot()
    for place, (_, calls) in enumerate(found):
        for call in calls:
            if call.round_number == middle:
                is_beside = call.thread != threading.main_thread().name
                axes.barh(
                    place, call.ended_ms - call.began_ms, left=call.began_ms,
                    color="#d55e00" if is_beside else "#0072b2",
                )  # fmt: skip
    axes.axvline(times[middle], color="#555555", linewidth=1)
    axes.set_yticks(range(len(found)), [step.strip() for step, _ in found])
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds; blue: the thread that asked, orange: a helper beside it")
    figure.savefig(path)
