"""Export and import: nothing is lost, nothing is smuggled, nothing is half done."""

from __future__ import annotations

import csv
import json
import math
import stat
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.history.check_record import CheckRecord
from app.history.diary_record import SqueezeRecord
from app.history.errors import ExportFailed, ImportRefused
from app.history.exchange import csv_format
from app.history.exchange.files import export_file, import_file
from app.history.exchange.files import read_file as read_lazily
from app.history.exchange.model import (
    Added,
    Portable,
    PortableHistory,
    PortableProfile,
    plain,
    read_values,
    to_share,
)
from app.history.place import Place, exists
from app.history.records import RowOrder, RowQuery, SqueezeAnswers
from app.history.store import History
from tests.app.history.made_up import (
    WHEN,
    assert_same,
    measured,
    new_check,
    new_squeeze,
    picture,
    repeats,
    sparse,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = pytest.mark.parametrize("suffix", [".csv", ".json"])
#: What spreadsheets take for a formula, and ways around a guard at the cell's start only.
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1+1",
    "\t=1+1",
    "\r=1+1",
    "a;=cmd|' /C calc'!A0;b",
    "a\n-2",
    "\uff1d1+1",
    "'=1+1",
    "''@x",
    '",=1+1',
)
odd_text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.text("=+-@';,\t\r\n \"a", max_size=12),
    st.sampled_from(FORMULAS),
)
finite = st.floats(-1e9, 1e9)
degrees = st.floats(-180, 180)
sds = st.floats(0, 60)
zones = st.integers(-86399, 86399).map(lambda s: timezone(timedelta(seconds=s)))
moments = st.datetimes(timezones=zones)
names = st.text("Aäß '=-;,\"", min_size=1, max_size=9).map(lambda s: "x " + s.strip())


@st.composite
def portable_checks(draw: st.DrawFn) -> Portable[CheckRecord]:
    """Return a check as the database could hold it, with odd texts and extreme numbers."""
    source = draw(st.sampled_from([measured(), sparse()]))
    from app.history.check_record import completed, record_of

    record = record_of(replace(new_check(1), result=source))
    values: dict[str, Any] = {
        "uuid": str(draw(st.uuids())),
        "taken_at": draw(moments),
        "saved_at": draw(moments),
        "garment": draw(odd_text),
        "note": draw(odd_text),
        "source": draw(odd_text),
        "version": draw(odd_text),
        "angle_deg": draw(degrees),
        "sd_reading_deg": draw(sds),
        "sd_roll_deg": draw(sds),
        "sd_bones_deg": draw(sds),
        "yaw_deg": draw(finite),
        "trunk_lean_deg": draw(st.none() | finite),
        "knee_angle_deg": draw(st.none() | finite),
        "width_px": draw(st.integers(0, 2**31 - 1)),
    }
    owner = PortableProfile(
        " ".join(draw(names).split()),
        draw(moments),
        " ".join(draw(names).split())[:40].strip(),
        draw(st.none() | st.integers(1900, 2026)),
        draw(st.none() | st.dates()),
    )
    return Portable(owner, completed(replace(record, **values)))


@SUFFIXES
@settings(max_examples=40)
@given(st.lists(portable_checks(), max_size=3, unique_by=lambda check: check.record.uuid))
def test_a_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, checks: list[Portable[CheckRecord]]
) -> None:
    owners = {check.profile.name: check.profile for check in checks}
    checks = [replace(check, profile=owners[check.profile.name]) for check in checks]
    path = tmp_path_factory.mktemp("round") / f"out{suffix}"
    export_file(FakeHistory(checks), path)  # type: ignore[arg-type]
    found = read_file(path)
    assert list(found.checks) == [replace(one, record=to_share(one.record)) for one in checks]
    assert {owner.name: owner for owner in found.profiles} == owners


def read_file(path: Path) -> PortableHistory:
    """Return all of what a file holds at once."""
    with read_lazily(path) as found:
        owners, *others = (tuple(getattr(found, field.name)) for field in fields(found))
        # In a table people stand beside their checks alone.
        owners += tuple(one.profile for one in others[0])
        return PortableHistory(tuple(dict.fromkeys(owners)), *others)


