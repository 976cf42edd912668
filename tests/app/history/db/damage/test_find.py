"""A file is looked at when it is opened; a damaged one is read and never written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.history.db.damage import find, sound
from app.history.db.damage.find import damage_in, find_damage, has_flaws, is_marked, mark, unmark
from app.history.errors import CorruptHistory, UnreadableCheck, UnreadableRows
from app.history.exchange.files import export_file
from app.history.records import RowKind, RowOrder, RowQuery, UnreadableRow
from app.history.store import History
from tests.app.history.db.damage.broken import break_index, break_page, run
from tests.app.history.made_up import new_check, new_squeeze, repeats
from vision.result import Method

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place


@pytest.fixture
def filled(file_place: Place) -> Place:
    """Three checks and a squeeze test, in a file without a log."""
    with History.open(file_place) as history:
        me = history.default_profile()
        for day in range(3):
            history.save(new_check(me.id, day=day, repeats=repeats(12.0, 12.5)))
        history.save_squeeze(new_squeeze(me.id))
    return file_place


def test_a_whole_file_is_whole(filled: Place) -> None:
    assert find_damage(filled) is None
    assert find_damage(filled, is_thorough=True) is None
    assert not has_flaws(filled.database)


def test_a_damaged_file_is_read_and_never_written_to(filled: Place) -> None:
    break_page(filled, "details")
    before = filled.database.read_bytes()
    with History.open(filled) as history:
        (me,) = history.profiles()
        assert len(history.rows(RowQuery(me.id), 0, 9)) == 3
        assert len(history.trend(RowQuery(me.id, Method.CONTOUR)).ids) == 3
        assert isinstance(history.harm(), CorruptHistory)
        for do in (
            lambda: history.check(1),
            lambda: history.save(new_check(me.id)),
            lambda: history.delete([1]),
            history.purge,
            history.try_out,
        ):
            with pytest.raises(CorruptHistory, match="nothing is written into it"):
                do()
    assert filled.database.read_bytes() == before


@pytest.mark.parametrize("kind", ["gone", "odd"])
def test_a_database_that_does_not_know_itself(filled: Place, kind: str) -> None:
    run(filled, "DELETE FROM about" if kind == "gone" else "UPDATE about SET uuid = '../..'")
    with pytest.raises(CorruptHistory):
        History.open(filled)


def test_a_missing_column_is_damage(filled: Place) -> None:
    run(filled, "ALTER TABLE squeezes DROP COLUMN note")
    assert find_damage(filled) == "squeezes lacks note"


@pytest.mark.parametrize("code", [2, 3])
def test_other_letters_are_damage(filled: Place, code: int) -> None:
    data = bytearray(filled.database.read_bytes())
    data[56:60] = code.to_bytes(4, "big")
    filled.database.write_bytes(data)
    with pytest.raises(CorruptHistory):
        History.open(filled)


def test_what_acts_by_itself_is_damage(filled: Place) -> None:
    run(filled, "CREATE TRIGGER t BEFORE INSERT ON checks BEGIN SELECT RAISE(ABORT, 'no'); END")
    assert find_damage(filled) is not None


def test_large_files_are_looked_at_in_part_when_they_are_opened(
    filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_page(filled, "squeezes")
    assert find_damage(filled) is not None
    monkeypatch.setattr(find, "SMALL_BYTES", 0)
    assert find_damage(filled) is None
    assert find_damage(filled, is_thorough=True) is not None


def test_what_some_program_found_damaged_no_other_writes_to(filled: Place) -> None:
    break_index(filled)
    assert find_damage(filled) is None
    with History.open(filled) as history, History.open(filled) as other:
        me = history.default_profile()
        before = filled.database.read_bytes()
        with pytest.raises(CorruptHistory):  # by the copy of the day
            history.save(new_check(me.id))
        with pytest.raises(CorruptHistory):
            other.save(new_check(me.id))
        assert is_marked(filled)
    with History.open(filled) as later, pytest.raises(CorruptHistory):
        later.save(new_check(me.id))
    assert filled.database.read_bytes() == before


def test_a_whole_file_in_its_place_is_written_to_again(filled: Place) -> None:
    mark(filled)
    with History.open(filled) as history:
        assert history.harm() is None
        history.save(new_check(1))
    assert not is_marked(filled)
    unmark(filled)  # twice does no harm


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("angle_deg", "abc"),
        ("angle_deg", 1e999),
        ("angle_deg", b"\xff"),
        ("sd_roll_deg", -1.0),
        ("method", "guessed"),
        ("taken_us", 2**62),
        ("taken_offset_s", 999_999),
        ("arms", "up"),
        ("note", b"\xff\xfe"),
        ("repeat_count", "many"),
        ("profile_id", 77),
    ],
)
def test_one_row_without_sense_costs_itself(
    filled: Place, tmp_path: Path, column: str, value: object
) -> None:
    run(filled, f"UPDATE checks SET {column} = ? WHERE id = 2", value)
    with History.open(filled) as history:
        (me,) = history.profiles()
        query = RowQuery(me.id, order=RowOrder.OLDEST)
        assert [row.id for row in history.rows(query, 0, 9)] == [1, 3]
        assert history.count(query) == 2
        assert history.trend(RowQuery(me.id, Method.CONTOUR)).ids.tolist() == [1, 3]
        assert len(history.angles(RowQuery(me.id, Method.CONTOUR)).angle_deg) == 2
        assert history.methods(me.id) == [Method.CONTOUR]
        assert export_file(history, tmp_path / "a.json") == 2
        assert export_file(history, tmp_path / "a.csv") == 2
        with pytest.raises(UnreadableCheck):
            history.check(2)
        told = history.harm()
        assert isinstance(told, UnreadableRows)
        assert "check 2." in told.message
        history.delete([2])


@pytest.mark.parametrize("column", ["angle_deg", "method"])
def test_of_very_many_none_is_looked_at_before_one_is_met(
    filled: Place, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    monkeypatch.setattr(sound, "_MANY", 2)
    run(filled, f"UPDATE checks SET {column} = ? WHERE id = 2", b"\xff")
    for read in (
        lambda history: [row.id for row in history.rows(RowQuery(1), 0, 9)],
        lambda history: history.trend(RowQuery(1, Method.CONTOUR)).ids.tolist()[::-1],
    ):
        with History.open(filled) as history:
            assert read(history) == [3, 1]


@pytest.mark.parametrize("column", ["facing", "width_px", "yaw_deg", "version"])
def test_details_without_sense_cost_their_check(filled: Place, column: str) -> None:
    run(filled, f"UPDATE details SET {column} = ? WHERE check_id = 2", b"\x00\xff")
    with History.open(filled) as history:
        assert [row.id for row in history.rows(RowQuery(1), 0, 9)] == [3, 2, 1]
        with pytest.raises(UnreadableCheck):
            history.check(2)
        assert [one.record.angle_deg for one in history.portable()] == [12.3, 12.3]


def test_a_flipped_bit_in_an_outline_costs_the_outline(filled: Place) -> None:
    run(filled, "UPDATE details SET outline_px = replace(outline_px, ']]', ']Y')")
    run(filled, "UPDATE repeats SET frames = 'x' WHERE check_id = 3 AND number = 1")
    with History.open(filled) as history:
        check = history.check(3)
        assert len(check.result.outline_px) == 0
        assert check.repeats == ()
        assert check.result.landmarks
        told = history.harm()
        assert told is not None
        assert "parts of check 3" in str(told)
        assert str(check.result.landmarks) not in str(told)


def test_details_that_are_gone_are_told(filled: Place) -> None:
    run(filled, "DELETE FROM details WHERE check_id = 1")
    with History.open(filled) as history:
        assert len(list(history.portable())) == 2
        with pytest.raises(UnreadableCheck):
            history.check(1)


def test_other_rows_and_people_without_sense(filled: Place) -> None:
    run(filled, "UPDATE squeezes SET rounds = '[[1'")
    run(filled, "UPDATE profiles SET name = x'00', created_us = 'long ago', birth_year = 3")
    run(filled, "UPDATE profiles SET next_check_on = 'some day'")
    with History.open(filled) as history:
        (person,) = history.profiles()
        assert person.name == "Person 1"
        assert person.birth_year is None
        assert person.next_check_on is None
        assert history.squeezes(person.id) == []
        assert history.count(RowQuery(person.id)) == 3
        told = history.harm()
        assert isinstance(told, UnreadableRows)
        assert "what is known of person 1, squeeze test 1" in told.message
    assert has_flaws(filled.database)


@pytest.mark.parametrize("name", ["\0", "", b"\xff\x00", 7, "../../history.sqlite3"])
def test_pictures_whose_names_make_no_sense(filled: Place, name: object) -> None:
    run(filled, "INSERT INTO pictures VALUES (1, ?, 3, 4)", name)
    with History.open(filled) as history:
        history.check(1)
        history.kept_pictures()
        history.delete([1])
        history.purge()
        assert history.count(RowQuery(None)) == 2


def test_only_some_are_named_one_by_one() -> None:
    told = UnreadableRows([UnreadableRow(RowKind.CHECK, number) for number in range(1, 15)])
    assert "check 8, 6 more." in told.message


def test_a_history_on_a_server_is_tolerant_too(place: Place, history: History) -> None:
    me = history.default_profile()
    history.save(new_check(me.id))
    bad = history.save(new_check(me.id, day=1))
    with history._database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE checks SET method = 'guessed' WHERE id = {bad.row.id}")
    with History.open(place) as again:
        assert len(again.rows(RowQuery(me.id), 0, 9)) == 1
        assert isinstance(again.harm(), UnreadableRows)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(b"rubbish" * 2000)
    assert damage_in(path) is not None
    assert damage_in(tmp_path / "gone") is None
