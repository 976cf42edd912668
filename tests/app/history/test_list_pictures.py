"""Pictures in lists of exercises: kept with them, gone with them, and back again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.history.diary import EntryKind, Plan, PlannedExercise
from app.history.diary_record import record_of_entry
from app.history.errors import HistoryError, ProfileNotFound
from app.history.exchange.backup import BackUp, restore_backup, write_backup
from app.history.place import EncodedPicture, PictureFiles, Place, encode_picture, exists
from app.history.store import History
from tests.app.history.made_up import WHEN, picture

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.records import Profile

RED, TALL = encode_picture(picture()), encode_picture(picture(height_px=300))
CLAM = PlannedExercise(name="Clam", picture=RED.sha256, how="Heels together")
DEAD_BUG = PlannedExercise(name="Dead bug", picture=TALL.sha256)
PLAN = Plan((CLAM, DEAD_BUG, PlannedExercise("leg_lift")))


def keep(history: History, whose: Profile, *pictures: EncodedPicture, plan: Plan = PLAN) -> None:
    history.note_all(whose.id, [(WHEN, plan)], pictures or (RED, TALL))


def are_there(history: History) -> list[bool]:
    return [exists(history.plan_picture(one.sha256)) for one in (RED, TALL)]


def lists(history: History, whose: Profile) -> list[int]:
    return [entry.id for entry in history.entries(whose.id, EntryKind.PLAN)]


def test_a_list_is_kept_with_its_pictures(history: History, me: Profile) -> None:
    keep(history, me)
    (entry,) = history.entries(me.id, EntryKind.PLAN)
    assert entry.content == PLAN
    assert PLAN.pictures == (RED.sha256, TALL.sha256)
    assert history.plan_pictures() == sorted(PLAN.pictures)
    files = history.plan_picture(RED.sha256)
    assert files.picture.read_bytes() == RED.picture
    assert files.thumbnail.read_bytes() == RED.thumbnail


def test_they_stay_where_they_are_when_it_is_opened_again(place: Place) -> None:
    with History.open(place) as history:
        keep(history, history.default_profile())
    for _ in range(2):
        with History.open(place) as history:
            assert history.take_told() == []
            assert are_there(history) == [True, True]


def test_they_go_with_the_list_and_come_back_with_it(history: History, me: Profile) -> None:
    keep(history, me)
    deletion = history.delete(lists(history, me), "diary")
    assert are_there(history) == [True, True]
    assert history.plan_pictures() == []
    history.restore(deletion)
    assert lists(history, me)
    history.purge(history.delete(lists(history, me), "diary"))
    assert are_there(history) == [False, False]
    assert not history.plan_picture(RED.sha256).thumbnail.exists()


def test_one_that_another_list_has_stays(history: History, me: Profile) -> None:
    keep(history, me)
    anna = history.add_profile("Anna")
    keep(history, anna, RED, plan=Plan((CLAM,)))
    history.purge(history.delete_profile(me.id))
    assert are_there(history) == [True, False]
    # In the bin counts as well: it may come back.
    deletion = history.delete(lists(history, anna), "diary")
    keep(history, anna, RED, plan=Plan((replace(CLAM, sets=3),)))
    history.purge(history.delete(lists(history, anna), "diary"))
    assert are_there(history) == [True, False]
    history.purge(deletion)
    assert are_there(history) == [False, False]


def test_nothing_is_left_of_a_list_that_could_not_be_kept(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProfileNotFound):
        history.note_all(me.id + 1, [(WHEN, PLAN)], (RED, TALL))
    assert are_there(history) == [False, False]
    keep(history, me, RED, plan=Plan((CLAM,)))
    write = PictureFiles.write

    def write_all_but_the_second(files: PictureFiles, name: str, encoded: EncodedPicture) -> None:
        if encoded == TALL:
            raise HistoryError("The disk is full.")
        write(files, name, encoded)

    monkeypatch.setattr(PictureFiles, "write", write_all_but_the_second)
    with pytest.raises(HistoryError, match="full"):
        keep(history, me)
    assert are_there(history) == [True, False], "the first is in the list that was kept before"
    assert len(lists(history, me)) == 1


def test_they_are_in_a_backup(history: History, me: Profile, tmp_path: Path) -> None:
    keep(history, me)
    out = tmp_path / "all.zip"
    assert write_backup(history, out) == BackUp(0, 2)
    with History.open(Place(tmp_path / "new")) as fresh:
        assert restore_backup(fresh, out).pictures == 2
        for one in (RED, TALL):
            files = fresh.plan_picture(one.sha256)
            assert files.picture.read_bytes() == one.picture
            assert files.thumbnail.read_bytes() == one.thumbnail
        assert restore_backup(fresh, out).pictures == 0
    with History.open(Place(tmp_path / "new")) as fresh:
        assert fresh.take_told() == []
        assert are_there(fresh) == [True, True]


def test_they_are_not_in_one_without_faces(history: History, me: Profile, tmp_path: Path) -> None:
    keep(history, me)
    out = tmp_path / "all.zip"
    assert write_backup(history, out, hides_faces=True) == BackUp(0, 0, left_out=2)
    with History.open(Place(tmp_path / "new")) as fresh:
        restore_backup(fresh, out)
        (entry,) = fresh.entries(fresh.default_profile().id, EntryKind.PLAN)
        assert entry.content == PLAN
        assert are_there(fresh) == [False, False]


def test_one_that_was_lost_is_brought_back_and_no_other(history: History, me: Profile) -> None:
    assert not history.add_plan_picture(RED), "no list has it"
    keep(history, me)
    assert not history.add_plan_picture(RED)
    history.plan_picture(RED.sha256).picture.unlink()
    assert history.add_plan_picture(RED)
    assert are_there(history) == [True, True]


def test_set_aside_they_come_back_with_their_list(place: Place) -> None:
    with History.open(place) as history:
        me = history.default_profile()
        keep(history, me)
        kept = history.plan_picture(RED.sha256).picture
    aside = kept.parent / "set_aside" / kept.name
    aside.parent.mkdir()
    kept.rename(aside)
    with History.open(place) as history:
        assert are_there(history) == [True, True]


def test_a_stray_one_is_set_aside(place: Place) -> None:
    with History.open(place) as history:
        me = history.default_profile()
        keep(history, me)
        stray = history.plan_picture("ab" * 32).picture
        stray.write_bytes(b"what an older copy of the database does not know")
    with History.open(place) as history:
        assert len(history.take_told()) == 1
        assert not stray.exists()
        assert (stray.parent / "set_aside" / stray.name).exists()
        assert are_there(history) == [True, True]


@pytest.mark.parametrize("name", ["../../up", "A" * 64, "ab" * 31, "ab" * 33, "ab" * 32 + "\n"])
def test_a_picture_has_no_other_name(name: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        record_of_entry(WHEN, Plan((replace(CLAM, picture=name),)))
