"""What pages with a camera share: which one it is, and when it may be on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, QStandardPaths, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QLineEdit, QWidget

from app.gui.style.theme import Kind
from app.gui.widgets.cards import in_column, in_row, make_button, make_choice, say, words
from app.text import live
from vision.camera.address import read_address
from vision.camera.capture import CameraProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.gui.background.jobs import Jobs
    from app.gui.preferences import LivePreferences
    from app.system.screen_lock import ScreenLock
    from vision.camera.capture import CameraInfo, CameraSource

Remembered = TypeVar("Remembered", bound="LivePreferences")
_PATTERNS = "*.mp4 *.mov *.m4v *.avi *.mkv *.webm"
_KEY, _KEEPING = "live cameras", "camera password"
#: While there is no camera, one may be plugged in.
_RETRY_MS = 2000


class SourceKind(StrEnum):
    """What serves as camera."""

    WEBCAM = "webcam"
    ADDRESS = "address"
    FILM = "film"


@dataclass(frozen=True, slots=True)
class ChosenCamera:
    """What serves as camera.

    Attributes
    ----------
    name
        For people, and to find it again; no password is in it.
    source
        What opens it.
    """

    kind: SourceKind
    name: str
    source: CameraSource = field(repr=False)


def chosen_address(full: str) -> ChosenCamera:
    """Return the camera at an address."""
    return ChosenCamera(SourceKind.ADDRESS, read_address(full).public, full)


@dataclass(frozen=True, slots=True)
class _Found:
    """What looking for cameras brought: the webcams, and what was named or used last."""

    webcams: tuple[CameraInfo, ...]
    named: CameraSource | None
    address: str = field(repr=False)


class CameraChoice(QWidget):
    """A list of webcams, with a line for an address and a way to a film below them.

    Attributes
    ----------
    now
        What is in use.
    """

    #: A :class:`ChosenCamera`.
    chosen = pyqtSignal(object)

    def __init__(self, address: str = "") -> None:
        super().__init__()
        self.now: ChosenCamera | None = None
        self._make_parts(address)
        self._list(())

    def show_cameras(self, cameras: Sequence[CameraInfo]) -> None:
        """Offer these webcams; what is in use stays in use."""
        self._list(tuple(ChosenCamera(SourceKind.WEBCAM, c.name, c.index) for c in cameras))

    def webcams(self) -> list[ChosenCamera]:
        """Return the webcams that are offered."""
        return [item for item in self._items() if item.kind is SourceKind.WEBCAM]

    def webcam(self, name: str) -> ChosenCamera | None:
        """Return the webcam of this name, or the first one; None when there is none."""
        known = self.webcams()
        return next((item for item in known if item.name == name), known[0] if known else None)

    def use(self, camera: ChosenCamera) -> None:
        """Show what is in use; an address or film is offered from now on."""
        self.now = camera
        self._list(tuple(self.webcams()))

    def connect_address(self) -> None:
        """Use the address that was typed."""
        text = self.address.text().strip()
        if not text:
            self.address.setFocus()
            return
        camera = chosen_address(text if "://" in text else f"http://{text}")
        if self.now is not None and self.now.name == camera.name == camera.source:
            camera = self.now  # the line does not show its password, but it has one
        # Nobody who looks over a shoulder is to read the password.
        self.address.setText(camera.name)
        self._choose(camera)

    def show_kept(self, is_kept: bool) -> None:
        """Say so when there is no safe place for the password."""
        say(self.note, "" if is_kept else live.PASSWORD_NOT_KEPT)

    def take_film(self, file: str) -> None:
        """Use a film."""
        self._choose(ChosenCamera(SourceKind.FILM, Path(file).name, Path(file)))

    def _make_parts(self, address: str) -> None:
        self.combo = make_choice(self.tr("Camera"), self.tr("What the pictures come from"))
        self.combo.setPlaceholderText(self.tr("None chosen"))
        self.combo.activated.connect(self._activate)
        self.address = QLineEdit(address)
        self.address.setAccessibleName(self.tr("Address of the camera"))
        self.address.setPlaceholderText("http://192.168.0.20:8080/video")
        self.address.returnPressed.connect(self.connect_address)
        self.connect_button = make_button(
            self.tr("Connect"), self.tr("Take pictures from this address"), act=self.connect_address
        )
        self.address_row = QWidget()
        self.note = words("", Kind.MUTED)
        line = in_row((self.address, 1), self.connect_button)
        in_column(line, self.note, on=self.address_row)
        in_column(self.combo, self.address_row, on=self)
        self.address_row.hide()

    def _items(self) -> list[ChosenCamera]:
        found = (self.combo.itemData(index) for index in range(self.combo.count()))
        return [item for item in found if isinstance(item, ChosenCamera)]

    def _list(self, webcams: tuple[ChosenCamera, ...]) -> None:
        self.combo.clear()
        for camera in webcams:
            self.combo.addItem(camera.name, camera)
        if self.now is not None and self.now.kind is not SourceKind.WEBCAM:
            self.combo.addItem(self.now.name, self.now)
        self.combo.addItem(self.tr("Phone or network camera…"), SourceKind.ADDRESS)
        self.combo.addItem(self.tr("Film…"), SourceKind.FILM)
        self._show_now()

    def _show_now(self) -> None:
        # By comparison: findData() of a Python object compares identities.
        places = [self.combo.itemData(index) == self.now for index in range(self.combo.count())]
        is_listed = self.now is not None and True in places
        self.combo.setCurrentIndex(places.index(True) if is_listed else -1)
        self.address_row.setVisible(self.now is not None and self.now.kind is SourceKind.ADDRESS)

    def _activate(self, index: int) -> None:
        item = self.combo.itemData(index)
        if isinstance(item, ChosenCamera):
            self._choose(item)
        elif item is SourceKind.ADDRESS:
            self.address_row.show()
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._show_now()
            self._ask_for_film()

    def _ask_for_film(self) -> None:
        place = QStandardPaths.StandardLocation.MoviesLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self.window(), self.tr("Choose a film"), folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        films = self.tr("Films ({patterns})").format(patterns=_PATTERNS)
        dialog.setNameFilters([films, self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_film)
        dialog.open()

    def _choose(self, camera: ChosenCamera) -> None:
        self.use(camera)
        self.chosen.emit(camera)


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
        self._address, self._uses_address = preferences.address, preferences.uses_address
        self._has_password = preferences.has_password
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
        text, address, has_password = self._named, self._address_as_kept(), self._has_password
        from app.system.camera_passwords import with_password
        from vision.camera.capture import find_camera, list_cameras

        def work() -> _Found:
            source = find_camera(text) if text is not None else None
            is_asked = address and has_password and source is None
            return _Found(list_cameras(), source, with_password(address) if is_asked else address)

        self._jobs.start(_KEY, work, self._list, self._fail)

    def forget(self) -> None:
        """Look no longer."""
        self._again.stop()
        self._jobs.forget(_KEY)

    def remembered(self, preferences: Remembered, camera: ChosenCamera) -> Remembered:
        """Return the choices with this camera in them; a film is for once only."""
        if camera.kind is SourceKind.WEBCAM:
            return replace(preferences, camera=camera.name, uses_address=False)
        if camera.kind is SourceKind.ADDRESS:
            is_kept = self._has_password and camera.source == self._address
            has_password = is_kept or camera.name != camera.source
            used = replace(preferences, address=camera.name, uses_address=True)
            return replace(used, has_password=has_password)
        return preferences

    def _list(self, found: _Found) -> None:
        self._choice.show_cameras(found.webcams)
        camera = self._wanted(found)
        if camera is None:
            self.missing.emit(str(CameraProblem.NONE.error()), False)
            self._again.start()
            return
        self._choice.use(camera)
        self.found.emit(camera)

    def _address_as_kept(self) -> str:
        """Return the address of last time where it is to be used again; else nothing."""
        now = self._choice.now
        is_wanted = self._uses_address if now is None else now.source == self._address
        return self._address if is_wanted else ""

    def _wanted(self, found: _Found) -> ChosenCamera | None:
        if found.named is not None:
            return self._chosen(found.named)
        if found.address:
            return chosen_address(found.address)
        now = self._choice.now
        if now is not None and now.kind is not SourceKind.WEBCAM:
            return now
        return self._choice.webcam(now.name if now is not None else self._camera)

    def _chosen(self, source: CameraSource) -> ChosenCamera:
        if isinstance(source, int):
            known = [camera for camera in self._choice.webcams() if camera.source == source]
            return known[0] if known else ChosenCamera(SourceKind.WEBCAM, str(source), source)
        if isinstance(source, Path) or "://" not in source:
            return ChosenCamera(SourceKind.FILM, Path(source).name, source)
        return chosen_address(source)

    def _choose(self, camera: ChosenCamera) -> None:
        self._named = None
        self._choice.show_kept(True)
        if camera.kind is SourceKind.ADDRESS and camera.name != camera.source:
            self._keep_password(str(camera.source))
        self.chosen.emit(camera)

    def _keep_password(self, full: str) -> None:
        from app.system.camera_passwords import keep_password

        address = read_address(full)
        done, failed = self._choice.show_kept, lambda _: self._choice.show_kept(False)
        self._jobs.start(_KEEPING, lambda: keep_password(address), done, failed)

    def _fail(self, error: Exception) -> None:
        self.missing.emit(str(error), True)


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
