"""Moving pictures of the exercises: only while they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QImage

from app.gui.exercises.pictures import ExercisePicture, loops
from app.history.diary import ExerciseId

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_every_exercise_has_pictures_that_can_be_read_and_words_for_them() -> None:
    assert set(loops()) == set(ExerciseId)
    for loop in loops().values():
        assert len(loop.frames) == len(loop.ms) > 1
        assert 0 <= loop.top < len(loop.frames)
        assert loop.alt.endswith(".")
        assert all(not QImage(str(path)).isNull() for path in set(loop.frames))


def test_it_moves_while_it_is_seen_and_not_paused(qtbot: QtBot) -> None:
    picture = ExercisePicture(320)
    qtbot.addWidget(picture)
    assert (picture.width(), picture.height()) == (320, 200)
    picture.show_exercise("glute_bridge")
    assert picture.is_moving
    assert picture.accessibleName() == loops()["glute_bridge"].alt
    first = picture.grab().toImage()
    qtbot.waitUntil(lambda: picture.grab().toImage() != first, timeout=5000)
    picture.hide()
    assert not picture.is_moving
    picture.show()
    assert picture.is_moving
    picture.set_paused(True)
    assert not picture.is_moving
    picture.set_paused(False)
    assert picture.is_moving


def test_a_still_one_shows_the_top_and_an_unknown_exercise_nothing(qtbot: QtBot) -> None:
    picture = ExercisePicture(160, is_still=True)
    qtbot.addWidget(picture)
    picture.show_exercise("leg_lift")
    assert not picture.is_moving
    assert picture.isVisible()
    picture.show_exercise("")
    assert not picture.isVisible()
    assert not picture.has_picture


def test_without_the_files_there_are_no_pictures(tmp_path: Path) -> None:
    assert loops(tmp_path) == {}
