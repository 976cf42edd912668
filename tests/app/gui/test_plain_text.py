"""Whatever somebody is called or writes is shown letter by letter, and opens no file."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PyQt6.QtCore import QAbstractItemModel, QAbstractListModel, QPoint, Qt
from PyQt6.QtGui import QTextDocument
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QTableView,
    QToolTip,
)

from app import Page
from app.gui.background.history import HistoryHandle
from app.gui.check.page import CheckState
from app.gui.exercises.page import Screen
from app.gui.failures import LogDialog
from app.gui.keys import KeysDialog
from app.gui.main_window import MainWindow
from app.gui.report import ReportDialog
from app.gui.settings import DeleteEverything
from app.gui.widgets.plain import plain_tip
from app.history.diary import (
    ExerciseSet,
    Pain,
    Plan,
    PlannedExercise,
    RangeKept,
    Screening,
    ScreeningOutcome,
)
from app.history.place import Place
from app.history.practice import Practice, write_practice
from app.history.store import History
from app.history.values import now
from app.report.document import report_profile
from app.settings import SettingsFile
from tests.app.gui.opened_files import openings
from tests.app.gui.outcomes import FRONTAL, SAMPLE
from tests.app.history.made_up import new_check, new_squeeze, picture, png_of
from tests.made_up_results import range_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what was opened")
_TIMEOUT_MS = 20_000
_TAG = "<img"


@pytest.fixture
def bait() -> Iterator[Path]:
    """A picture with a path so short that a client's ID holds it."""
    with tempfile.NamedTemporaryFile(prefix="b", suffix=".png", dir="/tmp") as file:
        file.write(png_of("red", (20, 20)))
        file.flush()
        yield Path(file.name)


@pytest.fixture
def was_opened(bait: Path) -> Iterator[Callable[[], bool]]:
    with openings(bait) as found:
        yield found


@pytest.fixture
def tag(bait: Path) -> str:
    return f"<img src=file:{bait}>"


@pytest.fixture
def history(tmp_path: Path, tag: str) -> Iterator[History]:
    """All that anybody can type is such a tag."""
    with History.open(Place(tmp_path / "data")) as made:
        for name in (tag, f"{tag} two", f"&lt;{tag}"):
            whose = made.change_profile(replace(made.add_profile(name), client_id=tag)).id
            made.note(whose, now(), Screening(ScreeningOutcome.CLEAR))
            for day in range(4):
                new = new_check(whose, day=day, note=f"{tag} note", garment=tag, rgb=picture())
                made.save(replace(new, result=replace(new.result, source=tag)))
            for content in (
                Pain("glute_bridge", tag),
                Plan((PlannedExercise("glute_bridge"), PlannedExercise(name=tag))),
                ExerciseSet("leg_lift", 9, 2.5, "left", tag),
                RangeKept(range_result(), note=tag),
            ):
                made.note(whose, now(), content)
            made.save_squeeze(new_squeeze(whose, note=tag))
        made.delete([made.save(new_check(whose, note=tag)).row.id])
        made.delete_profile(made.add_profile(f"{tag} gone").id)
        write_practice(made.place.folder, Practice(tag))
        yield made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, tag: str, history: History) -> Iterator[MainWindow]:
    settings = SettingsFile(tmp_path / "settings.json")
    recent = tmp_path / f"{tag}.jpg"
    recent.parent.mkdir(parents=True)
    recent.write_bytes(SAMPLE.read_bytes())
    settings.values.recent_photos = [str(recent)]
    settings.values.live_address = f"http://{tag}"
    made = MainWindow(settings, HistoryHandle(lambda: history), warm_up=False)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.service.profiles_changed, timeout=_TIMEOUT_MS):
        made.show()
    yield made
    made.close()


#: PyQt's stubs lack it.
might_be_rich: Callable[[str], bool] = getattr(Qt, "mightBeRichText")  # noqa: B009


def said_of(model: QAbstractItemModel | None) -> list[str]:
    """Return the tool-tips of a model's cells and headers."""
    if model is None:
        return []
    is_list = isinstance(model, QAbstractListModel)
    rows = range(min(20, model.rowCount()))
    columns = range(1 if is_list else model.columnCount())
    role = Qt.ItemDataRole.ToolTipRole
    found = [model.index(row, column).data(role) for row in rows for column in columns]
    found += [model.headerData(n, Qt.Orientation.Horizontal, role) for n in columns]
    return [text for text in found if isinstance(text, str)]


