"""How many words a result takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QAbstractButton, QLabel

from app.gui.check.page import CheckPage, CheckState
from app.history.comparison import Change
from tests.app.gui.check.check_pages import wait_for_answer
from tests.app.gui.outcomes import SAMPLES, Cupboard

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

#: Words beside each sample picture before there was anything to open and close (commit afcc1cc):
#: those of the result, and those of the whole page with its buttons and fields. Counted by
#: :func:`words_in`, without an earlier check to compare with, which then told most.
BEFORE = {
    "man_arms_forward_left_tilt17.jpg": (300, 328),
    "man_average_right_tilt8.jpg": (300, 329),
    "man_heavy_left_tilt5.jpg": (282, 311),
    "man_muscular_right_tilt14.jpg": (300, 329),
    "man_older_right_tilt-5.jpg": (335, 364),
    "man_slim_left_tilt11.jpg": (342, 371),
    "woman_average_right_tilt17.jpg": (346, 375),
    "woman_hanging_arm_right_tilt5.jpg": (331, 360),
    "woman_heavy_right_tilt20.jpg": (309, 338),
    "woman_loose_left_tilt8.jpg": (314, 343),
    "woman_older_left_tilt0.jpg": (310, 339),
    "woman_slim_left_tilt11.jpg": (298, 327),
    "woman_young_left_tilt25.jpg": (321, 350),
}
#: The same of refusals.
REFUSED_BEFORE = {"man_cut_at_thigh_right.jpg": (49, 58), "woman_frontal.jpg": (27, 36)}


def words_in(widget: QWidget) -> int:
    """Count the words that labels and buttons show, parted by white space."""
    shown: list[QLabel | QAbstractButton] = [
        *widget.findChildren(QLabel),
        *widget.findChildren(QAbstractButton),
    ]
    return sum(len(one.text().split()) for one in shown if one.isVisible())


def test_every_sample_is_counted() -> None:
    assert {path.name for path in SAMPLES.glob("*.jpg")} == {*BEFORE, *REFUSED_BEFORE}


@pytest.mark.parametrize("name", BEFORE)
def test_a_result_takes_at_most_half_the_words(
    qtbot: QtBot, page: CheckPage, cupboard: Cupboard, name: str
) -> None:
    page.open_photo(SAMPLES / name)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED
    answer = page.work.answer
    assert answer is not None
    of_result, of_page = BEFORE[name]
    for change in (None, Change(3.0, 9.0), Change(-13.6, 9.0)):
        cupboard.since_last = change
        page.work._compare(answer)
        assert 20 < words_in(page.result) <= of_result / 2
        assert words_in(page) <= of_page / 2


@pytest.mark.parametrize("name", REFUSED_BEFORE)
def test_a_refusal_takes_no_more_words_than_it_did(
    qtbot: QtBot, page: CheckPage, name: str
) -> None:
    page.open_photo(SAMPLES / name)
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.REFUSED
    of_result, of_page = REFUSED_BEFORE[name]
    assert words_in(page.result) <= of_result
    assert words_in(page) <= of_page
