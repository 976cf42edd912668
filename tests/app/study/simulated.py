"""Studies with made-up raters: their marks scatter by known amounts."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from app.study.design import KEY, RATERS, Design, Study, StudyItem, StudyKey, StudyPhoto
from app.study.table import AUTOMATIC, StudyRow
from app.study.worklist import WORKLIST, BeltSeen, Rating, Worklist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MADE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_PSIS_PX, _ACROSS_PX = (300.0, 400.0), 200.0


@dataclass(frozen=True, slots=True)
class Scatter:
    """Standard deviations in degrees, and which share of ratings is missing."""

    subjects_deg: float = 5.0
    raters_deg: float = 1.0
    rest_deg: float = 1.5
    unmarkable: float = 0.05
    open: float = 0.0


def simulated_study(
    folder: Path,
    design: Design,
    *,
    scatter: Scatter | None = None,
    photos: Sequence[Path] = (),
    raters: Sequence[str] = (),
    seed: int = 1,
) -> Study:
    """Make a study's folder in which all is rated but what the scatter leaves out.

    Without photographs (``photos``, by turns one for each subject) it names some that are not
    there.
    """
    scatter = scatter or Scatter()
    names = list(raters) or [f"rater-{number + 1}" for number in range(design.raters)]
    listed = tuple(_photo(number, photos) for number in range(design.subjects))
    items = tuple(
        StudyItem(id=f"{rater}-{photo.subject}-{repeat}", rater=rater, subject=photo.subject,
                  repeat=repeat)
        for rater in names
        for repeat in range(1, design.repeats + 1)
        for photo in listed
    )  # fmt: skip
    key = StudyKey(
        beltline_study=1,
        study="kdwtrzbn",
        made_at=_MADE.isoformat(),
        seed=seed,
        version="0.1.0",
        design=design,
        photos=listed,
        items=items,
    )
    folder.mkdir(parents=True)
    (folder / KEY).write_text(key.model_dump_json(), encoding="utf-8")
    tilts_deg = iter(simulated_tilts_deg(design, scatter, seed).ravel())
    rng = np.random.default_rng(seed)
    for rater in names:
        worklist = _worklist(folder, rater, [item for item in items if item.rater == rater])
        for number, item in enumerate(worklist.items):
            tilt_deg = float(next(tilts_deg))
            if rng.random() >= scatter.open:
                worklist.keep(_rating(item.id, tilt_deg, number, rng))
    return Study(folder)


def simulated_tilts_deg(design: Design, scatter: Scatter, seed: int) -> np.ndarray:
    """Return angles of shape (raters, repeats, subjects), NaN where not markable."""
    rng = np.random.default_rng(seed)
    shape = design.raters, design.repeats, design.subjects
    person = 11 + rng.normal(0, scatter.subjects_deg, (1, 1, shape[2]))
    rater = rng.normal(0, scatter.raters_deg, (shape[0], 1, 1))
    tilts_deg = person + rater + rng.normal(0, scatter.rest_deg, shape)
    tilts_deg[rng.random(shape) < scatter.unmarkable] = np.nan
    return np.asarray(tilts_deg)


def simulated_rows(
    design: Design, *, scatter: Scatter | None = None, automatic: bool = True, seed: int = 1
) -> list[StudyRow]:
    """Return a long table without any folder."""
    tilts_deg = simulated_tilts_deg(design, scatter or Scatter(), seed)
    rows = [
        StudyRow(
            *(f"s{subject:03d}", f"rater-{rater + 1}", repeat + 1),
            status="rated" if math.isfinite(tilt_deg) else "unmarkable",
            tilt_deg=float(tilt_deg) if math.isfinite(tilt_deg) else None,
            belt=2,
        )
        for (rater, repeat, subject), tilt_deg in np.ndenumerate(tilts_deg)
    ]
    rng = np.random.default_rng(seed)
    for subject in range(design.subjects if automatic else 0):
        means = tilts_deg[:, :, subject]
        marked = means[np.isfinite(means)]
        own = 2.0 + 0.8 * float(marked.mean() if len(marked) else 11) + float(rng.normal(0, 2))
        rows.append(
            StudyRow(
                *(f"s{subject:03d}", AUTOMATIC, 1),
                method="contour",
                status="measured",
                tilt_deg=own,
                low_deg=own - 8,
                high_deg=own + 8,
                belt=2 * int(rng.random() < 0.8),
            )
        )
    return rows


def _photo(number: int, photos: Sequence[Path]) -> StudyPhoto:
    subject = f"s{number:03d}"
    if not photos:
        return StudyPhoto(subject=subject, path=f"photos/{subject}.jpg", sha256="0" * 64)
    path = photos[number % len(photos)]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return StudyPhoto(subject=subject, path=str(path), sha256=sha256)


def _worklist(folder: Path, rater: str, items: Sequence[StudyItem]) -> Worklist:
    own = folder / RATERS / rater
    own.mkdir(parents=True)
    entries = [
        {"id": item.id, "picture": f"{item.id}.jpg", "width_px": 800, "height_px": 1200}
        for item in items
    ]
    about = {"beltline_worklist": 1, "study": "kdwtrzbn", "rater": rater, "items": entries}
    (own / WORKLIST).write_text(json.dumps(about), encoding="utf-8")
    return Worklist(own)


def _rating(item: str, tilt_deg: float, number: int, rng: np.random.Generator) -> Rating:
    at = _MADE + timedelta(days=1, minutes=number)
    asis_px = psis_px = None
    if math.isfinite(tilt_deg):
        psis_px = _PSIS_PX
        asis_px = (
            _PSIS_PX[0] + _ACROSS_PX,
            _PSIS_PX[1] + _ACROSS_PX * math.tan(math.radians(tilt_deg)),
        )
    return Rating(
        item,
        asis_px=asis_px,
        psis_px=psis_px,
        belt=BeltSeen(int(rng.choice(3, p=(0.2, 0.2, 0.6)))),
        seconds=float(rng.gamma(4, 5)),
        rated_at=at.isoformat(),
    )
