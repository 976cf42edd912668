"""Taking a picture with a countdown; films serve as cameras through the same code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from app.gui.background.jobs import Jobs
from app.gui.check import camera
from app.gui.check.camera import COUNTDOWNS_S, CameraShot, CameraStage, Shot, ShotState
from app.history.records import Check, CheckRow, Conditions
from app.system import sound
from app.system.sound import Tone, Tones, tone_wav
from app.text import check
from tests.app.gui import kept_checks
from tests.app.gui.outcomes import SAMPLE, pixels_of
from tests.made_up_results import tilt
from tests.vision.films import bar_length_px, write_film
from vision.camera.capture import CameraInfo, CameraProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.app.gui.outcomes import Cupboard
    from tests.app.gui.scripted_camera import Script


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "camera.avi", SAMPLE, frames=90)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Tone]:
    """Collect the tones in place of playing them."""
    heard: list[Tone] = []
    monkeypatch.setattr(
        Tones, "play", lambda self, tone: None if self.is_muted else heard.append(tone)
    )
    return heard


@pytest.fixture
def open_camera(
    qtbot: QtBot, jobs: Jobs, played: list[Tone]
) -> Iterator[Callable[..., CameraShot]]:
    made: list[CameraShot] = []

    def show(source: Path | None, **options: object) -> CameraShot:
        shot = CameraShot(jobs, source=source, **options)  # type: ignore[arg-type]
        qtbot.addWidget(shot)
        shot.resize(640, 480)
        shot.show()
        made.append(shot)
        return shot

    yield show
    for shot in made:
        assert shot.close_camera()


def wait_for(qtbot: QtBot, shot: CameraShot, state: ShotState) -> None:
    qtbot.waitUntil(lambda: shot.state is state, timeout=5000)


def hurry(shot: CameraShot, left_s: float = 0.3) -> None:
    """Let the countdown end sooner than in whole seconds."""
    shot._ends_s = monotonic() + left_s


def test_a_picture_is_taken_shown_and_kept(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path, played: list[Tone]
) -> None:
    shot = open_camera(film)
    wait_for(qtbot, shot, ShotState.LIVE)
    assert shot.is_camera_on
    shot.take_button.click()
    assert shot.stage.digits == "5"
    hurry(shot)
    wait_for(qtbot, shot, ShotState.TAKEN)
    assert not shot.is_camera_on, "the light is off once the picture is taken"
    assert shot.stage.digits == ""
    assert played[0] is Tone.TICK
    assert played[-1] is Tone.SHUTTER
    with qtbot.waitSignal(shot.kept) as caught:
        shot.keep_button.click()
    taken = caught.args[0]
    assert isinstance(taken, Shot)
    assert bar_length_px(taken.rgb) > 10, "a picture from the end of the countdown"
    assert taken.rgb[10, 0].min() > 200, "not mirrored: the bar begins at the left"
    assert datetime.now(UTC) - taken.taken_at < timedelta(minutes=1)


def test_a_picture_can_be_taken_again(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path
) -> None:
    shot = open_camera(film)
    wait_for(qtbot, shot, ShotState.LIVE)
    shot.take()
    hurry(shot)
    wait_for(qtbot, shot, ShotState.TAKEN)
    shot.retake_button.click()
    wait_for(qtbot, shot, ShotState.LIVE)
    assert shot.is_camera_on
    shot.keep()
    assert shot.state is ShotState.LIVE, "there is no picture to keep"


@pytest.mark.parametrize("seconds", COUNTDOWNS_S)
def test_it_counts_from_the_chosen_number(
    qtbot: QtBot,
    open_camera: Callable[..., CameraShot],
    film: Path,
    played: list[Tone],
    seconds: int,
) -> None:
    shot = open_camera(film, countdown_s=seconds, is_muted=True)
    wait_for(qtbot, shot, ShotState.LIVE)
    shot.take()
    assert shot.stage.digits == str(seconds)
    assert shot.stage.accessibleDescription() == str(seconds)
    hurry(shot, 1.5)
    qtbot.waitUntil(lambda: shot.stage.digits == "2")
    hurry(shot, 0.5)
    qtbot.waitUntil(lambda: shot.stage.digits == "1")
    shot.cancel()
    assert shot.state is ShotState.LIVE
    assert shot.stage.digits == ""
    assert not played, "muted"


def test_choices_are_told_to_be_remembered(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path
) -> None:
    shot = open_camera(film)
    with qtbot.waitSignal(shot.countdown_changed) as caught:
        shot.sound.click()
    assert caught.args == [5, True]
    shot.countdown.setCurrentIndex(2)
    with qtbot.waitSignal(shot.countdown_changed) as caught:
        shot.countdown.activated.emit(2)
    assert caught.args == [10, True]


def test_a_camera_pulled_out_while_it_counts_is_told(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], tmp_path: Path
) -> None:
    shot = open_camera(write_film(tmp_path / "short.avi", SAMPLE, frames=15))
    wait_for(qtbot, shot, ShotState.LIVE)
    shot.take()
    wait_for(qtbot, shot, ShotState.FAILED)
    assert shot.stage.digits == ""
    assert shot.stage.accessibleDescription() == str(CameraProblem.ENDED.error())
    assert not shot.is_camera_on
    qtbot.wait(200)
    assert shot.state is ShotState.FAILED, "the countdown has ended with it"
    shot.again_button.click()
    wait_for(qtbot, shot, ShotState.LIVE)


def test_a_camera_that_freezes_at_the_last_moment_is_told(
    qtbot: QtBot,
    open_camera: Callable[..., CameraShot],
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera, "_LATE_S", 0.1)
    shot = open_camera(film)
    wait_for(qtbot, shot, ShotState.LIVE)
    shot._feed.blockSignals(True)
    shot.take()
    hurry(shot, 0.0)
    wait_for(qtbot, shot, ShotState.FAILED)
    assert shot.stage.accessibleDescription() == str(CameraProblem.LOST.error())
    assert not shot.is_camera_on


def test_our_own_mistakes_are_told_as_a_lost_camera(
    qtbot: QtBot,
    open_camera: Callable[..., CameraShot],
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("no preview today")

    monkeypatch.setattr("app.gui.background.camera.preview", fail)
    shot = open_camera(film)
    wait_for(qtbot, shot, ShotState.FAILED)
    assert shot.stage.accessibleDescription() == str(CameraProblem.LOST.error())
    assert "no preview today" in caplog.text


@pytest.mark.parametrize("problem", [CameraProblem.BUSY, CameraProblem.MISSING, CameraProblem.LOST])
def test_a_camera_that_cannot_be_had_is_told_and_let_go(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], script: Script, problem: CameraProblem
) -> None:
    script.leave(0.5).trouble(problem)
    shot = open_camera(None)
    wait_for(qtbot, shot, ShotState.FAILED)
    assert shot.stage.accessibleDescription() == str(problem.error())
    assert not shot.is_camera_on
    qtbot.waitUntil(lambda: script.on == 0)
    script.leave(0.5)
    shot.again_button.click()
    wait_for(qtbot, shot, ShotState.LIVE)


@pytest.mark.parametrize("problem", [CameraProblem.BLACK, CameraProblem.FROZEN])
def test_a_picture_of_no_use_ends_the_count_and_the_next_one_of_use_is_shown(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], script: Script, problem: CameraProblem
) -> None:
    script.leave(0.5)
    shot = open_camera(None)
    wait_for(qtbot, shot, ShotState.LIVE)
    shot.take()
    script.trouble(CameraProblem.STALLED)
    qtbot.waitUntil(lambda: script.at == len(script.steps))
    qtbot.wait(50)
    assert shot.state is ShotState.COUNTING, "the next picture may come in time"
    script.trouble(problem)
    wait_for(qtbot, shot, ShotState.OPENING)
    assert shot.stage.digits == ""
    assert shot.stage.accessibleDescription() == str(problem.error())
    assert shot.is_camera_on
    script.leave(0.2)
    wait_for(qtbot, shot, ShotState.LIVE)


def test_no_camera_at_all_is_told(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: ())
    shot = open_camera(None)
    wait_for(qtbot, shot, ShotState.FAILED)
    assert shot.stage.accessibleDescription() == str(CameraProblem.NONE.error())


def test_with_several_cameras_one_can_be_chosen(
    qtbot: QtBot,
    open_camera: Callable[..., CameraShot],
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = CameraInfo(0, "Lid"), CameraInfo(2, "Desk")
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: known)
    shot = open_camera(None)
    opened: list[object] = []
    monkeypatch.setattr(shot._feed, "follow", lambda source, *_: opened.append(source))
    qtbot.waitUntil(lambda: opened == [0])
    assert shot.cameras.isVisible()
    shot.cameras.setCurrentIndex(1)
    shot.cameras.activated.emit(1)
    assert opened == [0, 2]
    shot.retake()
    qtbot.waitUntil(lambda: opened == [0, 2, 2])


def test_the_light_is_off_whenever_it_is_not_shown(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path
) -> None:
    shot = open_camera(film)
    wait_for(qtbot, shot, ShotState.LIVE)
    shot.take()
    shot.hide()
    assert not shot.is_camera_on
    assert shot.state is ShotState.OFF
    shot.show()
    wait_for(qtbot, shot, ShotState.LIVE)
    assert shot.stage.digits == ""


def test_cancel_leaves_the_camera(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path
) -> None:
    shot = open_camera(film)
    wait_for(qtbot, shot, ShotState.LIVE)
    with qtbot.waitSignal(shot.cancelled):
        shot.cancel_button.click()
    assert not shot.is_camera_on


def test_the_live_picture_is_a_mirror_and_the_taken_one_is_not(qtbot: QtBot) -> None:
    stage = CameraStage()
    qtbot.addWidget(stage)
    stage.resize(200, 200)
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    for x in range(50):
        for y in range(100):
            image.setPixelColor(x, y, Qt.GlobalColor.white)
    for is_mirrored, left in ((True, 0), (False, 255)):
        stage.show_image(image, is_mirrored)
        assert stage.grab().toImage().pixelColor(40, 100).red() == left


def test_digits_are_large_enough_for_three_metres(qtbot: QtBot) -> None:
    stage = CameraStage()
    qtbot.addWidget(stage)
    stage.resize(600, 400)
    stage.show_digits("10")
    shown = stage.grab().toImage()
    white = np.array(
        [
            [shown.pixelColor(x, y).lightness() > 250 for x in range(0, 600, 4)]
            for y in range(0, 400, 4)
        ]
    )
    rows = np.flatnonzero(white.any(axis=1))
    columns = np.flatnonzero(white.any(axis=0))
    assert 4 * (rows[-1] - rows[0]) > 120, "a third of the picture's height"
    assert columns[0] > 0
    assert columns[-1] < white.shape[1] - 1


def test_what_to_do_and_the_digits_stand_beside_the_picture(qtbot: QtBot) -> None:
    stage = CameraStage()
    qtbot.addWidget(stage)
    image = QImage(160, 90, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    for size in ((640, 480), (1000, 500), (300, 900), (240, 200)):
        stage.resize(*size)
        stage.show_image(image, is_mirrored=True)
        for digits in ("", "3", "10"):
            stage.show_digits(digits)
            shown = pixels_of(stage)
            left, top, right, bottom = (round(edge) for edge in stage.rooms().picture.getCoords())
            inside = shown[top + 2 : bottom - 2, left + 2 : right - 2]
            assert (inside == (255, 0, 0)).all()
            written = (shown != shown[-1, -1]).any(axis=2)
            written[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = False
            assert written.any()
            assert not written[-3:].any()
            assert not written[:, -3:].any()
    stage.show_digits("")
    stage.show_image(image, is_mirrored=False)
    assert stage.accessibleDescription() == "", "nothing is said of what was taken"
    assert stage.rooms().words.isEmpty()


def test_the_last_stance_shows_until_the_picture_is_taken(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path, cupboard: Cupboard
) -> None:
    plain = CheckRow(1, 1, datetime.now(UTC), tilt(), Conditions("shorts"), has_picture=False)
    me = cupboard.profiles()[0]
    last = Check(plain, me, plain.taken_at, kept_checks.measured(), kept_checks.SIZE_PX, None, None)
    cupboard._last = last
    shot = open_camera(film, service=cupboard)
    wait_for(qtbot, shot, ShotState.LIVE)
    assert shot.stage.ghost is not None
    assert "in shorts" in shot.stage.accessibleDescription()
    told: list[bool] = []
    shot.shows_last_changed.connect(told.append)
    shot.last.click()
    assert told == [False]
    assert shot.stage.ghost is None
    assert "shorts" not in shot.stage.accessibleDescription()
    shot.last.click()
    shot.take()
    assert not shot.last.isVisible()
    hurry(shot)
    wait_for(qtbot, shot, ShotState.TAKEN)
    assert shot.stage.accessibleDescription() == ""


def test_without_an_earlier_check_there_is_no_choice_to_make(
    qtbot: QtBot, open_camera: Callable[..., CameraShot], film: Path, cupboard: Cupboard
) -> None:
    shot = open_camera(film, service=cupboard)
    wait_for(qtbot, shot, ShotState.LIVE)
    assert not shot.last.isVisible()
    assert shot.stage.accessibleDescription() == check.CAMERA_CUE


def test_tones_are_sound_files_that_do_not_click() -> None:
    for tone in Tone:
        wav = tone_wav(tone)
        samples = np.frombuffer(wav[44:], "<i2")
        assert wav[:4] == b"RIFF"
        assert len(samples) == round(tone.value[1] * 44_100)
        assert abs(int(samples[0])) < 100
        assert abs(int(samples[-1])) < 1500
        assert samples.max() > 15_000


def test_a_tone_goes_to_the_systems_player(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = tmp_path / "heard"
    player = tmp_path / "paplay"
    player.write_text(f'#!/bin/sh\nhead -c 4 "$1" > "{heard}"\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(sound, "_PLAYERS", (("paplay",),))
    Tones(is_muted=True).play(Tone.TICK)
    qtbot.wait(50)
    assert not heard.exists()
    sounding = Tones()
    sounding.play(Tone.TICK)
    qtbot.waitUntil(lambda: heard.exists() and heard.read_bytes() == b"RIFF")


def test_without_a_player_the_system_beeps(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    beeps: list[bool] = []
    monkeypatch.setattr(sound, "_PLAYERS", ())
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(True))
    Tones().play(Tone.SHUTTER)
    assert beeps == [True]
