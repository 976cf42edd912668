"""Figures by which answers are judged, in groups, on the terminal and on a page of Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from rich.progress import track
from rich.table import Table

from synthetic.training.dataset import PictureT, outline_tilt_deg, replay
from vision.result import Z_90, Measured, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from rich.console import Console

    from synthetic.training.dataset import KnownPicture

_AGREEMENT_COLUMNS = (*("", "n", "MAE deg", "bias deg", "slope", "r", "covered", "half width deg"),)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of answers with truths.

    Attributes
    ----------
    count
        How many pairs.
    mae_deg
        Mean absolute error.
    bias_deg
        Mean of answer minus truth.
    slope
        Of the least-squares line of answer over truth; 1 is ideal, below 1 the answers
        shrink towards the middle. NaN for fewer than three pairs.
    correlation
        Pearson's; NaN likewise.
    coverage
        Share of truths inside their intervals; NaN where there are none.
    half_width_deg
        Mean half width of the intervals; NaN likewise.
    """

    count: int
    mae_deg: float
    bias_deg: float
    slope: float
    correlation: float
    coverage: float
    half_width_deg: float


def agreement(
    truth_deg: Sequence[float] | NDArray[np.float64],
    answer_deg: Sequence[float] | NDArray[np.float64],
    interval_deg: Sequence[tuple[float, float]] | None = None,
) -> Agreement:
    """Compare answers with truths, pair by pair.

    Parameters
    ----------
    truth_deg, answer_deg
        Equally long, at least one pair.
    interval_deg
        Low and high end for each answer.
    """
    truth, answer = np.asarray(truth_deg, float), np.asarray(answer_deg, float)
    error = answer - truth
    slope = correlation = coverage = half_width = float("nan")
    if len(truth) > 2 and np.ptp(truth) > 0 and np.ptp(answer) > 0:
        slope = float(np.polyfit(truth, answer, 1)[0])
        correlation = float(np.corrcoef(truth, answer)[0, 1])
    if interval_deg is not None:
        low, high = np.asarray(interval_deg, float).T
        coverage = float(((low <= truth) & (truth <= high)).mean())
        half_width = float((high - low).mean() / 2)
    return Agreement(
        count=len(truth),
        mae_deg=float(np.abs(error).mean()),
        bias_deg=float(error.mean()),
        slope=slope,
        correlation=correlation,
        coverage=coverage,
        half_width_deg=half_width,
    )


def grouped(things: Iterable[_T], name_of: Callable[[_T], str]) -> dict[str, list[_T]]:
    """Return what belongs to each group, in the order in which they turn up."""
    groups: dict[str, list[_T]] = {}
    for thing in things:
        groups.setdefault(name_of(thing), []).append(thing)
    return groups


def in_strata(
    things: Sequence[_T], strata: Sequence[Callable[[_T], str]]
) -> Iterator[tuple[str, list[_T]]]:
    """Yield every group of one stratum after the other, by name."""
    for name_of in strata:
        yield from sorted(grouped(things, name_of).items())


def measured_pairs(
    pictures: list[PictureT], what: str
) -> tuple[list[tuple[PictureT, Measured]], Counter[str]]:
    """Run the pipeline; return what was measured, and how often each reason refused."""
    pairs, refused = [], Counter[str]()
    for picture, result in track(replay(pictures), f"measuring: {what}", total=len(pictures)):
        if isinstance(result, Measured):
            pairs.append((picture, result))
        else:
            refused[
                next(r.code.value for r in result.reasons if r.severity is Severity.REFUSE)
            ] += 1
    return pairs, refused


Pair: TypeAlias = "tuple[KnownPicture, Measured]"


def _between(value: float, limits: tuple[float, ...], unit: str) -> str:
    """Return the name of the interval that a size lies in, sortable as text."""
    low = max((limit for limit in limits if limit <= value), default=0.0)
    above = [limit for limit in limits if limit > value]
    return f"{low:g} to {above[0]:g} {unit}" if above else f"over {low:g} {unit}"


def _build(pair: Pair) -> str:
    bmi = pair[0].truth["bmi"]
    return "build: " + ("slim" if bmi < 22 else "middle" if bmi < 28 else "heavy")


