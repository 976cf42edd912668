from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.study import StudyError
from app.study.design import RATERS, Design, Study
from app.study.making import make_study
from app.study.ordering import fair_distance
from app.study.table import rated_rows
from app.study.worklist import PICTURES, WORKLIST
from tests.app.study.studies import (
    SIZE_PX,
    answer,
    let_all_stand_alone,
    small_study,
    write_photographs,
)
from vision.image.frame import load_frame
from vision.result import Reason, ReasonCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Some that no name or time of the study's own may hold.
NOBODY = Reason(ReasonCode.NO_PERSON, Severity.REFUSE, "Nobody is in it.", "Stand in it.")


@pytest.fixture(autouse=True)
def _all_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    let_all_stand_alone(monkeypatch)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return small_study(tmp_path)


def files_of(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Design, raters=st.integers(1, 4), repeats=st.integers(1, 3), subjects=st.integers(3, 6)
    ),
    st.integers(0, 2**32),
)
def test_each_rater_sees_every_subject_as_often_as_designed(
    tmp_path_factory: pytest.TempPathFactory, design: Design, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("study")
    write_photographs(folder / "photographs", 7)
    study = make_study(folder / "made", design, str(folder / "photographs"), seed=seed)
    subjects = {photo.subject for photo in study.key.photos}
    assert (len(study.raters), len(subjects)) == (design.raters, design.subjects)
    assert len({item.id for item in study.key.items}) == design.pictures
    for rater in study.raters:
        items = [item for item in study.key.items if item.rater == rater]
        worklist = study.worklist(rater)
        assert [entry.id for entry in worklist.items] == [item.id for item in items]
        for number in range(design.repeats):
            block = items[number * design.subjects : (number + 1) * design.subjects]
            assert {item.subject for item in block} == subjects
            assert {item.repeat for item in block} == {number + 1}
        for place, item in enumerate(items):
            near = items[place + 1 : place + fair_distance(design.subjects)]
            assert item.subject not in {other.subject for other in near}


def test_a_raters_folder_tells_nothing(study: Study) -> None:
    words = {photo.subject for photo in study.key.photos} | {"person", "repeat", "seed", "subject"}
    words |= {photo.sha256 for photo in study.key.photos}
    for rater in study.raters:
        folder = study.folder / RATERS / rater
        names = {path.name for path in folder.iterdir()}
        assert names == {WORKLIST, PICTURES, "README.txt"}
        said = json.loads((folder / WORKLIST).read_text())
        assert said.keys() == {"beltline_worklist", "study", "rater", "items"}
        assert all(
            item.keys() == {"id", "picture", "width_px", "height_px"} for item in said["items"]
        )
        told = (folder / WORKLIST).read_text() + " ".join(map(str, files_of(folder)))
        told = told.replace(str(study.folder), "")
        assert [word for word in words if word in told] == []


def test_pictures_of_one_photograph_differ_as_files_and_not_as_pictures(study: Study) -> None:
    by_subject: dict[str, list[Path]] = {}
    for item in study.key.items:
        path = study.folder / RATERS / item.rater / PICTURES / f"{item.id}.jpg"
        by_subject.setdefault(item.subject, []).append(path)
    for paths in by_subject.values():
        assert len(paths) == 4
        assert len({path.read_bytes() for path in paths}) == 4
        assert len({load_frame(path).rgb.tobytes() for path in paths}) == 1
        assert {(load_frame(path).width_px, load_frame(path).height_px) for path in paths} == {
            SIZE_PX
        }
    for rater in study.raters:
        pictures = list((study.folder / RATERS / rater / PICTURES).iterdir())
        assert len({path.stat().st_size for path in pictures}) == len(pictures)


def test_all_files_are_of_one_time_and_closed_to_others(study: Study) -> None:
    paths = [study.folder, *study.folder.rglob("*")]
    assert len({path.stat().st_mtime_ns for path in paths}) == 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in files_of(study.folder))
    assert study.folder.stat().st_mode & 0o077 == 0


def test_the_same_seed_gives_the_same_orders_and_other_names(tmp_path: Path) -> None:
    one, other = small_study(tmp_path / "a"), small_study(tmp_path / "b")
    orders = [
        [(item.rater, item.subject, item.repeat) for item in study.key.items]
        for study in (one, other)
    ]
    assert orders[0] == orders[1]
    assert {item.id for item in one.key.items}.isdisjoint(item.id for item in other.key.items)
    by_rater = {rater: [s for r, s, _ in orders[0] if r == rater] for rater in one.raters}
    assert len({tuple(order) for order in by_rater.values()}) == 2


def test_a_study_keeps_what_it_was_made_by(tmp_path: Path) -> None:
    write_photographs(tmp_path / "photographs", 5)
    design, place = Design(raters=1, repeats=1, subjects=3), str(tmp_path / "photographs")
    made = make_study(tmp_path / "study", design, place)
    key = Study(made.folder).key
    assert (key.design, key.left_out) == (design, ())
    again = make_study(tmp_path / "again", design, place, seed=key.seed)
    assert [photo.path for photo in again.key.photos] == [photo.path for photo in key.photos]


def test_what_is_there_stays_as_it_is(tmp_path: Path, study: Study) -> None:
    before = {path: path.read_bytes() for path in files_of(study.folder)}
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("study", "file", "link", "photographs"):
        with pytest.raises(StudyError, match="is there already, and was left as it is"):
            make_study(tmp_path / name, study.key.design, str(tmp_path / "photographs"))
    assert {path: path.read_bytes() for path in files_of(study.folder)} == before


def test_a_place_that_cannot_be_is_told(tmp_path: Path, study: Study) -> None:
    place = str(tmp_path / "photographs")
    for name in ("gone/study", "file/study", "x" * 300):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(StudyError):
            make_study(tmp_path / name, study.key.design, place)


def test_a_study_does_not_lie_among_photographs(tmp_path: Path, study: Study) -> None:
    place = tmp_path / "photographs"
    with pytest.raises(StudyError, match="lies among the photographs"):
        make_study(place / "study", study.key.design, str(place))


def test_nothing_is_left_of_what_was_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_all_stand_alone(monkeypatch, ("person-2.png",), NOBODY)
    with pytest.raises(StudyError, match="Nobody is in it"):
        small_study(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["photographs"]


@pytest.mark.parametrize("broken", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_is_left_when_it_breaks_off_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr("os.utime", fail)
    kind = StudyError if isinstance(broken, OSError) else KeyboardInterrupt
    with pytest.raises(kind) as caught:
        small_study(tmp_path)
    if kind is StudyError:
        assert "was not made in" in str(caught.value)
        assert "no space left on device" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["photographs"]


def test_answers_come_to_stand_beside_their_subjects(study: Study) -> None:
    items = {(item.rater, item.subject, item.repeat): item for item in study.key.items}
    wanted = items["rater-2", "S3", 2]
    study.worklist("rater-2").keep(answer(wanted.id))
    rows = rated_rows(study)
    assert len(rows) == len(items)
    (rated,) = (row for row in rows if row.status == "rated")
    assert (rated.rater, rated.subject, rated.repeat, rated.item) == (
        *("rater-2", "S3", 2),
        wanted.id,
    )
    assert (rated.belt, rated.seconds, rated.asis_x_px) == (1, 20.0, 30.0)
    assert {row.status for row in rows} == {"rated", "open"}
