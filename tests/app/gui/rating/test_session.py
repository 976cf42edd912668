"""Goes through a worklist once, comes back to the last answer alone, and leaves pauses out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.gui.rating.session import RatingSession, Stopwatch, open_folder
from app.study import StudyError
from app.study.design import Study
from app.study.worklist import BeltSeen, Rating, Worklist
from tests.app.gui.rating.worklists import HandClock, make_study, make_worklist

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def session(tmp_path: Path) -> RatingSession:
    return RatingSession(Worklist(make_worklist(tmp_path / "rater")))


def current(session: RatingSession) -> str:
    assert session.current is not None
    return session.current.id


def answer(session: RatingSession) -> None:
    session.keep(Rating(current(session), belt=BeltSeen.NO))
    session.go_on()


def test_a_stopwatch_leaves_out_the_time_it_stood_still() -> None:
    clock = HandClock()
    watch = Stopwatch(clock)
    clock.pass_by(5)
    assert watch.seconds == 0
    watch.start()
    clock.pass_by(3)
    watch.start()
    clock.pass_by(1)
    assert watch.seconds == 4
    watch.stop()
    clock.pass_by(100)
    watch.stop()
    watch.start()
    clock.pass_by(2)
    assert watch.seconds == 6


def test_it_goes_through_all_and_ends(session: RatingSession) -> None:
    seen = []
    while session.current is not None:
        seen.append((current(session), session.number, session.answered))
        answer(session)
    assert seen == [("i1", 1, 0), ("i2", 2, 1), ("i3", 3, 2)]
    assert session.count == session.answered == 3
    assert session.following is None


def test_it_goes_on_where_another_session_stopped(session: RatingSession) -> None:
    answer(session)
    again = RatingSession(Worklist(session.worklist.folder))
    assert current(again) == "i2"
    assert again.last is None, "what was answered another day is not shown again"


def test_there_is_one_way_back_and_no_further(session: RatingSession) -> None:
    answer(session)
    answer(session)
    session.go_back()
    assert current(session) == "i2"
    assert session.last is None
    session.go_back()
    assert current(session) == "i2"
    answer(session)
    assert current(session) == "i3"
    assert session.last is not None
    assert session.last.id == "i2"


def test_what_cannot_be_shown_stays_open(session: RatingSession) -> None:
    session.leave_open()
    assert current(session) == "i2"
    answer(session)
    answer(session)
    assert session.current is None
    assert session.left_open == 1
    assert current(RatingSession(Worklist(session.worklist.folder))) == "i1"


def test_a_folder_is_a_raters_a_studys_or_none(tmp_path: Path) -> None:
    assert isinstance(open_folder(make_worklist(tmp_path / "rater")), Worklist)
    study = open_folder(make_study(tmp_path / "study"))
    assert isinstance(study, Study)
    assert study.raters == ("rater-1", "rater-2")
    with pytest.raises(StudyError, match="is no worklist of a study"):
        open_folder(tmp_path)
