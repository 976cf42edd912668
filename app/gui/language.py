"""The window's language: every text that it shows, Qt's own, numbers, dates and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator

from app.text.languages.speaking import AS_SYSTEM, ENGLISH, RIGHT_TO_LEFT, language_for, speak
from vision.messages import current_translator

if TYPE_CHECKING:
    from PyQt6.QtCore import QObject
    from PyQt6.QtWidgets import QApplication


class OwnTexts(QTranslator):
    """What ``self.tr`` says, from the same language file as everything else."""

    def isEmpty(self) -> bool:
        """Qt asks nothing of a translator that is empty."""
        return False

    def translate(  # type: ignore[override]
        self, context: str | None, source: str | None, _: str | None = None, __: int = -1
    ) -> str | None:
        """Return a text in the language that is spoken; None for Qt's own."""
        translator = current_translator()
        if translator is None or not source or (context or "").startswith("Q"):
            return None
        return translator.text(context or "", source)


def use_language(app: QApplication, choice: str) -> str:
    """Say everything in a language from now on, in windows that are made afterwards.

    Parameters
    ----------
    choice
        Its code, or ``"system"``.

    Returns
    -------
    str
        One sentence for the person where the language's file is not whole, else empty.
    """
    system = QLocale.system()
    language = language_for(choice, system.uiLanguages())
    complaint = speak(language)
    _install(app, language)
    QLocale.setDefault(_locale_for(language, choice, system))
    from_right = language in RIGHT_TO_LEFT
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if from_right else Qt.LayoutDirection.LeftToRight
    )
    return complaint


def _locale_for(language: str, choice: str, system: QLocale) -> QLocale:
    """Return how dates and numbers are written: as the system has it, where that fits."""
    own = QLocale(language)
    is_of_system = system.language() == own.language()
    is_left_to_it = choice == AS_SYSTEM and language == ENGLISH
    return system if is_of_system or is_left_to_it or own == QLocale.c() else own


def _install(app: QApplication, language: str) -> None:
    for old in app.findChildren(QTranslator, options=Qt.FindChildOption.FindDirectChildrenOnly):
        app.removeTranslator(old)
        old.setParent(None)
    if language == ENGLISH:
        return
    qt = _of_qt(app, language)
    if qt is not None:
        app.installTranslator(qt)
    app.installTranslator(OwnTexts(app))


def _of_qt(parent: QObject, language: str) -> QTranslator | None:
    """Return Qt's words for its own buttons and menus, where it has them in this language."""
    found = QTranslator(parent)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return found if found.load(f"qtbase_{language}", folder) else None
