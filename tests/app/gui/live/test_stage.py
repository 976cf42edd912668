"""Words that can be read from three metres, beside the picture, and never over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from app.gui.background.camera import LiveLook, look_at, preview
from app.gui.live import stage as live_paint
from app.gui.live.cards import LiveSetup
from app.gui.live.stage import LiveRooms, LiveStage
from app.gui.picture.stage import letters_px, share
from app.gui.preferences import LivePreferences
from app.text import live
from tests import made_up_results
from tests.app.gui.kept_checks import TEST
from tests.app.gui.outcomes import pixels_of
from tests.vision.sightings import sighting
from vision.live.events import (
    FinishedCheck,
    Instruction,
    LivePhase,
    LiveState,
    Moment,
    PhasedMoment,
    StillCapture,
)
from vision.live.session import LiveKind
from vision.overlay.shapes import Label, Role
from vision.result import Capture, Measured, TiltEstimate, VerticalSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from vision.live.events import AnyMoment

RED, BLUE = QColor(220, 20, 20), QColor(20, 20, 220)
#: Of the stage in windows of 900x600, 1280x800 and 1600x1200, of a tall one, and its least.
SMALLEST_WINDOWS_STAGE = 772, 538
STAGES = (SMALLEST_WINDOWS_STAGE, (850, 738), (1170, 1138), (560, 1250), (320, 280))
PICTURES = ((320, 180), (240, 180), (180, 320))


def tilt(angle_deg: float = 12.0) -> TiltEstimate:
    return made_up_results.tilt(angle_deg, 4)


def phased(instruction: Instruction, phase: LivePhase) -> PhasedMoment:
    return PhasedMoment(
        t_ms=0.0,
        state=LiveState.CAPTURING,
        instruction=instruction,
        tilt=made_up_results.tilt(3.0, 6.0),
        phase=phase,
        round_number=2,
        seconds_left=2.5,
        progress=0.5,
    )


def told(state: LiveState, instruction: Instruction | None, **more: float) -> Moment:
    tilted = made_up_results.tilt(3.0, 6.0)  # "likely 3 backward to 9 forward"
    wanted = {"taken": 1, "wanted": 3}
    return Moment(0.0, state, instruction, tilted, **wanted, **more)  # type: ignore[arg-type]


#: Something of every state, with the longest words.
MOMENTS: tuple[AnyMoment, ...] = (
    told(LiveState.SEARCHING, Instruction.STEP_INTO_VIEW),
    told(LiveState.ADJUST, Instruction.RAISE_FISTS),
    told(LiveState.READY, None),
    told(LiveState.READY, Instruction.STAND_STILL),
    told(LiveState.CAPTURING, Instruction.HOLD, progress=0.4),
    told(LiveState.CAPTURED, Instruction.MARCH),
    told(LiveState.CAPTURED, Instruction.DONE),
    phased(Instruction.SQUEEZE, LivePhase.SQUEEZED),
    phased(Instruction.ARCH_FURTHER, LivePhase.ARCHED),
    phased(Instruction.TUCK, LivePhase.TUCKED),
)


def look(moment: Moment | PhasedMoment | None = None) -> LiveLook[AnyMoment]:
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


@pytest.mark.parametrize(("width_px", "height_px"), STAGES)
@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda one: f"{one.state}-{one.instruction}")
def test_nothing_that_is_written_lies_over_the_picture_or_is_cut(
    stage: LiveStage,
    monkeypatch: pytest.MonkeyPatch,
    moment: AnyMoment,
    picture: tuple[int, int],
    width_px: int,
    height_px: int,
) -> None:
    monkeypatch.setattr(live_paint, "paint_guide", lambda *_: None)  # a frame, no words
    stage.show_last(None)
    stage.resize(width_px, height_px)
    rgb = np.full((picture[1], picture[0], 3), (220, 20, 20), np.uint8)
    stage.show_look(LiveLook(preview(rgb), picture, (), moment))
    stage.clearFocus()
    shown, rooms = pixels_of(stage), stage.rooms()
    left, top, right, bottom = (round(edge) for edge in rooms.picture.getCoords())
    assert (shown[top + 2 : bottom - 2, left + 2 : right - 2] == (220, 20, 20)).all()
    background = shown[-1, -1]
    written = (shown != background).any(axis=2)
    written[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = False
    assert written.any(), "something is said"
    assert not written[:2].any()
    assert not written[-3:].any()
    assert not written[:, -3:].any()
    assert not written[:, :3].any()
    assert not rooms.picture.intersects(rooms.words)
    parts = LiveRooms.of(rooms)
    assert not parts.instruction.intersects(parts.number)
    assert not parts.instruction.intersects(parts.progress)
    assert not parts.number.intersects(parts.progress)


@pytest.mark.parametrize("instruction", list(Instruction))
@pytest.mark.parametrize("picture", PICTURES)
def test_every_instruction_is_large_in_the_smallest_window(
    stage: LiveStage, instruction: Instruction, picture: tuple[int, int]
) -> None:
    words = live.CUES[instruction].shown
    assert 1 <= len(words.split()) <= 5
    stage.resize(*SMALLEST_WINDOWS_STAGE)
    stage.show_look(
        LiveLook(preview(np.zeros((*picture[::-1], 3), np.uint8)), picture, (), MOMENTS[0])
    )
    canvas = QImage(stage.size(), QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    room = LiveRooms.of(stage.rooms()).instruction
    live_paint.paint_instruction(painter, room, words, LiveState.ADJUST, stage.height())
    assert painter.font().pixelSize() >= 36
    painter.end()


def test_the_picture_takes_most_of_a_stage_of_its_own_shape_and_words_the_rest() -> None:
    for width_px, height_px in STAGES:
        box = QRectF(0, 0, width_px, height_px)
        for picture in PICTURES:
            rooms = share(box, QSizeF(*picture))
            assert box.contains(rooms.picture)
            assert box.contains(rooms.words)
            assert rooms.picture.width() / rooms.picture.height() == pytest.approx(
                picture[0] / picture[1]
            )
            area = rooms.words.width() * rooms.words.height()
            assert area >= 0.35 * width_px * height_px


def test_the_instruction_is_told_to_a_screen_reader(stage: LiveStage) -> None:
    stage.show_look(look(Moment(0.0, LiveState.ADJUST, Instruction.STEP_BACK)))
    assert stage.instruction == "Step back"
    assert stage.accessibleDescription() == f"Step back. {live.GUIDE}"
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
    painted: list[tuple[int, int, tuple[float, str] | None]] = []
    monkeypatch.setattr(live_paint, "paint_progress", lambda p, b, *given: painted.append(given))
    stage.show_look(look(told(LiveState.CAPTURING, Instruction.HOLD, progress=0.5)))
    stage.grab()
    stage.show_look(look(told(LiveState.ADJUST, Instruction.STEP_BACK)))
    stage.grab()
    stage.show_look(look(phased(Instruction.SQUEEZE, LivePhase.SQUEEZED)))
    stage.grab()
    assert list(dict.fromkeys(painted)) == [(1, 3, (0.5, "")), (1, 3, None), (1, 3, (0.5, "3"))]


@pytest.mark.parametrize(
    ("moment", "is_shown"),
    [
        (told(LiveState.SEARCHING, Instruction.STEP_INTO_VIEW), False),
        (told(LiveState.ADJUST, Instruction.TURN_SIDE_ON), False),
        (told(LiveState.READY, Instruction.STAND_STILL), False),
        (told(LiveState.CAPTURED, Instruction.MARCH), False),
        (told(LiveState.ADJUST, None), False),
        (told(LiveState.READY, None), True),
        (told(LiveState.CAPTURING, Instruction.HOLD), True),
        (told(LiveState.CAPTURED, Instruction.DONE), True),
        (phased(Instruction.TUCK, LivePhase.TUCKED), True),
    ],
)
def test_no_number_shows_while_what_is_asked_for_is_not_done(
    stage: LiveStage, moment: AnyMoment, is_shown: bool
) -> None:
    """Neither in the words nor in what is drawn on the body."""
    seen = look_at(sighting(), moment)
    stage.show_look(seen)
    assert (stage.tilt is not None) is is_shown
    roles = {shape.role for shape in seen.shapes}
    assert (Role.TILT in roles) is (Role.INTERVAL in roles) is is_shown
    assert not any(isinstance(shape, Label) for shape in seen.shapes)


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
        (
            VerticalSource.FOUND,
            3.2,
            "The camera is turned 3° clockwise. The number allows for that.",
        ),
        (
            VerticalSource.FOUND,
            -2.0,
            "The camera is turned 2° anticlockwise. The number allows for that.",
        ),
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
    assert words.lines == ("The middle of 42 pictures.",)
    assert words.spoken == "Done. About 12 degrees forward, likely 7 to 17. You can relax."


def test_no_word_here_is_a_verdict() -> None:
    said = " ".join(str(value) for value in vars(live).values() if isinstance(value, str))
    said += " ".join(f"{cue.shown} {cue.spoken}" for cue in live.CUES.values())
    for word in ("diagnos", "abnormal", "weak", "corrected", "landmark", "psis"):
        assert word not in said.lower()
