"""Words that can be read from three metres, a picture as in a mirror, and what lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from app.gui.background.camera import LiveLook, look_at, preview
from app.gui.live import stage as live_paint
from app.gui.live.cards import LiveSetup
from app.gui.live.stage import LiveStage
from app.gui.picture.stage import letters_px
from app.gui.preferences import LivePreferences
from app.text import live
from tests import made_up_results
from tests.app.gui.kept_checks import TEST
from tests.vision.sightings import sighting
from vision.live.events import (
    FinishedCheck,
    Instruction,
    LiveState,
    Moment,
    SqueezeMoment,
    SqueezePhase,
    StillCapture,
)
from vision.live.session import LiveKind
from vision.result import Capture, Measured, TiltEstimate, VerticalSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from vision.live.events import AnyMoment

RED, BLUE = QColor(220, 20, 20), QColor(20, 20, 220)


def tilt(angle_deg: float = 12.0) -> TiltEstimate:
    return made_up_results.tilt(angle_deg, 4)


def look(moment: Moment | SqueezeMoment | None = None) -> LiveLook[AnyMoment]:
    """Return a picture that is red on the left and blue on the right."""
    rgb = np.empty((300, 400, 3), np.uint8)
    rgb[:, :200] = (220, 20, 20)
    rgb[:, 200:] = (20, 20, 220)
    moment = moment or Moment(0.0, LiveState.READY, None)
    return LiveLook(preview(rgb), (400, 300), (), moment)


@pytest.fixture
def stage(qtbot: QtBot) -> LiveStage:
    made = LiveStage()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def colour_at(stage: LiveStage, x: int, y: int) -> QColor:
    return stage.grab().toImage().pixelColor(x, y)


def test_the_picture_is_mirrored_for_the_eye_only_and_can_be_turned_back(stage: LiveStage) -> None:
    stage.show_look(look(Moment(0.0, LiveState.CAPTURED, None)))
    assert colour_at(stage, 100, 300) == BLUE
    stage.set_mirrored(False)
    assert colour_at(stage, 100, 300) == RED


@pytest.mark.parametrize(("height_px", "least_px"), [(280, 40), (480, 40), (720, 60), (1440, 120)])
def test_the_instruction_is_a_twelfth_of_the_stage_and_never_small(
    height_px: int, least_px: int
) -> None:
    assert letters_px(live_paint.INSTRUCTION, height_px) >= least_px


@pytest.mark.parametrize("instruction", list(Instruction))
def test_every_instruction_fits_on_a_narrow_stage(qtbot: QtBot, instruction: Instruction) -> None:
    del qtbot
    words = live.CUES[instruction].shown
    assert 1 <= len(words.split()) <= 5
    picture = QImage(480, 420, QImage.Format.Format_RGB32)
    picture.fill(RED)
    painter = QPainter(picture)
    live_paint.paint_instruction(painter, QRectF(0, 0, 480, 420), words, LiveState.ADJUST)
    painter.end()
    for y in range(0, 420, 3):
        assert picture.pixelColor(479, y).lightness() < 200, "no letter is cut at the edge"
    assert picture.pixelColor(240, 250) == RED, "and the body shows below"


def test_the_instruction_is_told_to_a_screen_reader(stage: LiveStage) -> None:
    stage.show_look(look(Moment(0.0, LiveState.ADJUST, Instruction.STEP_BACK)))
    assert stage.accessibleDescription() == stage.instruction == "Step back"
    stage.show_look(look(Moment(0.0, LiveState.READY, None)))
    assert stage.instruction == live.READY.shown


def test_the_number_does_not_flicker_between_two_degrees(stage: LiveStage) -> None:
    shown = set()
    for angle_deg in (12.4, 12.6, 12.45, 12.7, 12.3):
        stage.show_look(look(Moment(0.0, LiveState.READY, None, tilt(angle_deg))))
        assert stage.tilt is not None
        shown.add(stage.tilt.angle_deg)
    assert len(shown) == 1
    stage.show_look(look(Moment(0.0, LiveState.READY, None, tilt(18.0))))
    assert stage.tilt == made_up_results.tilt(18.0, 4.0)
    stage.show_look(look(Moment(0.0, LiveState.ADJUST, Instruction.STEP_BACK)))
    assert stage.tilt is None


@pytest.mark.parametrize(
    ("state", "is_guided"),
    [(LiveState.SEARCHING, True), (LiveState.ADJUST, True), (LiveState.CAPTURING, False)],
)
def test_the_frame_for_the_body_shows_until_all_is_well(
    stage: LiveStage, monkeypatch: pytest.MonkeyPatch, state: LiveState, is_guided: bool
) -> None:
    painted: list[object] = []
    monkeypatch.setattr(live_paint, "paint_guide", lambda *given: painted.append(given))
    stage.show_look(look(Moment(0.0, state, Instruction.STEP_BACK)))
    stage.grab()
    assert bool(painted) is is_guided


def test_repeats_progress_and_seconds_are_painted(
    stage: LiveStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[tuple[float, str]] = []
    dots: list[tuple[int, int]] = []
    monkeypatch.setattr(live_paint, "paint_ring", lambda p, b, *given: rings.append(given))
    monkeypatch.setattr(live_paint, "paint_dots", lambda p, b, *given: dots.append(given))
    holding = Moment(
        0.0, LiveState.CAPTURING, Instruction.HOLD, tilt(), progress=0.5, taken=1, wanted=3
    )
    stage.show_look(look(holding))
    stage.grab()
    assert (rings[-1], dots[-1]) == ((0.5, ""), (1, 3))
    squeezing = SqueezeMoment(
        t_ms=0.0,
        state=LiveState.CAPTURING,
        instruction=Instruction.SQUEEZE,
        tilt=tilt(),
        phase=SqueezePhase.SQUEEZED,
        round_number=2,
        seconds_left=2.5,
    )
    stage.show_look(look(squeezing))
    stage.grab()
    assert (rings[-1], dots[-1]) == ((0.5, "3"), (1, 3))


def test_a_real_sighting_is_drawn_with_body_and_angle(stage: LiveStage) -> None:
    seen = sighting()
    plain: LiveLook[AnyMoment] = LiveLook(
        preview(seen.frame.rgb), (640, 1000), (), Moment(0, LiveState.READY, None)
    )
    stage.show_look(plain)
    before = stage.grab().toImage()
    stage.show_look(look_at(seen, Moment(0, LiveState.READY, None, tilt())))
    assert stage.grab().toImage() != before


def test_keys_that_move_about_do_not_stop_it(qtbot: QtBot, stage: LiveStage) -> None:
    pressed: list[bool] = []
    stage.key_pressed.connect(lambda: pressed.append(True))
    for key in (Qt.Key.Key_Shift, Qt.Key.Key_Tab, Qt.Key.Key_Control):
        TEST.keyClick(stage, key)
    TEST.keyClick(stage, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert not pressed
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_X):
        TEST.keyClick(stage, key)
    assert len(pressed) == 3
    del qtbot


def test_the_set_up_tells_what_was_chosen(qtbot: QtBot) -> None:
    setup = LiveSetup(LivePreferences())
    qtbot.addWidget(setup)
    chosen: list[LivePreferences] = []
    setup.changed.connect(chosen.append)
    setup.mirror.click()
    setup.voice.click()
    setup.tones.click()
    setup.repeats.setCurrentIndex(4)
    setup.repeats.activated.emit(4)
    setup.squeeze.click()
    last = chosen[-1]
    assert (last.is_mirrored, last.has_voice, last.has_tones) == (False, False, False)
    assert (last.repeats, last.kind) == (5, LiveKind.SQUEEZE)
    assert not setup.repeats.isVisibleTo(setup)
    assert len(chosen) == 5


@pytest.mark.parametrize(
    ("vertical", "roll_deg", "said"),
    [
        (VerticalSource.FOUND, 0.3, live.LEVEL),
        (VerticalSource.FOUND, 3.2, "The camera is turned 3° clockwise; it is allowed for."),
        (VerticalSource.FOUND, -2.0, "The camera is turned 2° anticlockwise; it is allowed for."),
        (VerticalSource.ASSUMED, 0.0, live.LEVEL_ASSUMED),
    ],
)
def test_the_level_of_the_camera_is_said(
    vertical: VerticalSource, roll_deg: float, said: str
) -> None:
    assert live.level_sentence(Capture(3.0, roll_deg, vertical, 250.0, 1, 0.5)) == said


def test_one_capture_is_described_by_its_pictures() -> None:
    seen = sighting()
    assert isinstance(seen.result, Measured)
    capture = StillCapture(seen.result, seen.frame, 42, 0.3)
    words = live.describe_check(FinishedCheck((capture,), capture, None))
    assert words.value == "12° forward"
    assert "42 pictures" in words.lines[0]
    assert "under 1°" in words.lines[1]
    assert words.spoken == "Done. About 12 degrees forward, likely 7 to 17. You can relax."


def test_no_word_here_is_a_verdict() -> None:
    said = " ".join(str(value) for value in vars(live).values() if isinstance(value, str))
    said += " ".join(f"{cue.shown} {cue.spoken}" for cue in live.CUES.values())
    for word in ("diagnos", "abnormal", "weak", "corrected", "landmark", "psis"):
        assert word not in said.lower()
