"""A slim sign that something takes a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QProgressBar, QWidget

if TYPE_CHECKING:
    from app.gui.background.jobs import Jobs

#: What is done sooner needs no sign.
_PATIENCE_MS = 150
_HEIGHT_PX = 4


class ProgressSign(QProgressBar):
    """Follows the jobs of one key; its place stays free while it is hidden."""

    def __init__(self, jobs: Jobs, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._key = jobs, key
        self.setRange(0, 0)
        self.setTextVisible(False)
        self.setFixedHeight(_HEIGHT_PX)
        self.setAccessibleName(self.tr("Measuring"))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        jobs.busy_changed.connect(self._follow)

    def _follow(self, key: str, is_busy: bool) -> None:
        if key != self._key:
            return
        if not is_busy:
            # The next job of the same key may be started by the answer of this one.
            QTimer.singleShot(0, self._rest)
        elif self.isHidden() and not self._patience.isActive():
            self._patience.start()

    def _rest(self) -> None:
        if not self._jobs.is_busy(self._key):
            self._patience.stop()
            self.hide()