class FakeHistory:
    """What an export asks of a history."""

    def __init__(self, checks: list[Portable[CheckRecord]]) -> None:
        self._checks = checks

    def portable(self, profile_id: int | None) -> Iterator[Portable[CheckRecord]]:
        assert profile_id is None
        yield from self._checks

    def portable_squeezes(self, profile_id: int | None) -> list[Any]:
        assert profile_id is None
        return []

    def portable_entries(self, profile_id: int | None) -> list[Any]:
        assert profile_id is None
        return []

    def profiles(self) -> list[Any]:
        from app.history.records import Profile

        owners = dict.fromkeys(check.profile for check in self._checks)
        known = ([getattr(owner, one.name) for one in fields(owner)] for owner in owners)
        return [Profile(number, *values) for number, values in enumerate(known, 1)]


@SUFFIXES
def test_one_history_makes_the_same_again(history: History, tmp_path: Path, suffix: str) -> None:
    me, anna = history.default_profile(), history.add_profile("Anna; =1+1")
    history.add_profile("Without checks")
    for day, note in enumerate(FORMULAS):
        history.save(new_check(anna.id if day % 2 else me.id, day=day, note=note))
    history.save(new_check(me.id, sparse(), rgb=picture()))
    history.save(new_check(me.id, note="deleted"))
    history.delete([len(FORMULAS) + 2])
    out = tmp_path / f"all{suffix}"
    assert export_file(history, out) == len(FORMULAS) + 1
    with History.open(Place(tmp_path / "second")) as second:
        added = import_file(second, out)
        assert added == Added(len(FORMULAS) + 1, 0, 3 if suffix == ".json" else 2)
        assert list(second.portable()) == list(history.portable())
        expected = {"Me", anna.name} | ({"Without checks"} if suffix == ".json" else set())
        assert {profile.name for profile in second.profiles()} == expected
        assert_same(second.check(1).result, measured())
        assert second.check(len(FORMULAS) + 1).picture is None
        again = tmp_path / f"again{suffix}"
        export_file(second, again)
        assert again.read_bytes() == out.read_bytes()
        assert import_file(second, out) == Added(0, len(FORMULAS) + 1, 0)
        assert second.count(RowQuery(None)) == len(FORMULAS) + 1


@SUFFIXES
def test_what_is_known_of_a_person_goes_along(
    history: History, tmp_path: Path, suffix: str
) -> None:
    anna = history.add_profile("Anna")
    known = replace(anna, client_id="=7", birth_year=1980, next_check_on=date(2026, 5, 1))
    history.change_profile(known)
    history.save(new_check(anna.id))
    export_file(history, tmp_path / f"out{suffix}")
    with History.open(Place(tmp_path / "second")) as second:
        import_file(second, tmp_path / f"out{suffix}")
        assert replace(second.find_profile("Anna"), id=anna.id) == known
    with History.open(Place(tmp_path / "third")) as third:
        here = third.add_profile("anna")
        third.change_profile(replace(here, client_id="mine"))
        import_file(third, tmp_path / f"out{suffix}")
        (found,) = third.profiles()
        # What is there stays; what is missing is filled in.
        assert (found.name, found.client_id, found.birth_year) == ("anna", "mine", 1980)


def test_one_persons_checks(history: History, tmp_path: Path) -> None:
    me, anna = history.default_profile(), history.add_profile("Anna")
    history.save(new_check(me.id))
    history.save(new_check(anna.id))
    for suffix in (".csv", ".json"):
        assert export_file(history, tmp_path / f"anna{suffix}", anna.id) == 1
        found = read_file(tmp_path / f"anna{suffix}")
        assert [owner.name for owner in found.profiles] == ["Anna"]


