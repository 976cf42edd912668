"""Breaks wait in the journal, and none is lost or doubled on the way."""

from __future__ import annotations

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.breaks.journal import JournalBreak, append, default_path, taken
from app.history.diary import BreakKind

if TYPE_CHECKING:
    from pathlib import Path

_NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "data" / "breaks.jsonl"


def _noted(number: int) -> JournalBreak:
    return JournalBreak(_NOON + timedelta(minutes=number), BreakKind.AWAY, 4.5, number or None)


def _take(path: Path) -> list[JournalBreak]:
    with taken(path) as found:
        return found


def test_no_journal_holds_nothing(journal: Path) -> None:
    assert _take(journal) == []
    assert not journal.parent.exists()


def test_what_was_noted_is_taken_once(journal: Path) -> None:
    for number in range(3):
        append(journal, _noted(number))
    assert _take(journal) == [_noted(number) for number in range(3)]
    assert _take(journal) == []


def test_nobody_else_reads_it(journal: Path) -> None:
    before = os.umask(0o022)
    try:
        append(journal, _noted(1))
        with journal.open("a") as file:
            file.write("no break\n")
        _take(journal)
    finally:
        os.umask(before)
    files = list(journal.parent.iterdir())
    assert len(files) > 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700


@given(
    at=st.datetimes(timezones=st.timezones(), allow_imaginary=False),
    how=st.sampled_from(BreakKind),
    minutes=st.floats(0, 1e6),
    profile_id=st.none() | st.integers(1, 2**40),
)
def test_any_break_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    at: datetime,
    how: BreakKind,
    minutes: float,
    profile_id: int | None,
) -> None:
    path = tmp_path_factory.mktemp("journal") / "breaks.jsonl"
    append(path, JournalBreak(at, how, minutes, profile_id))
    (found,) = _take(path)
    assert (found.how, found.minutes, found.profile_id) == (how, minutes, profile_id)
    # Python takes the hour that comes twice for unequal to itself in another zone.
    assert found.at.astimezone(UTC) == at.astimezone(UTC)
    assert found.at.utcoffset() == at.utcoffset()


def test_what_could_not_be_kept_is_still_there(journal: Path) -> None:
    append(journal, _noted(1))
    with pytest.raises(RuntimeError), taken(journal):
        raise RuntimeError("the history is busy")
    append(journal, _noted(2))
    assert sorted(_take(journal), key=lambda one: one.at) == [_noted(1), _noted(2)]


def test_what_is_noted_meanwhile_waits_for_the_next_time(journal: Path) -> None:
    append(journal, _noted(1))
    with taken(journal) as found:
        append(journal, _noted(2))
    assert found == [_noted(1)]
    assert _take(journal) == [_noted(2)]


def test_of_two_that_take_at_once_one_gets_nothing(journal: Path) -> None:
    append(journal, _noted(1))
    with taken(journal) as first:
        append(journal, _noted(2))
        with taken(journal) as second:
            pass
    assert (first, second) == ([_noted(1)], [])
    assert _take(journal) == [_noted(2)]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"text"',
        "[" * 5000,
        '{"at": "2026-06-01T12:00:00", "how": "away", "minutes": 3, "profile_id": 1}',
        '{"at": "2026-06-01T12:00:00Z", "how": "nap", "minutes": 3, "profile_id": 1}',
        '{"at": "2026-06-01T12:00:00Z", "how": "away", "minutes": -3, "profile_id": 1}',
        '{"at": "2026-06-01T12:00:00Z", "how": "away", "minutes": NaN, "profile_id": 1}',
        '{"at": "2026-06-01T12:00:00Z", "how": "away", "minutes": 3, "profile_id": true}',
        '{"at": 5, "how": "away", "minutes": 3, "profile_id": 1}',
        '{"at": "2026-06-01T12:00:00Z", "how": "away", "minutes": 1' + 400 * "0" + "}",
        '{"at": "2026-06-01T12:00:00Z", "how": "away", "minutes": 1'
        + 400 * "0"
        + ', "profile_id": 1}',
    ],
)
def test_a_damaged_line_is_put_aside_and_the_rest_goes_on(journal: Path, line: str) -> None:
    append(journal, _noted(1))
    with journal.open("a", encoding="utf-8") as file:
        file.write(line)
    append(journal, _noted(2))
    assert _take(journal) == [_noted(1), _noted(2)]
    assert journal.with_name("breaks.jsonl.damaged").read_text("utf-8") == f"{line}\n"
    assert _take(journal) == []


def test_bytes_that_are_no_text_do_no_harm(journal: Path) -> None:
    append(journal, _noted(1))
    with journal.open("ab") as file:
        file.write(b"\xff\x00\xfe")
    append(journal, _noted(2))
    assert _take(journal) == [_noted(1), _noted(2)]


def test_nothing_is_lost_or_doubled_while_several_write_and_take(journal: Path) -> None:
    journal.parent.mkdir()
    found: list[JournalBreak] = []
    is_over = threading.Event()

    def write(first: int) -> None:
        for number in range(first, first + 40):
            append(journal, _noted(number))

    def take() -> None:
        while not is_over.wait(0.001):
            found.extend(_take(journal))

    writers = [threading.Thread(target=write, args=(first,)) for first in (1, 101)]
    takers = [threading.Thread(target=take) for _ in range(2)]
    for thread in (*writers, *takers):
        thread.start()
    for thread in writers:
        thread.join()
    is_over.set()
    for thread in takers:
        thread.join()
    found += _take(journal)
    wanted = [*range(1, 41), *range(101, 141)]
    assert sorted(one.profile_id or 0 for one in found) == wanted


def test_it_lies_beside_the_history(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("app.breaks.journal.usual_folder", lambda: tmp_path)
    assert default_path() == tmp_path / "breaks.jsonl"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        append(tmp_path / "file" / "breaks.jsonl", _noted(1))
