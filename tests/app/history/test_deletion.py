"""Deleting: hidden at once, had back from the bin, final at the purge or after a month."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.history import values
from app.history.errors import (
    CheckNotFound,
    DeletionNotFound,
    PicturesStay,
    ProfileNotFound,
    ReadOnlyHistory,
)
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import clock_ahead, new_check, new_squeeze, open_for_days, picture
from tests.app.history.protected import write_protected
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
    first, last = history.delete([1, 77]), history.delete([3])
    assert [row.id for row in history.rows(EVERYBODY, 0, 9)] == [2]
    assert history.trend(RowQuery(me.id, Method.CONTOUR)).ids.tolist() == [2]
    with pytest.raises(CheckNotFound):
        history.check(1)
    assert len(files(history.place)) == 6
    history.restore(first)
    assert history.count(EVERYBODY) == 2
    assert history.check(1).picture is not None
    history.purge()
    assert history.count(EVERYBODY) == 2
    assert len(files(history.place)) == 4
    history.restore(last)
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


def test_for_good_at_once_is_done_whole_or_not_at_all(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(2):
        history.save(new_check(me.id, day=day, rgb=picture()))

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("app.history.db.open.purge", broken_off)
        with pytest.raises(KeyboardInterrupt):
            history.delete_for_good([1])
    assert history.check(1).picture is not None
    assert history.deletions() == []
    history.delete_for_good([1])
    assert history.deletions() == []
    assert [row.id for row in history.rows(EVERYBODY, 0, 9)] == [2]
    assert len(files(history.place)) == 2


def test_closing_leaves_the_bin_as_it_is(place: Place) -> None:
    with History.open(place) as history:
        history.save(new_check(history.default_profile().id, rgb=picture()))
        deletion = history.delete([1])
    with History.open(place) as history:
        assert history.count(EVERYBODY) == 0
        history.restore(deletion)
        assert history.check(1).picture is not None


def test_one_deletion_is_made_final_and_others_are_not(history: History, me: Profile) -> None:
    for day in range(3):
        history.save(new_check(me.id, day=day, rgb=picture()))
    first, second = history.delete([1]), history.delete([2])
    history.purge(first)
    assert [one.name for one in history.deletions()] == [second]
    history.restore(first)
    history.restore(second)
    assert {row.id for row in history.rows(EVERYBODY, 0, 9)} == {2, 3}
    assert len(files(history.place)) == 4


def test_what_lies_in_the_bin_for_a_month_goes_with_its_picture(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(place) as history:
        me = history.default_profile().id
        for day in range(2):
            history.save(new_check(me, day=day, rgb=picture()))
        history.delete([1])
    open_for_days(place, monkeypatch, 2)
    with clock_ahead(monkeypatch, 2), History.open(place) as history:
        new = history.delete([2])
    open_for_days(place, monkeypatch, 29, first_day=2)
    with clock_ahead(monkeypatch, 31), History.open(place) as history:
        assert [one.name for one in history.deletions()] == [new]
        assert len(files(place)) == 2
    open_for_days(place, monkeypatch, 1, first_day=32)
    with History.open(place) as history:
        assert history.deletions() == []
        assert files(place) == []
    assert list(place.folder.glob("waiting-*")) == []


@pytest.mark.parametrize("years", [-30, -1, 1, 10])
def test_a_wrong_clock_deletes_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    with History.open(place) as history:
        history.save(new_check(history.default_profile().id, rgb=picture()))
        before = history.delete([1])
    with clock_ahead(monkeypatch, days=365.2 * years):
        with History.open(place) as history:
            history.save(new_check(history.default_profile().id, rgb=picture()))
            meanwhile = history.delete([2])
        open_for_days(place, monkeypatch, 3, first_day=365.2 * years)
    open_for_days(place, monkeypatch, 3)
    with History.open(place) as history:
        assert {one.name for one in history.deletions()} == {before, meanwhile}
        assert len(files(place)) == 4
    open_for_days(place, monkeypatch, 40)
    with History.open(place) as history:
        assert history.deletions() == []


def test_what_an_open_window_may_still_want_back_stays(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(place) as window:
        window.save(new_check(window.default_profile().id, rgb=picture()))
        deletion = window.delete([1])
        open_for_days(place, monkeypatch, 60)
        window.restore(deletion)
        assert window.count(EVERYBODY) == 1
        assert len(files(place)) == 2


def test_the_bin_tells_what_went_when_and_whose_it_was(history: History, me: Profile) -> None:
    anna = history.add_profile("Anna")
    for owner in (me, anna, anna):
        history.save(new_check(owner.id))
    history.save_squeeze(new_squeeze(anna.id))
    before = values.now()
    history.delete([1, 2])
    history.delete_profile(anna.id)
    person, some = history.deletions()
    assert (person.people, person.owners) == (("Anna",), ())
    assert (person.checks, person.tests, person.entries) == (1, 1, 0)
    assert (some.people, some.owners) == ((), ("Me", "Anna"))
    assert (some.checks, some.tests) == (2, 0)
    for one in (person, some):
        assert timedelta(seconds=-1) < one.at - before < timedelta(minutes=1)
        assert one.at.utcoffset() is not None
    assert history.find_deletion(some.name[:8].upper()) == some
    for name in ("", "zz", some.name + "0"):
        with pytest.raises(DeletionNotFound):
            history.find_deletion(name)
    history.purge()
    assert history.deletions() == []


def test_a_profile_goes_with_its_checks_and_comes_back_with_them(history: History) -> None:
    me, anna = history.default_profile(), history.add_profile("Anna")
    history.save(new_check(me.id))
    for day in range(2):
        history.save(new_check(anna.id, day=day, rgb=picture()))
    one = history.delete([2])
    person = history.delete_profile(anna.id)
    assert history.profiles() == [me]
    assert history.count(EVERYBODY) == 1
    with pytest.raises(ProfileNotFound):
        history.save(new_check(anna.id))
    history.restore(person)
    assert history.profiles() == [me, anna]
    assert [row.id for row in history.rows(RowQuery(anna.id), 0, 9)] == [3]
    history.restore(one)
    assert history.count(RowQuery(anna.id)) == 2
    person = history.delete_profile(anna.id)
    history.purge(person)
    assert files(history.place) == []
    history.restore(person)
    assert history.profiles() == [me]
    with pytest.raises(ProfileNotFound):
        history.delete_profile(anna.id)
    assert history.count(EVERYBODY) == 1


def test_a_check_that_comes_back_brings_its_person_back(history: History, me: Profile) -> None:
    anna = history.add_profile("Anna")
    for day in range(2):
        history.save(new_check(anna.id, day=day))
    one = history.delete([1])
    person = history.delete_profile(anna.id)
    history.restore(one)
    assert history.profiles() == [me, anna]
    assert [row.id for row in history.rows(RowQuery(anna.id), 0, 9)] == [1]
    history.restore(person)
    assert history.count(RowQuery(anna.id)) == 2


def test_a_name_that_is_free_again_may_be_taken(history: History, me: Profile) -> None:
    history.save(new_check(me.id))
    deletion = history.delete_profile(me.id)
    new = history.default_profile()
    assert new.name == me.name
    assert new.id != me.id
    history.save(new_check(new.id))
    history.restore(deletion)
    assert history.count(RowQuery(new.id)) == 2
    assert history.profiles() == [new]


def test_everything_goes_and_comes_back(history: History, me: Profile) -> None:
    anna = history.add_profile("Anna")
    for owner in (me, me, anna):
        history.save(new_check(owner.id, rgb=picture()))
    history.delete([2])
    deletion = history.delete_everything()
    assert history.profiles() == []
    assert history.count(EVERYBODY) == 0
    history.restore(deletion)
    assert history.profiles() == [me, anna]
    assert {row.id for row in history.rows(EVERYBODY, 0, 9)} == {1, 3}
    history.restore(deletion)
    again = history.delete_everything()
    history.save(new_check(history.default_profile().id, rgb=picture()))
    history.purge()
    history.restore(again)
    assert [row.id for row in history.rows(EVERYBODY, 0, 9)] == [4]
    assert len(files(history.place)) == 2
    assert [profile.name for profile in history.profiles()] == ["Me"]


def test_emptying_the_bin_takes_the_copies_from_before_upgrades_along(file_place: Place) -> None:
    with History.open(file_place) as history:
        history.save(new_check(history.default_profile().id))
        file_place.backups.mkdir()
        copy = file_place.backups / "history-0001-20260101-000000-000000.sqlite3"
        copy.write_bytes(b"an old copy")
        history.purge(history.delete([1]))
        assert copy.exists()
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


def test_where_pictures_cannot_be_deleted_nothing_is(history: History, me: Profile) -> None:
    history.save(new_check(me.id, rgb=picture()))
    deletion = history.delete([1])
    (folder,) = history.place.pictures.iterdir()
    with write_protected(folder):
        with pytest.raises(ReadOnlyHistory, match="Nothing may be written") as caught:
            history.purge(deletion)
        assert str(folder) in caught.value.message
        assert len(files(history.place)) == 2
    assert [one.name for one in history.deletions()] == [deletion]
    history.purge(deletion)
    assert files(history.place) == []


def test_a_picture_that_stays_is_told_and_tried_again(place: Place) -> None:
    with History.open(place) as history:
        saved = history.save(new_check(history.default_profile().id, rgb=picture()))
        assert saved.picture is not None
        thumbnail = saved.picture.thumbnail
        thumbnail.unlink()
        (thumbnail / "in the way").mkdir(parents=True)
        with pytest.raises(PicturesStay, match="1 picture of a deleted check could not be"):
            history.purge(history.delete([1]))
        assert history.deletions() == []
        assert not saved.picture.picture.exists()
    with History.open(place) as history:
        (told,) = history.take_told()
        assert isinstance(told, PicturesStay)
        assert history.take_told() == []
    (thumbnail / "in the way").rmdir()
    thumbnail.rmdir()
    thumbnail.touch()
    with History.open(place) as history:
        assert history.take_told() == []
        assert files(place) == []
