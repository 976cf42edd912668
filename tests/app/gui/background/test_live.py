"""The live check beside the GUI thread: nothing piles up, nothing that counts is dropped."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.gui.background.camera import LiveFeed, look_at, preview
from app.history.from_measurement import new_check, result_of, tilt_of
from tests.app.gui.scripted_camera import FPS, Script, Seen
from tests.vision.sightings import nobody, sighting
from vision.camera.capture import CameraProblem
from vision.live.check import LiveCheck
from vision.live.events import FinishedCheck, Instruction, LiveState, Moment, SqueezeResult
from vision.live.session import LiveKind, LiveSession
from vision.overlay.shapes import Banner, Label, Role
from vision.series import RefusedSeries

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SIZE_PX = (1920, 1080)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script().install(monkeypatch)


def test_a_check_runs_to_its_end_and_no_capture_is_dropped(
    qtbot: QtBot, feed: LiveFeed, script: Script
) -> None:
    script.leave(1).stand().leave().stand()
    session, seen = LiveSession(LiveKind.CHECK, 2), Seen[Moment](feed)
    feed.start(0, session, SIZE_PX)
    time.sleep(0.3)  # the GUI thread is away; every picture but the newest is gone
    qtbot.waitUntil(lambda: session.finished is not None, timeout=10_000)
    qtbot.waitUntil(lambda: len(seen.moments) == 2)
    assert [moment.taken for moment in seen.moments] == [1, 2]
    finished = seen.moments[-1].finished
    assert finished is session.finished
    assert isinstance(finished, FinishedCheck)
    assert len(session.taken_at) == 2
    assert script.opened == [(0, SIZE_PX)]


def test_pictures_that_nobody_took_are_gone(qtbot: QtBot, feed: LiveFeed, script: Script) -> None:
    script.leave(20)
    seen = Seen[Moment](feed)
    feed.start(0, LiveSession(), SIZE_PX)
    deadline = time.monotonic() + 10
    while script.at < len(script.steps) and time.monotonic() < deadline:
        time.sleep(0.01)
    qtbot.waitUntil(lambda: bool(seen.looks))
    qtbot.wait(50)
    assert len(seen.looks) <= 2
    newest = seen.looks[-1]
    assert newest.moment.t_ms > 19_000
    assert newest.moment.instruction is Instruction.STEP_INTO_VIEW


def test_a_pause_keeps_the_repeats_and_lets_the_camera_go(
    qtbot: QtBot, feed: LiveFeed, script: Script
) -> None:
    script.stand()
    session, seen = LiveSession(LiveKind.CHECK, 2), Seen[Moment](feed)
    feed.start(0, session, SIZE_PX)
    qtbot.waitUntil(lambda: len(seen.moments) == 1, timeout=5000)
    feed.stop()
    assert not feed.is_on
    qtbot.waitUntil(lambda: script.on == 0)
    script.leave().stand()
    feed.start(0, session, SIZE_PX)
    qtbot.waitUntil(lambda: session.finished is not None, timeout=5000)
    assert isinstance(session.finished, FinishedCheck)
    assert len(session.finished.captures) == 2


def test_problems_are_told_and_it_comes_back_by_itself(
    qtbot: QtBot, feed: LiveFeed, script: Script
) -> None:
    script.leave(0.2).trouble(CameraProblem.LOST, 2).trouble(CameraProblem.BLACK)
    session, seen = LiveSession(), Seen[Moment](feed)
    feed.start(0, session, SIZE_PX)
    lost, black = CameraProblem.LOST, CameraProblem.BLACK
    qtbot.waitUntil(lambda: seen.problems == [lost, lost, black])
    qtbot.waitUntil(lambda: seen.looks[-1].moment.instruction is Instruction.PICTURE_BLACK)
    assert seen.looks[-1].moment.state is LiveState.LOST
    assert seen.looks[-1].preview.isNull()
    assert feed.is_on
    script.stand()
    qtbot.waitUntil(lambda: session.finished is not None, timeout=5000)
    assert seen.problems == [lost, lost, black, None]


def test_a_film_ends_once_and_the_feed_with_it(
    qtbot: QtBot, feed: LiveFeed, script: Script
) -> None:
    script.leave(0.2).trouble(CameraProblem.ENDED)
    seen = Seen[Moment](feed)
    feed.start("film.avi", LiveSession(), SIZE_PX)
    qtbot.waitUntil(lambda: not feed.is_on)
    assert seen.problems == [CameraProblem.ENDED]
    assert script.on == 0
    assert script.views_opened == script.views_closed == 1


def test_a_failure_in_measuring_is_told_once_and_lets_the_camera_go(
    qtbot: QtBot, feed: LiveFeed, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    script.breaks(ValueError("no number")).breaks(ValueError("no number"))
    seen = Seen[Moment](feed)
    feed.start(0, LiveSession(), SIZE_PX)
    qtbot.waitUntil(lambda: bool(seen.errors))
    qtbot.waitUntil(lambda: script.on == 0)
    qtbot.wait(50)
    assert len(seen.errors) == 1
    assert "The live check failed" in caplog.text


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.35])
def test_closing_takes_less_than_a_second_at_any_moment(
    qtbot: QtBot, script: Script, after_s: float
) -> None:
    script.opening_s, script.pace_s = 0.3, 0.01
    script.stand(30)
    feed = LiveFeed()
    feed.start(0, LiveSession(), SIZE_PX)
    time.sleep(after_s)
    begun_s = time.monotonic()
    assert feed.close()
    assert time.monotonic() - begun_s < 1.0
    assert script.on == 0
    del qtbot


def test_models_that_load_for_long_keep_no_window_from_closing(
    qtbot: QtBot, script: Script
) -> None:
    script.opening_s = 1.2
    feed = LiveFeed()
    feed.start(0, LiveSession(), SIZE_PX)
    time.sleep(0.1)
    begun_s = time.monotonic()
    assert not feed.close(300)
    assert time.monotonic() - begun_s < 0.5
    qtbot.waitUntil(lambda: script.on == 0, timeout=3000)
    del qtbot


def test_another_camera_waits_until_the_one_before_is_off(
    qtbot: QtBot, feed: LiveFeed, script: Script
) -> None:
    script.leave(20)
    script.pace_s = 0.01
    session = LiveSession()
    for source in (0, 1, 2):
        feed.start(source, session, SIZE_PX)
        assert script.on <= 1
    qtbot.waitUntil(lambda: script.on == 1 and script.opened[-1][0] == 2)
    assert [source for source, _ in script.opened] in ([0, 2], [2])


def test_times_and_epochs_rise_from_one_camera_to_the_next() -> None:
    session = LiveSession()
    first = session.add(nobody(5000.0, epoch=3))
    session.begin_camera()
    second = session.add(nobody(40.0))
    assert second.t_ms > first.t_ms + 1000
    lost = session.lose(CameraProblem.STALLED, 20.0)
    assert lost.t_ms >= second.t_ms
    assert lost.instruction is Instruction.NO_PICTURE


def test_a_squeeze_test_has_nothing_to_end_early_with() -> None:
    session = LiveSession(LiveKind.SQUEEZE)
    session.add(sighting())
    assert session.finish_now() is None


def test_a_squeeze_test_is_followed_to_its_result(
    qtbot: QtBot, feed: LiveFeed, script: Script
) -> None:
    script.stand(34)
    session = LiveSession(LiveKind.SQUEEZE)
    feed.start(0, session, SIZE_PX)
    qtbot.waitUntil(lambda: session.finished is not None, timeout=10_000)
    assert isinstance(session.finished, SqueezeResult)


@pytest.mark.parametrize(
    ("shape", "size"),
    [((2160, 3840), (1280, 720)), ((1080, 1920), (1280, 720)), ((101, 333), (333, 101))],
)
def test_a_preview_is_small_and_has_the_colours_of_the_picture(
    shape: tuple[int, int], size: tuple[int, int]
) -> None:
    rgb = np.zeros((*shape, 3), np.uint8)
    rgb[:, :] = (200, 100, 50)
    rgb[:, : shape[1] // 4] = (10, 20, 30)
    image = preview(rgb)
    assert (image.width(), image.height()) == size
    for x, wanted in ((0, (10, 20, 30)), (size[0] - 1, (200, 100, 50))):
        seen = image.pixelColor(x, size[1] // 2)
        assert (seen.red(), seen.green(), seen.blue()) == wanted


def test_what_is_drawn_has_no_letters_and_an_angle_only_with_a_number() -> None:
    seen = sighting()
    moment = LiveCheck().add(seen)
    drawn = look_at(seen, moment).shapes
    assert any(shape.role is Role.TILT for shape in drawn)
    assert not any(isinstance(shape, Label | Banner) for shape in drawn)
    without = look_at(seen, Moment(0.0, LiveState.ADJUST, None)).shapes
    assert without
    assert not any(shape.role is Role.TILT for shape in without)


def finished(*tilts_deg: float) -> tuple[LiveSession, FinishedCheck]:
    script, session = Script(), LiveSession(LiveKind.CHECK, len(tilts_deg))
    for tilt_deg in tilts_deg:
        script.stand(6.5, tilt_deg).leave()
    for number, step in enumerate(script.steps):
        assert not isinstance(step, CameraProblem | Exception)
        session.add(replace(step, t_ms=1000 * number / FPS))
    assert isinstance(session.finished, FinishedCheck)
    return session, session.finished


def test_a_finished_check_is_kept_with_its_repeats_and_their_median() -> None:
    session, check = finished(11.0, 12.0, 14.0)
    tilt = tilt_of(check)
    assert tilt is not None
    assert tilt.angle_deg == pytest.approx(12.0, abs=0.4)
    new = new_check(check, session.taken_at, 7, keep_picture=True)
    assert new is not None
    assert new.result.tilt == new.result.contour == tilt
    assert [round(r.tilt.angle_deg) for r in new.repeats] == [11, 12, 14]
    assert [r.taken_at for r in new.repeats] == session.taken_at
    assert new.taken_at == session.taken_at[-1]
    assert new.rgb is not None
    without = new_check(check, session.taken_at, 7, keep_picture=False)
    assert without is not None
    assert without.rgb is None


def test_repeats_too_far_apart_give_nothing_to_keep() -> None:
    session, check = finished(5.0, 22.0)
    assert isinstance(check.series, RefusedSeries)
    assert tilt_of(check) is None
    assert result_of(check) is None
    assert new_check(check, session.taken_at, 7, keep_picture=True) is None
