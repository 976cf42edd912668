"""The list of keys that F1 shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QApplication, QDialog, QGridLayout, QLabel, QLineEdit, QWidget

from app.gui.style.theme import GROUP_GAP_PX, Kind
from app.gui.widgets.cards import Scroll, in_column, make_button, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE_PX = 560, 620


class KeysDialog(QDialog):
    """Every key of the window, by page; below them the way to all that helps."""

    #: Which kind of help: a :class:`app.Help`; the list closes then.
    help_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        from app.gui.help.buttons import HelpButtons  # not before somebody asks

        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(*_SIZE_PX)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(GROUP_GAP_PX)
        for title, keys in self._parts():
            row = grid.rowCount()
            grid.addWidget(words(title, Kind.HEADING), row, 0, 1, 2)
            for offset, (key, what) in enumerate(keys, 1):
                grid.addWidget(_key_label(key), row + offset, 0)
                grid.addWidget(words(what), row + offset, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = Scroll()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        self.help = HelpButtons()
        self.help.wanted.connect(self._leave_for)
        close = make_button(self.tr("Close"), act=self.accept)
        in_column((scroll, 1), self.help, close, on=self, margins_px=12)

    def _leave_for(self, which: str) -> None:
        self.accept()
        self.help_wanted.emit(which)

    def _parts(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        return (
            (
                self.tr("Everywhere"),
                (
                    ("Ctrl+1", self.tr("The first page; Ctrl+2 the second, and so on")),
                    ("Ctrl+O", self.tr("Open a photograph")),
                    ("Ctrl+V", self.tr("Measure a picture that was copied")),
                    ("Ctrl+Z", self.tr("Take back what was done last")),
                    ("Ctrl+Shift+Z", self.tr("Do it again")),
                    ("Ctrl++", self.tr("Larger text; Ctrl+- makes it smaller (not on Check)")),
                    ("Ctrl+0", self.tr("The usual text size")),
                    ("F11", self.tr("Fill the screen, or leave it")),
                    ("F1", self.tr("This list")),
                    ("Ctrl+Q", self.tr("Quit")),
                ),
            ),
            (
                self.tr("Check"),
                (
                    ("Ctrl+S", self.tr("Save the check")),
                    ("Ctrl+C", self.tr("Copy the result: words and picture")),
                    ("E", self.tr("Mark the bony points yourself")),
                    ("Alt+Left", self.tr("Back to the result before")),
                    ("1", self.tr("Choose the first of several people; 2 the second")),
                    ("Return", self.tr("Open the selected one of several pictures")),
                    ("F", self.tr("Show the whole picture")),
                    ("Ctrl++", self.tr("Zoom in; Ctrl+- zooms out")),
                    ("O", self.tr("Draw all lines, or none")),
                ),
            ),
            (
                self.tr("Marking points"),
                (
                    ("Tab", self.tr("The next point")),
                    ("Left", self.tr("Arrow keys move the point; with Shift faster")),
                    ("Ctrl+Return", self.tr("Done")),
                    ("Esc", self.tr("Cancel")),
                ),
            ),
            (self.tr("Live"), (("Esc", self.tr("Stop; any other key does, too")),)),
            (
                self.tr("Exercises"),
                (
                    ("Space", self.tr("Pause, or go on")),
                    ("H", self.tr("This hurts")),
                    ("Esc", self.tr("Back")),
                ),
            ),
            (
                self.tr("History"),
                (
                    ("Ctrl+F", self.tr("Search")),
                    ("Return", self.tr("Show the selected check")),
                    ("Ctrl+C", self.tr("Copy the check that is shown")),
                    ("Ctrl+K", self.tr("Compare the two that are selected")),
                    ("Del", self.tr("Delete what is selected")),
                    ("F5", self.tr("Read the history again")),
                    ("Esc", self.tr("Back")),
                ),
            ),
        )


class KeysThrough(QObject):
    """Lets keys reach the window that the field with the focus has no use for.

    A field takes Undo, Paste and Copy also where it has nothing to take back, to insert or to
    copy; the key would then do nothing at all.
    """

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keep such a key from the field."""
        is_asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
        if not is_asked or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        is_copy = event.matches(QKeySequence.StandardKey.Copy)
        if isinstance(watched, QLabel) and is_copy and watched.hasSelectedText():
            event.accept()  # it copies, and forgets to say so
            return True
        if _is_useless(watched, event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _watch(self, _: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit | QLabel):
            now.installEventFilter(self)


def _is_useless(field: QObject | None, event: QKeyEvent) -> bool:
    key = QKeySequence.StandardKey
    if event.matches(key.Copy):
        return isinstance(field, QLineEdit | QLabel) and not field.hasSelectedText()
    if not isinstance(field, QLineEdit):
        return False
    if event.matches(key.Undo):
        return not field.isUndoAvailable()
    if event.matches(key.Redo):
        return not field.isRedoAvailable()
    clipboard = QGuiApplication.clipboard()
    mime = None if clipboard is None else clipboard.mimeData()
    return event.matches(key.Paste) and (mime is None or not mime.hasText())


def _key_label(keys: str) -> QLabel:
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    label = words(shown, can_copy=False)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setWordWrap(False)
    return label
