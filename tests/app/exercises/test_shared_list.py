"""A list as one file: all of it comes back, and no bad file changes or holds up anything."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import struct
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.exercises.pictures import picture_of, read_picture
from app.exercises.shared_list import (
    EXERCISES_MAX,
    SUFFIX,
    SharedList,
    list_of,
    read_list,
    write_list,
)
from app.history.diary import ExerciseId, Plan, PlannedExercise
from app.history.errors import ExportFailed, ImportRefused
from app.history.place import Place
from app.history.practice import Practice, write_practice
from app.history.store import History
from tests.app.exercises.made_up_lists import PLACE_WORDS, a_list, drawing, photograph
from tests.app.history.made_up import WHEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TODAY = date(2026, 5, 4)
ABOUT, LIST = "beltline_exercises.json", "list.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / f"a{SUFFIX}"
    write_list(path, a_list())
    return path


def parts_in(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, parts: dict[str, bytes], *, is_honest: bool = True) -> Path:
    """Write an archive; with the checksums that belong to it, if it is honest."""
    if is_honest and ABOUT in parts:
        about = json.loads(parts[ABOUT])
        rest = {name: data for name, data in parts.items() if name != ABOUT}
        about["sha256"] = {name: hashlib.sha256(data).hexdigest() for name, data in rest.items()}
        parts = parts | {ABOUT: json.dumps(about).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refusal(path: Path) -> str:
    """Return the sentences; nothing else may come of a bad file."""
    with pytest.raises(ImportRefused) as caught:
        read_list(path)
    assert caught.value.message.endswith(".")
    assert caught.value.fix.endswith(".")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_all_of_it_comes_back(file: Path) -> None:
    made, found = a_list(), read_list(file)
    assert (found.practice, found.made_on, found.plan) == (made.practice, made.made_on, made.plan)
    assert [one.picture for one in found.pictures.values()] == [
        one.picture for one in made.pictures.values()
    ]
    assert all(found.pictures[one.sha256] == one for one in found.pictures.values())


def test_the_same_list_is_the_same_file(file: Path, tmp_path: Path) -> None:
    again = tmp_path / f"b{SUFFIX}"
    write_list(again, read_list(file))
    assert again.read_bytes() == file.read_bytes()


_words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Mn"]), max_size=20
)
_exercise = st.builds(
    PlannedExercise,
    exercise=st.just(""),
    name=_words.filter(bool),
    sets=st.integers(1, 3),
    repetitions=st.integers(1, 12),
    hold_s=st.sampled_from([0.0, 1.0, 2.5, 10.0]),
    each_side=st.booleans(),
    load=_words,
    note=_words,
    how=_words,
)
_exercises = st.lists(_exercise, min_size=1, max_size=6, unique_by=lambda one: one.name)


@given(_exercises, _words, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.data())
@settings(max_examples=40, deadline=None)
def test_any_list_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    exercises: list[PlannedExercise],
    practice: str,
    made_on: date,
    data: st.DataObject,
) -> None:
    pictures = {one.sha256: one for one in (drawing(shade, (40, 30)) for shade in (90, 200))}
    chosen = [
        replace(one, picture=data.draw(st.sampled_from(["", *pictures]))) for one in exercises
    ]
    plan = Plan(tuple(chosen))
    used = {sha256: pictures[sha256] for sha256 in plan.pictures}
    path = tmp_path_factory.mktemp("any") / f"a{SUFFIX}"
    write_list(path, SharedList(practice, made_on, plan, used))
    found = read_list(path)
    assert (found.practice, found.made_on, found.plan) == (practice, made_on, plan)
    assert set(found.pictures) == set(used)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_changed_byte_is_noticed_or_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("changed") / f"a{SUFFIX}"
    write_list(path, a_list())
    whole, wanted = bytearray(path.read_bytes()), read_list(path)
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole[place] ^= data.draw(st.integers(1, 255))
    else:
        del whole[place:]
    path.write_bytes(whole)
    try:
        found = read_list(path)
    except ImportRefused:
        return
    assert found == wanted


def test_what_a_history_has_goes_into_it(tmp_path: Path) -> None:
    made = a_list()
    with History.open(Place(tmp_path / "data")) as history:
        me = history.add_profile("Zora Geheim")
        write_practice(history.place.folder, Practice("Praxis am Park"))
        history.note_all(me.id, [(WHEN, made.plan)], tuple(made.pictures.values()))
        shared = list_of(history, made.plan, TODAY)
        assert (shared.practice, shared.made_on, shared.plan) == (
            "Praxis am Park",
            TODAY,
            made.plan,
        )
        assert set(shared.pictures) == set(made.pictures)
        history.plan_picture(made.plan.pictures[0]).picture.unlink()
        poorer = list_of(history, made.plan, TODAY)
    path = tmp_path / f"a{SUFFIX}"
    write_list(path, shared)
    for data in (path.read_bytes(), *parts_in(path).values()):
        assert b"Zora" not in data
        assert b"Geheim" not in data
    write_list(path, poorer)
    assert read_list(path).plan.exercises[0] == replace(made.plan.exercises[0], picture="")


def test_where_a_photograph_was_taken_is_not_in_it(tmp_path: Path) -> None:
    taken = read_picture(photograph(tmp_path / "a.jpg"))
    plan = Plan((PlannedExercise(name="Clam", picture=taken.sha256),))
    path = tmp_path / f"a{SUFFIX}"
    write_list(path, SharedList("", TODAY, plan, {taken.sha256: taken}))
    for data in (path.read_bytes(), *parts_in(path).values()):
        assert PLACE_WORDS not in data
        assert b"Exif" not in data
    # Nor is it kept when somebody else's program has put one with it into a file.
    with_place = photograph(tmp_path / "b.jpg", (400, 300)).read_bytes()
    name = hashlib.sha256(with_place).hexdigest()
    parts = parts_in(path)
    del parts[f"pictures/{taken.sha256}.jpg"]
    parts[LIST] = parts[LIST].replace(taken.sha256.encode(), name.encode())
    found = read_list(pack(path, parts | {f"pictures/{name}.jpg": with_place}))
    (encoded,) = found.pictures.values()
    assert PLACE_WORDS not in encoded.picture
    with Image.open(io.BytesIO(encoded.picture)) as image:
        assert not image.getexif()
    assert found.plan.pictures == (encoded.sha256,)


def _listed(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, bytes]], None]:
    def act(parts: dict[str, bytes]) -> None:
        content = json.loads(parts[LIST])
        change(content)
        parts[LIST] = json.dumps(content).encode()

    return act


def _first(**fields: object) -> Callable[[dict[str, bytes]], None]:
    return _listed(lambda content: content["exercises"][0].update(fields))


def _add(name: str, data: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: data})


def _other_picture(data: bytes) -> Callable[[dict[str, bytes]], None]:
    def act(parts: dict[str, bytes]) -> None:
        old = next(name for name in parts if name.startswith("pictures/"))
        sha256 = hashlib.sha256(data).hexdigest()
        del parts[old]
        parts[f"pictures/{sha256}.jpg"] = data
        parts[LIST] = parts[LIST].replace(old[9:-4].encode(), sha256.encode())

    return act


def _jpeg(size_px: tuple[int, int]) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size_px).save(data, "JPEG")
    return data.getvalue()


DAMAGES: dict[str, Callable[[dict[str, bytes]], object]] = {
    "an absolute name": _add("/etc/passwd"),
    "a name that leads up": _add("../up.jpg"),
    "a name with a drive": _add("C:\\up.jpg"),
    "a name with backslashes": _add("pictures\\..\\up.jpg"),
    "a program": _add("run.py", b"print('hello')"),
    "a page": _add("pictures/index.html", b"<script></script>"),
    "a folder": _add("pictures/", b""),
    "a picture that no exercise has": _add(f"pictures/{'ab' * 32}.jpg", drawing().picture),
    "no list": lambda parts: parts.pop(LIST),
    "no picture": lambda parts: parts.pop(next(one for one in parts if one.startswith("pict"))),
    "no JSON": _add(LIST, b"exercises: none"),
    "JSON without an end": _add(LIST, b"[" * 100_000),
    "no exercise": _listed(lambda content: content.update(exercises=[])),
    "too many exercises": _listed(
        lambda content: content.update(
            exercises=[
                {"name": f"e{number}", "sets": 1, "repetitions": 1}
                for number in range(EXERCISES_MAX + 1)
            ]
        )
    ),
    "something beside": _listed(lambda content: content.update(run="rm")),
    "something beside in an exercise": _first(command="rm"),
    "a path for a picture": _first(picture="/etc/passwd"),
    "no day": _listed(lambda content: content.update(made_on="yesterday")),
    "no number": _first(sets="three"),
    "truth for a number": _first(sets=True),
    "nothing to do": _first(sets=0),
    "a number without an end": _first(repetitions=10**400),
    "less than nothing": _first(hold_s=-1.0),
    "not a number": _add(LIST, b'{"made_on":"2026-05-04","exercises":[{"name":"a","sets":NaN}]}'),
    "no name": _first(name="", exercise=""),
    "a name of nothing": _first(name=" \t\u0000"),
    "an id that is none": _first(exercise="../glute"),
    "words without an end": _first(note="a" * 301),
    "a practice without an end": _listed(lambda content: content.update(practice="a" * 81)),
    "one exercise twice": _listed(lambda content: content["exercises"].append(
        content["exercises"][0]
    )),
    "a picture that is none": _other_picture(b"GIF89a and no more"),
    "a picture that is too wide": _other_picture(_jpeg((1025, 10))),
    "a picture that unpacks to gigabytes": _other_picture(_jpeg((10, 10)).replace(
        b"\xff\xc0\x00\x11\x08\x00\x0a\x00\x0a", b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff"
    )),
    "half a picture": _other_picture(drawing().picture[:1500]),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_honest_file_that_makes_no_sense_is_refused(file: Path, damage: str) -> None:
    parts = parts_in(file)
    DAMAGES[damage](parts)
    assert "damaged or was changed" in refusal(pack(file, parts))


def test_a_part_that_was_changed_is_noticed(file: Path) -> None:
    parts = parts_in(file)
    for name in parts:
        changed = parts | {name: parts[name].replace(b"Clam", b"Clan") + b" "}
        if name != ABOUT:
            assert "was changed" in refusal(pack(file, changed, is_honest=False))


@pytest.mark.parametrize(
    "sha256", [{}, {LIST: "no"}, {LIST: 5}, [], None, {f"p{n}": "" for n in range(99)}]
)
def test_a_table_of_contents_that_makes_no_sense_is_refused(file: Path, sha256: object) -> None:
    about = json.dumps({"beltline_exercises": 1, "version": "1", "sha256": sha256}).encode()
    assert "damaged" in refusal(pack(file, parts_in(file) | {ABOUT: about}, is_honest=False))


def test_a_later_version_says_so_whatever_else_is_in_it(file: Path) -> None:
    parts = parts_in(file) | {"films/a.webm": b"moving"}
    about = json.loads(parts[ABOUT]) | {"beltline_exercises": 2, "films": True}
    said = refusal(pack(file, parts | {ABOUT: json.dumps(about).encode()}, is_honest=False))
    assert "newer version" in said
    for number in (0, -1, "1", True, 1.5, None):
        about["beltline_exercises"] = number
        refusal(pack(file, parts | {ABOUT: json.dumps(about).encode()}, is_honest=False))


def test_another_archive_or_no_archive_is_told(tmp_path: Path) -> None:
    other = pack(tmp_path / "a.zip", {"letter.txt": b"hello"})
    text = tmp_path / "b.txt"
    text.write_text("hello")
    empty = tmp_path / "c"
    empty.touch()
    late = tmp_path / "d"
    late.write_bytes(b"#!/bin/sh\n" + other.read_bytes())
    for path in (other, text, empty, late):
        assert "is no list of exercises" in refusal(path)


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe, talk = tmp_path / "pipe", tmp_path / "talk"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(talk))
        for path in (tmp_path / "none", tmp_path, pipe, talk, tmp_path / "a\0b"):
            assert "cannot be read" in refusal(path)


@pytest.mark.parametrize("name", [ABOUT, LIST])
def test_a_bomb_does_not_go_off(file: Path, name: str) -> None:
    parts = parts_in(file)
    parts[name] = b" " * 300_000_000
    pack(file, parts, is_honest=False)
    del parts
    assert file.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        assert "larger than any list" in refusal(file)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_does_not_go_off(file: Path) -> None:
    parts = parts_in(file) | {LIST: b" " * 50_000_000}
    data = pack(file, parts).read_bytes()
    file.write_bytes(data.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 500)))
    tracemalloc.start()
    try:
        refusal(file)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_table_of_contents_without_an_end_is_not_read(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(20_000):
            archive.writestr(f"pictures/{number}.jpg", b"")
    tracemalloc.start()
    try:
        assert "damaged" in refusal(file)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_file_without_an_end_is_not_read(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(1 << 33)
    assert "larger than any list" in refusal(file)


def test_a_name_that_is_there_twice_and_odd_packing_are_refused(file: Path) -> None:
    parts = parts_in(file)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(LIST, parts[LIST])
    assert "damaged" in refusal(file)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert "damaged" in refusal(file)


def test_only_what_somebody_can_open_is_written(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    made = a_list()
    odd = replace(made, plan=Plan((PlannedExercise(name="Clam", sets=0),)), pictures={})
    for path, shared in (
        (tmp_path / "a.zip", made),
        (tmp_path / "none" / f"a{SUFFIX}", made),
        (file, odd),
        (file, replace(odd, plan=Plan())),
    ):
        with pytest.raises(ExportFailed):
            write_list(path, shared)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name]


def test_a_list_that_no_file_takes_is_told(tmp_path: Path) -> None:
    many = Plan(tuple(PlannedExercise(name=f"e{number}") for number in range(EXERCISES_MAX + 1)))
    with History.open(Place(tmp_path / "data")) as history:
        with pytest.raises(ExportFailed, match="at most 60"):
            list_of(history, many, TODAY)
        assert list_of(history, Plan((PlannedExercise(ExerciseId.LEG_LIFT),)), TODAY).pictures == {}


def test_words_are_put_on_one_line(file: Path) -> None:
    parts = parts_in(file)
    _first(note="one\ntwo\u2028three  four\u0007", name="  Clam ")(parts)
    found = read_list(pack(file, parts)).plan.exercises[0]
    assert (found.note, found.name) == ("one two three four\u0007", "Clam")
    assert picture_of(drawing().picture, "a").sha256 == drawing().sha256
