"""Two checks compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QPointF

from app.gui.history.compare import CompareView, image_overlay
from app.history.records import Arms, Check, Conditions
from app.text import history as history_words
from tests.app.gui.kept_checks import Opener, by_belt, keep, measured
from vision.overlay.landmarks import align
from vision.result import Facing, Measured, Method

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.history.store import History

SAME = Conditions("grey shorts", Arms.COLLAR_BONES)


@pytest.fixture
def view(history: History, jobs: Jobs, qtbot: QtBot) -> CompareView:
    view = CompareView(jobs, Opener(history))
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    return view


def compare(view: CompareView, one: Check, other: Check, qtbot: QtBot) -> None:
    view.verdict.clear()
    view.show_checks(one.row.id, other.row.id)
    qtbot.waitUntil(lambda: view.verdict.text() != "")


def test_a_small_difference_is_no_real_change(
    view: CompareView, history: History, qtbot: QtBot
) -> None:
    later = keep(history, 9, measured(15.0), SAME)
    earlier = keep(history, 2, measured(12.0), SAME)
    compare(view, later, earlier, qtbot)
    assert view.verdict.text() == (
        "No real change. The two are 3° apart. Between two single pictures, less than 10° is "
        "no real change."
    )
    assert view.first.words.text().startswith("Earlier: ")
    assert "12° forward" in view.first.words.text()
    assert "15° forward" in view.second.words.text()
    assert "differ" not in view.notes.text().replace("different", "")


def test_a_real_change_is_called_so(view: CompareView, history: History, qtbot: QtBot) -> None:
    compare(
        view, keep(history, 0, measured(5.0), SAME), keep(history, 1, measured(17.0), SAME), qtbot
    )
    assert view.verdict.text().startswith("12° further forward, a real change.")


def test_other_clothes_and_arms_get_a_word(
    view: CompareView, history: History, qtbot: QtBot
) -> None:
    one = keep(history, 0, measured(5.0), SAME)
    other = keep(history, 1, measured(9.0), Conditions("leggings", Arms.HANGING))
    compare(view, one, other, qtbot)
    assert "The clothes differ (grey shorts; leggings)" in view.notes.text()
    assert "The arms differ (fists on the collar-bones; hanging)" in view.notes.text()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (measured(5.0), measured(20.0, Method.MARKED), "measured in different ways"),
        (by_belt(5.0), by_belt(20.0), history_words.BELT_CLOTHES_DIFFER),
    ],
)
def test_what_cannot_be_compared_gets_no_difference(
    view: CompareView,
    history: History,
    qtbot: QtBot,
    one: Measured,
    other: Measured,
    expected: str,
) -> None:
    first = keep(history, 0, one, Conditions("jeans"))
    compare(view, first, keep(history, 1, other, Conditions("shorts")), qtbot)
    assert expected in view.verdict.text()
    assert "°" not in view.verdict.text()


def test_the_overlay_lies_over_the_first_and_fades(
    view: CompareView, history: History, qtbot: QtBot
) -> None:
    one = keep(history, 0, with_picture=True)
    other = keep(history, 1, replace(measured(), facing=Facing.LEFT), with_picture=True)
    compare(view, one, other, qtbot)
    view.over.click()
    assert view.overlay_view.isVisible()
    assert view._overlay is not None
    assert view._overlay.scene() is view.overlay_view.scene()
    view.slider.setValue(0)
    assert view._overlay.opacity() == 0
    view.slider.setValue(100)
    assert view._overlay.opacity() == 1
    transform = view._overlay.transform()
    assert transform.determinant() < 0
    assert transform.map(QPointF(60, 220)) == QPointF(60, 220)
    compare(view, one, other, qtbot)
    assert view._overlay is not None


def test_without_a_picture_the_words_say_so(
    view: CompareView, history: History, qtbot: QtBot
) -> None:
    compare(view, keep(history, 0), keep(history, 1, with_picture=True), qtbot)
    assert view.first.missing.text() == history_words.PICTURE_NOT_KEPT
    assert view.second.picture.isVisible()
    view.over.click()
    assert view.no_overlay.isVisible()
    assert not view.overlay_view.isVisible()
    assert not view.slider.isVisible()


def test_a_smaller_copy_of_a_picture_is_put_at_its_full_size() -> None:
    one, other = measured(), measured()
    alignment = align(one, other)
    assert alignment is not None
    item = image_overlay(np.zeros((120, 60, 3), np.uint8), (120, 240), alignment)
    assert item.sceneBoundingRect().width() == pytest.approx(120, abs=2)
    assert item.sceneBoundingRect().height() == pytest.approx(240, abs=4)


def test_a_missing_check_is_an_error(view: CompareView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.failed):
        view.show_checks(1, 2)
