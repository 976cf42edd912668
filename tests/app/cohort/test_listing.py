from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.cohort import CohortUsageError
from app.cohort.listing import find_photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "photos"
    for name in ("b.jpg", "a.PNG", "more/c.heic", "more/notes.txt", ".hidden/d.jpg", ".e.jpg"):
        (below / name).parent.mkdir(parents=True, exist_ok=True)
        (below / name).write_text("picture")
    return below


def _names(*places: object) -> list[str]:
    return [Path(photo.path).name for photo in find_photos([str(one) for one in places]).photos]


def _refused(*places: object) -> str:
    with pytest.raises(CohortUsageError) as raised:
        find_photos([str(place) for place in places])
    told = str(raised.value)
    assert "\n" not in told
    return told


def test_everything_below_a_folder_in_the_order_of_names(folder: Path) -> None:
    photos = find_photos([str(folder)]).photos
    assert [os.path.relpath(photo.path, folder) for photo in photos] == [
        *("a.PNG", "b.jpg", "more/c.heic")
    ]
    assert _names(f"file://{folder}") == ["a.PNG", "b.jpg", "c.heic"]


def test_a_short_name_is_told_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert find_photos(["."]).photos[1].path == str(folder / "b.jpg")


def test_patterns(folder: Path) -> None:
    assert _names(folder / "*.jpg") == ["b.jpg"]
    assert _names(folder / "**" / "*.heic") == ["c.heic"]
    assert _names(folder / "m*") == ["c.heic"]


def test_a_name_that_looks_like_a_pattern(folder: Path) -> None:
    (folder / "[1].jpg").write_text("picture")
    assert _names(folder / "[1].jpg") == ["[1].jpg"]


def test_folders_within_each_other_count_once(folder: Path) -> None:
    assert _names(folder, folder / "more", folder) == ["a.PNG", "b.jpg", "c.heic"]


def test_a_folder_without_a_photograph(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = _refused(tmp_path / "empty")
    assert told.startswith(f"There is no photograph in '{tmp_path}/empty'. Name a folder with")


@pytest.mark.parametrize("place", ["", "gone", "gone/*.jpg", "**.jpg", "a\0b", "n" * 5000])
def test_what_names_nothing(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _refused(place)


def test_links_in_a_circle_are_followed_once(folder: Path) -> None:
    (folder / "more" / "up").symlink_to(folder)
    (folder / "self.jpg").symlink_to(folder / "self.jpg")
    listing = find_photos([str(folder)])
    assert [Path(photo.path).name for photo in listing.photos] == [
        *("a.PNG", "b.jpg", "c.heic", "self.jpg")
    ]
    assert listing.notes == ("Links that lead to a folder already seen: 1, each followed once.",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_closed_folder_is_told_of(folder: Path) -> None:
    (folder / "more").chmod(0)
    try:
        assert "may not read: 1" in find_photos([str(folder)]).notes[0]
    finally:
        (folder / "more").chmod(0o700)


def test_what_is_no_file_is_left_out(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    (folder / "folder.jpg").mkdir()
    assert "pipe.jpg" not in _names(folder)


def test_another_time_or_size_is_another_content(folder: Path) -> None:
    (before,) = find_photos([str(folder / "b.jpg")]).photos
    os.utime(folder / "b.jpg", (1, 1))
    (after,) = find_photos([str(folder / "b.jpg")]).photos
    assert before.fingerprint("x") != after.fingerprint("x")
    assert before.fingerprint("x") != before.fingerprint("y")


def _list(path: Path, *lines: str, columns: str = "photo,session,rater") -> Path:
    path.write_text("\n".join((columns, *lines)))
    return path


def test_a_list_names_what_lies_beside_it(folder: Path) -> None:
    listed = _list(folder / "list.csv", "b.jpg,1,Ana", "./more/../b.jpg,1,Ben", f"{folder}/a.PNG,,")
    photos = find_photos([str(listed)]).photos
    assert [(Path(one.path).name, one.listed.rater) for one in photos] == [
        *(("a.PNG", ""), ("b.jpg", "Ana"), ("b.jpg", "Ben"))
    ]


def test_all_faults_of_a_list_at_once(folder: Path) -> None:
    listed = _list(
        *(folder / "list.csv", "b.jpg,1,Ana", "gone.jpg,1,Ana", "b.jpg,1,Ana", "more,,", "b.jpg")
    )
    assert _refused(listed) == (
        f"The list '{listed}' has faults, so nothing was measured: "
        "line 3: there is no photograph 'gone.jpg'; "
        "line 4: 'b.jpg' by rater 'Ana' in session '1' stands in line 2, too; "
        "line 5: there is no photograph 'more'; "
        "line 6: it has fewer values than there are columns. Put them right, then start again."
    )


def test_two_lists_that_name_one_file(folder: Path) -> None:
    one = _list(folder / "one.csv", "b.jpg,,")
    two = _list(folder / "two.csv", "b.jpg,,")
    told = f"is named by '{one}' and by '{two}'. Take it out of one of them."
    assert told in _refused(one, two)
    assert f"is named by '{folder}' and by '{one}'" in _refused(folder, one)
    assert _names(one, one) == ["b.jpg"]


@pytest.mark.parametrize("name", ["gone.csv", "photos.csv"])
def test_a_list_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "photos.csv").mkdir()
    assert f"{name}' cannot be read: " in _refused(tmp_path / name)
    assert "There is no photograph in" in _refused(_list(tmp_path / "empty.csv"))