def test_names_are_stable(history: History, tmp_path: Path) -> None:
    me = history.default_profile()
    history.save(new_check(me.id, note="hello"))
    export_file(history, tmp_path / "a.csv")
    export_file(history, tmp_path / "a.json")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        (line,) = csv.DictReader(stream)
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    (check,) = document["checks"]
    assert document["beltline_history"] == 1
    assert line["beltline_history"] == "1"
    of_person = {name for name in line if name.startswith("profile_")}
    assert set(check) == set(line) - {"beltline_history"} - of_person
    assert set(check) == {"profile", *(field.name for field in fields(CheckRecord))}
    assert line["taken_at"] == check["taken_at"] == "2026-03-01T09:30:15.123456+02:00"
    assert float(line["angle_deg"]) == check["angle_deg"] == 12.3
    assert line["method"] == check["method"] == "contour"
    assert line["note"] == check["note"] == "hello"
    assert check["landmarks"]["left_hip"] == [302.14, 441.8, 0.9912]
    assert json.loads(line["landmarks"]) == check["landmarks"]
    assert check["reasons"] == [
        ["not_side_on", "warn", 12],
        ["loose_clothing", "warn", None],
        ["too_small", "warn", 150],
    ]
    for name in ("outline_px", "plumb_px"):
        assert json.loads(line[name]) == check[name]


