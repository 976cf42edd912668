from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.cohort import CohortError
from app.study import StudyError
from app.study.choosing import SubjectDraw
from tests.app.study.studies import SIZE_PX, let_all_stand_alone, write_photographs
from vision.result import Reason, ReasonCode, Severity

SAMPLES = Path(__file__).parents[3] / "sample_images"
NOBODY = Reason(ReasonCode.NO_PERSON, Severity.REFUSE, "Nobody is in it.", "Stand in it.")
BLURRED = Reason(ReasonCode.BLURRED, Severity.REFUSE, "It is blurred.", "Hold still.")


@pytest.fixture(autouse=True)
def _all_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    let_all_stand_alone(monkeypatch)


def listed(folder: Path, lines: str) -> str:
    path = folder / "list.csv"
    path.write_text(lines)
    return str(path)


def drawn(place: str, wanted: int, seed: int = 1, *, skips: bool = False) -> list[tuple[str, str]]:
    draw = SubjectDraw(place, wanted, seed, skips=skips)
    return [(photo.subject, Path(photo.path).name) for photo in draw.photos()]


def test_a_seed_draws_the_same_subjects_again(tmp_path: Path) -> None:
    write_photographs(tmp_path, 12)
    first = drawn(str(tmp_path), 5)
    assert len(set(first)) == 5
    assert drawn(str(tmp_path), 5) == first
    assert {tuple(drawn(str(tmp_path), 5, seed)) for seed in range(4)} != {tuple(first)}


def test_a_files_name_is_no_subjects_name(tmp_path: Path) -> None:
    write_photographs(tmp_path, 12)
    names = dict(drawn(str(tmp_path), 12))
    assert sorted(names) == [f"S{number:02}" for number in range(1, 13)]
    assert names["S01"] == "person-0.png"


def test_a_list_names_subjects_and_may_have_several_photographs_of_one(tmp_path: Path) -> None:
    write_photographs(tmp_path, 6)
    lines = "photo,subject\n" + "".join(f"person-{n}.png,{'abc'[n % 3]}\n" for n in range(6))
    taken = {seed: drawn(listed(tmp_path, lines), 3, seed) for seed in range(8)}
    assert all(sorted(subject for subject, _ in one) == ["a", "b", "c"] for one in taken.values())
    of_a = {dict(one)["a"] for one in taken.values()}
    assert of_a == {"person-0.png", "person-3.png"}


def test_too_few_subjects_are_told(tmp_path: Path) -> None:
    write_photographs(tmp_path, 4)
    lines = "photo,subject\n" + "".join(f"person-{n}.png,{'ab'[n % 2]}\n" for n in range(4))
    with pytest.raises(StudyError, match=r"asks for 3 subjects, and .* has photographs of 2\."):
        SubjectDraw(listed(tmp_path, lines), 3, 1)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CohortError, match="no photograph"):
        SubjectDraw(str(tmp_path / "empty"), 3, 1)


def test_some_subjects_named_and_others_not(tmp_path: Path) -> None:
    write_photographs(tmp_path, 3)
    lines = "photo,subject\nperson-0.png,a\nperson-1.png,\nperson-2.png,c\n"
    with pytest.raises(StudyError, match=r"not that of '.*person-1\.png'"):
        SubjectDraw(listed(tmp_path, lines), 3, 1)


def test_a_photograph_elsewhere_is_told(tmp_path: Path) -> None:
    write_photographs(tmp_path, 2)
    lines = "photo\nperson-0.png\nperson-1.png\nhttps://example.org/person.png\n"
    with pytest.raises(StudyError, match=r"'https://.*' is not on this computer"):
        SubjectDraw(listed(tmp_path, lines), 3, 1)


def test_whatever_cannot_be_used_is_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_photographs(tmp_path, 6)
    let_all_stand_alone(monkeypatch, ("person-0.png",), NOBODY)
    paths[1].write_bytes(b"no picture")
    paths[3].write_bytes(paths[2].read_bytes())
    with pytest.raises(StudyError) as caught:
        drawn(str(tmp_path), 6)
    told = str(caught.value)
    assert "person-0.png': Nobody is in it" in told
    assert "person-1.png': " in told
    assert "It is the same picture as that of 'S" in told
    assert "--skip-unsuitable" in told
    assert told.count("person-") == 3


def test_only_twenty_are_named(tmp_path: Path) -> None:
    for path in write_photographs(tmp_path, 25):
        path.write_bytes(b"no picture")
    with pytest.raises(StudyError, match=r"and 5 more\.") as caught:
        drawn(str(tmp_path), 25)
    assert str(caught.value).count("person-") == 20


def test_what_only_beltline_cannot_measure_raters_may_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_photographs(tmp_path, 3)
    let_all_stand_alone(monkeypatch, ("person-0.png",), BLURRED)
    assert len(drawn(str(tmp_path), 3)) == 3


def test_others_take_the_place_of_what_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_photographs(tmp_path, 6)
    unsuitable = "person-0.png", "person-4.png"
    let_all_stand_alone(monkeypatch, unsuitable, NOBODY)
    assert {name for _, name in drawn(str(tmp_path), 4, skips=True)}.isdisjoint(unsuitable)
    with pytest.raises(StudyError, match="Of 5 subjects only 4 have a photograph"):
        drawn(str(tmp_path), 5, skips=True)


def test_a_subjects_other_photograph_is_taken_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_photographs(tmp_path, 4)
    let_all_stand_alone(monkeypatch, ("person-0.png",), NOBODY)
    lines = "photo,subject\nperson-0.png,a\nperson-3.png,a\nperson-1.png,b\nperson-2.png,c\n"
    for seed in range(4):
        assert ("a", "person-3.png") in drawn(listed(tmp_path, lines), 3, seed, skips=True)


def test_a_picture_is_upright_and_all_of_it_and_nothing_beside_it(tmp_path: Path) -> None:
    write_photographs(tmp_path, 3)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a camera's name"
    with Image.open(tmp_path / "person-0.png") as picture:
        picture.resize((3000, 2000)).save(tmp_path / "person-0.png", exif=exif)
    photos = {Path(one.path).name: one for one in SubjectDraw(str(tmp_path), 3, 1).photos()}
    turned = photos["person-0.png"]
    assert (turned.width_px, turned.height_px) == (2000, 3000)
    assert (photos["person-1.png"].width_px, photos["person-1.png"].height_px) == SIZE_PX
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(turned.jpeg)
    with Image.open(copy) as picture:
        assert picture.size == (2000, 3000)
        assert not picture.getexif()
        assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"camera" not in turned.jpeg
