"""Calibrating by a live check with stickers, and live checks that rest on a calibration."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.gui.live.page import PageState
from tests.app.gui.live_home import KNOWN, TIMEOUT_MS
from vision.live.events import Sighting
from vision.result import Doubt, Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from app.gui.live.page import LivePage
    from tests.app.gui.live_home import Home
    from tests.app.gui.scripted_camera import Script


def stick_on(script: Script, *offsets_deg: float) -> None:
    """Have stickers be seen, which say so much more than the outline each time one stands."""
    turn, was_there = -1, False
    for number, step in enumerate(script.steps):
        result = step.result if isinstance(step, Sighting) else None
        is_there = isinstance(result, Measured)
        turn += is_there and not was_there
        was_there = is_there
        if isinstance(step, Sighting) and isinstance(result, Measured):
            angle_deg = result.tilt.angle_deg + offsets_deg[min(turn, len(offsets_deg) - 1)]
            marks = TiltEstimate(Method.STICKERS, angle_deg, Doubt(3.0, 1.0, 0.0))
            seen = replace(result, tilt=marks, stickers=marks)
            script.steps[number] = replace(step, result=seen)


def calibrate(home: Home, page: LivePage) -> None:
    home.qtbot.waitUntil(page.result.calibrate.isVisible, timeout=TIMEOUT_MS)
    page.result.calibrate.click()
    home.qtbot.waitUntil(
        lambda: home.service.calibration() is not None and home.service.changes.stack.canUndo(),
        timeout=TIMEOUT_MS,
    )


def test_a_check_with_stickers_calibrates_and_the_next_rests_on_it(
    home: Home, script: Script
) -> None:
    script.stand().leave().stand()
    stick_on(script, 5.0, 6.0)
    page = home.open(replace(KNOWN, repeats=2))
    calibrate(home, page)
    calibration = home.service.calibration()
    assert calibration is not None
    assert calibration.count == 2
    assert 3 < calibration.offset_deg < 6
    assert "Your bones are tilted" in page.result.outcome.text()
    assert not page.result.calibrate.isVisible()
    script.leave().stand().leave().stand()
    page.result.again.click()
    home.qtbot.waitUntil(lambda: len(home.checks()) == 2, timeout=TIMEOUT_MS)
    home.settle()
    methods = {check.row.tilt.method: check for check in home.checks()}
    assert methods.keys() == {Method.STICKERS, Method.CALIBRATED}
    newest = methods[Method.CALIBRATED]
    assert newest.row.calibrated_at == calibration.taken_at
    # Reading 2.7 deg, and what two pictures leave in doubt of the bones: v = 14.0 of the seen
    # offset beside tau ** 2 = 29.2 make sqrt(14.0 * 29.2 / (14.0 + 29.2)) = 3.1.
    assert newest.row.tilt.doubt.total_deg == pytest.approx(math.hypot(2.7, 3.08), abs=0.1)
    assert "It rests on the calibration of" in page.result.text()
    assert not page.result.calibrate.isVisible()


def test_it_can_be_taken_back(home: Home, script: Script) -> None:
    script.stand()
    stick_on(script, 5.0)
    page = home.open()
    calibrate(home, page)
    home.service.changes.stack.undo()
    home.qtbot.waitUntil(lambda: home.service.calibration() is None, timeout=TIMEOUT_MS)
    assert len(home.checks()) == 1


def test_repeats_that_do_not_agree_keep_nothing(home: Home, script: Script) -> None:
    script.stand(tilt_deg=6.0).leave().stand(tilt_deg=24.0)
    stick_on(script, 9.0, -9.0)
    page = home.open(replace(KNOWN, repeats=2))
    home.qtbot.waitUntil(page.result.calibrate.isVisible, timeout=TIMEOUT_MS)
    page.result.calibrate.click()
    assert "The pictures do not agree" in page.result.outcome.text()
    home.settle()
    assert home.service.calibration() is None
    assert len(home.checks()) == 1


def test_without_stickers_there_is_nothing_to_calibrate_by(home: Home, script: Script) -> None:
    script.stand()
    page = home.open()
    home.wait_for(PageState.RESULT)
    home.settle()
    assert not page.result.calibrate.isVisible()
