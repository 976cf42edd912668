"""The Live page as somebody three metres away meets it, from the first visit to the result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PyQt6.QtCore import Qt

from app.gui.live.page import PageState
from app.history.diary import RangeSource
from app.history.records import Ability
from app.history.store import History
from app.system.sound import Tone
from app.text import live, range_test
from tests import made_up_results
from tests.app.gui.kept_checks import TEST
from tests.app.gui.live_home import KNOWN, TIMEOUT_MS
from tests.app.gui.scripted_camera import NAME
from tests.made_up_results import tilt
from vision.live.session import LiveKind
from vision.reasons import refusal
from vision.result import ReasonCode

if TYPE_CHECKING:
    from tests.app.gui.live_home import Home
    from tests.app.gui.scripted_camera import Script


def test_the_first_visit_switches_nothing_on(home: Home, script: Script) -> None:
    page = home.open(replace(KNOWN, starts_itself=False))
    home.qtbot.wait(100)
    assert page.state is PageState.INTRO
    assert not page.is_camera_on
    assert script.opened == []
    offered = page.setup.camera
    home.qtbot.waitUntil(lambda: offered.combo.itemText(0) == NAME)
    assert "belt" in page.intro.text()
    script.leave(100)
    page.intro.start.click()
    home.qtbot.waitUntil(lambda: script.on == 1)
    # It waits to be started the next time, too.
    assert not any(chosen.starts_itself for chosen in home.remembered)


def test_a_check_is_measured_said_and_saved_without_a_hand(
    home: Home, script: Script, played: list[Tone]
) -> None:
    script.leave(1).stand().leave().stand().leave().stand()
    page = home.open(replace(KNOWN, repeats=3))
    home.wait_for(PageState.RESULT)
    home.qtbot.waitUntil(lambda: live.SAVED in page.result.text(), timeout=TIMEOUT_MS)
    assert not page.is_camera_on
    home.qtbot.waitUntil(lambda: script.on == 0)
    said = page.result.text()
    assert "12° forward" in said
    assert "The middle of 3 measurements" in said
    # The button leads to what the sentence above it says.
    assert "squeeze" in page.result.next.text()
    assert page.result.steps.text() == "Exercises and self-check"
    with home.qtbot.waitSignal(page.step_wanted) as wanted:
        page.result.steps.click()
    assert wanted.args == ["exercises"]
    (check,) = home.checks()
    assert check.row.repeat_count == len(check.repeats) == 3
    assert check.picture is not None
    assert played[-1] is Tone.DONE
    assert Tone.COUNT_IN in played


def test_numbers_alone_are_kept_when_pictures_are_not(home: Home, script: Script) -> None:
    script.stand()
    page = home.open()
    page.set_keep_pictures(False)
    home.wait_for(PageState.RESULT)
    home.settle()
    (check,) = home.checks()
    assert check.picture is None


def test_the_next_check_says_how_it_differs(home: Home, script: Script) -> None:
    script.stand()
    page = home.open()
    home.wait_for(PageState.RESULT)
    home.settle()
    script.leave().stand()
    page.result.again.click()
    assert page.state is PageState.RUNNING
    home.wait_for(PageState.RESULT)
    home.settle()
    assert len(home.checks()) == 2
    assert "no real change" in page.result.change.text()


def test_a_saved_check_is_deleted_and_brought_back(home: Home, script: Script) -> None:
    script.stand()
    page = home.open()
    home.qtbot.waitUntil(page.result.delete.isVisible, timeout=TIMEOUT_MS)
    page.result.delete.click()
    home.settle()
    assert home.checks() == []
    assert live.DELETED in page.result.text()
    home.service.changes.stack.undo()
    home.settle()
    assert len(home.checks()) == 1


def test_repeats_too_far_apart_are_said_and_not_saved(home: Home, script: Script) -> None:
    script.stand(6.5, 4.0).leave().stand(6.5, 22.0)
    page = home.open(replace(KNOWN, repeats=2))
    home.wait_for(PageState.RESULT)
    home.settle()
    said = page.result.text()
    assert live.REFUSED in said
    assert live.NOT_SAVED in said
    assert "°" not in page.result.value.text()
    assert home.checks() == []
    assert not page.result.keep.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_A])
def test_any_key_stops_and_asks_about_what_was_taken(
    home: Home, script: Script, key: Qt.Key
) -> None:
    script.stand().leave(200)
    page = home.open(replace(KNOWN, repeats=3))
    home.qtbot.waitUntil(lambda: len(page.session.taken_at) == 1, timeout=TIMEOUT_MS)
    page.stage.setFocus()
    TEST.keyClick(page.stage, key)
    assert page.state is PageState.DECIDING
    assert not page.is_camera_on
    assert "1 of 3" in page.result.text()
    assert home.checks() == []
    page.result.keep.click()
    home.settle()
    assert live.SAVED in page.result.text()
    (check,) = home.checks()
    assert len(check.repeats) == 1


def test_what_was_taken_can_be_thrown_away(home: Home, script: Script) -> None:
    script.stand().leave(200)
    page = home.open(replace(KNOWN, repeats=2))
    home.qtbot.waitUntil(lambda: len(page.session.taken_at) == 1, timeout=TIMEOUT_MS)
    page.cancel()
    page.result.discard.click()
    home.settle()
    assert home.checks() == []
    assert live.DISCARDED in page.result.text()
    assert page.result.again.isVisible()


def test_a_raised_arm_stops(home: Home, script: Script) -> None:
    script.stand().raise_arm()
    page = home.open(replace(KNOWN, repeats=2))
    home.wait_for(PageState.DECIDING)
    assert not page.is_camera_on


def test_stopping_before_anything_was_measured_says_so(home: Home, script: Script) -> None:
    script.leave(200)
    page = home.open()
    home.qtbot.waitUntil(lambda: page.stage.instruction != "")
    page.cancel()
    assert page.state is PageState.FAILED
    assert page.stage.sentence == live.STOPPED
    script.cut().stand()
    page.go_button.click()
    home.wait_for(PageState.RESULT)


def test_closing_the_window_loses_no_repeat(home: Home, script: Script) -> None:
    script.stand().leave(200)
    page = home.open(replace(KNOWN, repeats=3))
    home.qtbot.waitUntil(lambda: len(page.session.taken_at) == 1, timeout=TIMEOUT_MS)
    page.close()
    home.jobs.close(3000)
    (check,) = home.checks()
    assert len(check.repeats) == 1


def test_muted_tones_are_not_heard(home: Home, script: Script, played: list[Tone]) -> None:
    script.stand()
    home.open(replace(KNOWN, has_tones=False))
    home.wait_for(PageState.RESULT)
    assert played == []


def test_a_squeeze_test_is_kept_with_the_answers(home: Home, script: Script) -> None:
    script.stand(34)
    page = home.open(replace(KNOWN, kind=LiveKind.SQUEEZE))
    home.wait_for(PageState.SQUEEZED)
    assert not page.is_camera_on
    parts = page.squeeze
    home.qtbot.waitUntil(lambda: live.SAVED in parts.text(), timeout=TIMEOUT_MS)
    parts.buttons["both", Ability.YES].click()
    parts.buttons["left", Ability.PARTLY].click()
    home.settle()
    (test,) = home.squeezes()
    assert (test.answers.both, test.answers.left) == (Ability.YES, Ability.PARTLY)
    assert test.answers.right is None
    assert len(test.result.rounds) == 3
    parts.delete.click()
    home.settle()
    assert home.squeezes() == []
    home.service.changes.stack.undo()
    home.settle()
    assert len(home.squeezes()) == 1


def test_a_range_test_is_kept_and_can_be_taken_back(home: Home, script: Script) -> None:
    script.stand(2.5)
    for tilt_deg in (22.0, 2.0, 12.0) * 4:
        script.stand(4, tilt_deg)
    page = home.open(replace(KNOWN, kind=LiveKind.RANGE))
    home.wait_for(PageState.RANGED)
    assert not page.is_camera_on
    card = page.range
    home.qtbot.waitUntil(lambda: live.SAVED in card.text(), timeout=TIMEOUT_MS)
    assert "turn by 20°" in card.text()
    home.settle()
    (test,) = home.ranges()
    assert test.result.rounds == 3
    assert test.kept.source is RangeSource.LIVE
    card.delete.click()
    home.settle()
    assert home.ranges() == []
    home.service.changes.stack.undo()
    home.settle()
    assert len(home.ranges()) == 1


def test_somebody_who_does_not_move_is_told_and_nothing_is_kept(home: Home, script: Script) -> None:
    script.stand(70)
    page = home.open(replace(KNOWN, kind=LiveKind.RANGE))
    home.wait_for(PageState.RANGED)
    assert range_test.NO_RESULT in page.range.text()
    assert "No clear movement" in page.range.text()
    assert not page.range.delete.isVisible()
    home.settle()
    assert home.ranges() == []


def test_a_range_is_worked_out_from_three_photographs(
    home: Home, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    angles = {"tucked": 2.0, "relaxed": 12.0, "arched": 22.0}
    paths = [tmp_path / f"{name}.png" for name in angles]
    for path in paths:
        Image.new("RGB", (64, 96)).save(path)
    monkeypatch.setattr(
        "vision.pipeline.measure_photo",
        lambda frame: made_up_results.measured(tilt(angles[Path(frame.source).stem], 3.0)),
    )
    page = home.open(replace(KNOWN, kind=LiveKind.RANGE))
    home.qtbot.waitUntil(lambda: script.on == 1)
    page.setup.photographs.click()
    assert page.state is PageState.PHOTOGRAPHS
    assert not page.is_camera_on
    form = page.photographs
    assert not form.work_out.isEnabled()
    for path in paths:
        form.take(path.stem, path)
    form.work_out.click()
    home.wait_for(PageState.RANGED)
    home.settle()
    (test,) = home.ranges()
    assert test.kept.source is RangeSource.PHOTOGRAPHS
    assert test.result.range_deg.value == 20


def test_a_photograph_that_is_refused_is_named(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = made_up_results.rejected(refusal(ReasonCode.NO_PERSON))
    monkeypatch.setattr("vision.pipeline.measure_photo", lambda frame: refused)
    path = tmp_path / "side.png"
    Image.new("RGB", (64, 96)).save(path)
    page = home.open(replace(KNOWN, starts_itself=False))
    page.choose_photographs()
    for position in range_test.POSITIONS:
        page.photographs.take(position, path)
    page.photographs.work_out.click()
    said = "Tucked: Nobody could be found in the picture."
    home.qtbot.waitUntil(lambda: said in page.photographs.text(), timeout=TIMEOUT_MS)
    page.photographs.back.click()
    assert page.state is PageState.INTRO
    assert home.ranges() == []


def test_a_squeeze_test_that_is_stopped_is_not_a_result(home: Home, script: Script) -> None:
    script.stand(8).leave(200)
    page = home.open(replace(KNOWN, kind=LiveKind.SQUEEZE))
    home.qtbot.waitUntil(lambda: script.at > 70, timeout=TIMEOUT_MS)
    page.cancel()
    assert page.stage.sentence == live.TEST_STOPPED
    assert home.squeezes() == []


def test_a_history_that_cannot_be_written_is_told_and_tried_again(
    home: Home, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.stand()
    right = History.save

    def wrong(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(History, "save", wrong)
    page = home.open()
    not_kept = " ".join(live.NOT_KEPT)
    home.qtbot.waitUntil(lambda: not_kept in page.result.text(), timeout=TIMEOUT_MS)
    monkeypatch.setattr(History, "save", right)
    page.result.keep.click()
    home.settle()
    assert len(home.checks()) == 1


def test_another_kind_is_begun_at_once_but_not_over_what_was_taken(
    home: Home, script: Script
) -> None:
    script.leave(10)
    page = home.open(replace(KNOWN, repeats=2))
    home.qtbot.waitUntil(lambda: script.on == 1)
    page.setup.squeeze.click()
    assert page.session.kind is LiveKind.SQUEEZE
    page.setup.check.click()
    script.stand().leave(200)
    home.qtbot.waitUntil(lambda: len(page.session.taken_at) == 1, timeout=TIMEOUT_MS)
    page.setup.squeeze.click()
    assert page.state is PageState.DECIDING
