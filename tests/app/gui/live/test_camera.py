"""The Live page's camera: on only while it is seen, and what is said when it fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import keyring
from keyring.backends import fail
from PyQt6.QtWidgets import QLabel, QLineEdit, QWidget

from app.gui.live.page import PageState
from app.text import live
from tests.app.gui.live_home import KNOWN, TIMEOUT_MS
from tests.app.gui.scripted_camera import NAME
from vision.camera.capture import CameraProblem
from vision.live.events import Instruction

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.app.gui.live_home import Home
    from tests.app.gui.scripted_camera import Script
    from tests.keyrings import MemoryKeyring


def test_the_camera_is_on_only_while_the_page_is_seen(home: Home, script: Script) -> None:
    script.stand().leave(200)
    page = home.open(replace(KNOWN, repeats=2))
    assert home.lock.is_watching
    home.qtbot.waitUntil(lambda: len(page.session.taken_at) == 1, timeout=TIMEOUT_MS)
    page.hide()
    assert not page.is_camera_on
    assert not home.lock.is_watching
    home.qtbot.waitUntil(lambda: script.on == 0)
    script.cut().leave().stand()
    page.show()
    home.wait_for(PageState.RESULT)
    assert len(page.session.taken_at) == 2, "the first repeat was kept meanwhile"


def test_a_minimised_window_switches_it_off(home: Home, script: Script) -> None:
    script.leave(200)
    page = home.open()
    home.qtbot.waitUntil(lambda: script.on == 1)
    page.showMinimized()
    home.qtbot.waitUntil(lambda: script.on == 0)
    assert not page.is_camera_on
    page.showNormal()
    home.qtbot.waitUntil(lambda: script.on == 1)


def test_a_page_within_a_window_follows_the_window(home: Home, script: Script) -> None:
    script.leave(300)
    page = home.open()
    window = QWidget()
    home.qtbot.addWidget(window)
    page.setParent(window)
    window.show()
    page.show()
    home.qtbot.waitUntil(lambda: script.on == 1)
    window.showMinimized()
    home.qtbot.waitUntil(lambda: script.on == 0)
    window.showNormal()
    home.qtbot.waitUntil(lambda: script.on == 1)
    window.hide()
    home.qtbot.waitUntil(lambda: script.on == 0)
    page.setParent(None)


def test_a_locked_screen_pauses_until_the_person_goes_on(home: Home, script: Script) -> None:
    script.leave(200)
    page = home.open()
    home.qtbot.waitUntil(lambda: script.on == 1)
    home.lock.locked.emit()
    assert page.state is PageState.PAUSED
    home.qtbot.waitUntil(lambda: script.on == 0)
    page.hide()
    page.show()
    home.qtbot.wait(50)
    assert not page.is_camera_on
    assert page.stage.sentence == live.PAUSED_BY_LOCK
    page.go_button.click()
    home.qtbot.waitUntil(lambda: script.on == 1)


def test_pausing_lets_the_camera_go(home: Home, script: Script) -> None:
    script.leave(200)
    page = home.open()
    home.qtbot.waitUntil(lambda: script.on == 1)
    page.pause_button.click()
    home.qtbot.waitUntil(lambda: script.on == 0)
    assert page.stage.accessibleDescription() == live.PAUSED
    assert page.go_button.text() == live.CONTINUE


def test_a_camera_in_trouble_is_told_in_a_sentence_and_comes_back(
    home: Home, script: Script
) -> None:
    script.leave(0.3).trouble(CameraProblem.FROZEN)
    page = home.open()
    frozen = live.CUES[Instruction.PICTURE_FROZEN].shown
    home.qtbot.waitUntil(lambda: page.stage.instruction == frozen, timeout=20_000)
    assert page.stage.problem == str(CameraProblem.FROZEN.error())
    script.stand()
    home.wait_for(PageState.RESULT)
    assert page.stage.problem == ""


def test_a_film_that_ends_leaves_the_choice(home: Home, script: Script) -> None:
    script.stand().trouble(CameraProblem.ENDED)
    page = home.open(replace(KNOWN, repeats=2))
    home.wait_for(PageState.DECIDING)
    assert CameraProblem.ENDED.value[0] in page.result.text()


def test_a_failure_within_is_told_and_what_was_taken_stays(
    home: Home, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    script.stand().breaks(ValueError("no number"))
    page = home.open(replace(KNOWN, repeats=2))
    home.wait_for(PageState.DECIDING)
    assert live.FAILED_ITSELF[0] in page.result.text()
    assert "The live check failed" in caplog.text


def test_no_camera_is_told_until_one_is_plugged_in(
    home: Home, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.install(monkeypatch, name=None)
    page = home.open()
    page.source._again.setInterval(50)
    nothing = str(CameraProblem.NONE.error())
    home.qtbot.waitUntil(lambda: page.stage.sentence == nothing)
    script.leave(200).install(monkeypatch)
    home.qtbot.waitUntil(lambda: script.on == 1)
    assert page.setup.camera.combo.currentText() == NAME


def test_a_source_that_is_not_there_is_told(home: Home, script: Script, tmp_path: Path) -> None:
    page = home.open()
    page.use_source(str(tmp_path / "gone.mp4"))
    home.wait_for(PageState.FAILED)
    assert page.stage.sentence == str(CameraProblem.NO_FILE.error())
    assert script.on == 0


def test_a_named_source_is_used_at_once(home: Home, script: Script) -> None:
    script.leave(200)
    page = home.open(replace(KNOWN, starts_itself=False))
    page.use_source("http://127.0.0.1:9/video")
    home.qtbot.waitUntil(lambda: script.on == 1)
    assert script.opened[-1][0] == "http://127.0.0.1:9/video"


def test_an_address_and_another_size_are_used_and_remembered(home: Home, script: Script) -> None:
    script.leave(400)
    page = home.open()
    home.qtbot.waitUntil(lambda: script.on == 1)
    choice = page.setup.camera
    choice.address.setText("192.168.0.9:8080/video")
    choice.connect_button.click()
    home.qtbot.waitUntil(lambda: len(script.opened) == 2)
    assert script.opened[-1][0] == "http://192.168.0.9:8080/video"
    assert home.remembered[-1].uses_address
    assert choice.combo.currentText() == "http://192.168.0.9:8080/video"
    sizes = page.setup.size_choice
    sizes.setCurrentIndex(2)
    sizes.activated.emit(2)
    home.qtbot.waitUntil(lambda: len(script.opened) == 3)
    assert script.opened[-1] == ("http://192.168.0.9:8080/video", (3840, 2160))
    choice.combo.setCurrentIndex(0)
    choice.combo.activated.emit(0)
    home.qtbot.waitUntil(lambda: script.opened[-1][0] == 0)
    assert home.remembered[-1].camera == NAME
    assert not home.remembered[-1].uses_address


# -- an address with a password

FULL, PUBLIC = "http://me:secret@192.168.0.9:8080/video", "http://192.168.0.9:8080/video"


def texts_of(page: QWidget) -> str:
    """Return everything that a person could read, or have read to them."""
    labels = [label.text() + label.toolTip() for label in page.findChildren(QLabel)]
    lines = [line.text() + line.accessibleName() for line in page.findChildren(QLineEdit)]
    return " ".join([*labels, *lines, page.windowTitle()])


def test_a_password_is_used_and_shown_to_nobody(
    home: Home, script: Script, ring: MemoryKeyring
) -> None:
    script.leave(400)
    page = home.open()
    home.qtbot.waitUntil(lambda: script.on == 1)
    choice = page.setup.camera
    choice.address.setText(FULL)
    choice.connect_button.click()
    home.qtbot.waitUntil(lambda: len(script.opened) == 2)
    assert script.opened[-1][0] == FULL
    home.qtbot.waitUntil(lambda: FULL in ring.kept.values())
    last = home.remembered[-1]
    assert (last.address, last.has_password, last.uses_address) == (PUBLIC, True, True)
    assert choice.combo.currentText() == choice.address.text() == PUBLIC
    assert "secret" not in texts_of(page) + repr(choice.now)
    assert choice.note.text() == ""
    choice.connect_button.click()  # the line does not show the password, and it is still used
    home.qtbot.waitUntil(lambda: len(script.opened) == 3)
    assert script.opened[-1][0] == FULL


def test_a_password_is_known_the_next_time(home: Home, script: Script, ring: MemoryKeyring) -> None:
    ring.kept["Beltline camera", PUBLIC] = FULL
    script.leave(400)
    page = home.open(replace(KNOWN, address=PUBLIC, uses_address=True, has_password=True))
    home.qtbot.waitUntil(lambda: script.on == 1)
    assert script.opened[-1][0] == FULL
    assert "secret" not in texts_of(page)


def test_a_known_address_is_connected_with_its_password(
    home: Home, script: Script, ring: MemoryKeyring
) -> None:
    ring.kept["Beltline camera", PUBLIC] = FULL
    script.leave(400)
    page = home.open(replace(KNOWN, address=PUBLIC, uses_address=False, has_password=True))
    home.qtbot.waitUntil(lambda: script.on == 1)
    assert script.opened[-1][0] != FULL
    page.setup.camera.connect_button.click()
    home.qtbot.waitUntil(lambda: len(script.opened) == 2)
    assert script.opened[-1][0] == FULL
    assert home.remembered[-1].has_password


def test_where_no_password_can_be_kept_that_is_said(
    home: Home, script: Script, ring: MemoryKeyring
) -> None:
    keyring.set_keyring(fail.Keyring())
    script.leave(400)
    page = home.open()
    home.qtbot.waitUntil(lambda: script.on == 1)
    choice = page.setup.camera
    choice.address.setText(FULL)
    choice.connect_button.click()
    home.qtbot.waitUntil(lambda: choice.note.text() == live.PASSWORD_NOT_KEPT)
    home.qtbot.waitUntil(lambda: script.opened[-1][0] == FULL)
    assert ring.kept == {}
    assert home.remembered[-1].address == PUBLIC


def test_an_address_without_a_password_asks_no_keyring(
    home: Home, script: Script, ring: MemoryKeyring
) -> None:
    script.leave(400)
    home.open(replace(KNOWN, address=PUBLIC, uses_address=True))
    home.qtbot.waitUntil(lambda: script.on == 1)
    assert script.opened[-1][0] == PUBLIC
    assert not ring.was_asked.is_set()