def look(window: MainWindow, qtbot: QtBot, seen: set[str]) -> None:
    """Look at every word of all that is open, and show every tool-tip."""
    qtbot.waitUntil(lambda: not window.jobs.awaited, timeout=_TIMEOUT_MS)
    qtbot.wait(30)
    tips: list[str] = []
    for widget in QApplication.allWidgets():
        tips += [widget.toolTip(), widget.whatsThis()]
        if isinstance(widget, QLabel) and widget.text():
            is_rich = widget.textFormat() is Qt.TextFormat.RichText
            is_plain = widget.textFormat() is Qt.TextFormat.PlainText
            assert not is_rich or _TAG not in widget.text(), widget.text()
            assert is_plain or is_rich or not might_be_rich(widget.text()), widget.text()
            seen.update(type(widget).__name__ for _ in range(_TAG in widget.text()))
        if isinstance(widget, QAbstractItemView):
            found = said_of(widget.model())
            tips += found
            if isinstance(widget, QTableView) and any(_TAG[1:] in text for text in found):
                seen.add("a table's tips")
        if isinstance(widget, QMenu) and widget.toolTipsVisible():
            tips += [action.toolTip() for action in widget.actions()]
        for document in widget.findChildren(QTextDocument):
            assert not might_be_rich(document.toHtml()) or _TAG not in document.toHtml()
    for text in set(filter(None, tips)):
        assert not might_be_rich(text), text
        if _TAG[1:] in text:
            seen.add("a tip")
            QToolTip.showText(QPoint(50, 50), text, window)
            qtbot.wait(1)
    QToolTip.hideText()


def test_every_page_and_dialog(
    qtbot: QtBot,
    window: MainWindow,
    tag: str,
    was_opened: Callable[[], bool],
    instant: list[dict[str, object]],
) -> None:
    seen: set[str] = set()
    page = window.pages.check()
    look(window, qtbot, seen)
    assert tag[1:] in window._navigation.person.toolTip()
    window.open_photo(window._settings.values.recent_photos[0])
    qtbot.waitUntil(lambda: page.state is CheckState.MEASURED, timeout=_TIMEOUT_MS)
    look(window, qtbot, seen)
    page.save()
    look(window, qtbot, seen)
    window.open_photo(str(FRONTAL))
    qtbot.waitUntil(lambda: page.state is CheckState.REFUSED, timeout=_TIMEOUT_MS)
    look(window, qtbot, seen)
    for key in Page:
        window.show_page(key)
        look(window, qtbot, seen)
        assert not was_opened(), key
    window.show_page(Page.EXERCISES)
    exercises = window.pages.exercises()
    for screen in (Screen.HOME, Screen.SELF_CHECK, Screen.QUESTIONS, Screen.PAIN):
        exercises._show(screen)
        look(window, qtbot, seen)
    exercises._edit_list()
    look(window, qtbot, seen)
    window.show_page(Page.HISTORY)
    look(window, qtbot, seen)
    for row in range(2):
        window.pages.history().browser.list.select_row(row)
        look(window, qtbot, seen)
    window.pages.history().report.click()
    qtbot.waitUntil(lambda: bool(dialogs()), timeout=_TIMEOUT_MS)
    look(window, qtbot, seen)
    others: list[QDialog] = [DeleteEverything(window), KeysDialog(window), LogDialog(window)]
    for dialog in others:
        dialog.show()
    look(window, qtbot, seen)
    for said in (tag, f"There is no person named '{tag}'."):
        window.say(said)
        look(window, qtbot, seen)
    assert instant
    assert {"a tip", "a table's tips"} <= seen
    assert not was_opened()
    for dialog in (*others, *dialogs()):
        dialog.close()


def dialogs() -> list[ReportDialog]:
    return [one for one in QApplication.allWidgets() if isinstance(one, ReportDialog)]


def test_the_look_is_a_strict_one(qtbot: QtBot, bait: Path, tag: str) -> None:
    """What Qt does with such a text unless it is told otherwise."""
    with openings(bait) as was_opened:
        label = QLabel(tag)
        qtbot.addWidget(label)
        label.show()
        qtbot.wait(20)
        assert was_opened()
        QToolTip.showText(QPoint(50, 50), f"{tag} a tip")
        qtbot.wait(20)
        assert was_opened()
        QToolTip.showText(QPoint(50, 50), plain_tip(f"{tag} another"))
        qtbot.wait(20)
        assert not was_opened()
        QToolTip.hideText()


@pytest.mark.parametrize(
    "text",
    [
        *("<b>x</b>", "a &lt; <img src=x>", "<!doctype html>x", "<?xml ?><b>", " \n <i>", "&lt;"),
        *("x <br/> y", "<IMG SRC=file:///x>", "a<b>c</b>", "<body>"),
    ],
)
def test_no_tip_is_rich(text: str) -> None:
    assert might_be_rich(text)
    assert not might_be_rich(plain_tip(text))
    assert plain_tip(text).replace("\N{WORD JOINER}", "") == text


@pytest.mark.parametrize("text", ["", "Anna", "a < b & c", "R&D", "5 <6", "<3"])
def test_usual_words_stay_as_they_are(text: str) -> None:
    assert plain_tip(text) == text


def test_no_tip_is_endless() -> None:
    assert len(plain_tip("<b>" * 1_000_000)) < 3000


def test_the_report(tmp_path: Path, history: History, was_opened: Callable[[], bool]) -> None:
    out = tmp_path / "report.pdf"
    report_profile(out, history, history.profiles()[0], None)
    said = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert said.count(_TAG) > 5
    assert not was_opened()
