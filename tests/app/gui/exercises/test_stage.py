"""What is said beside the picture of somebody on the floor: legible from afar, never cut."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtGui import QColor

from app.exercises import text
from app.exercises.timer import SetPhase
from app.gui.background.camera import LiveLook, nothing_seen, preview
from app.gui.exercises import stage as coach_paint
from app.gui.exercises.stage import CoachRooms, CoachStage, ExerciseTimer
from app.gui.picture.stage import letters_px
from app.history.diary import PlannedExercise
from app.text.language import texts
from tests.app.gui.outcomes import pixels_of
from vision.coach.events import CoachCue, CoachedExercise, CoachMoment, CoachState, FormFault

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RED, BLUE = QColor(220, 20, 20), QColor(20, 20, 220)
TOP = CoachMoment(0.0, CoachState.TOP, CoachCue.HOLD, None, 3, 10, 2.9, 5.0)


def look(moment: CoachMoment = TOP) -> LiveLook[CoachMoment]:
    """Return a picture that is red on the left and blue on the right."""
    rgb = np.empty((300, 400, 3), np.uint8)
    rgb[:, :200] = (220, 20, 20)
    rgb[:, 200:] = (20, 20, 220)
    return LiveLook(preview(rgb), (400, 300), (), moment)


@pytest.fixture
def stage(qtbot: QtBot) -> CoachStage:
    made = CoachStage()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def test_the_picture_is_mirrored_for_the_eye_only_and_can_be_turned_back(
    stage: CoachStage,
) -> None:
    stage.show_look(look())
    assert stage.grab().toImage().pixelColor(100, 320) == BLUE
    stage.set_mirrored(False)
    assert stage.grab().toImage().pixelColor(100, 320) == RED


@pytest.mark.parametrize(("height_px", "least_px"), [(260, 40), (600, 60), (1200, 120)])
def test_cue_and_count_are_large_on_every_stage(height_px: int, least_px: int) -> None:
    assert letters_px(coach_paint.CUE, height_px) >= least_px
    assert letters_px(coach_paint.COUNT, height_px) >= 1.5 * least_px
    assert letters_px(coach_paint.FAULT, height_px) >= 0.7 * least_px


def test_a_screen_reader_has_cue_count_and_fault(stage: CoachStage) -> None:
    stage.show_look(look())
    assert stage.accessibleDescription() == f"{texts().coach.cues[CoachCue.HOLD].shown}. 3 of 10"
    fault = FormFault.OVER_ARCHED
    stage.show_fault(CoachMoment(0.0, CoachState.MOVING, None, fault))
    assert texts().coach.faults[fault].shown in stage.accessibleDescription()


def test_a_fault_goes_after_some_seconds_and_when_the_pictures_fail(stage: CoachStage) -> None:
    for later in (
        look(CoachMoment(6000.0, CoachState.READY, CoachCue.LIFT)),
        nothing_seen(CoachMoment(10.0, CoachState.LOST, CoachCue.NO_PICTURE)),
    ):
        stage.show_look(look(CoachMoment(0.0, CoachState.READY, CoachCue.LIFT)))
        stage.show_fault(CoachMoment(0.0, CoachState.MOVING, None, FormFault.TOO_FAST))
        assert stage.fault is FormFault.TOO_FAST
        stage.show_look(later)
        assert stage.fault is None


def test_what_keeps_pictures_from_coming_is_said_in_their_place(stage: CoachStage) -> None:
    stage.show_look(nothing_seen(CoachMoment(0.0, CoachState.LOST, CoachCue.NO_PICTURE)))
    stage.show_problem("The cable is loose.")
    assert "The cable is loose." in stage.accessibleDescription()
    stage.show_look(look())
    assert "cable" not in stage.accessibleDescription()


@pytest.mark.parametrize(
    ("width_px", "height_px"), [(772, 480), (1100, 700), (480, 900), (320, 260)]
)
@pytest.mark.parametrize("cue", list(CoachCue))
def test_every_cue_and_fault_stands_beside_the_picture_and_is_not_cut(
    stage: CoachStage, cue: CoachCue, width_px: int, height_px: int
) -> None:
    stage.resize(width_px, height_px)
    stage.clearFocus()
    faults = list(FormFault)
    fault = faults[list(CoachCue).index(cue) % len(faults)]
    rgb = np.full((300, 400, 3), (220, 20, 20), np.uint8)
    moment = CoachMoment(0.0, CoachState.TOP, cue, None, 10, 12, 12.4, 30.0)
    stage.show_look(LiveLook(preview(rgb), (400, 300), (), moment))
    stage.show_fault(CoachMoment(0.0, CoachState.TOP, cue, fault))
    shown, picture = pixels_of(stage), stage.rooms().picture
    left, top, right, bottom = (round(edge) for edge in picture.getCoords())
    assert (shown[top + 2 : bottom - 2, left + 2 : right - 2] == (220, 20, 20)).all()
    written = (shown != shown[-1, -1]).any(axis=2)
    written[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = False
    assert written.any()
    for edge in (written[:2], written[-3:], written[:, :3], written[:, -3:]):
        assert not edge.any(), "no letter is cut at the edge"
    places = CoachRooms.of(stage.rooms())
    parts = places.cue, places.fault, places.count, places.hold
    assert not any(one.intersects(other) for one, other in combinations(parts, 2))


def test_every_state_has_a_word_and_a_colour_and_every_exercise_a_place() -> None:
    assert set(text.STATES) == set(coach_paint.STATE_COLOURS) == set(CoachState)
    for exercise in CoachedExercise:
        assert all(line.endswith(".") for line in text.CAMERA_PLACES[exercise])


@pytest.mark.parametrize("width_px", [320, 480, 1280])
@pytest.mark.parametrize("phase", list(SetPhase))
def test_the_timers_word_is_never_cut(qtbot: QtBot, width_px: int, phase: SetPhase) -> None:
    exercise = "glute_squeeze" if phase in (SetPhase.SQUEEZE, SetPhase.RELAX) else "glute_bridge"
    planned = PlannedExercise(exercise, repetitions=12, hold_s=3.0)
    timer = ExerciseTimer(clock=lambda: 0.0)
    qtbot.addWidget(timer)
    timer.resize(width_px, 300)
    timer.begin(planned)
    for _ in range(3):
        if timer.timer.step.phase is not phase:
            timer.skip()
    assert timer.word == text.PHASES[phase].shown
    picture = timer.grab().toImage()
    background = picture.pixelColor(3, 3)
    for y in range(3, 297, 2):
        for x in (2, width_px - 3):
            assert picture.pixelColor(x, y) == background


def test_numbers_are_said_as_words() -> None:
    assert [text.number_word(count) for count in (0, 3, 12, 20, 21)] == [
        *("None", "Three", "Twelve", "Twenty", "21"),
    ]
