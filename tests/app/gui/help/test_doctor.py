"""The doctor's page says how each part is, beside the window, and offers what mends it."""

from __future__ import annotations

import sys
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QGuiApplication

from app.gui.help.doctor import DoctorDialog
from app.gui.style.theme import Scheme, apply_scheme
from app.system.speech_process import READY
from app.text import doctor as words
from app.text.doctor import Finding, Health
from tests.app.gui.words_that_fit import cut_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs

_FINE = {part: Finding(part, Health.WORKS, f"{part} is fine.") for part in words.PART_TITLES}


def _itself(finding: Finding) -> Finding:
    return finding


@pytest.fixture
def opened(qtbot: QtBot, jobs: Jobs) -> Iterator[Callable[..., DoctorDialog]]:
    """Open the dialog on findings that differ from those where all is well."""
    shown: list[DoctorDialog] = []

    def made(*findings: Finding) -> DoctorDialog:
        found = _FINE | {one.part: one for one in findings}
        dialog = DoctorDialog(jobs, [(part, partial(_itself, one)) for part, one in found.items()])
        qtbot.addWidget(dialog)
        shown.append(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: len(dialog.findings) == len(found))
        return dialog

    yield made
    for dialog in shown:
        dialog.reject()


def _copied() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def test_what_is_in_order_is_told_without_a_warning(opened: Callable[..., DoctorDialog]) -> None:
    dialog = opened()
    for part, card in dialog.cards.items():
        assert card.state.text() == words.STATES[Health.WORKS]
        assert card.accessibleDescription() == words.STATES[Health.WORKS]
        assert card.message.text() == f"{part} is fine."
        assert not card.trouble.isVisible()
    assert dialog.say_button.isVisible()
    assert dialog.camera_button.isVisible()
    assert not dialog.copies_button.isVisible()
    assert not any(button.isVisible() for button in dialog.command_buttons.values())


def test_trouble_is_told_with_what_mends_it(
    qtbot: QtBot, opened: Callable[..., DoctorDialog]
) -> None:
    dialog = opened(
        Finding("camera", Health.BROKEN, "You may not.", "Do this.", command="sudo this"),
        Finding("voice", Health.ABSENT, "It is dumb."),
        Finding("history", Health.BROKEN, "It is torn.", "Mend it."),
    )
    assert dialog.cards["camera"].trouble.text() == "You may not."
    assert dialog.cards["camera"].fix.text() == "Do this."
    assert not dialog.say_button.isVisible()
    assert not dialog.camera_button.isVisible()
    assert not dialog.command_buttons["voice"].isVisible()
    dialog.command_buttons["camera"].click()
    assert _copied() == "sudo this"
    dialog.copy.click()
    assert "Camera: not working.\n  You may not. Do this." in _copied()
    with qtbot.waitSignal(dialog.page_wanted) as wanted:
        dialog.copies_button.click()
    assert wanted.args == ["settings"]


def test_the_window_does_not_wait_and_a_bug_is_told_in_its_place(qtbot: QtBot, jobs: Jobs) -> None:
    go_on = Event()

    def slow() -> Finding:
        assert go_on.wait(10)
        return _FINE["voice"]

    def broken() -> Finding:
        raise ValueError("a bug")

    dialog = DoctorDialog(jobs, [("voice", slow), ("history", broken)])
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.cards["voice"].state.text() == words.LOOKING
    qtbot.waitUntil(lambda: "history" in dialog.findings)
    assert dialog.findings["history"].health is Health.BROKEN
    assert "voice" not in dialog.findings
    go_on.set()
    qtbot.waitUntil(lambda: "voice" in dialog.findings)
    dialog.again.click()
    assert dialog.cards["history"].state.text() == words.LOOKING
    dialog.reject()
    assert not [key for key in jobs.awaited if key.startswith("doctor")]


def test_the_voice_is_tried(
    qtbot: QtBot, opened: Callable[..., DoctorDialog], tmp_path: Path
) -> None:
    heard, program = tmp_path / "heard.txt", tmp_path / "voice.py"
    program.write_text(
        f"import sys\nprint({READY!r}, flush=True)\n"
        f"for line in sys.stdin: open({str(heard)!r}, 'a').write(line)\n",
        "utf-8",
    )
    dialog = opened()
    dialog.voice._program = sys.executable, str(program)
    dialog.say_button.click()
    qtbot.waitUntil(lambda: dialog.voice.can_speak, timeout=10_000)
    dialog.reject()
    assert words.SPOKEN in heard.read_text("utf-8")


@pytest.mark.parametrize("percent", [100, 200])
def test_no_word_is_cut(
    qtbot: QtBot, qapp: QApplication, opened: Callable[..., DoctorDialog], percent: int
) -> None:
    apply_scheme(qapp, Scheme.LIGHT, percent)
    fix = words.NO_RIGHT_FIX.format(command="sudo usermod -aG video somebody")
    dialog = opened(
        Finding("camera", Health.BROKEN, words.NO_RIGHT, fix, command="sudo"),
        Finding("history", Health.BROKEN, words.NO_KEYRING, words.NO_KEYRING_FIX),
    )
    dialog.resize(min(dialog.width(), 860), min(dialog.height(), 560))
    qtbot.wait(30)
    assert cut_words(dialog) == []
