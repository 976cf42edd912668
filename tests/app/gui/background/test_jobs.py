"""Answers come back to the GUI thread, in spite of haste, errors and closing."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.gui.background.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    del qtbot  # needs the application
    made = Jobs()
    yield made
    assert made.close()


def _never(error: Exception) -> None:
    raise AssertionError(error)


def test_work_is_done_elsewhere_and_answered_here(qtbot: QtBot, jobs: Jobs) -> None:
    threads: list[int] = []
    answers: list[tuple[int, int]] = []

    def work() -> int:
        threads.append(threading.get_ident())
        return 42

    jobs.start("sum", work, lambda n: answers.append((n, threading.get_ident())), _never)
    assert jobs.is_busy("sum")
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [(42, threading.get_ident())]
    assert threads[0] != threading.get_ident()
    assert not jobs.is_busy("sum")


def test_what_is_asked_for_in_order_does_not_overtake(qtbot: QtBot, jobs: Jobs) -> None:
    done: list[int] = []

    def work(number: int) -> None:
        time.sleep(0.05 if number == 0 else 0.0)
        done.append(number)

    for number in range(4):
        jobs.start(str(number), partial(work, number), lambda _: None, _never, in_order=True)
    qtbot.waitUntil(lambda: len(done) == 4)
    assert done == [0, 1, 2, 3]


def test_an_error_comes_back_as_it_was_raised(qtbot: QtBot, jobs: Jobs) -> None:
    errors: list[Exception] = []
    problem = ValueError("no such picture")

    def work() -> None:
        raise problem

    jobs.start("fail", work, lambda _: pytest.fail("no answer was due"), errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors == [problem]


def test_a_newer_request_makes_the_older_answer_disappear(qtbot: QtBot, jobs: Jobs) -> None:
    gate = threading.Event()
    answers: list[str] = []

    def slow() -> str:
        gate.wait(5)
        return "old"

    jobs.start("measure", slow, answers.append, _never)
    jobs.start("measure", lambda: "new", answers.append, _never)
    qtbot.waitUntil(lambda: bool(answers))
    gate.set()
    assert jobs.close()
    qtbot.wait(20)
    assert answers == ["new"]


def test_keys_do_not_disturb_one_another(qtbot: QtBot, jobs: Jobs) -> None:
    answers: list[str] = []
    for key in ("a", "b", "c", "d"):
        jobs.start(key, lambda key=key: key, answers.append, _never)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(answers) == 4)
    assert sorted(answers) == ["a", "b", "c", "d"]


def test_a_forgotten_answer_does_not_come(qtbot: QtBot, jobs: Jobs) -> None:
    answers: list[int] = []
    states: list[tuple[str, bool]] = []
    jobs.busy_changed.connect(lambda key, busy: states.append((key, busy)))
    jobs.start("a", lambda: 1, answers.append, _never)
    jobs.forget("a")
    assert jobs.close()
    qtbot.wait(20)
    assert answers == []
    assert states == [("a", True), ("a", False)]


def test_closing_finishes_what_was_asked_for(jobs: Jobs) -> None:
    kept: list[int] = []

    def keep(number: int) -> None:
        time.sleep(0.01)
        kept.append(number)

    for number in range(6):
        jobs.start(f"save {number}", lambda n=number: keep(n), lambda _: None, _never)  # type: ignore[misc]
    assert jobs.close()
    assert sorted(kept) == list(range(6))


def test_what_is_asked_for_after_closing_is_done_and_not_answered(qtbot: QtBot, jobs: Jobs) -> None:
    kept: list[int] = []
    assert jobs.close()
    jobs.start("late", lambda: kept.append(1), lambda _: pytest.fail("answered"), _never)
    assert not jobs.is_busy("late")
    assert jobs.awaited == []
    assert jobs.close()
    qtbot.wait(20)
    assert kept == [1]


def test_closing_does_not_wait_for_ever(qtbot: QtBot) -> None:
    del qtbot
    jobs, gate = Jobs(), threading.Event()
    jobs.start("hang", lambda: gate.wait(5), lambda _: None, _never)
    begun = time.monotonic()
    assert not jobs.close(at_most_ms=50)
    assert time.monotonic() - begun < 1
    gate.set()
    assert jobs.close()
