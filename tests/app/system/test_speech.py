"""The system's voice in a process of its own, and what is said when."""

from __future__ import annotations

import subprocess
import sys
from enum import Enum
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QLocale

from app.gui.widgets.announcer import Announcer
from app.system import speech_process
from app.system.sound import Tone, Tones
from app.system.speech import REPEAT_S, Urgency, Voice
from app.text.live import CUES, READY
from vision.live.events import Instruction, LiveState, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

#: Speaks by writing down what it should say; "quiet" comes when a line "enough" is said.
_SPEAKER = """
import sys
log = open(sys.argv[1], "a", buffering=1)
print("ready", flush=True)
for line in sys.stdin:
    log.write(line)
    if "enough" in line:
        print("quiet", flush=True)
log.write("end\\n")
"""
_DUMB = "print('none', flush=True)"


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard(tmp_path: Path) -> Callable[[], list[str]]:
    file = tmp_path / "heard"
    file.touch()
    return lambda: file.read_text().splitlines()


@pytest.fixture
def voice(qtbot: QtBot, tmp_path: Path, clock: Clock) -> Iterator[Voice]:
    program = (sys.executable, "-c", _SPEAKER, str(tmp_path / "heard"))
    made = Voice(program=program, clock=clock)
    with qtbot.waitSignal(made.found) as caught:
        made.start()
    assert caught.args == [True]
    yield made
    made.close()


def test_what_is_said_reaches_the_voice(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]]
) -> None:
    assert voice.say("Please step back.", Urgency.ADVICE)
    qtbot.waitUntil(lambda: heard() == ["say Please step back."])


def test_only_the_more_urgent_interrupts(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]]
) -> None:
    voice.say("Come closer.", Urgency.ADVICE)
    voice.say("Step back.", Urgency.ADVICE)
    voice.say("Turn.", Urgency.ADVICE)
    voice.say("Hold still, enough.", Urgency.TIMED)
    said = ["say Come closer.", "say Hold still, enough."]
    qtbot.waitUntil(lambda: heard() == said)
    qtbot.wait(50)
    assert heard() == said, "what waited was out of date"


def test_the_newest_that_waits_is_said_when_it_is_quiet(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]]
) -> None:
    voice.say("Come closer, enough.", Urgency.ADVICE)
    voice.say("Step back.", Urgency.ADVICE)
    voice.say("Turn.", Urgency.ADVICE)
    qtbot.waitUntil(lambda: heard() == ["say Come closer, enough.", "say Turn."])


def test_what_waited_for_too_long_is_not_said(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]], clock: Clock
) -> None:
    voice.say("Come closer.", Urgency.ADVICE)
    voice.say("Turn.", Urgency.ADVICE)
    clock.now_s += 10
    voice._fall_quiet()
    voice.say("Hold still.", Urgency.TIMED)
    qtbot.waitUntil(lambda: heard() == ["say Come closer.", "say Hold still."])


def test_the_same_is_not_said_again_within_six_seconds(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]], clock: Clock
) -> None:
    for _ in range(3):
        assert voice.say("Step back, enough.", Urgency.ADVICE)
        clock.now_s += REPEAT_S / 4
    qtbot.waitUntil(lambda: voice._saying is None)
    clock.now_s += REPEAT_S / 2
    voice.say("Step back, enough.", Urgency.ADVICE)
    qtbot.waitUntil(lambda: len(heard()) == 2)


def test_a_voice_that_never_falls_quiet_does_not_keep_others_silent(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.system.speech._PAUSE_S", 0.05)
    monkeypatch.setattr("app.system.speech._LETTERS_PER_S", 1000.0)
    voice.say("Come closer.", Urgency.ADVICE)
    voice.say("Turn.", Urgency.ADVICE)
    qtbot.waitUntil(lambda: heard() == ["say Come closer.", "say Turn."])


def test_muting_stops_at_once_and_speaks_again_later(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]]
) -> None:
    voice.say("Come closer.", Urgency.ADVICE)
    voice.set_muted(True)
    assert not voice.say("Hold still.", Urgency.RESULT)
    qtbot.waitUntil(lambda: heard() == ["say Come closer.", "stop"])
    voice.set_muted(False)
    assert voice.say("Turn.", Urgency.ADVICE)


def test_a_muted_voice_starts_nothing(qtbot: QtBot) -> None:
    voice = Voice(is_muted=True)
    voice.start()
    assert voice._process is None
    voice.close()
    del qtbot


def test_a_system_without_a_voice_says_so_and_nothing_else(qtbot: QtBot) -> None:
    voice = Voice(program=(sys.executable, "-c", _DUMB))
    with qtbot.waitSignal(voice.found) as caught:
        voice.start()
    assert caught.args == [False]
    assert not voice.say("Hold still.", Urgency.TIMED)
    voice.close()


@pytest.mark.parametrize(
    "program", [("/nowhere/speech",), (sys.executable, "-c", "raise SystemExit(3)")]
)
def test_a_voice_that_fails_leaves_tones(qtbot: QtBot, program: tuple[str, ...]) -> None:
    voice = Voice(program=program)
    voice.start()
    qtbot.wait(200)
    assert not voice.can_speak
    voice.close()


