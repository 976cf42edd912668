"""The desktop app's start: screen, looks, log, window."""

from __future__ import annotations

import ctypes
import gc
import locale
import logging
import os
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from app.errors import BrokenInstallation

if TYPE_CHECKING:
    from types import TracebackType

    from PyQt6.QtCore import QMessageLogContext, QtMsgType
    from PyQt6.QtWidgets import QApplication

    from app.gui.main_window import MainWindow
    from app.system.single_instance import SingleInstance, Wish

_log = logging.getLogger(__name__)
#: Set by importing OpenCV, whose wheel may hold parts of a Qt of its own.
_FOREIGN_QT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
#: Qt ends the program when one of these is missing on X11, so we look first.
_X11_LIBRARIES = ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxkbcommon-x11.so.0")
_qt_log = logging.getLogger("qt")
# Without any handler, Python prints what is logged before the log file is open.
_qt_log.addHandler(logging.NullHandler())
_QT_LEVELS = {
    "QtDebugMsg": logging.DEBUG,
    "QtInfoMsg": logging.INFO,
    "QtWarningMsg": logging.WARNING,
}
#: The first one.
_qt_warnings: list[str] = []
_NO_WINDOW_STATUS = 1
_LOG_BYTES = 500_000
#: By then everything that is loaded ahead has long been loaded.
_LOADED_MS = 8000


def run(photo: str | None = None, live_source: str | None = None, page: str | None = None) -> int:
    """Open the window and return the exit status once it is closed.

    Where a window is open already, that one does what is wanted, and this returns at once.

    Parameters
    ----------
    photo
        A photograph to measure at once.
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
    keep_own_qt()
    check_screen()
    try:
        app = create_app()
    except ImportError as error:
        raise BrokenInstallation(
            f"The window's library cannot be loaded ({error}). Install libegl1 and libgl1, or "
            "use the command line: beltline measure PHOTO."
        ) from error
    instance = _make_instance()
    is_first = instance is None or instance.claim()
    if instance is not None and not is_first:
        from app.system.single_instance import make_wish

        if instance.tell_first(make_wish(photo, live_source, page)):
            return 0
    window = open_window(app, photo, live_source)
    if page is not None:
        window.show_page(page)
    write_log(window)
    if instance is not None:
        instance.wished.connect(lambda wish: grant(window, wish))
        app.aboutToQuit.connect(instance.close)
    if not is_first:
        _say_that_it_is_second(window)
    return app.exec()


def _make_instance() -> SingleInstance | None:
    """Return what finds a window that is open already; None on a system that lacks a library."""
    try:
        from app.system.single_instance import SingleInstance
    except ImportError as error:
        _log.info("Another window cannot be looked for: %s", error)
        return None
    return SingleInstance()


def grant(window: MainWindow, wish: Wish) -> None:
    """Do in the window what another start of the program was for."""
    from app.system.single_instance import bring_to_front

    bring_to_front(window, wish.token)
    if wish.page is not None:
        window.show_page(wish.page)
    if wish.photo is not None:
        window.open_photo(wish.photo)
    if wish.live_source is not None:
        window.open_live(wish.live_source)


def _say_that_it_is_second(window: MainWindow) -> None:
    from app.text.breaks import OPENED_BESIDE

    _log.warning("Another window does not answer.")
    window.status.say(OPENED_BESIDE, stays=True)


def keep_own_qt() -> None:
    """Undo what OpenCV did to the environment: its Qt's plugins do not fit PyQt's."""
    for name in _FOREIGN_QT:
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]


def check_screen() -> None:
    """Look whether a window can be opened at all.

    Raises
    ------
    BrokenInstallation
        With what is missing and what to do.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise BrokenInstallation(
            "There is no screen to open a window on. Use the command line: beltline measure PHOTO."
        )
    for library in _X11_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            raise BrokenInstallation(
                f"The system library {library} is missing, without which no window can be "
                "opened. On Debian or Ubuntu, install libxcb-cursor0, libxcb-icccm4, "
                "libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 and "
                "libxkbcommon-x11-0."
            ) from None


def create_app() -> QApplication:
    """Return the program's one Qt application, named and translated."""
    from PyQt6.QtCore import QLibraryInfo, QLocale, QTranslator, qInstallMessageHandler
    from PyQt6.QtWidgets import QApplication

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        qInstallMessageHandler(_pass_on_qt_message)
        app = QApplication(["beltline"])
        keep_english_messages()
    app.setApplicationName("beltline")
    app.setApplicationDisplayName("Beltline")
    app.setDesktopFileName("beltline")
    # Buttons of Qt's own dialogs follow the language of our texts.
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(app)
    if translator.load(QLocale(QLocale.Language.English), "qtbase", "_", folder):
        app.installTranslator(translator)
    return app


def keep_english_messages() -> None:
    """Undo what Qt did to the process's locale, which is not the one that Qt itself goes by.

    Else the system's part of a sentence, such as "No such file or directory", is in another
    language than ours, and C libraries write numbers with a comma.
    """
    for category in ("LC_MESSAGES", "LC_TIME", "LC_NUMERIC", "LC_MONETARY"):
        # Windows has no LC_MESSAGES.
        if hasattr(locale, category):
            locale.setlocale(getattr(locale, category), "C")


def _pass_on_qt_message(kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
    """Log what Qt says; what it cannot go on after, such as a screen out of reach, is told."""
    said = " ".join((text or "").split())
    _qt_log.log(_QT_LEVELS.get(kind.name, logging.CRITICAL), said)
    if kind.name == "QtFatalMsg":
        # Qt would abort as soon as this returns. Its first warning says more than its last word.
        why = (_qt_warnings or [said])[0]
        way_out = "Use the command line: beltline measure PHOTO."
        print(f"beltline: No window can be opened ({why}). {way_out}", file=sys.stderr, flush=True)
        os._exit(_NO_WINDOW_STATUS)
    if kind.name == "QtWarningMsg" and not _qt_warnings:
        _qt_warnings.append(said)


def open_window(
    app: QApplication, photo: str | None = None, live_source: str | None = None
) -> MainWindow:
    """Show the window as it was left, and the photograph or the live check in it."""
    from app.gui.main_window import MainWindow
    from app.gui.style.theme import Scheme, apply_scheme
    from app.settings import SettingsFile

    spare_the_start()
    settings = SettingsFile()
    apply_scheme(app, Scheme(settings.values.scheme))
    window = MainWindow(settings)
    window.show()
    if photo is not None:
        window.open_photo(photo)
    if live_source is not None:
        window.open_live(live_source)
    return window


def spare_the_start() -> None:
    """Keep Python from looking for garbage while the large libraries load.

    Looking through what they bring takes 40 to 70 ms, in which the window does not answer,
    and happens several times. Afterwards they are left out of every further look.
    """
    from PyQt6.QtCore import QTimer

    gc.disable()
    QTimer.singleShot(_LOADED_MS, _look_for_garbage_again)


def _look_for_garbage_again() -> None:
    gc.freeze()
    gc.enable()


def write_log(window: MainWindow) -> None:
    """Log bugs to a file and tell the person; the window stays."""
    from platformdirs import user_log_path

    folder = user_log_path("beltline", appauthor=False)
    handler: logging.Handler = logging.StreamHandler()
    where = "standard error"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        where = str(folder / "beltline.log")
        handler = RotatingFileHandler(where, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError as error:
        _log.debug("No log file: %s", error)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        _log.critical("Beltline failed", exc_info=(kind, error, trace))
        if threading.current_thread() is threading.main_thread():
            window.show_failure(where)

    sys.excepthook = tell
