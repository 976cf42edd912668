"""A rater's way through the photographs, by keyboard, with pauses, damage and a full disk."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget

from app.gui.picture.marks import Handle
from app.gui.rating import run
from app.gui.rating.session import open_folder
from app.gui.rating.window import RatingWindow
from app.gui.style.theme import Scheme, apply_scheme
from app.study import StudyError
from app.study.worklist import RATINGS, BeltSeen, Rating, Worklist
from app.text.research import rating
from tests.app.gui.rating.worklists import HandClock, draw_picture, make_study, make_worklist
from tests.app.gui.style.test_contrast import hard_to_read
from tests.app.gui.words_that_fit import cut_words
from tests.app.report.test_file import no_room
from vision.image import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

_TIMEOUT_MS = 20_000
_MARK = rating.MARK_POINT
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A window on a rater's folder, and what somebody does in it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder, self.clock = qtbot, folder, HandClock()
        self.window = RatingWindow(open_folder(folder), self.clock)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()

    @property
    def ratings(self) -> dict[str, Rating]:
        return Worklist(self.folder).ratings

    def until(self, is_so: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(is_so()), timeout=_TIMEOUT_MS)

    def press(self, *keys: Qt.Key, shift: bool = False) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self.window
            no = Qt.KeyboardModifier.NoModifier
            self.qtbot.keyClick(target, key, _SHIFT if shift else no)

    def begin(self) -> None:
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.is_shown(1))

    def is_shown(self, number: int) -> bool:
        page = self.window.page
        return (
            page.view.isVisible()
            and page.view.has_picture
            and page.view.accessibleName().startswith(f"Photograph {number} of")
        )

    def mark(self) -> None:
        """Mark both points by keys, the back point to the right, and say that the belt shows."""
        key = Qt.Key
        self.press(key.Key_Up, key.Key_Up, key.Key_Return)
        self.press(key.Key_Right)
        self.press(key.Key_Right, key.Key_Right, key.Key_Right, shift=True)
        self.press(key.Key_3)

    def rate(self, number: int) -> None:
        self.mark()
        self.press(Qt.Key.Key_Return)
        self.until(lambda: not self.is_shown(number))

    def said(self) -> str:
        """Return every word that is shown or read out."""
        parts = [part for part in self.window.findChildren(QWidget) if part.isVisible()]
        texts = [part.text() for part in parts if isinstance(part, QLabel | QPushButton)]
        read = [f"{part.accessibleName()} {part.accessibleDescription()}" for part in parts]
        return "\n".join(text for text in (*texts, *read) if text.strip())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_worklist(tmp_path / "rater-1")


@pytest.fixture
def desk(qtbot: QtBot, folder: Path) -> Iterator[Desk]:
    made = Desk(qtbot, folder)
    yield made
    made.window.close()


def test_the_keyboard_alone_does_all_of_it(desk: Desk) -> None:
    desk.begin()
    desk.rate(1)
    desk.until(lambda: desk.is_shown(2))
    desk.press(Qt.Key.Key_X, Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(3))
    desk.mark()
    desk.press(Qt.Key.Key_L)
    desk.press(Qt.Key.Key_Right, shift=True)
    desk.press(Qt.Key.Key_Return)
    desk.until(desk.window.end.isVisible)
    first, second, third = (desk.ratings[name] for name in ("i1", "i2", "i3"))
    assert first.belt is BeltSeen.CLEARLY
    assert first.points is not None
    assert first.points.psis_px[0] > first.points.asis_px[0]
    assert first.plumb_px is None
    assert (second.points, second.belt) == (None, BeltSeen.NO)
    assert third.plumb_px is not None
    assert third.plumb_px[0][0] > third.plumb_px[1][0]
    assert "3 answers" in desk.said()
    desk.press(Qt.Key.Key_Return)
    assert not desk.window.isVisible()


def test_nothing_of_earlier_answers_is_in_sight(qtbot: QtBot, tmp_path: Path) -> None:
    folder = make_worklist(tmp_path / "rater-1", looks=(7, 7))
    desk = Desk(qtbot, folder)
    desk.begin()
    blank = desk.window.page.view.grab().toImage()
    words = desk.said()
    desk.rate(1)
    desk.until(lambda: desk.is_shown(2))
    again = desk.said().replace("2 of 2", "1 of 2").replace("Finish", "Next photograph")
    assert again.splitlines() == words.splitlines()
    assert desk.window.page.view.grab().toImage() == blank, "the same picture looks as it did"
    assert "°" not in words
    desk.window.close()
    other = Desk(qtbot, folder)
    assert not other.window.page.panel.back_button.isEnabled()
    other.press(Qt.Key.Key_Return)
    other.until(lambda: other.is_shown(2))
    assert other.window.page.view.grab().toImage() == blank
    other.window.close()


def test_the_time_leaves_pauses_out(desk: Desk) -> None:
    desk.clock.pass_by(60)
    desk.begin()
    desk.clock.pass_by(4)
    desk.mark()
    desk.press(Qt.Key.Key_P)
    assert desk.window.pause_screen.isVisible()
    assert not desk.window.page.view.isVisible()
    desk.clock.pass_by(3600)
    desk.press(Qt.Key.Key_Return)
    assert desk.is_shown(1)
    desk.clock.pass_by(2.5)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(2))
    kept = desk.ratings["i1"]
    assert kept.seconds == 6.5
    assert kept.points is not None, "what was marked before the pause"
    assert kept.rated_at
    desk.clock.pass_by(1)
    desk.rate(2)
    assert desk.ratings["i2"].seconds == 1


def test_whoever_turns_to_another_window_pauses(qtbot: QtBot, desk: Desk) -> None:
    desk.begin()
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    desk.until(desk.window.pause_screen.isVisible)


def test_an_answer_is_on_the_disk_before_the_next_photograph_comes_and_others_go_on_later(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.begin()
    desk.rate(1)
    assert set(desk.ratings) == {"i1"}
    desk.until(lambda: desk.is_shown(2))
    desk.press(Qt.Key.Key_Up)
    desk.window.close()
    later = Desk(qtbot, desk.folder)
    assert rating.GO_ON_TITLE in later.said()
    assert "Still to rate: 2" in " ".join(later.said().split())
    later.press(Qt.Key.Key_Return)
    later.until(lambda: later.is_shown(2))
    later.window.close()


def test_enter_asks_for_what_is_missing(desk: Desk) -> None:
    page, key = desk.window.page, Qt.Key
    desk.begin()
    desk.press(key.Key_Return)
    assert _MARK.format(point="front point") in desk.said()
    desk.press(key.Key_Left)
    assert _MARK.format(point="front point") not in desk.said()
    desk.press(key.Key_Return)
    assert page.editor.current is Handle.BACK
    assert _MARK.format(point="back point") not in desk.said()
    desk.press(key.Key_Return)
    assert _MARK.format(point="back point") in desk.said()
    desk.press(key.Key_Left, key.Key_Return)
    assert page.panel.is_asking_for_belt()
    desk.press(key.Key_Return)
    assert rating.SAY_BELT in desk.said()
    desk.press(key.Key_Space)
    assert page.panel.belt_buttons[BeltSeen.NO].isChecked()
    desk.press(key.Key_L)
    page.panel.next_button.click()
    assert rating.MOVE_PLUMB in desk.said()
    assert desk.ratings == {}


def test_a_slip_can_be_put_right_as_long_as_it_is_the_last_answer(desk: Desk) -> None:
    panel = desk.window.page.panel
    desk.begin()
    assert not panel.back_button.isEnabled()
    desk.clock.pass_by(5)
    desk.rate(1)
    desk.until(lambda: desk.is_shown(2))
    desk.press(Qt.Key.Key_X)
    desk.clock.pass_by(2)
    panel.back_button.click()
    desk.until(lambda: desk.is_shown(1))
    assert not panel.back_button.isEnabled()
    assert panel.belt_buttons[BeltSeen.CLEARLY].isChecked()
    assert desk.window.page.editor.marks is not None
    assert desk.window.page.editor.marks.missing is None
    desk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(2))
    changed = desk.ratings["i1"]
    assert (changed.belt, changed.seconds) == (BeltSeen.NO, 5)
    assert panel.cannot_button.isChecked(), "what was begun on the other one is still there"
    desk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(3))
    assert desk.ratings["i2"].seconds == 2
    lines = (desk.folder / RATINGS).read_text("utf-8").splitlines()
    assert len(lines) == 3


def test_the_last_of_all_can_be_changed_from_the_end(desk: Desk) -> None:
    desk.begin()
    for number in (1, 2, 3):
        desk.rate(number)
    desk.until(desk.window.end.isVisible)
    desk.window.end.back.click()
    desk.until(lambda: desk.is_shown(3))
    desk.press(Qt.Key.Key_2, Qt.Key.Key_Return)
    desk.until(desk.window.end.isVisible)
    assert desk.ratings["i3"].belt is BeltSeen.PARTLY


def test_whoever_has_rated_all_comes_to_the_end_at_once(qtbot: QtBot, folder: Path) -> None:
    worklist = Worklist(folder)
    for item in worklist.items:
        worklist.keep(Rating(item.id))
    desk = Desk(qtbot, folder)
    assert rating.END_TITLE in desk.said()
    assert not desk.window.end.back.isVisible()
    desk.window.close()


def test_a_photograph_that_cannot_be_shown_is_passed_over_and_stays_open(
    qtbot: QtBot, folder: Path
) -> None:
    pictures = folder / "pictures"
    half = (pictures / "p1.png").read_bytes()
    (pictures / "p1.png").write_bytes(half[: len(half) // 2])
    (pictures / "p3.png").unlink()
    desk = Desk(qtbot, folder)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(2))
    desk.until(lambda: "Photograph 1 cannot be shown and stays open." in desk.said())
    desk.rate(2)
    desk.until(desk.window.end.isVisible)
    told = "Photograph 3 cannot be shown and stays open. There is no such file."
    desk.until(lambda: told in desk.said())
    assert "2 photographs could not be shown" in desk.said()
    assert set(desk.ratings) == {"i2"}
    desk.window.close()


def test_another_picture_than_the_studys_is_not_rated(qtbot: QtBot, folder: Path) -> None:
    listed = json.loads((folder / "worklist.json").read_text("utf-8"))
    listed["items"][0]["width_px"] += 1
    (folder / "worklist.json").write_text(json.dumps(listed), "utf-8")
    desk = Desk(qtbot, folder)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(2))
    desk.until(lambda: rating.ANOTHER_PICTURE in desk.said())
    desk.window.close()


def test_a_full_disk_leaves_the_answer_on_the_screen(desk: Desk) -> None:
    desk.begin()
    desk.rate(1)
    desk.until(lambda: desk.is_shown(2))
    desk.clock.pass_by(3)
    desk.mark()
    marks = desk.window.page.editor.marks
    with no_room((desk.folder / RATINGS).stat().st_size):
        desk.press(Qt.Key.Key_Return)
        desk.until(lambda: "The answer was not kept" in desk.said())
    assert desk.is_shown(2)
    assert desk.window.page.editor.marks == marks
    assert desk.window.page.panel.belt_buttons[BeltSeen.CLEARLY].isChecked()
    desk.clock.pass_by(500)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(3))
    assert desk.ratings["i2"].seconds == 3, "the time in which room was made does not count"


def test_a_slow_disk_holds_up_nothing_and_closing_waits_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, threads = desk.window.session, list[int]()
    assert session is not None
    keep = session.keep

    def slowly(given: Rating) -> None:
        threads.append(threading.get_ident())
        time.sleep(0.3)
        keep(given)

    monkeypatch.setattr(session, "keep", slowly)
    desk.begin()
    desk.mark()
    began = time.monotonic()
    desk.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert time.monotonic() - began < 0.2
    assert not desk.window.page.isEnabled(), "the answer cannot be changed meanwhile"
    desk.window.close()
    assert set(desk.ratings) == {"i1"}
    assert threads
    assert threading.get_ident() not in threads


def test_the_next_photograph_is_decoded_ahead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.begin()
    desk.until(lambda: not desk.window.jobs.awaited)
    late = list[str]()
    load = frame.load_frame

    def note(path: Path) -> frame.Frame:
        late.append(path.name)
        return load(path)

    monkeypatch.setattr(frame, "load_frame", note)
    session = desk.window.session
    assert session is not None
    session.keep(Rating("i1"))
    session.go_on()
    desk.window.go_on()
    assert desk.is_shown(2)
    desk.until(lambda: not desk.window.jobs.awaited)
    assert late == ["p3.png"]


def test_a_study_asks_who_is_rating(qtbot: QtBot, tmp_path: Path) -> None:
    study = make_study(tmp_path / "study")
    (study / "raters" / "rater-1" / "worklist.json").write_text("{", "utf-8")
    desk = Desk(qtbot, study)
    assert rating.CHOOSE in desk.said()
    desk.window.choice.buttons["rater-1"].click()
    desk.until(lambda: "is no worklist of a study" in desk.said())
    desk.window.choice.buttons["rater-2"].click()
    desk.until(desk.window.start.isVisible)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(1))
    desk.rate(1)
    assert set(Worklist(study / "raters" / "rater-2").ratings) == {"i1"}
    desk.window.close()


def test_a_folder_that_is_no_worklist_opens_no_window(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is no worklist of a study"):
        run(tmp_path)


def test_all_that_can_be_pressed_has_a_name_and_is_reached_by_tab(desk: Desk) -> None:
    desk.begin()
    desk.mark()
    page, reached = desk.window.page, set[QWidget]()
    page.view.setFocus()
    for _ in range(40):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        desk.press(Qt.Key.Key_Tab)
    for button in page.findChildren(QPushButton):
        assert button.accessibleName() or button.text()
        assert not button.isEnabled() or button in reached, button.text()
    for tool in page.findChildren(QToolButton):
        assert tool.accessibleName()
    assert page.view.accessibleName() == "Photograph 1 of 3"
    names = {button.accessibleName() for button in page.panel.belt_buttons.values()}
    assert f"{rating.BELT_QUESTION} Clearly" in names


@pytest.mark.parametrize("percent", [100, 200])
def test_no_word_is_cut(qtbot: QtBot, qapp: QApplication, folder: Path, percent: int) -> None:
    apply_scheme(qapp, Scheme.LIGHT, percent)
    desk = Desk(qtbot, folder)
    desk.window.resize(900, 600)

    def look() -> None:
        qtbot.wait(30)
        assert cut_words(desk.window) == []
        assert (desk.window.width(), desk.window.height()) == (900, 600)

    look()
    desk.begin()
    look()
    desk.window.page.panel.next_button.click()
    look()
    desk.press(Qt.Key.Key_P)
    look()
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: desk.is_shown(1))
    for number in (1, 2, 3):
        desk.rate(number)
    desk.until(desk.window.end.isVisible)
    look()
    desk.window.close()


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_all_words_stand_out(
    qtbot: QtBot, qapp: QApplication, folder: Path, scheme: Scheme
) -> None:
    apply_scheme(qapp, scheme, 100)
    desk = Desk(qtbot, folder)
    assert hard_to_read(desk.window) == []
    desk.begin()
    desk.window.page.panel.next_button.click()
    assert hard_to_read(desk.window.page.panel) == []
    desk.window.close()
    apply_scheme(qapp, Scheme.LIGHT, 100)


def test_a_click_marks_and_zooming_keeps_the_point_in_sight(qtbot: QtBot, desk: Desk) -> None:
    desk.begin()
    view = desk.window.page.view
    surface = view.viewport()
    assert surface is not None
    qtbot.mouseClick(surface, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, 80))
    control = Qt.KeyboardModifier.ControlModifier
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Plus, control)
    assert not view.is_fitted
    item = desk.window.page.editor.handles[Handle.FRONT]
    assert surface.rect().contains(view.mapFromScene(item.pos()))
    desk.press(Qt.Key.Key_F)
    assert view.is_fitted


def test_pictures_are_rated_without_the_models_that_measure(folder: Path) -> None:
    draw_picture(folder / "pictures" / "p1.png", 3)
    code = f"""
import sys
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from app.gui.rating import run
def look():
    from app.gui.rating.window import RatingWindow
    [window] = [one for one in QApplication.topLevelWidgets() if isinstance(one, RatingWindow)]
    window.go_on()
    QTimer.singleShot(50, lambda: look_on(window))
def look_on(window):
    if not window.page.view.has_picture:
        return QTimer.singleShot(50, lambda: look_on(window))
    heavy = "vision.pose.hollow", "mediapipe", "dask", "pandas", "pyarrow", "matplotlib"
    heavy += "pingouin", "statsmodels"
    print([name for name in heavy if name in sys.modules])
    window.close()
from app.gui.app import create_app
app = create_app()
QTimer.singleShot(0, look)
sys.exit(run(Path({str(folder)!r})))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
