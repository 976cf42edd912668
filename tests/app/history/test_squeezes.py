"""Squeeze tests: kept, answered, deleted with a way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.history.db.schema import squeezes
from app.history.errors import ProfileNotFound, SqueezeNotFound
from app.history.records import Ability, SqueezeAnswers
from app.history.store import History
from tests.app.history.made_up import WHEN, new_check, new_squeeze, open_for_days
from vision.live.events import SqueezeResult

if TYPE_CHECKING:
    from app.history.place import Place
    from app.history.records import Profile


def kept(history: History) -> int:
    with history._database.reading() as connection:
        statement = sa.select(sa.func.count()).select_from(squeezes)
        found: int = connection.execute(statement).scalar_one()
        return found


def ids(history: History, profile: Profile) -> list[int]:
    return [squeeze.id for squeeze in history.squeezes(profile.id)]


def test_a_test_comes_back_as_it_was(history: History, me: Profile) -> None:
    new = new_squeeze(me.id, note="after a walk")
    saved = history.save_squeeze(new)
    (found,) = history.squeezes(me.id)
    assert found == saved
    assert (found.profile_id, found.taken_at) == (me.id, WHEN)
    assert (found.result, found.answers, found.note) == (new.result, new.answers, new.note)
    assert found.result.rounds[0].backward_deg == pytest.approx(4.9)
    assert found.saved_at.utcoffset() is not None


def test_a_bare_test_comes_back_too(history: History, me: Profile) -> None:
    bare = replace(
        new_squeeze(me.id),
        result=SqueezeResult(-0.4, -3.0, 2.2, False, ()),
        answers=SqueezeAnswers(),
    )
    assert history.save_squeeze(bare) == history.squeezes(me.id)[0]
    assert history.squeezes(me.id)[0].result == bare.result


def test_tests_are_listed_oldest_first_and_by_person(history: History, me: Profile) -> None:
    anna = history.add_profile("Anna")
    for day in (2, 0, 1):
        history.save_squeeze(new_squeeze(me.id, day=day))
    history.save_squeeze(new_squeeze(anna.id))
    assert ids(history, me) == [2, 3, 1]
    assert ids(history, anna) == [4]


def test_answers_are_changed(history: History, me: Profile) -> None:
    saved = history.save_squeeze(new_squeeze(me.id))
    answers = SqueezeAnswers(None, Ability.NO, Ability.YES)
    history.set_squeeze_answers(saved.id, answers)
    assert history.squeezes(me.id) == [replace(saved, answers=answers)]
    history.delete([saved.id], "squeezes")
    for gone in (saved.id, 99):
        with pytest.raises(SqueezeNotFound, match="no longer"):
            history.set_squeeze_answers(gone, answers)


def test_nobody_has_no_test(history: History) -> None:
    with pytest.raises(ProfileNotFound):
        history.save_squeeze(new_squeeze(7))
    assert history.squeezes(7) == []


@pytest.mark.parametrize("wrong", ["time", "angle", "round"])
def test_what_cannot_be_kept_is_refused(history: History, me: Profile, wrong: str) -> None:
    fine = new_squeeze(me.id)
    first = replace(fine.result.rounds[0], after_deg=float("nan"))
    odd = {
        "time": replace(fine, taken_at=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)),
        "angle": replace(fine, result=replace(fine.result, high_deg=float("inf"))),
        "round": replace(fine, result=replace(fine.result, rounds=(first,))),
    }[wrong]
    with pytest.raises(ValueError, match=r"offset|finite"):
        history.save_squeeze(odd)
    assert kept(history) == 0


def test_deleting_hides_undo_shows_and_the_purge_is_final(history: History, me: Profile) -> None:
    for day in range(3):
        history.save_squeeze(new_squeeze(me.id, day=day))
    first, last = history.delete([1, 99], "squeezes"), history.delete([3], "squeezes")
    assert ids(history, me) == [2]
    history.restore(last)
    assert ids(history, me) == [2, 3]
    history.purge(first)
    history.restore(first)
    assert ids(history, me) == [2, 3]
    assert kept(history) == 2


def test_another_desk_can_take_a_deletion_back(place: Place) -> None:
    with History.open(place) as here, History.open(place) as there:
        me = here.default_profile()
        here.save_squeeze(new_squeeze(me.id))
        here.delete([1], "squeezes")
        (deletion,) = there.deletions()
        there.restore(deletion.name)
        assert ids(here, me) == [1]


def test_a_profile_takes_its_tests_along_and_brings_them_back(history: History) -> None:
    anna = history.add_profile("Anna")
    history.save_squeeze(new_squeeze(anna.id))
    history.save_squeeze(new_squeeze(anna.id, day=1))
    history.delete([1], "squeezes")
    deletion = history.delete_profile(anna.id)
    assert ids(history, anna) == []
    history.restore(deletion)
    assert ids(history, anna) == [2]
    history.delete_profile(anna.id)
    history.purge()
    assert kept(history) == 0


def test_tests_go_to_whoever_took_the_name_meanwhile(history: History) -> None:
    first = history.add_profile("Anna")
    history.save_squeeze(new_squeeze(first.id))
    deletion = history.delete_profile(first.id)
    second = history.add_profile("Anna")
    history.restore(deletion)
    assert ids(history, second) == [1]


def test_deleting_everything_and_taking_it_back(history: History, me: Profile) -> None:
    history.save(new_check(me.id))
    history.save_squeeze(new_squeeze(me.id))
    deletion = history.delete_everything()
    assert ids(history, me) == []
    history.restore(deletion)
    assert ids(history, me) == [1]
    history.delete_everything()
    history.purge()
    assert kept(history) == 0


def test_what_lay_in_the_bin_for_too_long_goes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(place) as history:
        me = history.default_profile()
        history.save_squeeze(new_squeeze(me.id))
        history.delete([1], "squeezes")
        assert kept(history) == 1
    open_for_days(place, monkeypatch, 31)
    with History.open(place) as history:
        assert kept(history) == 0
