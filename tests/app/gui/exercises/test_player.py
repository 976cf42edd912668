"""The exercise player as somebody on the floor meets it: by the clock and with a camera."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QStackedWidget, QWidget

from app.exercises import text
from app.exercises.timer import SetPhase
from app.gui.exercises import camera
from app.gui.exercises.cards import KEEP_AFTER_S
from app.gui.exercises.player import ExercisePlayer, PlayerState
from app.gui.preferences import ExercisePreferences
from app.gui.widgets.announcer import ExerciseAnnouncer
from app.history.diary import CountedBy, ExerciseId, ExerciseSet, PlannedExercise
from app.system.sound import Tone, Tones
from app.system.speech import Urgency, Voice
from app.text import live
from app.text.language import texts
from tests.app.gui.kept_checks import TEST
from tests.app.gui.live_home import Lock
from tests.app.gui.scripted_camera import NAME
from tests.app.gui.scripted_coach import HOLD_S, Act, CoachScript, acted
from vision.camera.capture import CameraProblem
from vision.coach.events import CoachCue, CoachMoment, CoachState, FormFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs

TIMEOUT_MS = 8000
BRIDGE = PlannedExercise(ExerciseId.GLUTE_BRIDGE, repetitions=3, hold_s=2.0, load="10 kg")
SQUEEZE = PlannedExercise(ExerciseId.GLUTE_SQUEEZE, repetitions=2)
OWN = PlannedExercise(name="Clam", repetitions=2)
WITH_CAMERA = ExercisePreferences(uses_camera=True, has_voice=False)
WITH_TIMER = ExercisePreferences(has_voice=False)


class RecordedVoice(Voice):
    """Writes down what it would say."""

    def __init__(self) -> None:
        super().__init__(is_muted=True)
        self.said: list[str] = []

    def say(self, text: str, urgency: Urgency) -> bool:
        del urgency
        self.said.append(text)
        return False


class Gym:
    """A player with everything round it."""

    def __init__(self, qtbot: QtBot, jobs: Jobs) -> None:
        self.qtbot, self.jobs, self.now_s = qtbot, jobs, 1000.0
        self.lock, self.voice = Lock(), RecordedVoice()
        self.remembered: list[ExercisePreferences] = []
        self.sets: list[ExerciseSet] = []
        self.hurt: list[str] = []
        self.left = 0

    def open(self, preferences: ExercisePreferences = WITH_TIMER) -> ExercisePlayer:
        player = self.player = ExercisePlayer(
            self.jobs,
            preferences,
            self.remembered.append,
            lock=self.lock,  # type: ignore[arg-type]
            voice=self.voice,
            clock=lambda: self.now_s,
        )
        player.set_done.connect(self.sets.append)
        player.hurts.connect(self.hurt.append)
        player.left.connect(self._leave)
        player.resize(900, 600)
        self.qtbot.addWidget(player)
        player.show()
        player.activateWindow()
        self.qtbot.waitUntil(player.isActiveWindow)  # keys reach an active window only
        return player

    def begin(self, planned: PlannedExercise = BRIDGE, sets_left: int = 2, side: str = "") -> None:
        self.player.start(planned, sets_left, side)
        self.player.setup.begin.click()

    def let_pass(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.5)):
            self.now_s += 0.5
            self.player.timer._advance()

    def wait_for(self, state: PlayerState) -> None:
        self.qtbot.waitUntil(lambda: self.is_at(state), timeout=TIMEOUT_MS)

    def is_at(self, state: PlayerState) -> bool:
        return self.player.state is state

    def wait_for_count(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: self.player.counted == count, timeout=TIMEOUT_MS)

    def _leave(self) -> None:
        self.left += 1


@pytest.fixture
def gym(qtbot: QtBot, jobs: Jobs, played: list[Tone]) -> Iterator[Gym]:
    made = Gym(qtbot, jobs)
    yield made
    made.player.close()
    del played


@pytest.fixture
def films(monkeypatch: pytest.MonkeyPatch) -> CoachScript:
    return CoachScript().install(monkeypatch)


# By the clock


def test_a_set_by_the_clock_is_led_said_and_kept_by_itself(gym: Gym, played: list[Tone]) -> None:
    player = gym.open()
    gym.begin(side="left")
    assert gym.is_at(PlayerState.RUNNING)
    assert player.timer.word == "Get ready"
    gym.let_pass(5.5)
    assert player.timer.word == text.PHASES[SetPhase.LIFT].shown
    gym.let_pass(2)
    assert player.timer.word == "Hold"
    gym.let_pass(15.5)
    assert gym.is_at(PlayerState.DONE)
    assert player.end_card.count.text() == "3 repetitions"
    assert gym.sets == []
    for _ in range(KEEP_AFTER_S):
        player.end_card._count_down()
    wanted = ExerciseSet("glute_bridge", 3, 2.0, "left", "10 kg", CountedBy.TIMER)
    assert gym.sets == [wanted]
    assert gym.is_at(PlayerState.KEPT)
    assert gym.voice.said[-1] == "Done. Three."
    assert {"One.", "Two."} <= set(gym.voice.said)
    assert played[-1] is Tone.DONE
    assert played.count(Tone.TICK) == 3


def test_fewer_than_the_timer_led_through_can_be_kept(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(23.5)
    player.end_card.fewer.click()
    player.end_card.less.click()
    assert player.end_card.keep.text() == "Keep 2 repetitions"
    player.end_card.keep.click()
    assert [(done.repetitions, done.counted_by) for done in gym.sets] == [(2, CountedBy.PERSON)]


def test_none_at_all_is_not_kept(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(23.5)
    player.end_card.fewer.click()
    player.end_card.number.setValue(0)
    assert not player.end_card.keep.isEnabled()
    player.end_card.discard.click()
    assert (gym.sets, gym.left) == ([], 1)


def test_pausing_and_going_on_with_the_space_bar_loses_no_time(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(6)
    timer = player.timer
    TEST.keyClick(timer, Qt.Key.Key_Space)
    assert gym.is_at(PlayerState.PAUSED)
    assert timer.word == text.PAUSED
    before_s = timer.timer.left_s
    gym.let_pass(60)
    TEST.keyClick(player.go_on_button, Qt.Key.Key_Space)
    assert gym.is_at(PlayerState.RUNNING)
    assert timer.timer.left_s == pytest.approx(before_s)


def test_a_computer_that_slept_finds_the_set_paused(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(6)
    gym.now_s += 3600
    player.timer._advance()
    assert gym.is_at(PlayerState.PAUSED)
    assert text.PAUSED_ASLEEP in player.timer.accessibleDescription()


def test_skipping_ahead_begins_at_once(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(0.5)
    player.skip.click()
    assert player.timer.word == "Lift"


def test_what_was_done_before_escape_is_offered_and_kept(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(11.5)
    TEST.keyClick(player.timer, Qt.Key.Key_Escape)
    assert gym.is_at(PlayerState.STOPPED)
    assert player.end_card.keep.text() == "Keep 1 repetition"
    player.end_card.keep.click()
    assert [done.repetitions for done in gym.sets] == [1]


def test_a_set_that_was_stopped_can_be_gone_on_with(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(11.5)
    player.stop()
    player.end_card.go_on.click()
    assert gym.is_at(PlayerState.RUNNING)
    gym.let_pass(12)
    assert gym.is_at(PlayerState.DONE)


def test_nothing_done_is_nothing_to_keep(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    player.stop_button.click()
    assert text.NOTHING_DONE in player.end_card.text()
    player.end_card.again.click()
    assert gym.is_at(PlayerState.RUNNING)
    player.stop()
    TEST.keyClick(player, Qt.Key.Key_Escape)
    assert gym.left == 1
    assert gym.sets == []


def test_the_next_set_begins_without_a_hand(gym: Gym) -> None:
    player = gym.open()
    gym.begin(SQUEEZE)
    gym.let_pass(21.5)
    player.end_card.keep.click()
    player.start(SQUEEZE, 1, "")
    assert gym.is_at(PlayerState.RUNNING)
    assert player.sets.text() == text.LAST_SET
    player.stop()
    player.start(BRIDGE, 2, "")
    assert gym.is_at(PlayerState.SETUP)


@pytest.mark.parametrize(("sets_left", "later_s"), [(2, 60.0), (1, 3600.0)])
def test_a_set_that_is_begun_anew_or_much_later_asks_again(
    gym: Gym, sets_left: int, later_s: float
) -> None:
    player = gym.open()
    gym.begin(SQUEEZE)
    gym.let_pass(21.5)
    player.end_card.keep.click()
    gym.now_s += later_s
    player.start(SQUEEZE, sets_left, "")
    assert gym.is_at(PlayerState.SETUP)


def test_another_person_finds_the_player_at_rest_and_no_set_is_kept_twice(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(11.5)
    player.end()
    assert [done.repetitions for done in gym.sets] == [1]
    assert gym.is_at(PlayerState.SETUP)
    assert player.counted == 0
    player.end_card.keep.click()
    player.end()
    assert len(gym.sets) == 1


def test_an_exercise_of_ones_own_has_nothing_to_choose(gym: Gym) -> None:
    player = gym.open(WITH_CAMERA)
    player.start(OWN, 1, "right")
    assert not player.setup.camera.isVisible()
    assert text.NO_COUNTING in player.setup.text()
    assert "Clam" in player.setup.text()
    assert text.side_name("right") in player.setup.text()
    player.setup.begin.click()
    gym.let_pass(5)
    assert player.timer.word == "Go"
    gym.let_pass(8.5)
    player.end_card.keep.click()
    assert [(done.exercise, done.side) for done in gym.sets] == [("Clam", "right")]


@pytest.mark.parametrize("way", ["button", "key"])
def test_this_hurts_stops_everything_at_once(gym: Gym, way: str) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(12)
    if way == "button":
        assert player.hurts_button.isVisible()
        player.hurts_button.click()
    else:
        TEST.keyClick(player.timer, Qt.Key.Key_H)
    assert gym.hurt == ["glute_bridge"]
    assert gym.is_at(PlayerState.SETUP)
    gym.let_pass(60)
    assert gym.sets == []


def test_a_page_that_is_left_pauses(gym: Gym, qtbot: QtBot) -> None:
    player = gym.open()
    pages, other = QStackedWidget(), QWidget()
    qtbot.addWidget(pages)
    pages.addWidget(player)
    pages.addWidget(other)
    pages.show()
    gym.begin()
    assert gym.is_at(PlayerState.RUNNING)
    pages.setCurrentWidget(other)
    assert gym.is_at(PlayerState.PAUSED)
    pages.setCurrentWidget(player)
    assert gym.is_at(PlayerState.PAUSED)
    assert text.PAUSED_AWAY in player.timer.accessibleDescription()
    pages.removeWidget(player)
    player.setParent(None)


def test_a_set_that_is_begun_out_of_sight_waits(gym: Gym) -> None:
    player = gym.open()
    player.hide()
    player.start(BRIDGE, 1, "")
    player.begin()
    assert gym.is_at(PlayerState.SETUP)
    player.show()
    assert gym.is_at(PlayerState.RUNNING)


def test_closing_the_window_keeps_what_was_done(gym: Gym) -> None:
    player = gym.open()
    gym.begin()
    gym.let_pass(11.5)
    player.close()
    assert [done.repetitions for done in gym.sets] == [1]


def test_what_is_heard_can_be_switched_off_and_is_remembered(gym: Gym, played: list[Tone]) -> None:
    player = gym.open()
    player.tones_box.click()
    player.voice_box.click()
    gym.begin()
    gym.let_pass(12)
    assert played == []
    assert not gym.voice.is_muted
    assert gym.remembered[-1] == replace(WITH_TIMER, has_tones=False, has_voice=True)


def test_a_computer_without_a_voice_says_so_on_the_screen(gym: Gym) -> None:
    player = gym.open()
    gym.voice.found.emit(False)
    assert player.note.text() == live.NO_VOICE
    assert not player.voice_box.isEnabled()


# With a camera


def test_the_camera_counts_and_the_set_ends_by_itself(
    gym: Gym, films: CoachScript, played: list[Tone]
) -> None:
    films.do(Act.GONE, times=5).repeat(3)
    player = gym.open(WITH_CAMERA)
    gym.begin(side="right")
    gym.wait_for(PlayerState.KEPT)
    (done,) = gym.sets
    assert (done.repetitions, done.counted_by) == (3, CountedBy.CAMERA)
    assert (done.side, done.hold_s, done.load) == ("right", HOLD_S, "10 kg")
    assert not player.run.feed.is_on
    gym.qtbot.waitUntil(lambda: films.on == 0)
    assert gym.voice.said.count("One.") == gym.voice.said.count("Two.") == 1
    assert gym.voice.said[-1] == "Done. Three."
    assert played[-1] is Tone.DONE
    assert films.opened == [(0, camera.SIZE_PX)]


def test_somebody_who_gets_up_ends_the_set(gym: Gym, films: CoachScript) -> None:
    films.repeat(2).do(Act.LEAVE)
    gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for(PlayerState.KEPT)
    assert [done.repetitions for done in gym.sets] == [2]


def test_the_one_fault_is_shown_said_and_kept(gym: Gym, films: CoachScript) -> None:
    films.repeat(1, fault=True).rest(0.5)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for_count(1)
    words = texts().coach.faults[FormFault.NOT_HIGH_ENOUGH]
    gym.qtbot.waitUntil(lambda: player.stage.fault is FormFault.NOT_HIGH_ENOUGH)
    assert words.shown in player.stage.accessibleDescription()
    assert words.spoken in gym.voice.said
    films.rest(10)
    gym.qtbot.waitUntil(lambda: player.stage.fault is None, timeout=TIMEOUT_MS)
    player.stop()
    player.end_card.keep.click()
    assert [done.faults for done in gym.sets] == [{"not_high_enough": 1}]


def test_stopping_asks_about_what_was_counted(gym: Gym, films: CoachScript) -> None:
    films.repeat(2).rest(100)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for_count(2)
    TEST.keyClick(player.stage, Qt.Key.Key_Escape)
    assert gym.is_at(PlayerState.STOPPED)
    assert not player.run.feed.is_on
    assert player.end_card.keep.text() == "Keep 2 repetitions"
    player.end_card.discard.click()
    assert (gym.sets, gym.left) == ([], 1)


def test_a_pause_switches_the_camera_off_and_keeps_the_count(gym: Gym, films: CoachScript) -> None:
    films.repeat(2).rest(2)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for_count(2)
    player.pause_button.click()
    gym.qtbot.waitUntil(lambda: films.on == 0)
    assert player.stage.accessibleDescription() == text.PAUSED_CAMERA
    films.cut()
    films.repeat(1)
    player.go_on_button.click()
    gym.wait_for(PlayerState.KEPT)
    assert [done.repetitions for done in gym.sets] == [3]


@pytest.mark.parametrize("away", ["hidden", "minimised", "locked"])
def test_the_camera_is_off_while_nobody_can_see_the_page(
    gym: Gym, films: CoachScript, away: str
) -> None:
    films.rest(100)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.qtbot.waitUntil(lambda: films.on == 1)
    if away == "hidden":
        player.hide()
    elif away == "minimised":
        player.showMinimized()
    else:
        gym.lock.locked.emit()
    gym.qtbot.waitUntil(lambda: films.on == 0)
    assert gym.is_at(PlayerState.PAUSED)


def test_a_set_that_ended_just_when_the_page_was_left_is_kept_afterwards(
    gym: Gym, films: CoachScript
) -> None:
    films.repeat(2).rest(100)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for_count(2)
    player.pause()
    session = player.run.session
    assert session is not None
    session.add(acted(Act.LEAVE))
    player.go_on_button.click()
    assert gym.is_at(PlayerState.KEPT)
    assert [done.repetitions for done in gym.sets] == [2]
    assert not player.run.feed.is_on


def test_this_hurts_switches_the_camera_off(gym: Gym, films: CoachScript) -> None:
    films.repeat(1).rest(100)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for_count(1)
    TEST.keyClick(player.stage, Qt.Key.Key_H)
    assert gym.hurt == ["glute_bridge"]
    assert not player.run.feed.is_on
    assert gym.sets == []


def test_without_a_camera_the_timer_gives_the_pace(
    gym: Gym, monkeypatch: pytest.MonkeyPatch
) -> None:
    CoachScript().install(monkeypatch, name=None)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.qtbot.waitUntil(lambda: not player.uses_camera, timeout=TIMEOUT_MS)
    assert gym.is_at(PlayerState.RUNNING)
    assert text.NO_CAMERA in player.timer.accessibleDescription()
    assert gym.voice.said.count(text.NO_CAMERA) == 1
    gym.let_pass(23.5)
    assert gym.is_at(PlayerState.DONE)


def test_a_camera_that_fails_hands_its_count_to_the_timer(
    gym: Gym, films: CoachScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    films.repeat(2, fault=True).trouble(CameraProblem.LOST, 3)
    player = gym.open(WITH_CAMERA)
    player.run._patience.setInterval(50)
    gym.begin()
    gym.qtbot.waitUntil(lambda: not player.uses_camera, timeout=TIMEOUT_MS)
    assert player.timer.count == "2 of 3"
    gym.let_pass(11.5)
    player.end_card.keep.click()
    (done,) = gym.sets
    assert (done.repetitions, done.counted_by) == (3, CountedBy.TIMER)
    assert done.faults == {"not_high_enough": 2}
    del monkeypatch


def test_a_covered_lens_is_told_and_waited_for(gym: Gym, films: CoachScript) -> None:
    films.rest(0.2).trouble(CameraProblem.BLACK, 2)
    player = gym.open(WITH_CAMERA)
    player.run._patience.setInterval(30)
    gym.begin()
    words = texts().coach.cues[CoachCue.PICTURE_BLACK].shown
    gym.qtbot.waitUntil(lambda: words in player.stage.accessibleDescription(), timeout=TIMEOUT_MS)
    gym.qtbot.wait(80)
    assert player.uses_camera
    films.repeat(3)
    gym.wait_for(PlayerState.KEPT)


def test_the_person_may_go_on_with_the_timer(gym: Gym, films: CoachScript) -> None:
    films.repeat(1).rest(100)
    player = gym.open(WITH_CAMERA)
    gym.begin()
    gym.wait_for_count(1)
    player.use_timer.click()
    assert player.timer.count == "1 of 3"
    gym.qtbot.waitUntil(lambda: films.on == 0)


def test_nothing_is_switched_on_before_it_is_begun(gym: Gym, films: CoachScript) -> None:
    player = gym.open()
    player.start(BRIDGE, 2, "")
    player.setup.camera.click()
    gym.qtbot.waitUntil(lambda: player.setup.choice.combo.itemText(0) == NAME)
    assert films.opened == []
    assert gym.remembered[-1].uses_camera
    assert all(p in player.setup.places.text() for p in ("metres", "side"))
    player.setup.timer.click()
    assert not player.setup.choice.isVisible()


# What is heard


class Ears:
    """An announcer with a clock, and a voice that may be missing."""

    def __init__(self, has_voice: bool) -> None:
        self.now_s, self.said = 0.0, list[str]()
        voice = Voice(is_muted=True)

        def say(text: str, urgency: Urgency) -> bool:
            del urgency
            self.said.append(text)
            return has_voice

        voice.say = say  # type: ignore[method-assign]
        self.announcer = ExerciseAnnouncer(voice, Tones(), clock=lambda: self.now_s)

    def hear(self, cue: CoachCue | None, seconds: float, repetitions: int = 0) -> None:
        moment = CoachMoment(0.0, CoachState.READY, cue, repetitions=repetitions)
        for _ in range(round(seconds * 10)):
            self.announcer.follow(moment)
            self.now_s += 0.1


def test_what_is_not_done_is_said_again_ever_more_rarely(qtbot: QtBot, played: list[Tone]) -> None:
    ears = Ears(has_voice=True)
    ears.hear(CoachCue.LIE_ON_BACK, 60)
    assert ears.said == [texts().coach.cues[CoachCue.LIE_ON_BACK].spoken] * 4
    assert played == []
    del qtbot


def test_lifting_is_asked_for_once_and_then_only_of_who_rests(
    qtbot: QtBot, played: list[Tone]
) -> None:
    ears = Ears(has_voice=True)
    spoken = texts().coach.cues[CoachCue.LIFT].spoken
    ears.hear(CoachCue.LIFT, 2)
    for done in (1, 2, 3):
        ears.hear(None, 2, done)
        ears.hear(CoachCue.LIFT, 2, done)
    assert ears.said == [spoken]
    ears.hear(CoachCue.LIFT, 10, 3)
    assert ears.said == [spoken] * 2
    del qtbot, played


def test_without_a_voice_tones_count_and_mark_the_hold(qtbot: QtBot, played: list[Tone]) -> None:
    ears = Ears(has_voice=False)
    ears.hear(CoachCue.HOLD, 1)
    ears.hear(CoachCue.LOWER, 1)
    counted = CoachMoment(0.0, CoachState.READY, None, repetitions=1, is_counted=True)
    ears.announcer.count(counted)
    assert played == [Tone.COUNT_IN, Tone.READY, Tone.TICK]
    del qtbot
