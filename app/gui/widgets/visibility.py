"""When the camera of a page may be on: only while somebody can see the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, pyqtSignal

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from app.system.screen_lock import ScreenLock


class LiveSwitch(QObject):
    """Watches a page, its window and the screen's lock.

    Parameters
    ----------
    page
        Whose camera it is.
    lock
        Tells when the screen is locked; None where nobody can tell.

    Attributes
    ----------
    is_seen
        Whether the page can be seen.
    """

    #: Whether the page can be seen now.
    seen_changed = pyqtSignal(bool)
    #: The screen was locked while the page could be seen.
    locked = pyqtSignal()

    def __init__(self, page: QWidget, lock: ScreenLock | None = None) -> None:
        super().__init__(page)
        self._page, self._lock = page, lock
        self._window: QWidget | None = None
        self.is_seen = False
        page.installEventFilter(self)
        if lock is not None:
            lock.locked.connect(self.locked)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Notice the page or its window come and go; nothing is held back."""
        if event is not None and event.type() in (
            QEvent.Type.Show,
            QEvent.Type.Hide,
            QEvent.Type.WindowStateChange,
            QEvent.Type.ParentChange,
        ):
            self._look(hides=event.type() is QEvent.Type.Hide)
        return super().eventFilter(watched, event)

    def stop(self) -> None:
        """Watch no longer."""
        if self._lock is not None:
            self._lock.stop()

    def _look(self, hides: bool) -> None:
        window = self._page.window()
        if window is not self._window and window is not None:
            former = self._window
            if former is not None and former is not self._page and not sip.isdeleted(former):
                former.removeEventFilter(self)
            self._window = window
            if window is not self._page:
                window.installEventFilter(self)
        is_away = window is None or window.isMinimized() or not window.isVisible()
        is_seen = self._page.isVisible() and not is_away and not hides
        if is_seen != self.is_seen:
            self.is_seen = is_seen
            if self._lock is not None:
                (self._lock.start if is_seen else self._lock.stop)()
            self.seen_changed.emit(is_seen)
