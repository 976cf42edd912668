"""Checks are kept beside the GUI thread, and told once they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.background.jobs import Jobs
from app.history.errors import FullDisk, HistoryError
from app.history.place import Place
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import WHEN, measured, new_check
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.history import SavedCheck
    from app.history.comparison import Change


@pytest.fixture
def handle(tmp_path: Path) -> Iterator[HistoryHandle]:
    made = HistoryHandle(lambda: History.open(Place(tmp_path / "data")))
    yield made
    made.close()


@pytest.fixture
def service(qtbot: QtBot, handle: HistoryHandle) -> Iterator[HistoryService]:
    jobs = Jobs()
    made = HistoryService(jobs, handle, None)
    with qtbot.waitSignal(made.profiles_changed):
        made.load()
    yield made
    assert jobs.close(5000)


def _keep(qtbot: QtBot, service: HistoryService, angle_deg: float, days: int) -> SavedCheck:
    told: list[SavedCheck] = []
    profile_id = service.current_profile_id
    assert profile_id is not None
    problems: list[Exception] = []
    service.save(new_check(profile_id, measured(angle_deg), day=days), told.append, problems.append)
    qtbot.waitUntil(lambda: bool(told or problems))
    assert problems == []
    return told[0]


def test_a_check_is_told_with_its_change_since_the_last_one(
    qtbot: QtBot, service: HistoryService
) -> None:
    assert _keep(qtbot, service, 10.0, days=0).change == ""
    assert "no real change" in _keep(qtbot, service, 13.0, days=1).change
    change = _keep(qtbot, service, 25.0, days=2).change
    assert change.startswith("Since 2 Mar 2026: 12° further forward")


def test_a_change_that_cannot_be_read_does_not_make_a_kept_check_seem_lost(
    qtbot: QtBot, service: HistoryService, handle: HistoryHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*asked: object) -> NoReturn:
        raise HistoryError("The history is in use.", "Try again.")

    monkeypatch.setattr(History, "rows", fail)
    kept = _keep(qtbot, service, 10.0, days=0)
    assert kept.change == ""
    profile_id = service.current_profile_id
    assert profile_id is not None
    assert handle.history().count(RowQuery(profile_id)) == 1


def _compared(
    qtbot: QtBot, service: HistoryService, angle_deg: float, method: Method
) -> Change | None:
    told: list[Change | None] = []
    later = WHEN + timedelta(days=9)
    service.compare(measured(angle_deg, method), later, told.append)
    qtbot.waitUntil(lambda: bool(told))
    return told[0]


def test_a_measurement_is_compared_before_it_is_kept(
    qtbot: QtBot, service: HistoryService, handle: HistoryHandle
) -> None:
    assert _compared(qtbot, service, 10.0, Method.CONTOUR) is None
    _keep(qtbot, service, 10.0, days=0)
    _keep(qtbot, service, 13.0, days=1)
    change = _compared(qtbot, service, 25.5, Method.CONTOUR)
    assert change is not None
    assert change.difference_deg == pytest.approx(12.5)
    assert change.is_real
    # Methods are never mixed, and a belt line needs to be in the same clothes.
    assert _compared(qtbot, service, 25.5, Method.MARKED) is None
    assert handle.history().count(RowQuery(None)) == 2


def test_closing_the_door_leaves_the_bin_as_it_is(
    qtbot: QtBot, service: HistoryService, handle: HistoryHandle, tmp_path: Path
) -> None:
    kept = _keep(qtbot, service, 10.0, days=0)
    deletion = handle.history().delete([kept.check_id])
    handle.close()
    with History.open(Place(tmp_path / "data")) as history:
        assert history.count(RowQuery(None)) == 0
        history.restore(deletion)
        assert history.count(RowQuery(None)) == 1


def test_how_the_history_was_found_is_told_once(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").touch()
    jobs, handle = Jobs(), HistoryHandle(lambda: History.open(Place(tmp_path)))
    service, told = HistoryService(jobs, handle, None), list[Exception]()
    service.failed.connect(told.append)
    for _ in range(2):
        with qtbot.waitSignal(service.profiles_changed):
            service.load()
    (only,) = told
    assert "was an empty file, so a new history was begun." in str(only)
    assert jobs.close(5000)
    handle.close()


def test_a_deletion_that_fails_offers_no_way_back(qtbot: QtBot, service: HistoryService) -> None:
    kept = _keep(qtbot, service, 10.0, days=0)
    changes, told = service.changes, list[Exception]()

    def fail(_: History) -> str:
        raise FullDisk("here")

    with qtbot.waitSignal(changes.written):
        changes.delete("Deleted", lambda history: history.delete([kept.check_id]))
    changes.delete("Not deleted", fail, told.append)
    assert changes.stack.undoText() == "Not deleted"
    qtbot.waitUntil(lambda: changes.stack.undoText() == "Deleted")
    assert [type(error) for error in told] == [FullDisk]
    assert not changes.stack.canRedo()
    with qtbot.waitSignal(changes.written):
        changes.stack.undo()
