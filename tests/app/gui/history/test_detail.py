"""One check in full beside the table, and two of them compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QPointF

from app.gui.history.detail import CheckDetail, CompareView, image_overlay
from app.history.errors import CheckNotFound
from app.history.records import Arms, Check, Conditions
from app.text import history as history_words
from tests.app.gui.kept_checks import TEST, Opener, by_belt, keep, measured
from vision.overlay.landmarks import align
from vision.result import Facing, Measured, Method, Posture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.history.store import History

SAME = Conditions("grey shorts", Arms.COLLAR_BONES)


@pytest.fixture
def detail(history: History, jobs: Jobs, qtbot: QtBot) -> CheckDetail:
    detail = CheckDetail(jobs, Opener(history))
    qtbot.addWidget(detail)
    detail.resize(320, 600)
    detail.show()
    return detail


def show(detail: CheckDetail, check_id: int, qtbot: QtBot) -> None:
    with qtbot.waitSignal(detail.shown):
        detail.show_check(check_id)


def test_it_says_numbers_conditions_and_warnings(
    detail: CheckDetail, history: History, qtbot: QtBot
) -> None:
    check = keep(history, conditions=Conditions("grey shorts", Arms.HANGING, "morning"))
    show(detail, check.row.id, qtbot)
    assert detail.check_id == check.row.id
    assert "5 Jan 2026" in detail.title.text() or "Jan 5, 2026" in detail.title.text()
    assert detail.headline.text() == "Estimated forward tilt 12° (likely 8 to 16)"
    assert detail.method.text() == "Measured from the outline of the body."
    assert not detail.advice.isVisible(), "three lines, then more"
    detail.more.button.click()
    assert detail.advice.isVisible()
    assert "computer-made bodies" in detail.advice.text()
    assert (detail.garment.text(), detail.note.text()) == ("grey shorts", "morning")
    assert detail.arms.currentText() == "hanging"
    assert "Upper body: leaning forward 3°" in detail.body.text()
    assert detail.warnings.isVisible()
    assert detail.warnings.text()


def test_repeats_are_shown_where_there_are_any(
    detail: CheckDetail, history: History, qtbot: QtBot
) -> None:
    check = keep(history, repeats_deg=(11.0, 12.0, 12.4, 13.0, 12.0))
    show(detail, check.row.id, qtbot)
    assert detail.repeats.isVisible()
    assert detail.repeats.text().splitlines() == [
        "Middle (median) of 5 repeats, spread 1°.",
        "One by one: 11°, 12°, 12°, 13°, 12° forward.",
    ]
    show(detail, keep(history).row.id, qtbot)
    assert not detail.repeats.isVisible()


def test_sway_back_is_named_apart(detail: CheckDetail, history: History, qtbot: QtBot) -> None:
    sway = replace(measured(), posture=Posture(-5.0, 9.0, 178.0, 5.0))
    show(detail, keep(history, result=sway).row.id, qtbot)
    assert "sway-back" in detail.body.text()
    assert "usual" not in detail.body.text()
    assert "Most people without pain" in detail.advice.text()


def test_a_kept_picture_is_shown(detail: CheckDetail, history: History, qtbot: QtBot) -> None:
    show(detail, keep(history, with_picture=True).row.id, qtbot)
    assert detail.picture.isVisible()
    assert not detail.missing.isVisible()


def test_numbers_only_says_so(detail: CheckDetail, history: History, qtbot: QtBot) -> None:
    show(detail, keep(history).row.id, qtbot)
    assert not detail.picture.isVisible()
    assert detail.missing.text() == history_words.PICTURE_NOT_KEPT


@pytest.mark.parametrize("content", [None, b"", b"no picture at all"])
def test_a_vanished_or_broken_picture_leaves_the_numbers(
    detail: CheckDetail, history: History, qtbot: QtBot, content: bytes | None
) -> None:
    check = keep(history, with_picture=True)
    assert check.picture is not None
    check.picture.picture.unlink()
    if content is not None:
        check.picture.picture.write_bytes(content)
    show(detail, check.row.id, qtbot)
    assert detail.missing.text() == history_words.PICTURE_GONE
    assert "12°" in detail.headline.text()


def test_what_is_written_is_told_once(detail: CheckDetail, history: History, qtbot: QtBot) -> None:
    check = keep(history, conditions=Conditions("shorts", None, "two\nlines"))
    show(detail, check.row.id, qtbot)
    with qtbot.assertNotEmitted(detail.edited):
        detail.note.editingFinished.emit()
    with qtbot.waitSignal(detail.edited) as edited:
        detail.arms.setCurrentIndex(2)
        detail.arms.activated.emit(2)
    assert edited.args == [check.row, Conditions("shorts", Arms.HANGING, "two\nlines")]
    detail.garment.clear()
    TEST.keyClicks(detail.garment, "leggings ")
    with qtbot.waitSignal(detail.edited) as edited:
        detail.garment.editingFinished.emit()
    assert edited.args[1].garment == "leggings"
    detail.put_conditions(check.row.id, Conditions("leggings"))
    assert detail.garment.text() == "leggings"
    detail.put_conditions(check.row.id + 1, Conditions("another's"))
    assert detail.garment.text() == "leggings"


def test_a_check_that_is_gone_is_an_error_and_no_crash(detail: CheckDetail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(detail.failed) as failed:
        detail.show_check(4711)
    assert isinstance(failed.args[0], CheckNotFound)
    assert detail.check_id is None


def test_only_the_newest_wish_is_shown(detail: CheckDetail, history: History, qtbot: QtBot) -> None:
    first, second = keep(history, 0), keep(history, 1)
    with qtbot.waitSignal(detail.shown) as shown:
        detail.show_check(first.row.id)
        detail.show_check(second.row.id)
    assert shown.args == [second.row.id]
    qtbot.wait(30)
    assert detail.check_id == second.row.id
    detail.clear()
    assert detail.check_id is None


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
    # 1.96 * sqrt(2 * (2.7 ** 2 + 0.5 ** 2 + 1.6 ** 2)) = 8.8, in whole degrees.
    assert view.verdict.text() == (
        "No real change. The two are 3° apart. Between these two single pictures, less than 9° is "
        "no real change: so much can come from measuring twice and from standing on another day."
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