@given(odd_text)
def test_no_cell_begins_a_formula(text: str) -> None:
    guarded = csv_format.guarded(text)
    assert csv_format.unguarded(guarded) == text
    # Whichever of these a program takes for the end of a cell:
    for part in guarded.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
        assert part.lstrip()[:1] not in {*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20"}


def test_formulas_are_guarded_in_the_file(history: History, tmp_path: Path) -> None:
    me = history.add_profile("@me")
    history.save(replace(new_check(me.id, measured(-4.5), garment="+x", note="=1+1")))
    export_file(history, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        (line,) = csv.DictReader(stream)
    assert (line["profile"], line["garment"], line["note"]) == ("'@me", "'+x", "'=1+1")
    assert line["angle_deg"] == "-4.5"


@SUFFIXES
def test_repeats_come_back_whole(history: History, tmp_path: Path, suffix: str) -> None:
    me, taken = history.default_profile(), repeats(11.5, -0.125, 12.1 / 3)
    for day, some in enumerate((taken, (), taken[:1], taken)):
        history.save(new_check(me.id, day=day, repeats=some))
    path = tmp_path / f"a{suffix}"
    export_file(history, path)
    with History.open(Place(tmp_path / "second")) as second:
        assert import_file(second, path) == Added(4, 0, 1)
        rows = second.rows(RowQuery(None, order=RowOrder.OLDEST), 0, 9)
        assert [second.check(row.id).repeats for row in rows] == [taken, (), taken[:1], taken]
        known = history.rows(RowQuery(None, order=RowOrder.OLDEST), 0, 9)
        assert [row.repeat_spread_deg for row in rows] == [row.repeat_spread_deg for row in known]
        assert list(second.portable()) == list(history.portable())


def test_an_export_longer_than_a_block_keeps_each_checks_repeats(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.history.db.checks._BLOCK", 2)
    me = history.default_profile()
    for day in range(5):
        history.save(new_check(me.id, day=day, repeats=repeats(*range(day))))
    export_file(history, tmp_path / "a.json")
    found = read_file(tmp_path / "a.json").checks
    assert [len(json.loads(check.record.repeats)) for check in found] == [0, 1, 2, 3, 4]


def test_squeeze_tests_go_out_and_in_by_json(history: History, tmp_path: Path) -> None:
    me, anna = history.default_profile(), history.add_profile("Anna")
    bare = replace(new_squeeze(me.id).result, is_more_than_noise=False, rounds=())
    history.save_squeeze(new_squeeze(me.id, day=1, note="=1+1"))
    history.save_squeeze(replace(new_squeeze(me.id), result=bare, answers=SqueezeAnswers()))
    history.save_squeeze(new_squeeze(anna.id, backward_deg=-0.3))
    history.save_squeeze(new_squeeze(anna.id, note="deleted"))
    history.delete([4], "squeezes")
    path = tmp_path / "a.json"
    assert export_file(history, path) == 0
    assert export_file(history, tmp_path / "anna.json", anna.id) == 0
    assert len(list(read_file(tmp_path / "anna.json").squeezes)) == 1
    with History.open(Place(tmp_path / "second")) as second:
        assert import_file(second, path) == Added(0, 0, 2, 3)
        for person in second.profiles():
            known = {me.name: me.id, anna.name: anna.id}[person.name]
            found = [replace(one, id=0, profile_id=0) for one in second.squeezes(person.id)]
            assert found == [replace(one, id=0, profile_id=0) for one in history.squeezes(known)]
        export_file(second, tmp_path / "again.json")
        assert (tmp_path / "again.json").read_bytes() == path.read_bytes()
        assert import_file(second, path) == Added(0, 0, 0, 0)
        second.delete([1], "squeezes")
        assert import_file(second, path) == Added(0, 0, 0, 1)


def test_names_of_squeeze_tests_are_stable(exports: Path) -> None:
    document = json.loads((exports / "a.json").read_text(encoding="utf-8"))
    first = document["squeezes"][0]
    assert set(first) == {"profile", *(field.name for field in fields(SqueezeRecord))}
    assert first["taken_at"] == "2026-03-01T09:30:15.123456+02:00"
    assert (first["backward_deg"], first["is_more_than_noise"]) == (6.0, True)
    assert (first["answer_both"], first["answer_right"]) == ("yes", None)
    assert first["rounds"][1] == [12.25, 6.5, 12.75]
    assert "squeeze" not in (exports / "a.csv").read_text(encoding="utf-8")


@SUFFIXES
def test_known_names_take_the_checks(history: History, tmp_path: Path, suffix: str) -> None:
    me = history.default_profile()
    history.save(new_check(me.id))
    path = tmp_path / f"a{suffix}"
    export_file(history, path)
    history.delete([1])
    history.purge()
    assert import_file(history, path) == Added(1, 0, 0)
    assert history.rows(RowQuery(me.id), 0, 1)[0].taken_at == WHEN


def test_a_check_that_was_just_deleted_may_come_in_again(history: History, tmp_path: Path) -> None:
    history.save(new_check(history.default_profile().id, rgb=picture()))
    export_file(history, tmp_path / "a.json")
    history.delete([1])
    assert import_file(history, tmp_path / "a.json") == Added(1, 0, 0)
    history.purge()
    assert history.count(RowQuery(None)) == 1
    # Out of the bin, with what no export holds.
    assert exists(history.check(1).picture)


def test_what_comes_out_of_the_bin_goes_to_whom_the_file_says(
    history: History, tmp_path: Path
) -> None:
    history.save(new_check(history.default_profile().id))
    export_file(history, tmp_path / "a.json")
    history.delete_everything()
    assert import_file(history, tmp_path / "a.json") == Added(1, 0, 1)
    (person,) = history.profiles()
    assert history.count(RowQuery(person.id)) == 1


def test_the_same_check_twice_in_a_file(history: History, tmp_path: Path) -> None:
    history.save(new_check(history.default_profile().id))
    path = tmp_path / "a.json"
    export_file(history, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["checks"] *= 3
    path.write_text(json.dumps(document), encoding="utf-8")
    history.delete_everything()
    history.purge()
    assert import_file(history, path) == Added(1, 2, 1)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"name,amount\nbread,3\n"),
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00\x01"),
        ("a.json", b'{"version": 3, "items": []}'),
        ("a.json", b"[1, 2, 3]"),
        ("a.json", b'{"unfinished": '),
        ("a.json", b"{" * 100_000),
        ("a.json", b'{"beltline_history": true, "profiles": [], "checks": []}'),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(100)),
        ("a.sqlite3", b"SQLite format 3\0" + bytes(100)),
    ],
)
def test_another_programs_file(history: History, tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ImportRefused, match="is no export of Beltline's history") as caught:
        import_file(history, path)
    assert "\n" not in str(caught.value)
    assert history.profiles() == []


def test_a_file_that_cannot_be_read(history: History, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path, tmp_path / "a\0b.csv"):
        with pytest.raises(ImportRefused, match="cannot be read"):
            import_file(history, path)


