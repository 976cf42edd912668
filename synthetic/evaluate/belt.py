"""Judge the belt line on rendered people: ``python -m synthetic.evaluate.belt``.

Each picture's person is found by the pose estimator; the camera's roll is taken as known,
since levelling is judged elsewhere. Printed are how often the line is found where it can be
seen, how far its angle is off, how often its interval holds the truth, and how often a
line is invented where none shows.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from synthetic.evaluate.report import Report, in_strata
from synthetic.training.dataset import load_shard
from vision.belt.line import BeltLine, find_belt_line
from vision.geometry import clockwise_matrix
from vision.pose.mediapipe import shared_estimator
from vision.result import Z_90, NoBeltReason
from vision.scene import estimate_facing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

Picture = tuple["NDArray[np.uint8]", dict[str, Any]]
#: First seed of scenes that nothing was tuned on.
FRESH_SEED = 70_000_000
#: An edge is one that a person sees when, on at least half its length, the colours above
#: and below differ by this much, CIE L*a*b*.
VISIBLE_LAB = 8.0
#: The edge is looked for from above the true line to below it, trunk lengths: a camera
#: that is not at its height bows it, and a tucked top bulges over it.
_SEARCHED_TRUNKS = np.arange(-0.05, 0.111, 0.01)
_BAND_TRUNKS = np.array([0.02, 0.03, 0.04, 0.05])
_SHARES = np.linspace(0.1, 0.9, 33)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was known and what was answered about one picture.

    Attributes
    ----------
    truth
        :meth:`synthetic.scene.arrangement.Truth.to_dict`.
    step_lab
        How much the colour changes at the true line, CIE L*a*b*; 0 where there is none.
    answer
        What was found.
    """

    truth: dict[str, Any]
    step_lab: float
    answer: BeltLine | NoBeltReason

    @property
    def shows(self) -> bool:
        """Whether the bottom's upper edge is uncovered by cloth."""
        return self.truth["belt_deg"] is not None

    @property
    def seen(self) -> bool:
        """Whether a person sees the edge."""
        return self.shows and self.step_lab >= VISIBLE_LAB

    @property
    def error_deg(self) -> float:
        """Found minus true angle; NaN without either."""
        if not (self.shows and isinstance(self.answer, BeltLine)):
            return float("nan")
        return float(self.answer.angle_deg - self.truth["belt_deg"])

    @property
    def covered(self) -> bool:
        """Whether the 90 % interval holds the true angle."""
        return isinstance(self.answer, BeltLine) and bool(
            abs(self.error_deg) <= Z_90 * self.answer.sd_deg
        )


def stored_pictures(folder: Path, part: str) -> Iterator[Picture]:
    """Yield the pictures of a part, each decoded to RGB, with its truth."""
    for path in sorted((folder / part).glob("*.npz")):
        for sample in load_shard(path):
            yield sample.rgb, sample.truth


def fresh_pictures() -> Iterator[Picture]:
    """Render and yield scene after scene, with its truth."""
    from synthetic.scene.render import render
    from synthetic.scene.sampling import sample_scene

    for seed in count(FRESH_SEED):
        picture = render(sample_scene(seed))
        yield picture.rgb, picture.truth.to_dict()


def visible_step_lab(rgb: NDArray[np.uint8], truth: dict[str, Any]) -> float:
    """Return how much the colour changes across the true line, CIE L*a*b*; 0 without one.

    The median over the line's length, so that an arm across less than half of it does not
    count.
    """
    if truth["belt_deg"] is None:
        return 0.0
    back, front = np.array(truth["belt_back_px"]), np.array(truth["belt_front_px"])
    down = clockwise_matrix(truth["roll_deg"]).T @ [0.0, truth["trunk_px"]]
    on_line = back + _SHARES[:, None] * (front - back)

    def colours(offset: float, side: int) -> NDArray[np.float32]:
        band = offset + side * _BAND_TRUNKS
        places = (on_line + band[:, None, None] * down).astype(np.float32)
        samples = np.asarray(cv2.remap(rgb, places, None, cv2.INTER_LINEAR), np.float32)
        lab = cv2.cvtColor(samples / np.float32(255), cv2.COLOR_RGB2LAB)
        return np.asarray(lab.mean(axis=0), np.float32)

    steps = [
        np.median(colours(offset, 1) - colours(offset, -1), axis=0)
        for offset in _SEARCHED_TRUNKS.tolist()
    ]
    return float(np.linalg.norm(steps, axis=1).max())


