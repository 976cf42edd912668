"""The desktop app's start: one window, its looks, its log."""

from __future__ import annotations

import gc
import logging
from functools import partial
from typing import TYPE_CHECKING

from app import Help
from app.errors import BrokenInstallation
from app.system.log import WINDOW_LOG, log_to_file, note_crashes
from app.system.qt import check_screen, create_app, keep_own_qt
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QApplication, QWidget

    from app.gui.failures import Failures
    from app.gui.main_window import MainWindow
    from app.system.single_instance import LaunchRequest, SingleInstance

_log = logging.getLogger(__name__)
#: By then everything that is loaded ahead has long been loaded.
_LOADED_MS = 8000
_GARBAGE_MS = 1000


def run(photos: Sequence[str] = (), live_source: str | None = None, page: str | None = None) -> int:
    """Open the window and return the exit status once it is closed.

    Where a window is open already, that one does what is wanted, and this returns at once.

    Parameters
    ----------
    photos
        Photographs to measure at once.
    live_source
        What serves as camera for a live check that begins at once; empty for the usual
        camera, None for no live check.
    page
        The page to show; None for the one that was shown last.

    Raises
    ------
    BrokenInstallation
        When there is no screen, or a system library for it is missing.
    """
    app = desktop()
    instance = _make_instance()
    is_first = instance is None or instance.claim()
    if instance is not None and not is_first:
        from app.system.single_instance import make_request

        if instance.tell_first(make_request(photos, live_source, page)):
            return 0
    from app.system.ipc import EndingSignals

    # From here on a signal closes the window, which keeps what is to be kept.
    ends = EndingSignals()
    is_new = live_source is None and not (photos or page) and _is_first_start()
    shown = ShownWindow(app)
    window = shown.open(photos, live_source)
    if is_new:
        window.show_help(Help.WELCOME)
    if page is not None:
        window.show_page(page)
    write_log(window).doctor_wanted.connect(partial(window.show_help, Help.DOCTOR))
    ends.wanted.connect(shown.close)
    if instance is not None:
        instance.requested.connect(lambda request: handle(shown.window, request))
        app.aboutToQuit.connect(instance.close)
    if not is_first:
        from app.text.breaks import OPENED_BESIDE

        _log.warning("Another window does not answer.")
        window.say(OPENED_BESIDE)
    status = app.exec()
    ends.close()
    return status


def _is_first_start() -> bool:
    """Tell whether no window of this user has ever remembered anything."""
    from app.settings import default_path

    return not default_path().exists()


def desktop() -> QApplication:
    """Return Qt's application, ready for a window.

    Raises
    ------
    BrokenInstallation
        When there is no screen, or a system library for it is missing.
    """
    keep_own_qt()
    check_screen()
    try:
        return create_app()
    except ImportError as error:
        raise BrokenInstallation(
            tr(
                "The window's library cannot be loaded ({error}). Install libegl1 and libgl1, or "
                "use the command line: beltline measure PHOTO."
            ).format(error=error)
        ) from error


def _make_instance() -> SingleInstance | None:
    """Return what finds a window that is open already; None on a system that lacks a library."""
    try:
        from app.system.single_instance import SingleInstance
    except ImportError as error:
        _log.info("Another window cannot be looked for: %s", error)
        return None
    return SingleInstance()


def handle(window: MainWindow, request: LaunchRequest) -> None:
    """Do in the window what another start of the program was for."""
    from app.system.single_instance import bring_to_front

    bring_to_front(window, request.token)
    if request.page is not None:
        window.show_page(request.page)
    if request.photos:
        window.open_photos(request.photos)
    if request.live_source is not None:
        window.open_live(request.live_source)


class ShownWindow:
    """The window that is open; another one in its place once the language is changed.

    Parameters
    ----------
    app
        Gets the looks and the language that were chosen.
    """

    def __init__(self, app: QApplication) -> None:
        from app.gui.language import use_language
        from app.gui.style.theme import Scheme, apply_scheme
        from app.settings import SettingsFile
        from app.system.camera_passwords import move_password_out

        self._app, self._settings = app, SettingsFile()
        move_password_out(self._settings)
        values = self._settings.values
        self._complaint = use_language(app, values.language)
        apply_scheme(app, Scheme(values.scheme), values.text_percent)
        self.window: MainWindow

    def open(self, photos: Sequence[str] = (), live_source: str | None = None) -> MainWindow:
        """Show the window as it was left, and the photographs or the live check in it."""
        spare_the_start()
        window = self._show()
        if photos:
            window.open_photos(photos)
        if live_source is not None:
            window.open_live(live_source)
        return window

    def speak(self, choice: str) -> None:
        """Put a window in another language in this one's place; nothing that is shown is lost."""
        from app.gui.language import use_language
        from app.text.languages import speaking

        self._settings.values.language = choice
        before = self.window
        visits = before.hand_over()
        if visits is None:
            before.say(speaking.LATER)
            return
        self._complaint = use_language(self._app, choice)
        before.remember()  # the reminder reads it there, too
        window = self._show()
        window.take_over(visits)
        before.speak_alike()
        from app.gui.failures import Failures

        failures = Failures(window)
        failures.doctor_wanted.connect(partial(window.show_help, Help.DOCTOR))
        failures.watch()
        before.close()
        before.deleteLater()

    def close(self) -> None:
        """Close the window, which keeps what is to be kept."""
        self.window.close()

    def _show(self) -> MainWindow:
        from app.gui.main_window import MainWindow

        self.window = MainWindow(self._settings)
        self.window.language_chosen.connect(self.speak)
        self.window.show()
        if self._complaint:
            self.window.say(self._complaint)
        return self.window


def spare_the_start() -> None:
    """Keep Python from looking for garbage while the large libraries load.

    Looking through what they bring takes 40 to 70 ms, in which the window does not answer,
    and happens several times. Afterwards they are left out of every further look.
    """
    from PyQt6.QtCore import QTimer

    gc.disable()
    QTimer.singleShot(_LOADED_MS, _look_for_garbage_again)


def _look_for_garbage_again() -> None:
    """Look for garbage now and then, in this thread alone.

    Python would look in whichever thread happens to be at work, and a widget that is let go of
    outside the window's thread ends the program.
    """
    from PyQt6.QtCore import QCoreApplication, QTimer

    gc.freeze()
    timer = QTimer(QCoreApplication.instance())
    timer.timeout.connect(_look_for_garbage)
    timer.start(_GARBAGE_MS)


def _look_for_garbage() -> None:
    """Look as far back as Python would have by now."""
    due = [
        age
        for age, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > most
    ]
    if due:
        gc.collect(due[-1])


def write_log(window: QWidget) -> Failures:
    """Log bugs to a file and tell the person, by what is returned; the window stays."""
    from app.gui.failures import Failures

    log_to_file(WINDOW_LOG)
    note_crashes()
    failures = Failures(window)
    failures.watch()
    return failures
