"""Look at real photographs, of which no truth is known: ``python -m synthetic.evaluate.real``.

How far answers move when something is changed that means nothing, by one quick look and by the
careful one; and which photographs that must be refused are. The photographs are no part of the
project; their folder is named on the command line.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from synthetic.evaluate.report import Report
from synthetic.training.dataset import jpeg_of
from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
#: The share that a crop takes off, and by how much brightness and size are changed.
_CROPPED, _BRIGHTER, _LARGER = 0.02, 1.15, 1.25
_JPEG_QUALITIES = (60, 80)


def _as_it_is(rgb: Picture) -> Picture:
    return rgb


def _mirrored(rgb: Picture) -> Picture:
    return np.asarray(cv2.flip(rgb, 1), np.uint8)


def _cropped(rgb: Picture, *, left: float, top: float) -> Picture:
    """Cut a share off at the left or, if negative, at the right; and at the top or bottom."""
    height, width = rgb.shape[:2]
    x, y = round(left * width), round(top * height)
    cut = rgb[max(y, 0) : height + min(y, 0), max(x, 0) : width + min(x, 0)]
    return np.ascontiguousarray(cut)


def _brightened(rgb: Picture, factor: float) -> Picture:
    return np.asarray(cv2.convertScaleAbs(rgb, alpha=factor), np.uint8)


def _resized(rgb: Picture, factor: float) -> Picture:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=how), np.uint8)


#: Nine changes that mean nothing: what is done to the picture, and how it is encoded.
CHANGES: Mapping[str, tuple[Callable[[Picture], Picture], int]] = {
    "mirrored": (_mirrored, 95),
    "cropped at the left": (partial(_cropped, left=_CROPPED, top=0.0), 95),
    "cropped at the right": (partial(_cropped, left=-_CROPPED, top=0.0), 95),
    "brighter": (partial(_brightened, factor=_BRIGHTER), 95),
    "darker": (partial(_brightened, factor=1 / _BRIGHTER), 95),
    "smaller": (partial(_resized, factor=1 / _LARGER), 95),
    "larger": (partial(_resized, factor=_LARGER), 95),
    **{f"JPEG {quality}": (_as_it_is, quality) for quality in _JPEG_QUALITIES},
}


@dataclass(frozen=True, slots=True)
class Moves:
    """How one photograph's answer moved.

    Attributes
    ----------
    answer_deg
        Of the photograph as it is.
    moved_deg
        Shape (n,): by how much each change moved it; NaN where the changed one was refused.
    """

    answer_deg: float
    moved_deg: NDArray[np.float64]

    @property
    def sd_deg(self) -> float:
        """Spread of all answers, the first included; NaN with fewer than three."""
        answers = np.append(self.moved_deg[~np.isnan(self.moved_deg)], 0.0)
        return float(np.std(answers, ddof=1)) if len(answers) > 2 else float("nan")


def contour_deg(encoded: bytes, *, quick: bool) -> float:
    """Return the outline's answer to an encoded picture, NaN where it is refused."""
    result = measure_photo(frame_from_bytes(encoded, "photograph"), quick=quick)
    known = isinstance(result, Measured) and result.contour is not None
    return result.contour.angle_deg if known else float("nan")  # type: ignore[union-attr]


def moves_of(encoded: bytes, *, quick: bool) -> Moves | None:
    """Return how an answer moves under every change; None where the picture is refused."""
    before_deg = contour_deg(encoded, quick=quick)
    if np.isnan(before_deg):
        return None
    rgb = frame_from_bytes(encoded, "photograph").rgb
    after = [
        contour_deg(jpeg_of(change(rgb), quality), quick=quick)
        for change, quality in CHANGES.values()
    ]
    return Moves(before_deg, np.array(after) - before_deg)


def photographs(folder: Path) -> list[Path]:
    """Return the photographs below a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)


def judge_stability(report: Report, folder: Path) -> None:
    """Report by how much answers to real photographs move when nothing has changed."""
    paths = photographs(folder / "standing")
    rows = []
    for name, quick in (("one quick look", True), ("the careful look", False)):
        seen = [moves_of(path.read_bytes(), quick=quick) for path in track(paths, name)]
        moves = [one for one in seen if one is not None]
        if not moves:
            continue
        sds = np.array([one.sd_deg for one in moves])
        sds = sds[~np.isnan(sds)]
        every = np.concatenate([one.moved_deg for one in moves])
        every = np.abs(every[~np.isnan(every)])
        figures = np.median(sds), np.percentile(sds, 90), sds.max(), np.percentile(every, 95)
        near = f"{(every <= 1).mean():.0%}"
        rows.append([name, str(len(moves)), *(f"{one:.2f}" for one in figures), near])
    columns = "", "n", "median SD", "worst tenth", "largest SD", "95 % of moves", "within 1 deg"
    report.table(f"Nine changes that mean nothing: {', '.join(CHANGES)}; deg", columns, rows)


def judge_gate(report: Report, folder: Path) -> None:
    """Report how many photographs of each folder get a number."""
    rows = []
    inner = sorted(path for path in folder.rglob("*") if path.is_dir())
    for place in (path for path in inner if any(path.glob("*.jp*g"))):
        results = [measure_photo(path) for path in photographs(place)]
        told = sum(isinstance(result, Measured) for result in results)
        rows.append([place.relative_to(folder).as_posix(), str(len(results)), str(told)])
    report.table("Real photographs that get a number", ("folder", "n", "measured"), rows)


def judge(report: Report, folder: Path) -> None:
    """Report on all that real photographs show."""
    judge_stability(report, folder)
    judge_gate(report, folder)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photos", type=Path, help="with folders standing, refuse and others")
    judge(Report(Console(width=130)), parser.parse_args().photos)


if __name__ == "__main__":
    main()
