"""How the window and the reminder start alike: screen, Qt's application, messages."""

from __future__ import annotations

import ctypes
import locale
import logging
import os
import sys
from typing import TYPE_CHECKING

from app.errors import BrokenInstallation
from app.system.desktop.entries import APPLICATION_ID, ICON_FILE
from app.system.shell import Status
from vision.messages import tr

if TYPE_CHECKING:
    from PyQt6.QtCore import QMessageLogContext, QtMsgType
    from PyQt6.QtWidgets import QApplication

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
            tr(
                "There is no screen to open a window on. Use the command line: "
                "beltline measure PHOTO."
            )
        )
    for library in _X11_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            raise BrokenInstallation(
                tr(
                    "The system library {library} is missing, without which no window can be "
                    "opened. On Debian or Ubuntu, install libxcb-cursor0, libxcb-icccm4, "
                    "libxcb-keysyms1, libxcb-image0, libxcb-render-util0, libxcb-xinerama0 and "
                    "libxkbcommon-x11-0."
                ).format(library=library)
            ) from None


def create_app() -> QApplication:
    """Return the program's one Qt application, named and translated."""
    from PyQt6.QtCore import QLibraryInfo, QLocale, QTranslator, qInstallMessageHandler
    from PyQt6.QtGui import QIcon
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
    app.setDesktopFileName(APPLICATION_ID)
    # Drawn only when a window of ours is shown somewhere that does not go by the desktop entry.
    app.setWindowIcon(QIcon(str(ICON_FILE)))
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
        told = tr(
            "No window can be opened ({why}). Use the command line: beltline measure PHOTO."
        ).format(why=why)
        print(f"beltline: {told}", file=sys.stderr, flush=True)
        os._exit(Status.FAILED)
    if kind.name == "QtWarningMsg" and not _qt_warnings:
        _qt_warnings.append(said)
