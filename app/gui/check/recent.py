"""The photographs that were opened last, to be opened again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QMenu, QToolButton

from app.gui.widgets.cards import named
from app.gui.widgets.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.gui.background.jobs import Jobs

RECENT_MAX = 8
_KEY = "recent"


class RecentPhotos(QObject):
    """Remembers them, newest first, and offers those that are still there.

    Parameters
    ----------
    jobs
        Whether files are there is asked with these: a folder on a network may take its time.
    paths
        As they were remembered.
    is_kept
        Whether any are remembered.
    """

    #: One that was chosen, a Path.
    chosen = pyqtSignal(Path)
    #: What is to be remembered, a tuple of paths.
    changed = pyqtSignal(tuple)

    def __init__(
        self,
        jobs: Jobs,
        paths: Sequence[Path],
        is_kept: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._paths, self._is_kept = jobs, tuple(paths), is_kept
        self._expected: Path | None = None
        self.buttons: list[QToolButton] = []

    @property
    def paths(self) -> tuple[Path, ...]:
        """What is remembered, newest first."""
        return self._paths

    def make_button(self) -> QToolButton:
        """Return a button with the list; not there while there is nothing in it."""
        button = named(QToolButton(), self.tr("Photographs that were opened last"))
        button.setText(self.tr("Recent"))
        button.setMenu(QMenu(button))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.hide()
        self.buttons.append(button)
        self._look()
        return button

    def expect(self, path: Path | None) -> None:
        """Remember this one if it opens; None for a picture that is no file."""
        self._expected = None if path is None else path.absolute()

    def opened(self) -> None:
        """Remember what was expected: it could be read."""
        path, self._expected = self._expected, None
        if path is not None and self._is_kept:
            others = (one for one in self._paths if one != path)
            self._put((path, *others)[:RECENT_MAX])

    def keep(self, is_kept: bool) -> None:
        """Remember from now on, or forget everything."""
        self._is_kept = is_kept
        if not is_kept:
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._put(())

    def _put(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self.changed.emit(paths)
        self._look()

    def _look(self) -> None:
        paths = self._paths

        def work() -> list[Path]:
            return [path for path in paths if path.is_file()]

        self._jobs.start(_KEY, work, self._show, lambda _: None)

    def _show(self, there: list[Path]) -> None:
        for button in self.buttons:
            menu = button.menu()
            if menu is None:
                continue
            menu.clear()
            for path in there:
                # An ampersand alone would mark a shortcut.
                action = menu.addAction(path.name.replace("&", "&&"))
                if action is not None:
                    action.setToolTip(plain_tip(str(path.parent)))
                    action.triggered.connect(partial(self._choose, path))
            menu.setToolTipsVisible(True)
            button.setVisible(bool(there))

    def _choose(self, path: Path, _: bool = False) -> None:
        self.chosen.emit(path)
