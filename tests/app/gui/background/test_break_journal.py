"""Breaks go from the reminder's journal into the history, once and for all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest

from app.breaks.journal import JournalBreak, append
from app.gui.background.reminder import take_into
from app.history.diary import Break, BreakKind, EntryKind
from app.history.errors import HistoryError
from app.history.place import Place
from app.history.store import History
from tests.app.history.made_up import WHEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(Place(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "breaks.jsonl"


def _breaks(history: History, profile_id: int) -> list[Break]:
    found = [entry.content for entry in history.entries(profile_id, EntryKind.BREAK)]
    return [content for content in found if isinstance(content, Break)]


def test_they_are_kept_for_whoever_they_are_of_and_only_once(
    history: History, journal: Path
) -> None:
    me, anna = history.default_profile(), history.add_profile("Anna")
    for minutes, whose in ((3.0, me.id), (4.0, anna.id), (5.0, None), (6.0, 99)):
        at = WHEN + timedelta(minutes=minutes)
        append(journal, JournalBreak(at, BreakKind.AWAY, minutes, whose))
    assert take_into(history, me.id, journal) == 4
    assert [one.minutes for one in _breaks(history, me.id)] == [3.0, 5.0, 6.0]
    assert [one.minutes for one in _breaks(history, anna.id)] == [4.0]
    assert take_into(history, me.id, journal) == 0
    assert not journal.exists()


def test_an_empty_journal_is_no_problem(history: History, journal: Path) -> None:
    assert take_into(history, history.default_profile().id, journal) == 0


def test_what_cannot_be_kept_waits(
    history: History, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = history.default_profile()
    append(journal, JournalBreak(WHEN, BreakKind.TAKEN, 0.0, me.id))

    def fail(*asked: object) -> NoReturn:
        raise HistoryError("The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(History, "note_all", fail)
        with pytest.raises(HistoryError):
            take_into(history, me.id, journal)
    append(journal, JournalBreak(WHEN + timedelta(hours=1), BreakKind.AWAY, 7.0, me.id))
    assert take_into(history, me.id, journal) == 2
    assert [one.how for one in _breaks(history, me.id)] == [BreakKind.TAKEN, BreakKind.AWAY]


def test_lines_that_make_no_sense_are_put_aside(history: History, journal: Path) -> None:
    me = history.default_profile()
    append(journal, JournalBreak(WHEN, BreakKind.AWAY, 7.0, me.id))
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-03-01T10:00:00", "how": "away", "minutes": 3, "profile_id": 1}\n')
        file.write('{"at": "2026-03-01T10:00:00+01:00", "how": "aw')
    append(journal, JournalBreak(WHEN, BreakKind.TAKEN, 0.0, me.id))
    assert take_into(history, me.id, journal) == 2
    aside = journal.with_name("breaks.jsonl.damaged").read_text("utf-8")
    assert len(aside.splitlines()) == 2