@SUFFIXES
@pytest.mark.parametrize(
    "source",
    [
        "/home/anna/side.jpg",
        r"C:\Users\Anna\side.jpg",
        "http://anna:word@phone/side.jpg",
        "side.jpg",
    ],
)
def test_no_folder_leaves_with_an_export(
    history: History, tmp_path: Path, suffix: str, source: str
) -> None:
    path = tmp_path / f"a{suffix}"
    history.save(new_check(history.default_profile().id, replace(measured(), source=source)))
    export_file(history, path)
    (check,) = read_file(path).checks
    assert check.record.source == "side.jpg"
    assert "nna" not in path.read_text("utf-8-sig")


@pytest.mark.parametrize("gap", ["\n", "\t", " ", "'", "; ", " '", "\r\n="])
def test_a_note_of_empty_lines_takes_no_time(gap: str) -> None:
    note = f"a{gap * 200_000}=1"
    safe = csv_format.guarded(note)
    assert csv_format.unguarded(safe) == note
    assert (safe != note) == (gap not in " '")


@SUFFIXES
def test_only_a_single_entry_can_be_too_large(
    history: History, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, path = history.default_profile(), tmp_path / f"a{suffix}"
    for day in range(20):
        history.save(new_check(me.id, day=day, note="x" * 20_000))
        history.save_squeeze(new_squeeze(me.id, day=day))
    export_file(history, path)
    # Readers take up to 64 kB at once, which may hold the ends of entries.
    monkeypatch.setattr("app.history.exchange.sources.ENTRY_BYTES_MAX", 120_000)
    assert import_file(history, path).duplicates == 20
    history.save(new_check(me.id, day=30, note="x" * 400_000))
    export_file(history, path)
    with pytest.raises(ImportRefused, match="one entry of it is larger"):
        import_file(history, path)


@SUFFIXES
def test_a_newer_format(history: History, tmp_path: Path, suffix: str) -> None:
    history.save(new_check(history.default_profile().id))
    path = tmp_path / f"a{suffix}"
    export_file(history, path)
    text = path.read_text(encoding="utf-8-sig")
    newer = text.replace('"beltline_history": 1', '"beltline_history": 2').replace("\n1,", "\n2,")
    path.write_text(newer, encoding="utf-8")
    with pytest.raises(ImportRefused, match="another version of Beltline"):
        import_file(history, path)


DAMAGE: dict[str, Any] = {
    "angle_deg": ["nan", "inf", "", None, "twelve", True, 1e9, [1]],
    "method": ["magic", "", None, 3],
    "facing": ["up"],
    "taken_at": ["yesterday", "2026-01-01T00:00:00", "", None, 5, "2026-01-01T00:00+01:00:00.5"],
    "uuid": ["1", None, "../../x"],
    "width_px": [-1, 1.5, 2**31, "1e400", "9" * 5000],
    "arms": ["folded"],
    "asis_x_px": [None],
    "landmarks": [[1], {"hip": [1, 2]}, {"hip": [1, 2, "x"]}, None],
    "outline_px": [[[1]], [[1, 2], [3]], {"a": 1}, [["x", "y"]], "[[1,2]"],
    "plumb_px": [[[1, 2, 3, None]], 5],
    "reasons": [["blurred"], [["blurred", "shout", None]], [[1, "warn", None]], 3],
    "profile": ["nobody", None, ""],
    "people": [None, "1e400"],
    "repeats": [
        None,
        {},
        [1],
        [["2026-03-01T09:30:00+01:00", 12, 8, 16, 80]],
        [[5, 12, 8, 16, 80, 0.5]],
        [["2026-03-01T09:30:00", 12, 8, 16, 80, 0.5]],
        [["2026-03-01T09:30:00+01:00:00.5", 12, 8, 16, 80, 0.5]],
        [["2026-03-01T09:30:00+01:00", "12", 8, 16, 80, 0.5]],
        [["2026-03-01T09:30:00+01:00", 12, 8, 1e9, 80, 0.5]],
        [["2026-03-01T09:30:00+01:00", 12, 8, 16, 0, 0.5]],
        [["2026-03-01T09:30:00+01:00", 12, 8, 16, 2**31, 0.5]],
        [["2026-03-01T09:30:00+01:00", 12, 8, 16, 80, -0.5]],
    ],
}
SQUEEZE_DAMAGE: dict[str, Any] = {
    "uuid": ["1", None],
    "profile": ["nobody", None],
    "taken_at": ["2026-01-01T00:00:00", None],
    "backward_deg": ["x", None, 1e9, True],
    "is_more_than_noise": [None, 1, "true"],
    "rounds": [None, 3, [1], [[1, 2]], [[1, 2, None]], [[1, 2, 1e9]]],
    "answer_left": ["maybe", 3],
}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three checks as a.csv and a.json."""
    folder = tmp_path_factory.mktemp("exports")
    with History.open(Place(folder / "data")) as history:
        me = history.default_profile()
        for day in range(3):
            history.save(new_check(me.id, day=day))
            history.save_squeeze(new_squeeze(me.id, day=day))
        export_file(history, folder / "a.csv")
        export_file(history, folder / "a.json")
    return folder


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in DAMAGE.items() for value in values]
)
def test_a_damaged_check_refuses_the_whole_file(
    exports: Path, tmp_path: Path, name: str, value: object
) -> None:
    document = json.loads((exports / "a.json").read_text(encoding="utf-8"))
    document["checks"][1][name] = value
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"damaged \(check 2: .*nothing was imported") as caught:
        read_file(path)
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in SQUEEZE_DAMAGE.items() for value in values],
)
def test_a_damaged_squeeze_test_refuses_the_whole_file(
    exports: Path, tmp_path: Path, name: str, value: object
) -> None:
    document = json.loads((exports / "a.json").read_text(encoding="utf-8"))
    document["squeezes"][2][name] = value
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"damaged \(squeeze test 3: .*nothing was imported"):
        read_file(path)


@pytest.mark.parametrize("squeezes", [None, {}, [1], "none"])
def test_squeeze_tests_that_are_no_list_of_tests(
    exports: Path, tmp_path: Path, squeezes: object
) -> None:
    document = json.loads((exports / "a.json").read_text(encoding="utf-8"))
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document | {"squeezes": squeezes}), encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"damaged"):
        read_file(path)


@SUFFIXES
def test_an_export_in_which_something_is_missing(
    exports: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"old{suffix}"
    if suffix == ".json":
        document = json.loads((exports / "a.json").read_text(encoding="utf-8"))
        del document["checks"][2]["repeats"]
        path.write_text(json.dumps(document), encoding="utf-8")
    else:
        with (exports / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = [row[:-1] for row in csv.reader(stream)]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows)
    with pytest.raises(ImportRefused, match=r"damaged \((check 3: repeats|the columns)"):
        read_file(path)


@pytest.mark.parametrize("damage", ["cut", "column", "cell", "quote", "format", "profile"])
def test_a_damaged_table(exports: Path, tmp_path: Path, damage: str) -> None:
    text = (exports / "a.csv").read_text(encoding="utf-8")
    damaged = {
        "cut": text[: len(text) * 2 // 3],
        "column": text.replace("saved_at,", "", 1),
        "cell": text.replace(",Me,", ",", 1),
        "quote": text[:-40] + '"' + text[-40:],
        "format": text.replace("\n1,Me", "\nx,Me"),
        "profile": text.replace(",Me,", ", ,", 1),
    }[damage]
    assert damaged != text
    path = tmp_path / "a.csv"
    path.write_text(damaged, encoding="utf-8")
    with pytest.raises(ImportRefused):
        read_file(path)


@SUFFIXES
def test_a_damaged_file_changes_nothing(
    history: History, exports: Path, tmp_path: Path, suffix: str
) -> None:
    text = (exports / f"a{suffix}").read_text(encoding="utf-8")
    path = tmp_path / f"a{suffix}"
    path.write_text(text.replace("12.3", "twelve"), encoding="utf-8")
    with pytest.raises(ImportRefused):
        import_file(history, path)
    assert history.profiles() == []
    assert history.count(RowQuery(None)) == 0


def test_an_import_that_fails_half_way_adds_nothing(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = history.default_profile()
    for day in range(3):
        history.save(new_check(me.id, day=day))
    path = tmp_path / "a.json"
    export_file(history, path)
    history.delete_everything()
    history.purge()
    monkeypatch.setattr("app.history.db.merge._BLOCK", 2)
    calls: list[int] = []
    from app.history.db.checks import insert_checks as insert

    def fail_later(connection: Any, owned: Any) -> None:
        calls.append(len(owned))
        if len(calls) == 2:
            raise ZeroDivisionError
        insert(connection, owned)

    with monkeypatch.context() as patch:
        patch.setattr("app.history.db.merge.insert_checks", fail_later)
        with pytest.raises(ZeroDivisionError):
            import_file(history, path)
    assert calls == [2, 1]
    assert history.profiles() == []
    assert import_file(history, path) == Added(3, 0, 1)


def test_exports_that_cannot_be_written(history: History, tmp_path: Path) -> None:
    me = history.default_profile()
    history.save(new_check(me.id))
    with pytest.raises(ExportFailed, match=r"which kind.*\.csv or \.json"):
        export_file(history, tmp_path / "a.xlsx")
    with pytest.raises(ExportFailed, match="cannot be written"):
        export_file(history, tmp_path / "no folder" / "a.csv")
    folder = tmp_path / "a.csv"
    folder.mkdir()
    with pytest.raises(ExportFailed, match="cannot be written"):
        export_file(history, folder)
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_an_export_that_fails_leaves_the_one_before(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.save(new_check(history.default_profile().id))
    path = tmp_path / "a.json"
    export_file(history, path)
    before = path.read_bytes()

    def no_room(check: Portable[CheckRecord]) -> dict[str, Any]:
        del check
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.history.exchange.json_format.plain", no_room)
    with pytest.raises(ExportFailed, match="No space left on device"):
        export_file(history, path)
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_a_long_note(history: History, tmp_path: Path) -> None:
    history.save(new_check(history.default_profile().id, note="long " * 100_000))
    export_file(history, tmp_path / "a.csv")
    (check,) = read_file(tmp_path / "a.csv").checks
    assert len(check.record.note) == 500_000


def test_plain_values_are_those_of_json(history: History) -> None:
    history.save(new_check(history.default_profile().id))
    (check,) = history.portable()
    values = plain(check)
    assert Portable(check.profile, read_values(CheckRecord, values)) == check
    assert json.loads(json.dumps(values)) == values
    assert not any(isinstance(v, float) and not math.isfinite(v) for v in values.values())
    assert isinstance(check.record.saved_at, datetime)


WRITE_AND_WAIT = """
import sys
from pathlib import Path
from app.history.exchange.files import replace_file


def write(part):
    part.write_bytes(b"half of it")
    print(part, flush=True)
    sys.stdin.read()


replace_file(Path(sys.argv[1]), write)
"""


def test_what_a_killed_export_left_goes_with_the_next_one(history: History, tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    command = [sys.executable, "-c", WRITE_AND_WAIT, str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        part = Path(writer.stdout.readline().decode().strip())
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        export_file(history, out)
        assert part.read_bytes() == b"half of it"  # it is being written
        writer.kill()
    export_file(history, out)
    assert [path.name for path in tmp_path.glob("*.part")] == []
    assert json.loads(out.read_bytes())["checks"] == []


def test_an_export_writes_through_no_link_and_over_no_file(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("kept", encoding="utf-8")
    guessed = [tmp_path / "a.csv.part", tmp_path / ".beltline-0123456789abcdef.part"]
    for path in guessed:
        path.symlink_to(precious)
    export_file(history, tmp_path / "a.csv")
    # Even a name that somebody could guess.
    monkeypatch.setattr("secrets.token_hex", lambda _: "0123456789abcdef")
    with pytest.raises(ExportFailed, match="cannot be written"):
        export_file(history, tmp_path / "b.csv")
    assert precious.read_text(encoding="utf-8") == "kept"
    assert all(path.is_symlink() for path in guessed)
    assert not (tmp_path / "b.csv").exists()
