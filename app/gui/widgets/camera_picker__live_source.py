"""Finds what serves as camera for the Live page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.gui.widgets.camera_picker import CameraChoice, ChosenCamera, SourceKind
from vision.camera.errors import CameraProblem

if TYPE_CHECKING:
    from app.gui.background.jobs import Jobs
    from app.gui.preferences import LivePreferences
    from vision.camera.capture import CameraInfo, CameraSource

_KEY = "live cameras"
#: While there is no camera, one may be plugged in.
_RETRY_MS = 2000


class LiveSource(QObject):
    """Answers with a camera: the one in use, the one of last time, or the first there is.

    Parameters
    ----------
    jobs
        Looking for cameras takes a while.
    choice
        Where a person chooses, and sees what is in use.
    preferences
        Choices of last time.
    """

    #: A :class:`ChosenCamera`, whenever :meth:`find` has found one.
    found = pyqtSignal(object)
    #: Why there is none, and whether it is of no use to wait for one.
    missing = pyqtSignal(str, bool)
    #: The person chose another one.
    chosen = pyqtSignal(object)

    def __init__(
        self,
        jobs: Jobs,
        choice: CameraChoice,
        preferences: LivePreferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._choice = jobs, choice
        self._camera = preferences.camera
        self._address = preferences.address if preferences.uses_address else ""
        self._named: str | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_RETRY_MS)
        self._again.timeout.connect(self.find)
        choice.chosen.connect(self._choose)

    def name(self, text: str) -> None:
        """Use what this means from now on, see :func:`vision.camera.capture.find_camera`."""
        self._named = text or None

    def offer(self) -> None:
        """Show which webcams there are, without switching one on."""
        from vision.camera.capture import list_cameras

        self._jobs.start(_KEY, list_cameras, self._choice.show_cameras, lambda _: None)

    def find(self) -> None:
        """Look for the camera to use; returns at once."""
        self._again.stop()
        text = self._named
        from vision.camera.capture import find_camera, list_cameras

        def work() -> tuple[tuple[CameraInfo, ...], CameraSource | None]:
            source = find_camera(text) if text is not None else None
            return list_cameras(), source

        self._jobs.start(_KEY, work, self._list, self._fail)

    def forget(self) -> None:
        """Look no longer."""
        self._again.stop()
        self._jobs.forget(_KEY)

    def remembered(self, preferences: LivePreferences, camera: ChosenCamera) -> LivePreferences:
        """Return the choices with this camera in them; a film is for once only."""
        if camera.kind is SourceKind.WEBCAM:
            return replace(preferences, camera=camera.name, uses_address=False)
        if camera.kind is SourceKind.ADDRESS:
            return replace(preferences, address=camera.name, uses_address=True)
        return preferences

    def _list(self, answer: tuple[tuple[CameraInfo, ...], CameraSource | None]) -> None:
        cameras, named = answer
        self._choice.show_cameras(cameras)
        camera = self._wanted(named)
        if camera is None:
            self.missing.emit(str(CameraProblem.NONE.error()), False)
            self._again.start()
            return
        self._choice.use(camera)
        self.found.emit(camera)

    def _wanted(self, named: CameraSource | None) -> ChosenCamera | None:
        if named is not None:
            return self._chosen(named)
        now = self._choice.now
        if now is not None and now.kind is not SourceKind.WEBCAM:
            return now
        if now is None and self._address:
            return ChosenCamera(SourceKind.ADDRESS, self._address, self._address)
        return self._choice.webcam(now.name if now is not None else self._camera)

    def _chosen(self, source: CameraSource) -> ChosenCamera:
        if isinstance(source, int):
            known = [camera for camera in self._choice.webcams() if camera.source == source]
            return known[0] if known else ChosenCamera(SourceKind.WEBCAM, str(source), source)
        if isinstance(source, Path) or "://" not in source:
            return ChosenCamera(SourceKind.FILM, Path(source).name, source)
        return ChosenCamera(SourceKind.ADDRESS, source, source)

    def _choose(self, camera: ChosenCamera) -> None:
        self._named = None
        self.chosen.emit(camera)

    def _fail(self, error: Exception) -> None:
        self.missing.emit(str(error), True)