#: Each gives the name of the group that a pair belongs to.
STRATA: tuple[Callable[[Pair], str], ...] = (
    lambda pair: "all",
    lambda pair: f"clothing: {pair[0].truth['fit']}",
    lambda pair: f"top: {pair[0].truth['tuck']}",
    lambda pair: f"arms: {pair[0].truth['arms']}",
    lambda pair: f"sex: {pair[0].truth['sex']}",
    _build,
    lambda pair: "yaw: " + _between(abs(pair[0].truth["yaw_deg"]), (0, 5, 10), "deg"),
    lambda pair: "camera roll: " + _between(abs(pair[0].truth["roll_deg"]), (0, 0.5, 1.5), "deg"),
    lambda pair: "vertical: " + pair[1].capture.vertical.value,
    lambda pair: "lens height: " + _between(pair[0].truth["camera_height_m"], (0, 0.9, 1.3), "m"),
    lambda pair: f"facing: {pair[0].truth['facing']}",
)


def agreement_of(pairs: list[Pair]) -> Agreement:
    """Return how well the contour's answers agree with the truth.

    Truths leave the bones' own shape out, and so do the intervals, from reading and roll alone.
    """
    told = [(picture, result.contour) for picture, result in pairs if result.contour]
    halves_deg = [Z_90 * contour.doubt.own_deg for _, contour in told]
    return agreement(
        [outline_tilt_deg(picture.truth) for picture, _ in told],
        [contour.angle_deg for _, contour in told],
        [
            (contour.angle_deg - half_deg, contour.angle_deg + half_deg)
            for (_, contour), half_deg in zip(told, halves_deg, strict=True)
        ],
    )


def angle_agreement(pairs: list[Pair]) -> Agreement:
    """Return the same for the angle as it is told: bones of drawn shape, and all of the doubt."""
    contours = [(picture, said.contour) for picture, said in pairs if said.contour]
    return agreement(
        [picture.truth["tilt_deg"] for picture, _ in contours],
        [contour.angle_deg for _, contour in contours],
        [(contour.low_deg, contour.high_deg) for _, contour in contours],
    )


def by_stratum(pairs: list[Pair]) -> dict[str, Agreement]:
    """Return the agreement of the contour's answers in each group."""
    return {name: agreement_of(group) for name, group in in_strata(pairs, STRATA)}


class Report:
    """Prints what it is told and keeps it for the page."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._parts: list[str] = []

    def heading(self, text: str) -> None:
        """Begin a section."""
        self.console.print(f"\n[bold]{text}")
        self._parts.append(f"## {text}")

    def text(self, text: str) -> None:
        """Say something."""
        self.console.print(text)
        self._parts.append(text)

    def picture(self, path: Path, page: Path, about: str) -> None:
        """Show a picture that lies beside the page."""
        self._parts.append(f"![{about}]({path.relative_to(page.parent).as_posix()})")

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show a table whose first column is text and the others numbers."""
        table = Table(title=title)
        for number, name in enumerate(columns):
            table.add_column(name, justify="right" if number else "left")
        lines = [f"**{title}**", "", _line(columns), _line(["---", *["---:"] * (len(columns) - 1)])]
        for row in rows:
            table.add_row(*row)
            lines.append(_line(row))
        self.console.print(table)
        self._parts.append("\n".join(lines))

    def agreements(self, title: str, rows: dict[str, Agreement]) -> None:
        """Show how well answers agree with truths, one row for each group."""
        self.table(title, _AGREEMENT_COLUMNS, ([name, *_cells(row)] for name, row in rows.items()))

    def write(self, path: Path, title: str, introduction: str) -> None:
        """Write the page."""
        text = "\n\n".join([f"# {title}", introduction, *self._parts])
        path.write_text(text + "\n", encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(row: Agreement) -> list[str]:
    numbers = (row.mae_deg, row.bias_deg, row.slope, row.correlation)
    found = ["" if number != number else f"{number:.2f}" for number in numbers]
    covered = "" if row.coverage != row.coverage else f"{row.coverage:.1%}"
    width = "" if row.half_width_deg != row.half_width_deg else f"{row.half_width_deg:.1f}"
    return [str(row.count), *found, covered, width]
