from __future__ import annotations

from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from vision.camera.video_view import PipelinedWorker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def beside() -> Iterator[PipelinedWorker]:
    made = PipelinedWorker("test")
    yield made
    made.close()


def test_answers_come_in_order(beside: PipelinedWorker) -> None:
    answers = [beside.begin(partial(partial, pow, n, 2)) for n in range(20)]
    assert [answer.result() for answer in answers] == [n * n for n in range(20)]


def test_a_third_picture_waits_until_one_of_two_is_done(beside: PipelinedWorker) -> None:
    may_end, begun = Event(), Event()

    def third() -> partial[bool]:
        begun.set()
        return partial(bool, True)

    for _ in range(2):
        beside.begin(lambda: may_end.wait)
    waits = Thread(target=beside.begin, args=(third,))
    waits.start()
    assert not begun.wait(0.1)
    may_end.set()
    assert begun.wait(5)
    waits.join()


def test_a_failure_here_or_there_makes_room_again(beside: PipelinedWorker) -> None:
    def fails() -> partial[int]:
        raise ValueError("here")

    for _ in range(3):
        with pytest.raises(ValueError, match="here"):
            beside.begin(fails)
        there = beside.begin(lambda: partial(int, "there"))
        with pytest.raises(ValueError, match="there"):
            there.result()
    assert beside.begin(lambda: partial(int, "7")).result() == 7


def test_what_is_settled_comes_after_all_before(beside: PipelinedWorker) -> None:
    order: list[str] = []
    beside.begin(lambda: partial(order.append, "picture"))
    beside.settle(partial(order.append, "settled"))
    assert order == ["picture", "settled"]
