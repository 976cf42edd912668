"""The coach beside the GUI thread: no count is dropped, pauses lose nothing, sets are kept."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.exercises.sets import SetAtHand
from app.gui.exercises.camera import CoachSession, coach_look
from app.history.diary import CountedBy, PlannedExercise
from tests.app.gui.scripted_camera import Seen
from tests.app.gui.scripted_coach import (
    HOLD_S,
    POSE,
    SIZE_PX,
    Act,
    CoachScript,
    ScriptedCoach,
    acted,
)
from vision.camera.capture import Camera, CameraProblem
from vision.coach.events import (
    BodySighting,
    CoachCue,
    CoachedExercise,
    CoachMoment,
    CoachState,
    FinishedSet,
    FormFault,
    LegSide,
    Repetition,
)
from vision.overlay.shapes import Dot, Polyline, Role
from vision.pose.estimate import Joint

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.gui.background.camera import LiveFeed, LiveLook

FILMS = Path(__file__).parents[3] / "exercise_clips"
ASKED_PX = (1280, 720)
BRIDGE = CoachedExercise.GLUTE_BRIDGE


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> CoachScript:
    return CoachScript().install(monkeypatch)


def test_every_count_and_fault_reaches_the_page_though_pictures_are_dropped(
    qtbot: QtBot, feed: LiveFeed, script: CoachScript
) -> None:
    script.repeat(2).repeat(1, fault=True)
    session, seen = CoachSession(BRIDGE, 3), Seen[CoachMoment](feed)
    feed.follow(0, session, ASKED_PX)
    time.sleep(0.3)  # the GUI thread is away
    qtbot.waitUntil(lambda: session.finished is not None)
    qtbot.waitUntil(lambda: len(seen.moments) == 4)
    assert [m.repetitions for m in seen.moments if m.is_counted] == [1, 2, 3]
    assert [m.fault for m in seen.moments if m.fault] == [FormFault.NOT_HIGH_ENOUGH]
    assert seen.moments[-1].finished is session.finished
    assert len(seen.looks) < len(script.steps)
    assert session.counted == 3


def test_a_pause_of_the_camera_keeps_the_count_and_times_go_on_rising(
    qtbot: QtBot, feed: LiveFeed, script: CoachScript
) -> None:
    script.repeat(2)
    session, seen = CoachSession(BRIDGE, 3), Seen[CoachMoment](feed)
    feed.follow(0, session, ASKED_PX)
    qtbot.waitUntil(lambda: len(seen.moments) == 2)
    feed.stop()
    qtbot.waitUntil(lambda: script.on == 0)
    script.repeat(1)
    feed.follow(0, session, ASKED_PX)
    qtbot.waitUntil(lambda: session.finished is not None)
    coach = session._coach
    assert isinstance(coach, ScriptedCoach)
    times_ms, epochs = zip(*coach.times, strict=True)
    assert all(later > earlier for earlier, later in pairwise(times_ms))
    assert epochs[0] < epochs[-1]


@pytest.mark.parametrize(
    ("problem", "cue"),
    [
        (CameraProblem.BLACK, CoachCue.PICTURE_BLACK),
        (CameraProblem.FROZEN, CoachCue.PICTURE_FROZEN),
        (CameraProblem.LOST, CoachCue.NO_PICTURE),
    ],
)
def test_a_camera_in_trouble_is_told_and_counting_goes_on(
    qtbot: QtBot, feed: LiveFeed, script: CoachScript, problem: CameraProblem, cue: CoachCue
) -> None:
    script.repeat(1).trouble(problem)
    session, seen = CoachSession(BRIDGE, 2), Seen[CoachMoment](feed)
    feed.follow(0, session, ASKED_PX)
    qtbot.waitUntil(lambda: seen.problems == [problem])
    qtbot.waitUntil(lambda: seen.looks[-1].moment.cue is cue)
    assert seen.looks[-1].preview.isNull()
    assert seen.looks[-1].moment.state is CoachState.LOST
    script.repeat(1)
    qtbot.waitUntil(lambda: session.finished is not None)
    assert seen.problems == [problem, None]


def test_a_failure_in_the_coach_is_told_once_under_its_own_name(
    qtbot: QtBot, feed: LiveFeed, script: CoachScript, caplog: pytest.LogCaptureFixture
) -> None:
    script.breaks(ValueError("no number"))
    seen = Seen[CoachMoment](feed)
    feed.follow(0, CoachSession(BRIDGE), ASKED_PX)
    qtbot.waitUntil(lambda: bool(seen.errors))
    qtbot.waitUntil(lambda: script.on == 0)
    assert "The exercise coach failed" in caplog.text


def test_what_was_counted_can_be_had_before_the_end_and_stays_the_same(
    script: CoachScript,
) -> None:
    del script
    session = CoachSession(BRIDGE, 10)
    for _ in range(4):
        session.add(acted(Act.COUNT))
    finished = session.finish_now()
    assert len(finished.repetitions) == 4
    assert session.finish_now() is finished is session.finished


def sighting() -> BodySighting:
    return BodySighting(0.0, 0, POSE, SIZE_PX)


def moment(state: CoachState = CoachState.READY, side: LegSide | None = None) -> CoachMoment:
    return CoachMoment(0.0, state, None, side=side)


@pytest.mark.parametrize("side", list(LegSide))
def test_the_leg_that_works_is_drawn_over_the_other_one(side: LegSide) -> None:
    rgb = np.zeros((100, 64, 3), np.uint8)
    look = coach_look(rgb, sighting(), moment(side=side))
    lines = [shape for shape in look.shapes if isinstance(shape, Polyline)]
    assert [line.role for line in lines] == [Role.FAR_SIDE, Role.NEAR_SIDE]
    name = side.value.upper()
    wanted = [POSE.xy_px[Joint[f"{name}_{part}"]].tolist() for part in ("SHOULDER", "HIP", "KNEE")]
    assert [list(point) for point in lines[1].points_px[:3]] == wanted
    dots = [shape for shape in look.shapes if isinstance(shape, Dot)]
    assert [list(dot.centre_px) for dot in dots] == wanted
    assert look.size_px == SIZE_PX
    assert (look.preview.width(), look.preview.height()) == (64, 100)


def test_the_top_has_a_colour_of_its_own_and_an_empty_room_has_no_lines() -> None:
    rgb = np.zeros((100, 64, 3), np.uint8)
    top = coach_look(rgb, sighting(), moment(CoachState.TOP))
    assert any(shape.role is Role.BELT for shape in top.shapes)
    nobody = BodySighting(0.0, 0, None, SIZE_PX)
    assert coach_look(rgb, nobody, moment()).shapes == ()


def at_hand(
    exercise: str = "glute_bridge",
    name: str = "",
    side: str = "",
    before: FinishedSet | None = None,
) -> SetAtHand:
    planned = PlannedExercise(exercise, name, repetitions=10, hold_s=3.0, load="red band")
    return SetAtHand(planned, 1, side, before=before)


def test_a_set_that_the_camera_counted_is_kept_with_holds_and_faults() -> None:
    repetitions = tuple(Repetition(hold_s, 172.0) for hold_s in (2.0, 3.04, 9.0))
    faults = {FormFault.TOO_FAST: 2, FormFault.OVER_ARCHED: 0}
    finished = FinishedSet(BRIDGE, LegSide.LEFT, repetitions, faults)
    kept = at_hand().counted(finished)
    assert (kept.exercise, kept.repetitions, kept.hold_s) == ("glute_bridge", 3, 3.0)
    assert (kept.side, kept.load, kept.counted_by) == ("left", "red band", CountedBy.CAMERA)
    assert kept.faults == {"too_fast": 2}
    assert at_hand(side="right").counted(finished).side == "right"


def test_a_set_of_the_timer_is_kept_and_a_correction_is_the_persons() -> None:
    kept = at_hand("", "Clam", "left").timed(8, 3.0)
    assert (kept.exercise, kept.repetitions, kept.counted_by) == ("Clam", 8, CountedBy.TIMER)
    corrected = at_hand().timed(6, 3.0, is_corrected=True)
    assert corrected.counted_by is CountedBy.PERSON
    before = FinishedSet(BRIDGE, None, (Repetition(HOLD_S, 172.0),), {FormFault.TOO_FAST: 1})
    assert at_hand(before=before).timed(10, 3.0).faults == {"too_fast": 1}


def test_only_three_exercises_are_counted_by_a_camera() -> None:
    assert at_hand().exercise is BRIDGE
    assert at_hand("glute_squeeze").exercise is None
    assert at_hand("", "Clam").exercise is None
    assert at_hand("", "Clam").key == "Clam"
    assert (at_hand(side="left").leg, at_hand().leg) == (LegSide.LEFT, None)


def test_a_film_of_bridges_is_counted_and_drawn() -> None:
    session = CoachSession(BRIDGE, 10)
    view = session.open_view()
    looks: list[LiveLook[CoachMoment]] = []
    try:
        with Camera(FILMS / "bridge_3.mp4") as camera:
            for picture in camera:
                looks.append(session.see(picture, view.begin(picture).result()))
    finally:
        view.close()
    assert session.counted == 4
    assert any(shape.role is Role.BELT for look in looks for shape in look.shapes)
    assert at_hand().counted(session.finish_now()).repetitions == 4
