"""What works here and what does not, with a button wherever it can be tried or mended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QWidget

from app import Page
from app.gui.help.examining import parts_of_window
from app.gui.style.theme import GROUP_GAP_PX, Kind, text_factor
from app.gui.widgets.cards import Card, Scroll, button_row, in_column, in_row, make_button, say
from app.gui.widgets.cards import words as label
from app.gui.widgets.status import sentence_of
from app.system.speech import Urgency, Voice
from app.text import doctor as words
from app.text.doctor import Finding, Health

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QCloseEvent
    from PyQt6.QtWidgets import QPushButton

    from app.gui.background.jobs import Jobs

_SIZE_PX, _ROUND_PX = (640, 560), 40
_KEY = "doctor {part}"


class PartCard(Card):
    """One part: how it is, a sentence on it, what to do, and what can be done from here."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.state, self.message = label(kind=Kind.MUTED), label()
        self.trouble, self.fix = label(kind=Kind.WARNING), label()
        self._buttons = QWidget()
        self.add(self.state, self.message, self.trouble, self.fix, self._buttons)
        self._row: list[QPushButton] = []
        self.show_waiting()

    def offer(self, *buttons: QPushButton) -> None:
        """Put buttons below the words; each is shown where it is of use."""
        self._row += buttons
        self._buttons.setLayout(button_row(*buttons))
        self.show_waiting()

    def show_waiting(self) -> None:
        """Say that it is being looked at."""
        for part in (self.message, self.trouble, self.fix):
            say(part, "")
        say(self.state, words.LOOKING)
        self._show_buttons(())

    def show_finding(self, finding: Finding, useful: Sequence[QPushButton]) -> None:
        """Say what was found, with the buttons that are of use then."""
        is_fine = finding.health is Health.WORKS
        say(self.state, words.STATES[finding.health])
        self.setAccessibleDescription(words.STATES[finding.health])
        say(self.message, finding.message if is_fine else "")
        say(self.trouble, "" if is_fine else finding.message)
        say(self.fix, " ".join((finding.fix, *finding.told)).strip())
        self._show_buttons(useful)

    def _show_buttons(self, useful: Sequence[QPushButton]) -> None:
        for button in self._row:
            button.setVisible(button in useful)
        self._buttons.setVisible(bool(useful))


class DoctorDialog(QDialog):
    """All parts, each looked at beside the window; the slow ones come last.

    Parameters
    ----------
    jobs
        Look at them.
    parts
        Name of each part and what looks at it.
    """

    #: The page where something is mended.
    page_wanted = pyqtSignal(str)
    #: To look through the camera.
    camera_wanted = pyqtSignal()

    def __init__(
        self,
        jobs: Jobs,
        parts: Sequence[tuple[str, Callable[[], Finding]]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(words.WINDOW_TITLE)
        self._jobs = jobs
        self._parts = dict(parts_of_window() if parts is None else parts)
        self.findings: dict[str, Finding] = {}
        self.voice = Voice(parent=self)
        self.voice.found.connect(self._speak)
        self.cards = {part: PartCard(words.PART_TITLES[part]) for part in self._parts}
        self._make_buttons()
        inside = QWidget()
        about = label(words.ABOUT, Kind.MUTED)
        in_column(about, *self.cards.values(), 1, on=inside, gap_px=GROUP_GAP_PX)
        self.again = make_button(words.LOOK_AGAIN, act=self.look)
        self.copy = make_button(words.COPY_ALL, words.COPY_ALL_TIP, act=self._copy_all)
        close = make_button(words.CLOSE, is_main=True, act=self.accept)
        buttons = button_row(self.again, self.copy, close)
        in_column((Scroll(inside), 1), in_row((buttons, 1)), on=self, margins_px=GROUP_GAP_PX)
        close.setFocus()
        self._fit(parent)
        self.finished.connect(self._end)
        self.look()

    def look(self) -> None:
        """Look at everything, anew."""
        self.findings.clear()
        for part, look in self._parts.items():
            self.cards[part].show_waiting()
            key = _KEY.format(part=part)
            self._jobs.start(key, look, self._show, partial(self._fail, part))

    def _make_buttons(self) -> None:
        self.say_button = make_button(words.SAY, act=self.voice.start)
        self.camera_button = make_button(words.TRY_CAMERA, act=self._try_camera)
        self.copies_button = make_button(words.SHOW_COPIES, act=self._show_copies)
        self.command_buttons = {
            part: make_button(words.COPY_COMMAND, act=partial(self._copy_command, part))
            for part in ("camera", "voice")
        }
        own = {
            "voice": (self.say_button, self.command_buttons["voice"]),
            "camera": (self.camera_button, self.command_buttons["camera"]),
            "history": (self.copies_button,),
        }
        for part, buttons in own.items():
            if part in self.cards:
                self.cards[part].offer(*buttons)

    def _show(self, finding: Finding) -> None:
        self.findings[finding.part] = finding
        is_fine = finding.health is Health.WORKS
        useful: list[QPushButton] = []
        if finding.part == "voice" and is_fine:
            useful.append(self.say_button)
        if finding.part == "camera" and is_fine:
            useful.append(self.camera_button)
        if finding.part == "history" and not is_fine:
            useful.append(self.copies_button)
        if finding.command:
            useful.append(self.command_buttons[finding.part])
        self.cards[finding.part].show_finding(finding, useful)

    def _fail(self, part: str, error: Exception) -> None:
        self._show(Finding(part, Health.BROKEN, sentence_of(error)))

    def _speak(self, has_voice: bool) -> None:
        if has_voice:
            self.say_button.clicked.connect(self._say)
            self._say()

    def _say(self) -> None:
        self.voice.say(words.SPOKEN, Urgency.RESULT)

    def _try_camera(self) -> None:
        self.accept()
        self.camera_wanted.emit()

    def _show_copies(self) -> None:
        self.accept()
        self.page_wanted.emit(Page.SETTINGS.value)

    def _copy_command(self, part: str) -> None:
        self._to_clipboard(self.findings[part].command)

    def _copy_all(self) -> None:
        found = (words.describe_finding(one) for one in self.findings.values())
        self._to_clipboard("\n".join(line for lines in found for line in lines))

    def _to_clipboard(self, text: str) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Fall silent."""
        self._end()
        super().closeEvent(event)

    def _end(self) -> None:
        for part in self._parts:
            self._jobs.forget(_KEY.format(part=part))
        self.voice.close()

    def _fit(self, parent: QWidget | None) -> None:
        """Grow with the letters, as far as the window has room."""
        width, height = (round(side * max(1.0, text_factor())) for side in _SIZE_PX)
        room = (width, height) if parent is None else (parent.width(), parent.height())
        self.resize(min(width, room[0] - _ROUND_PX), min(height, room[1] - _ROUND_PX))