def outcomes(pictures: Iterable[Picture]) -> Iterator[Outcome]:
    """Yield an outcome for each picture in which a person is found."""
    for rgb, truth in pictures:
        people = shared_estimator().estimate(rgb)
        if people:
            facing = estimate_facing(people[0])
            answer = find_belt_line(rgb, people[0], facing, truth["roll_deg"])
            yield Outcome(truth, visible_step_lab(rgb, truth), answer)


def _kind_of_edge(outcome: Outcome) -> str:
    truth = outcome.truth
    if truth["top"] in {"bare", "sports_bra"} or truth["tuck"] == "cropped":
        return "skin above"
    return "tucked, belt" if truth["belted"] else "tucked, no belt"


#: Each gives the name of the stratum that an outcome belongs to.
STRATA: tuple[Callable[[Outcome], str], ...] = (
    lambda outcome: "all",
    lambda outcome: "edge: " + _kind_of_edge(outcome) if outcome.shows else "edge: none",
    lambda outcome: f"tuck: {outcome.truth['tuck']}",
    lambda outcome: f"fit: {outcome.truth['fit']}",
    lambda outcome: f"arms: {outcome.truth['arms']}",
    lambda outcome: f"top: {outcome.truth['top']}",
    lambda outcome: f"bottom: {outcome.truth['bottom']}",
)


def _cells(group: list[Outcome]) -> list[str]:
    """Return the columns of one stratum."""
    seen = [outcome for outcome in group if outcome.seen]
    hidden = [outcome for outcome in group if not outcome.shows]
    found = [outcome for outcome in group if np.isfinite(outcome.error_deg)]
    errors = np.array([outcome.error_deg for outcome in found])
    invented = [isinstance(outcome.answer, BeltLine) for outcome in hidden]
    cells = [str(len(seen))]
    cells.append(f"{np.mean([np.isfinite(o.error_deg) for o in seen]):.1%}" if seen else "")
    if found:
        covered = np.mean([outcome.covered for outcome in found])
        sizes = np.abs(errors)
        cells += [str(len(found)), f"{sizes.mean():.2f}", f"{np.median(sizes):.2f}"]
        cells += [f"{errors.mean():+.2f}", f"{covered:.1%}"]
    else:
        cells += ["0", "", "", "", ""]
    return [*cells, str(len(hidden)), f"{np.mean(invented):.1%}" if hidden else ""]


_COLUMNS = ("", "seen", "found", "n", "MAE deg", "median deg", "bias deg", "covered", "none")


def judge(report: Report, pictures: Iterable[Picture], number: int, skip: int = 0) -> None:
    """Report the figures of every stratum of some pictures, and how often each reason is given."""
    limited = track(islice(pictures, skip, skip + number), "belt lines", total=number)
    results = list(outcomes(limited))
    if not results:
        raise SystemExit("There are no such pictures: run python -m synthetic.training.make first.")
    rows = ([name, *_cells(group)] for name, group in in_strata(results, STRATA))
    title = f"Belt line, {len(results)} rendered people"
    report.table(title, (*_COLUMNS, "invented"), rows)
    for what, group in (
        ("seen", [o for o in results if o.seen]),
        ("none", [o for o in results if not o.shows]),
    ):
        given = [o.answer.value for o in group if isinstance(o.answer, NoBeltReason)]
        counts = ", ".join(f"{name} {given.count(name)}" for name in sorted(set(given)))
        report.text(f"Reasons where an edge is {what}: {counts or 'no refusal'}.")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--part", default="test", help="part of the data set")
    parser.add_argument("--count", type=int, default=250, help="at most this many pictures")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many at the start")
    parser.add_argument("--fresh", action="store_true", help="render new scenes instead")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    stored = stored_pictures(arguments.data, arguments.part)
    pictures = fresh_pictures() if arguments.fresh else stored
    judge(Report(Console(width=130)), pictures, arguments.count, arguments.skip)


if __name__ == "__main__":
    main()
