"""The window's own words, Qt's, numbers and dates follow the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QDate, QLocale, Qt
from PyQt6.QtWidgets import QApplication, QDialogButtonBox, QWidget

from app.gui.language import use_language
from app.text.languages.speaking import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def app(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    monkeypatch.delenv(VARIABLE, raising=False)
    before = QLocale()
    yield qapp
    monkeypatch.delenv(VARIABLE, raising=False)
    use_language(qapp, "en")
    QLocale.setDefault(before)


class SettingsPage(QWidget):
    """Says one text of that page."""

    def said(self) -> str:
        return self.tr("Appearance")


def test_own_words_are_said_in_it(
    app: QApplication, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page = SettingsPage()
    qtbot.addWidget(page)
    monkeypatch.setenv(VARIABLE, "pseudo")
    assert use_language(app, "system") == ""
    assert page.said() == "⟦Áƥƥéáŕáñçé⟧"
    monkeypatch.delenv(VARIABLE)
    use_language(app, "en")
    assert page.said() == "Appearance"


def test_qt_s_own_words_are_said_in_it(app: QApplication, qtbot: QtBot) -> None:
    for language, said in (("de", "Abbrechen"), ("es", "Cancelar"), ("en", "Cancel")):
        use_language(app, language)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        assert [button.text().replace("&", "") for button in box.buttons()] == [said]


def test_dates_numbers_and_direction_follow(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_language(app, "de")
    assert QLocale().toString(1234.5, "f", 1) == "1.234,5"
    assert QLocale().toString(QDate(2026, 3, 1), "d. MMMM") == "1. März"
    assert app.layoutDirection() is Qt.LayoutDirection.LeftToRight
    monkeypatch.setenv(VARIABLE, "pseudo-rtl")
    use_language(app, "system")
    assert app.layoutDirection() is Qt.LayoutDirection.RightToLeft
