from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.study import StudyError
from app.study.worklist import RATINGS, WORKLIST, BeltSeen, Rating, Worklist
from tests.app.study.studies import answer
from vision.marks.points import measure_marked_deg
from vision.result import BonyPoints, Facing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = [
        {"id": name, "picture": f"{name}.jpg", "width_px": 48, "height_px": 64}
        for name in ("one", "two", "three")
    ]
    said = {"beltline_worklist": 1, "study": "s", "rater": "rater-1", "items": entries}
    (tmp_path / WORKLIST).write_text(json.dumps(said))
    return tmp_path


def test_pictures_come_in_order_until_all_are_rated(folder: Path) -> None:
    worklist, seen = Worklist(folder), []
    while (entry := worklist.next_item()) is not None:
        seen.append(entry.id)
        worklist.keep(answer(entry.id))
    assert seen == ["one", "two", "three"]
    assert Worklist(folder).next_item() is None


def test_an_answer_comes_back_as_it_was_given(folder: Path) -> None:
    rating = Rating(
        "two", (3.5, 4.25), (1.0, 2.0), ((0.0, 0.0), (0.5, 60.0)), BeltSeen.CLEARLY, 12.5, "moment"
    )
    Worklist(folder).keep(rating)
    assert Worklist(folder).ratings == {"two": rating}


def test_the_last_answer_to_a_picture_counts(folder: Path) -> None:
    worklist = Worklist(folder)
    worklist.keep(answer("one", 20.0))
    worklist.keep(answer("one", 40.0))
    assert Worklist(folder).ratings == worklist.ratings == {"one": answer("one", 40.0)}


def test_two_windows_lose_no_answer(folder: Path) -> None:
    keep = (
        "import sys; from pathlib import Path; from app.study.worklist import Rating, Worklist\n"
        "worklist = Worklist(Path(sys.argv[1]))\n"
        "for number in range(30): worklist.keep(Rating(sys.argv[2], (number, 1.0), (0.0, 0.0)))"
    )
    command = [sys.executable, "-c", keep, str(folder)]
    windows = [subprocess.Popen([*command, name]) for name in ("one", "two", "one")]
    assert [window.wait(50) for window in windows] == [0, 0, 0]
    assert (folder / RATINGS).read_bytes().count(b"\n") == 90
    found = Worklist(folder).ratings
    assert {name: one.asis_px for name, one in found.items()} == {"one": (29, 1), "two": (29, 1)}


@settings(max_examples=25)
@given(st.integers(1, 200))
def test_an_answer_cut_short_costs_none_before_or_after(
    tmp_path_factory: pytest.TempPathFactory, count: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    entry = {"id": "one", "picture": "one.jpg", "width_px": 48, "height_px": 64}
    said = {"beltline_worklist": 1, "study": "s", "rater": "r", "items": [entry]}
    (folder / WORKLIST).write_text(json.dumps(said))
    Worklist(folder).keep(answer("one", 20.0))
    whole = (folder / RATINGS).read_bytes()
    with (folder / RATINGS).open("ab") as file:
        file.write(whole[: min(count, len(whole) - 2)])
    assert Worklist(folder).ratings == {"one": answer("one", 20.0)}
    Worklist(folder).keep(answer("one", 40.0))
    assert Worklist(folder).ratings == {"one": answer("one", 40.0)}


def test_an_answer_that_only_lacks_its_end_counts(folder: Path) -> None:
    Worklist(folder).keep(answer("one"))
    path = folder / RATINGS
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert set(Worklist(folder).ratings) == {"one"}
    Worklist(folder).keep(answer("two"))
    assert set(Worklist(folder).ratings) == {"one", "two"}


def test_a_damaged_answer_is_told_and_not_passed_over(folder: Path) -> None:
    Worklist(folder).keep(answer("one"))
    path = folder / RATINGS
    path.write_bytes(path.read_bytes().replace(b"asis", b"\xff\xfe!!") + b'{"item": "two"}\n')
    with pytest.raises(StudyError, match=r"Line 1 of .* is damaged"):
        Worklist(folder)


def test_no_way_out_of_the_folder_is_a_picture(folder: Path) -> None:
    text = (folder / WORKLIST).read_text()
    (folder / WORKLIST).write_text(text.replace("one.jpg", "../../one.jpg"))
    with pytest.raises(StudyError, match="is no worklist"):
        Worklist(folder)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
def test_a_full_disk_is_told(folder: Path) -> None:
    worklist = Worklist(folder)
    (folder / RATINGS).symlink_to("/dev/full")
    with pytest.raises(StudyError, match="The answer was not kept: no space left"):
        worklist.keep(answer("one"))
    assert worklist.ratings == {}


@given(
    st.tuples(st.floats(0, 400), st.floats(0, 400)),
    st.tuples(st.floats(0, 400), st.floats(0, 400)),
    st.floats(-20, 20),
)
def test_the_tilt_is_that_of_marked_points(
    asis_px: tuple[float, float], psis_px: tuple[float, float], lean_px: float
) -> None:
    if abs(asis_px[0] - psis_px[0]) < 1:
        return
    facing = Facing.RIGHT if asis_px[0] > psis_px[0] else Facing.LEFT
    plumb = (0.0, 0.0), (lean_px, 400.0)
    roll_deg = math.degrees(math.atan2(lean_px, 400.0))
    points = BonyPoints(asis_px, psis_px)
    expected_deg, _ = measure_marked_deg(points, facing, roll_deg, None)
    found_deg = Rating("one", asis_px, psis_px, plumb).tilt_deg()
    assert found_deg == pytest.approx(expected_deg)
