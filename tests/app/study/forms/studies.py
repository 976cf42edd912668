"""A small study on the disk, and rows of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from app.study.design import KEY, RATERS, Design, Study, StudyItem, StudyKey, StudyPhoto
from app.study.table import AUTOMATIC, StudyRow
from app.study.worklist import WORKLIST, BeltSeen, Rating
from vision.result import Method, ReasonCode

if TYPE_CHECKING:
    from pathlib import Path

SHA256 = "0f" * 32
WHEN = "2026-05-31T10:20:30+05:30"
#: Where photographs of a study lie must never be in an export.
SECRET = "/home/anna/Muster.jpg"


def make_study(folder: Path, subjects: tuple[str, ...] = ("S1", "=S2", "S3")) -> Study:
    """Two raters, who saw each subject once; the second has not rated the last one."""
    raters = ("rater-1", "rater-2")
    items = [
        StudyItem(id=f"{rater[-1]}{number}", rater=rater, subject=subject, repeat=1)
        for rater in raters
        for number, subject in enumerate(subjects)
    ]
    key = StudyKey(
        beltline_study=1,
        study="trial",
        made_at="2026-05-01T00:00:00+00:00",
        seed=1,
        version="0.1.0",
        design=Design(raters=2, repeats=1, subjects=len(subjects)),
        photos=tuple(StudyPhoto(subject=one, path=SECRET, sha256=SHA256) for one in subjects),
        items=tuple(items),
    )
    folder.mkdir()
    (folder / KEY).write_text(key.model_dump_json(), encoding="utf-8")
    for rater in raters:
        _give(folder / RATERS / rater, rater, [item.id for item in items if item.rater == rater])
    study = Study(folder)
    for item in items[:-1]:
        belt = BeltSeen.PARTLY if item.subject == "S1" else None
        rating = Rating(item.id, (300.0, 405.5), (200.0, 400.0), belt=belt, rated_at=WHEN)
        study.worklist(item.rater).keep(rating)
    return study


def _give(folder: Path, rater: str, names: list[str]) -> None:
    entries = ",".join(
        f'{{"id":"{name}","picture":"{name}.jpg","width_px":600,"height_px":800}}' for name in names
    )
    folder.mkdir(parents=True)
    (folder / WORKLIST).write_text(
        f'{{"beltline_worklist":1,"study":"trial","rater":"{rater}","items":[{entries}]}}',
        encoding="utf-8",
    )


MEASURED = StudyRow(
    *("S1", AUTOMATIC, 1),
    method="contour",
    status="measured",
    tilt_deg=-3.125,
    low_deg=-11.5,
    high_deg=5.25,
    belt=2,
    reasons="vertical_assumed",
    photo_sha256=SHA256,
    version="0.1.0",
)
REJECTED = StudyRow(
    *("=S2", AUTOMATIC, 1),
    method="contour",
    status="rejected",
    reasons=f"no_person not_side_on {SECRET}",
    photo_sha256=SHA256,
    version="0.1.0",
)
UNREADABLE = StudyRow(*("S3", AUTOMATIC, 1), method="contour", status="error", reasons="changed")
RATED = StudyRow(
    *("S1", "rater-1", 1, "bcdf"),
    status="rated",
    tilt_deg=3.125,
    asis_x_px=300.0,
    asis_y_px=405.5,
    psis_x_px=200.0,
    psis_y_px=400.0,
    belt=1,
    seconds=12.5,
    rated_at=WHEN,
)
UNMARKABLE = StudyRow("S1", "rater-1", 2, "bcdg", status="unmarkable", rated_at=WHEN)
OPEN = StudyRow("S1", "rater-2", 1, "bcdh")
ROWS = [MEASURED, REJECTED, UNREADABLE, RATED, UNMARKABLE, OPEN]

#: Any text at all, half a letter of UTF-16 among it, and often the beginnings of formulas.
LABELS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12) | st.from_regex(
    r"[\s;]?['=+@-]{1,3}[A-Z1(]{0,4}", fullmatch=True
)
_WITH_NUMBERS = ("tilt_deg", "low_deg", "high_deg", "asis_x_px", "psis_y_px", "seconds")


def rows() -> st.SearchStrategy[list[StudyRow]]:
    """Whatever a study may hold, and numbers that are none."""
    return st.lists(
        st.builds(
            StudyRow,
            subject=LABELS,
            rater=LABELS | st.just(AUTOMATIC),
            repeat=st.integers(1, 10),
            item=st.text(max_size=8),
            method=st.sampled_from(list(Method)) | st.text(max_size=4),
            status=st.sampled_from(
                ["rated", "unmarkable", "open", "measured", "rejected", "error", "other"]
            ),
            **dict.fromkeys(_WITH_NUMBERS, st.none() | st.floats()),
            belt=st.none() | st.integers(0, 2),
            rated_at=st.just("") | st.datetimes(timezones=st.timezones()).map(str) | st.text(),
            reasons=st.lists(st.sampled_from(list(ReasonCode)) | st.text(max_size=5)).map(" ".join),
            photo_sha256=st.just(SHA256),
            version=st.text(max_size=5),
        ),
        max_size=5,
    )
