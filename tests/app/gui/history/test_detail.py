"""One check in full."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.gui.history.detail import CheckDetail
from app.history.errors import CheckNotFound
from app.history.records import Arms, Conditions
from app.text import history as history_words
from app.text import measurement
from tests.app.gui.kept_checks import TEST, Opener, keep, measured
from vision.result import Posture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.history.store import History


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
    assert measurement.CONTOUR_EVIDENCE in detail.method.text()
    assert (detail.garment.text(), detail.note.text()) == ("grey shorts", "morning")
    assert detail.arms.currentText() == "hanging"
    assert "Trunk: leaning forward 3°" in detail.body.text()
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
