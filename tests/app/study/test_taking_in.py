from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.study import StudyError
from app.study.design import RATERS
from app.study.taking_in import progress_of, take_in
from app.study.worklist import RATINGS, WORKLIST, BeltSeen, Rating, Worklist
from tests.app.study.studies import SIZE_PX, answer, let_all_stand_alone, small_study

if TYPE_CHECKING:
    from pathlib import Path

    from app.study.design import Study
    from app.study.worklist import WorkEntry

POINTS = "asis_x_px,asis_y_px,psis_x_px,psis_y_px"
RATER = "rater-1"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    let_all_stand_alone(monkeypatch)
    return small_study(tmp_path)


@pytest.fixture
def entries(study: Study) -> tuple[WorkEntry, ...]:
    return study.worklist(RATER).items


def table(study: Study, *lines: str, encoding: str = "utf-8") -> Path:
    path = study.folder.parent / "answers.csv"
    path.write_text("\n".join((*lines, "")), encoding=encoding)
    return path


def refused(study: Study, *lines: str) -> str:
    """Return why a table is not taken in, having looked that nothing of it was kept."""
    with pytest.raises(StudyError) as caught:
        take_in(study, table(study, *lines), RATER)
    assert study.worklist(RATER).ratings == {}
    return str(caught.value)


def test_answers_of_every_kind(study: Study, entries: tuple[WorkEntry, ...]) -> None:
    one, two, three = (entry.id for entry in entries[:3])
    names = "plumb_x1_px,plumb_y1_px,plumb_x2_px,plumb_y2_px,belt,seconds,rated_at"
    path = table(
        study,
        f"item,{POINTS},{names}",
        f"{one},30,31.5,12,28,1,0,2,60,clearly,12.5,2026-03-01T09:30:00+01:00",
        f" {two} ,,,,,,,,,no,,",
        "",
        f"{three},12,30,30,28,,,,,,,",
    )
    taken = take_in(study, path, RATER)
    assert (taken.new, taken.progress.rated, taken.progress.unmarkable) == (3, 3, 1)
    assert study.worklist(RATER).ratings == {
        one: Rating(
            one,
            (30.0, 31.5),
            (12.0, 28.0),
            ((1.0, 0.0), (2.0, 60.0)),
            BeltSeen.CLEARLY,
            12.5,
            "2026-03-01T09:30:00+01:00",
        ),
        two: Rating(two, belt=BeltSeen.NO),
        three: Rating(three, (12.0, 30.0), (30.0, 28.0)),
    }


def test_pictures_may_be_named_by_their_files(study: Study, entries: tuple[WorkEntry, ...]) -> None:
    take_in(study, table(study, f"picture,{POINTS}", f"{entries[0].picture},30,31,12,28"), RATER)
    assert set(study.worklist(RATER).ratings) == {entries[0].id}


def test_a_spreadsheet_of_half_the_world(study: Study, entries: tuple[WorkEntry, ...]) -> None:
    lines = f"item;{POINTS.replace(',', ';')};seconds", f"{entries[0].id};30,5;31;12;28;4,25"
    take_in(study, table(study, *lines, encoding="utf-8-sig"), RATER)
    (rating,) = study.worklist(RATER).ratings.values()
    assert (rating.asis_px, rating.seconds) == ((30.5, 31.0), 4.25)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("48,30,12,28", "line 2: The ASIS point (48, 30) is outside the picture"),
        ("30,30,12,-1", "line 2: The PSIS point (12, -1) is outside the picture"),
        ("30,30,30,30", "line 2: The ASIS point and the PSIS point are the same"),
        ("30,,12,28", "line 2: the two points need all four numbers, or none"),
        ("30,here,12,28", "line 2: asis_y_px is no number"),
        ("30,nan,12,28", "line 2: asis_y_px is no number"),
        ("30,1e999,12,28", "line 2: asis_y_px is no number"),
    ],
)
def test_points_that_cannot_be(
    study: Study, entries: tuple[WorkEntry, ...], values: str, told: str
) -> None:
    assert told in refused(study, f"item,{POINTS}", f"{entries[0].id},{values}")


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("belt", "maybe", "belt is neither no, partly nor clearly"),
        ("seconds", "-1", "seconds is below 0"),
        ("seconds", "90000", "seconds is longer than a day"),
        ("rated_at", "yesterday", "rated_at is no moment such as 2026-03-01T09:30:00+01:00"),
        ("rated_at", "2026-03-01T09:30:00", "rated_at is no moment such as"),
    ],
)
def test_whatever_else_cannot_be(
    study: Study, entries: tuple[WorkEntry, ...], column: str, value: str, told: str
) -> None:
    line = f"{entries[0].id},30,30,12,28,{value}"
    assert told in refused(study, f"item,{POINTS},{column}", line)


def test_a_plumb_line_that_lies(study: Study, entries: tuple[WorkEntry, ...]) -> None:
    names = "plumb_x1_px,plumb_y1_px,plumb_x2_px,plumb_y2_px"
    line = f"{entries[0].id},30,30,12,28,0,10,40,12"
    assert "too far to be plumb" in refused(study, f"item,{POINTS},{names}", line)


def test_all_faults_are_told_at_once_and_nothing_is_taken(
    study: Study, entries: tuple[WorkEntry, ...]
) -> None:
    good = [f"{entry.id},30,30,12,28" for entry in entries]
    bad = [f"stranger,30,30,12,28,{'.' * 0}".rstrip(",")] * 25
    told = refused(study, f"item,{POINTS}", *good, good[0], *bad)
    assert f"line 10: the picture '{entries[0].id}' has an answer further up, too" in told
    assert told.count("has no picture 'stranger'") == 19
    assert "and 6 more." in told
    assert "\n" not in told


