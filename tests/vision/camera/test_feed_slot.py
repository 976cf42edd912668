"""One event at a time between a camera and its reader; all times are made up."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from vision.camera.capture import CameraFrame, CameraProblem
from vision.camera.stream import EverySlot, FeedEvent, NewestSlot

RGB = np.zeros((4, 4, 3), np.uint8)


class Live:
    """A slot of a camera, whose clock is set by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slot = NewestSlot(lambda: self.now_s, lambda: self.now_s * 1000)

    def offer(self) -> None:
        self.slot.offer(CameraFrame(RGB, self.now_s * 1000))

    def trouble(self, problem: CameraProblem) -> None:
        self.slot.trouble(problem, self.now_s * 1000)

    def events(self, until_s: float, step_s: float = 0.25) -> list[FeedEvent]:
        """Return what a reader gets who looks four times a second."""
        found = []
        while self.now_s <= until_s:
            event = self.slot.take(0)
            found += [event] if event is not None else []
            self.now_s += step_s
        return found


@pytest.fixture
def live() -> Live:
    return Live()


def taken(slot: NewestSlot | EverySlot) -> FeedEvent:
    event = slot.take(0)
    assert event is not None
    return event


def test_only_the_newest_picture_is_there_and_only_once(live: Live) -> None:
    live.offer()
    live.now_s = 0.1
    live.offer()
    assert taken(live.slot).t_ms == 100
    assert live.slot.take(0) is None


def test_a_problem_is_told_at_once_and_every_second_while_it_lasts(live: Live) -> None:
    live.trouble(CameraProblem.BUSY)
    events = live.events(3.6)
    assert [event.problem for event in events] == [CameraProblem.BUSY] * 4
    assert [event.t_ms for event in events] == [0, 1000, 2000, 3000]


def test_another_problem_is_told_at_once(live: Live) -> None:
    live.trouble(CameraProblem.LOST)
    assert taken(live.slot).problem is CameraProblem.LOST
    live.trouble(CameraProblem.MISSING)
    assert taken(live.slot).problem is CameraProblem.MISSING
    live.trouble(CameraProblem.MISSING)
    assert live.slot.take(0) is None


def test_a_picture_from_before_the_problem_is_not_handed_over(live: Live) -> None:
    live.offer()
    live.trouble(CameraProblem.LOST)
    event = taken(live.slot)
    assert (event.frame, event.problem) == (None, CameraProblem.LOST)


def test_pictures_end_the_problem_and_begin_an_epoch(live: Live) -> None:
    live.offer()
    first = taken(live.slot)
    live.trouble(CameraProblem.FROZEN)
    live.offer()
    second = taken(live.slot)
    assert second.epoch == first.epoch + 1
    assert live.slot.take(0) is None


def test_silence_is_told_after_one_and_a_half_seconds_and_then_every_second(live: Live) -> None:
    live.offer()
    first, *rest = live.events(4.0)
    assert [event.problem for event in rest] == [CameraProblem.STALLED] * 3
    assert [event.t_ms for event in rest] == [1500, 2500, 3500]
    live.offer()
    assert taken(live.slot).epoch == first.epoch + 1


def test_silence_that_nobody_noticed_begins_an_epoch_all_the_same(live: Live) -> None:
    live.offer()
    assert taken(live.slot).epoch == 0
    live.now_s = 5.0
    live.offer()
    assert taken(live.slot).epoch == 1


def test_before_the_first_picture_silence_is_no_fault(live: Live) -> None:
    assert live.events(5.0) == []
    live.offer()
    assert taken(live.slot).epoch == 0


def test_times_rise_whatever_comes_in(live: Live) -> None:
    live.now_s = 2.0
    live.offer()
    times_ms = [taken(live.slot).t_ms]
    live.slot.trouble(CameraProblem.LOST, 1500.0)
    times_ms.append(taken(live.slot).t_ms)
    live.slot.offer(CameraFrame(RGB, 1000.0))
    event = taken(live.slot)
    assert event.frame is not None
    assert event.frame.t_ms == event.t_ms
    assert event.frame.rgb is RGB
    times_ms.append(event.t_ms)
    assert times_ms == sorted(set(times_ms))


def test_the_end_is_told_once_after_the_last_picture() -> None:
    slot = NewestSlot(lambda: 0.0)
    slot.offer(CameraFrame(RGB, 40.0))
    slot.end(CameraProblem.ENDED, 40.0)
    assert taken(slot).frame is not None
    assert taken(slot).problem is CameraProblem.ENDED
    assert slot.take(0) is None


def test_a_waiting_reader_is_woken_by_a_picture_and_by_the_end(live: Live) -> None:
    threading.Timer(0.05, live.offer).start()
    assert live.slot.take(5.0) is not None
    threading.Timer(0.05, live.slot.close).start()
    assert live.slot.take(5.0) is None


def offer_five(slot: EverySlot) -> None:
    for number in range(5):
        slot.offer(CameraFrame(RGB, 40.0 * number))


def test_every_picture_waits_for_its_reader() -> None:
    slot = EverySlot()
    camera = threading.Thread(target=offer_five, args=(slot,))
    camera.start()
    events = [slot.take(5.0) for _ in range(5)]
    camera.join()
    assert [event.t_ms for event in events if event] == [0, 40, 80, 120, 160]


def test_closing_lets_a_waiting_camera_go() -> None:
    slot = EverySlot()
    camera = threading.Thread(target=offer_five, args=(slot,))
    camera.start()
    slot.close()
    camera.join(5.0)
    assert not camera.is_alive()
    assert slot.take(0) is None
