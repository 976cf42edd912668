"""Every deletion of every kind comes back, after ten other things and after a restart."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.history.diary import (
    Break,
    BreakKind,
    CalibrationPicture,
    ExerciseSet,
    KeptCalibration,
    Pain,
    Plan,
    PlannedExercise,
    RangeKept,
    Screening,
    ScreeningOutcome,
    SelfCheck,
)
from app.history.place import Place
from app.history.records import Arms, Conditions, RowQuery, SqueezeAnswers
from app.history.store import History
from tests import made_up_results
from tests.app.history.made_up import WHEN, new_check, new_squeeze, picture
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.history.diary import Content

_SHOT = CalibrationPicture(WHEN, Method.STICKERS, 12.0, 1.5, 14.0, 2.5)
_DIARY: tuple[Content, ...] = (
    Screening(ScreeningOutcome.CLEAR),
    Pain("glute_bridge", "left knee"),
    SelfCheck(SqueezeAnswers()),
    ExerciseSet("glute_bridge", 10),
    Break(BreakKind.TAKEN, 4.0),
    Plan((PlannedExercise(name="Clam"),)),
    KeptCalibration(-2.0, 1.0, 1.5, "0" * 64, (_SHOT,)),
    RangeKept(made_up_results.range_result()),
)


def _checks(history: History) -> list[int]:
    return [row.id for row in history.rows(RowQuery(1), 0, 99)]


def _delete_entry(number: int, history: History) -> str:
    return history.delete([history.entries(1)[number].id], "diary")


#: What somebody deletes: each returns the deletion's name.
_KINDS: dict[str, Callable[[History], str]] = {
    "one check": lambda history: history.delete(_checks(history)[:1]),
    "several checks": lambda history: history.delete(_checks(history)[:4]),
    "a squeeze test": lambda history: history.delete([history.squeezes(1)[0].id], "squeezes"),
    "a calibration with its checks": lambda history: history.delete(
        [history.entries(1)[6].id], "diary", with_checks=_checks(history)[:2]
    ),
    "a person": lambda history: history.delete_profile(2),
    "everything": lambda history: history.delete_everything(),
    **{
        f"{type(content).__name__} of the diary": partial(_delete_entry, number)
        for number, content in enumerate(_DIARY)
    },
}


def _all_of(history: History) -> dict[str, list[object]]:
    """Return everything that there is by whose it is, without the numbers given to it.

    A person who comes back where somebody has taken the name since becomes that one.
    """
    everything: dict[str, list[object]] = {}
    for person in history.profiles():
        rows = history.rows(RowQuery(person.id), 0, 99)
        pictures = [check.picture for check in map(history.check, [row.id for row in rows])]
        assert all(one is None or one.picture.exists() for one in pictures)
        everything[person.name] = [
            *((row.taken_at, row.tilt, row.conditions, row.has_picture) for row in rows),
            *((one.taken_at, one.result, one.answers) for one in history.squeezes(person.id)),
            *((one.at, one.content) for one in history.entries(person.id)),
        ]
    return everything


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A history of two people with something of every kind."""
    made = Place(tmp_path / "data")
    with History.open(made) as history:
        for whose in (history.default_profile().id, history.add_profile("Anna").id):
            for day in range(12):
                rgb = picture(60, 80) if day < 3 else None
                history.save(new_check(whose, day=day, rgb=rgb))
            history.save_squeeze(new_squeeze(whose))
            for hour, content in enumerate(_DIARY):
                history.note(whose, WHEN + timedelta(hours=hour), content)
    return made


@pytest.mark.parametrize("kind", _KINDS)
def test_it_comes_back_by_undo_after_ten_other_things(
    qtbot: QtBot, place: Place, kind: str
) -> None:
    jobs, handle = Jobs(), HistoryHandle(lambda: History.open(place))
    service = HistoryService(jobs, handle, None)
    changes, errors = service.changes, list[Exception]()
    service.failed.connect(errors.append)

    def settle() -> None:
        qtbot.waitUntil(lambda: not jobs.awaited, timeout=8000)

    before = _all_of(handle.history())
    changes.delete("Deleted", _KINDS[kind])
    settle()
    assert _all_of(handle.history()) != before
    left = _checks(handle.history())
    for number in range(5):
        changes.delete("Deleted another", lambda history: history.delete(_checks(history)[-1:]))
        said = Conditions("jeans", Arms.HANGING, f"note {number}")
        if left:
            changes.edit(
                "Wrote",
                handle.history().check(left[0]).row.conditions,
                said,
                lambda _: None,
                lambda history, said: history.set_conditions(left[0], said),
            )
        else:
            changes.delete("Deleted nothing", lambda history: history.delete([]))
        settle()
    for _ in range(11):
        changes.stack.undo()
        settle()
    assert errors == []
    assert _all_of(handle.history()) == before
    assert jobs.close(5000)
    handle.close()


@pytest.mark.parametrize("kind", _KINDS)
def test_it_comes_back_from_the_bin_after_ten_other_things_and_a_restart(
    place: Place, kind: str
) -> None:
    with History.open(place) as history:
        before = _all_of(history)
        name = _KINDS[kind](history)
        for number in range(5):
            noted = history.note(history.default_profile().id, WHEN, Pain(note=str(number)))
            history.delete([noted.id], "diary")
    with History.open(place) as again:
        assert name in [deletion.name for deletion in again.deletions()]
        assert _all_of(again) != before
        again.restore(name)
    with History.open(place) as last:
        _assert_holds(_all_of(last), before)


def _assert_holds(found: dict[str, list[object]], wanted: dict[str, list[object]]) -> None:
    """See that everything that was there is, whatever has come since."""
    assert found.keys() == wanted.keys()
    for name, things in wanted.items():
        assert [one for one in things if one not in found[name]] == []