def test_two_names_of_two_pictures(study: Study, entries: tuple[WorkEntry, ...]) -> None:
    columns = f"item,picture,{POINTS}"
    line = f"{entries[0].id},{entries[1].picture},30,30,12,28"
    assert "item and picture name different pictures" in refused(study, columns, line)
    assert "no item named" in refused(study, columns, ",,30,30,12,28")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), "neither"),
        (("item,x,y", "a,1,2"), "need other columns: it has 'x'"),
        (("item,item," + POINTS,), "one is there twice"),
        (("item,asis_x_px,asis_y_px,psis_x_px",), "'psis_y_px' is missing"),
        ((POINTS,), "neither 'item' nor 'picture' is there"),
        ((f"item,{POINTS}",), "There is no answer in"),
        ((f"item,{POINTS}", "a,1,2"), "Line 2 of '"),
        ((f"item,{POINTS}", "a,1,2,3,4,5"), "has more values than there are columns"),
    ],
)
def test_a_file_that_is_no_table_of_answers(
    study: Study, lines: tuple[str, ...], told: str
) -> None:
    if not lines:
        told = "'asis_x_px' is missing"
    assert told in refused(study, *lines)


def test_files_that_cannot_be_read(study: Study, tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(b"item\xff\xfe")
    (tmp_path / "zeros.csv").write_bytes(b"\0" * 100)
    for name in ("gone.csv", "binary.csv", "zeros.csv", "x" * 300):
        with pytest.raises(StudyError):
            take_in(study, tmp_path / name, RATER)


def test_whose_answers_they_are_has_to_be_known(study: Study) -> None:
    path = table(study, f"item,{POINTS}")
    with pytest.raises(StudyError, match=r"no rater 'Ana' .* one of rater-1, rater-2\."):
        take_in(study, path, "Ana")
    with pytest.raises(StudyError, match=r"It is not said whose\. .*--rater"):
        take_in(study, path)


def test_other_answers_are_replaced_only_when_told(
    study: Study, entries: tuple[WorkEntry, ...]
) -> None:
    one, two = entries[0].id, entries[1].id
    study.worklist(RATER).keep(answer(one))
    path = table(study, f"item,{POINTS}", f"{one},30,31,12,28", f"{two},30,31,12,28")
    with pytest.raises(StudyError, match=f"1 of the pictures have another .*'{one}'.*--replace"):
        take_in(study, path, RATER)
    assert set(study.worklist(RATER).ratings) == {one}
    assert take_in(study, path, RATER, replaces=True).new == 2
    assert study.worklist(RATER).ratings[one].asis_px == (30.0, 31.0)
    assert take_in(study, path, RATER).new == 0, "the same once more is nothing new"


def test_a_folder_comes_back(study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.folder / RATERS / RATER, tmp_path / "elsewhere")
    abroad = Worklist(tmp_path / "elsewhere")
    for entry in abroad.items[:3]:
        abroad.keep(answer(entry.id))
    assert take_in(study, tmp_path / "elsewhere").new == 3
    assert take_in(study, tmp_path / "elsewhere", RATER).new == 0
    assert study.worklist(RATER).ratings == abroad.ratings
    with pytest.raises(StudyError, match="belongs to another study or rater"):
        take_in(study, tmp_path / "elsewhere", "rater-2")
    with pytest.raises(StudyError, match="is no worklist"):
        take_in(study, tmp_path)
    other = small_study(tmp_path / "other")
    with pytest.raises(StudyError, match="belongs to another study or rater"):
        take_in(other, tmp_path / "elsewhere")


def test_a_folder_that_was_meddled_with_is_not_taken(
    study: Study, tmp_path: Path, entries: tuple[WorkEntry, ...]
) -> None:
    shutil.copytree(study.folder / RATERS / RATER, tmp_path / "elsewhere")
    Worklist(tmp_path / "elsewhere").keep(answer(entries[0].id, 99.0))
    outside = rf"picture '{entries[0].id}': The ASIS point \(30, 99\) is outside the picture\."
    with pytest.raises(StudyError, match=outside):
        take_in(study, tmp_path / "elsewhere")
    renamed = (tmp_path / "elsewhere" / WORKLIST).read_text().replace(entries[0].id, "stranger")
    (tmp_path / "elsewhere" / WORKLIST).write_text(renamed)
    Worklist(tmp_path / "elsewhere").keep(answer("stranger"))
    with pytest.raises(StudyError, match="belongs to another study or rater"):
        take_in(study, tmp_path / "elsewhere")
    assert study.worklist(RATER).ratings == {}


def test_how_far_raters_are(study: Study, entries: tuple[WorkEntry, ...]) -> None:
    worklist = study.worklist(RATER)
    worklist.keep(answer(entries[0].id))
    worklist.keep(Rating(entries[1].id, seconds=40.0))
    first, second = progress_of(study)
    assert (first.rater, first.items, first.rated, first.unmarkable) == (RATER, 8, 2, 1)
    assert (first.seconds, second.rated, second.seconds) == (30.0, 0, None)


def test_a_disk_that_is_full_is_told(
    study: Study, entries: tuple[WorkEntry, ...], tmp_path: Path
) -> None:
    path = table(study, f"item,{POINTS}", f"{entries[0].id},30,31,12,28")
    (study.folder / RATERS / RATER / RATINGS).mkdir()
    with pytest.raises(StudyError, match="cannot be read"):
        take_in(study, path, RATER)
    assert (entries[0].width_px, entries[0].height_px) == SIZE_PX