def test_the_process_is_told_which_language_is_spoken(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tells = "import sys; print('ready' if sys.argv[1:] == ['pseudo'] else 'none', flush=True)"
    monkeypatch.setattr("app.system.speech.spoken", lambda: "pseudo")
    voice = Voice(program=(sys.executable, "-c", tells))
    with qtbot.waitSignal(voice.found) as caught:
        voice.start()
    assert caught.args == [True]
    voice.close()


def test_another_language_is_not_read_by_an_english_voice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Speech:
        """Has one voice, which speaks English."""

        State = Enum("State", ["Ready", "Error"])

        def __init__(self, engine: str) -> None:
            self.engine, self.chosen = engine, QLocale("en_US")

        @staticmethod
        def availableEngines() -> list[str]:
            return ["mock", "one"]

        def state(self) -> Enum:
            return self.State.Ready

        def locale(self) -> QLocale:
            return self.chosen

        def setLocale(self, chosen: QLocale) -> None:
            self.chosen = chosen

        def availableLocales(self) -> list[QLocale]:
            return [QLocale("en_US"), QLocale("fr_FR")]

        def availableVoices(self) -> list[str]:
            return ["one"]

    module = ModuleType("PyQt6.QtTextToSpeech")
    vars(module)["QTextToSpeech"] = Speech
    monkeypatch.setitem(sys.modules, "PyQt6.QtTextToSpeech", module)
    chosen = {code: speech_process.open_speech(code) for code in ("en", "fr", "de")}
    assert {code: found and found.locale().name() for code, found in chosen.items()} == {
        "en": "en_US",
        "fr": "fr_FR",
        "de": None,
    }


def test_closing_ends_the_process(
    qtbot: QtBot, voice: Voice, heard: Callable[[], list[str]]
) -> None:
    voice.close()
    qtbot.waitUntil(lambda: heard() == ["end"])


def test_the_real_process_answers_quickly_and_says_nothing_on_its_own(qtbot: QtBot) -> None:
    del qtbot
    done = subprocess.run(
        [sys.executable, "-P", speech_process.__file__],
        input="say \nstop\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.split()[0] in (speech_process.READY, speech_process.NONE)


class Mouth(Voice):
    """Keeps what it is to say."""

    def __init__(self, can: bool) -> None:
        super().__init__(is_muted=True)
        self.can = can
        self.received: list[str] = []

    def say(self, text: str, urgency: Urgency) -> bool:
        del urgency
        if self.can:
            self.received.append(text)
        return self.can


class Ear(Tones):
    """Keeps what it is to play."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[Tone] = []

    def play(self, tone: Tone) -> None:
        self.played.append(tone)


def moment(instruction: Instruction | None, state: LiveState = LiveState.ADJUST) -> Moment:
    return Moment(0.0, state, instruction)


def test_each_instruction_is_said_when_it_comes_up(qtbot: QtBot, clock: Clock) -> None:
    del qtbot
    mouth, ear = Mouth(can=True), Ear()
    announcer = Announcer(mouth, ear, clock)
    for what in (Instruction.STEP_BACK, Instruction.STEP_BACK, Instruction.TURN_LEFT):
        announcer.follow(moment(what))
    announcer.follow(moment(None, LiveState.READY))
    announcer.follow(moment(Instruction.HOLD, LiveState.CAPTURING))
    cues = CUES[Instruction.STEP_BACK], CUES[Instruction.TURN_LEFT], READY, CUES[Instruction.HOLD]
    assert mouth.received == [cue.spoken for cue in cues]
    assert ear.played == [Tone.COUNT_IN], "words need no tone, the beginning has one"


def test_tones_stand_in_for_a_voice(qtbot: QtBot, clock: Clock) -> None:
    del qtbot
    ear = Ear()
    announcer = Announcer(Mouth(can=False), ear, clock)
    announcer.follow(moment(Instruction.STEP_BACK))
    announcer.follow(moment(None, LiveState.READY))
    announcer.follow(moment(Instruction.HOLD, LiveState.CAPTURING))
    announcer.say("Done.", Tone.DONE)
    assert ear.played == [Tone.ATTENTION, Tone.READY, Tone.COUNT_IN, Tone.DONE]
    announcer.follow(moment(Instruction.STEP_BACK))
    assert len(ear.played) == 4, "not again within six seconds"


def test_what_is_not_done_is_said_again_less_and_less_often(qtbot: QtBot, clock: Clock) -> None:
    del qtbot
    mouth = Mouth(can=True)
    announcer = Announcer(mouth, Ear(), clock)
    said_at: list[float] = []
    for second in range(120):
        before = len(mouth.received)
        announcer.follow(moment(Instruction.STEP_BACK))
        if len(mouth.received) > before:
            said_at.append(second)
        clock.now_s += 1
    assert said_at == [0, 8, 24, 56, 116]


def test_after_a_reset_the_same_is_new(qtbot: QtBot, clock: Clock) -> None:
    del qtbot
    mouth = Mouth(can=True)
    announcer = Announcer(mouth, Ear(), clock)
    announcer.follow(moment(Instruction.STEP_BACK))
    announcer.reset()
    announcer.follow(moment(Instruction.STEP_BACK))
    assert len(mouth.received) == 2
