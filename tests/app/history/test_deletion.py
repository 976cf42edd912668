"""Deleting: hidden at once, undone, final at the purge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.history.db import trash
from app.history.errors import CheckNotFound, ProfileNotFound
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import new_check, picture
from vision.result import Method

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.place import Place
    from app.history.records import Profile

EVERYBODY = RowQuery(None)


def files(place: Place) -> list[Path]:
    return [path for path in place.pictures.rglob("*") if path.is_file()]


def test_deleted_checks_are_hidden_at_once_and_come_back(history: History, me: Profile) -> None:
    for day in range(3):
        history.save(new_check(me.id, day=day, rgb=picture()))
    history.delete([1, 3, 77])
    assert [row.id for row in history.rows(EVERYBODY, 0, 9)] == [2]
    assert history.trend(me.id, Method.CONTOUR).ids.tolist() == [2]
    with pytest.raises(CheckNotFound):
        history.check(1)
    assert len(files(history.place)) == 6
    history.restore([1, 77])
    assert history.count(EVERYBODY) == 2
    assert history.check(1).picture is not None
    history.purge()
    assert history.count(EVERYBODY) == 2
    assert len(files(history.place)) == 4
    history.restore([3])
    assert history.count(EVERYBODY) == 2


def test_numbers_are_not_given_twice(history: History, me: Profile) -> None:
    history.save(new_check(me.id))
    history.delete([1])
    history.purge()
    assert history.save(new_check(me.id)).row.id == 2


def test_purge_leaves_nothing_of_a_check(history: History, me: Profile) -> None:
    history.save(new_check(me.id, note="wholly private remark", rgb=picture()))
    history.delete([1])
    history.purge()
    assert files(history.place) == []
    if history.place.server_url is None:
        for path in history.place.folder.iterdir():
            assert path.is_dir() or b"private remark" not in path.read_bytes(), path


def test_closing_makes_deletions_final(place: Place) -> None:
    with History.open(place) as history:
        history.save(new_check(history.default_profile().id, rgb=picture()))
        history.delete([1])
    assert files(place) == []
    with History.open(place) as history:
        history.restore([1])
        assert history.count(EVERYBODY) == 0


def test_another_desks_undo_is_left_alone(place: Place) -> None:
    with History.open(place) as here, History.open(place) as there:
        me = here.default_profile().id
        here.save(new_check(me))
        here.save(new_check(me))
        here.delete([1])
        there.delete([2])
        there.purge()
        here.restore([1, 2])
        assert [row.id for row in here.rows(EVERYBODY, 0, 9)] == [1]


def test_what_a_killed_program_left_hidden_goes_after_a_day(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = History.open(place)
    killed.save(new_check(killed.default_profile().id, rgb=picture()))
    killed.delete([1])
    killed._database.close()
    with History.open(place) as history:
        history.restore([1])
        assert history.count(EVERYBODY) == 1
        history.delete([1])
        monkeypatch.setattr(trash, "_LEFT_BEHIND_US", -1)
        with History.open(place):
            assert files(place) == []
        history.restore([1])
        assert history.count(EVERYBODY) == 0


def test_a_profile_goes_with_its_checks_and_comes_back_with_them(history: History) -> None:
    me, anna = history.default_profile(), history.add_profile("Anna")
    history.save(new_check(me.id))
    for day in range(2):
        history.save(new_check(anna.id, day=day, rgb=picture()))
    history.delete([2])
    history.delete_profile(anna.id)
    assert history.profiles() == [me]
    assert history.count(EVERYBODY) == 1
    with pytest.raises(ProfileNotFound):
        history.save(new_check(anna.id))
    history.restore([3])
    assert history.count(EVERYBODY) == 1
    assert history.restore_profile(anna.id) == anna
    assert [row.id for row in history.rows(RowQuery(anna.id), 0, 9)] == [3]
    history.restore([2])
    assert history.count(RowQuery(anna.id)) == 2
    history.delete_profile(anna.id)
    history.purge()
    assert files(history.place) == []
    with pytest.raises(ProfileNotFound):
        history.restore_profile(anna.id)
    with pytest.raises(ProfileNotFound):
        history.delete_profile(anna.id)
    assert history.count(EVERYBODY) == 1


def test_a_name_that_is_free_again_may_be_taken(history: History, me: Profile) -> None:
    history.save(new_check(me.id))
    history.delete_profile(me.id)
    new = history.default_profile()
    assert new.name == me.name
    assert new.id != me.id
    history.save(new_check(new.id))
    assert history.restore_profile(me.id) == new
    assert history.count(RowQuery(new.id)) == 2
    assert history.profiles() == [new]


def test_everything_goes_and_comes_back(history: History, me: Profile) -> None:
    anna = history.add_profile("Anna")
    for owner in (me, me, anna):
        history.save(new_check(owner.id, rgb=picture()))
    history.delete([2])
    history.delete_everything()
    assert history.profiles() == []
    assert history.count(EVERYBODY) == 0
    history.restore_everything()
    assert history.profiles() == [me, anna]
    assert {row.id for row in history.rows(EVERYBODY, 0, 9)} == {1, 3}
    history.restore_everything()
    history.delete_everything()
    history.save(new_check(history.default_profile().id, rgb=picture()))
    history.purge()
    history.restore_everything()
    assert [row.id for row in history.rows(EVERYBODY, 0, 9)] == [4]
    assert len(files(history.place)) == 2
    assert [profile.name for profile in history.profiles()] == ["Me"]


def test_everything_includes_the_copies_from_before_upgrades(file_place: Place) -> None:
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id))
        file_place.backups.mkdir()
        copy = file_place.backups / "history-0001-20260101-000000-000000.sqlite3"
        copy.write_bytes(b"an old copy")
        history.delete([1])
        history.purge()
        assert copy.exists()
        history.delete_everything()
        history.purge()
        assert not copy.exists()


def test_a_purge_that_fails_is_made_up_for(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.save(new_check(me.id, rgb=picture()))
    history.delete([1])
    with monkeypatch.context() as patch:
        patch.setattr("app.history.db.open.purge", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            history.purge()
    assert len(files(history.place)) == 2
    history.purge()
    assert files(history.place) == []
