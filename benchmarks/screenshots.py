"""The README's pictures of the window.

Every page with a made-up history of the sample people, in light and dark.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.shared import SAMPLES, after, measured_sample, new_window, wait, write_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from app.gui.main_window import MainWindow
    from app.history.store import History

    Shot = Callable[[str], None]

_PHOTO = "woman_slim_left_tilt11.jpg"
#: Days before the newest check, and how far the angle lay from the sample's, deg.
_CHECKS = ((210, 3.6), (182, 1.1), (150, 4.4), (119, 0.2), (91, 2.4), (60, -1.6), (28, 0.9))
_FIRST_SIZE_PX = 1180, 780
#: Somebody who stands still long enough to be measured once.
_FILM_S, _FILM_FPS = 9, 12
#: Days before today on which there were exercises.
_TRAINED = (61, 58, 54, 47, 44, 40, 33, 30, 26, 19, 16, 12, 9, 5, 2)
_BREAK_HOURS = (9, 11, 14, 16)


def screenshots(out: Path = Path("docs/window"), size: tuple[int, int] = _FIRST_SIZE_PX) -> None:
    """Take the README's pictures of the window, light and dark.

    Needs a screen, real or virtual (``Xvfb``).
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        os.environ["BELTLINE_CONFIG_DIR"] = name
        from app.gui.style.theme import Scheme, apply_scheme
        from app.history.place import Place
        from app.history.store import History
        from app.system.qt import create_app, keep_own_qt

        folder = Path(name)
        with History.open(Place(folder / "data")) as history:
            fill_checks(history)
            fill_diary(history)
        clip = write_standing(folder / "standing.mp4", _FILM_S, _FILM_FPS, SAMPLES / _PHOTO)
        keep_own_qt()
        app = create_app()
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            apply_scheme(app, scheme)
            silent = {"live_voice": False, "live_tones": False}
            window = new_window(folder, scheme.value, warm_up=False, **silent)
            window.resize(*size)
            window.show()
            shot = partial(_save, app, window, out, scheme.value)
            take(app, window, shot)
            take_habits(app, window, shot)
            take_live(app, window, clip, shot)
            window.close()


def fill_checks(history: History) -> None:
    """Keep a year of made-up checks."""
    from app.history.records import Arms, Conditions, NewCheck

    frame, result = measured_sample(_PHOTO)
    profile, size_px = history.default_profile(), (frame.width_px, frame.height_px)
    conditions, now = Conditions("black leggings", Arms.COLLAR_BONES), datetime.now().astimezone()
    for days, off_deg in _CHECKS:
        tilt = replace(result.tilt, angle_deg=result.tilt.angle_deg + off_deg)
        moved, taken_at = replace(result, tilt=tilt, contour=tilt), now - timedelta(days=days)
        history.save(NewCheck(profile.id, taken_at, moved, size_px, conditions, rgb=frame.rgb))


def fill_diary(history: History) -> None:
    """Keep two months of made-up exercises, breaks and self-checks."""
    from app.exercises.routine import usual_plan
    from app.history.diary import (
        Break,
        BreakKind,
        CountedBy,
        ExerciseSet,
        Screening,
        ScreeningOutcome,
        SelfCheck,
    )
    from app.history.records import Ability, SqueezeAnswers

    profile = history.default_profile()
    now = datetime.now().astimezone()
    history.note(profile.id, now - timedelta(days=12), Screening(ScreeningOutcome.CLEAR))
    noted: list[tuple[datetime, ExerciseSet | Break | SelfCheck]] = []
    for days in _TRAINED:
        at = (now - timedelta(days=days)).replace(hour=18, minute=5)
        for planned in usual_plan().exercises[:2]:
            wanted = planned.exercise, planned.repetitions, planned.hold_s
            noted += [(at, ExerciseSet(*wanted, counted_by=CountedBy.TIMER))] * planned.sets
    for days in range(1, 62):
        at = now - timedelta(days=days)
        if at.weekday() < 5:
            noted += [
                (at.replace(hour=hour, minute=20), Break(BreakKind.TAKEN, 4.0))
                for hour in _BREAK_HOURS[: 1 + (days * 7) % 4]
            ]
    answers = (Ability.NO, Ability.PARTLY, Ability.PARTLY, Ability.YES)
    for days, right in zip((60, 40, 19, 3), answers, strict=True):
        given = SqueezeAnswers(Ability.YES, Ability.PARTLY, right)
        noted.append((now - timedelta(days=days), SelfCheck(given)))
    history.note_all(profile.id, noted)


def _save(app: QApplication, window: MainWindow, out: Path, scheme: str, name: str) -> None:
    wait(app, after(0.9))
    window.grab().save(str(out / f"{name}_{scheme}.png"))


def take(app: QApplication, window: MainWindow, shot: Shot) -> None:
    """Save each page."""
    from app.gui.check.page import CheckState

    check = window.pages.check()
    window.show_page("check")
    shot("start")
    window.open_photo(str(SAMPLES / _PHOTO))
    wait(app, lambda: check.state is CheckState.MEASURED)
    shot("check")
    check.mark()
    shot("marking")
    check.edit.cancel_button.click()
    window.open_photo(str(SAMPLES / "woman_frontal.jpg"))
    wait(app, lambda: check.state is CheckState.REFUSED)
    shot("refused")
    window.show_page("history")
    model = window.pages.history().browser.model
    wait(app, lambda: model.rowCount() == len(_CHECKS))
    shot("history")
    window.show_page("settings")
    shot("settings")
    window.show_page("check")


def take_habits(app: QApplication, window: MainWindow, shot: Shot) -> None:
    """Save the pages about exercises and breaks."""
    from app.gui.exercises.page import Screen

    window.show_page("exercises")
    page = window.pages.exercises()
    wait(app, lambda: page.shown is Screen.HOME)
    shot("exercises")
    page.home.cards[1].open_button.click()
    shot("exercise")
    page.show_someone()
    shot("someone")
    window.show_page("sit_less")
    shot("sit_less")
    window.show_page("check")


def take_live(app: QApplication, window: MainWindow, clip: Path, shot: Shot) -> None:
    """Save the Live page before, while and after it measures."""
    from app.gui.live.page import PageState
    from vision.live.events import LiveState

    window.show_page("live")
    shot("live_start")
    page = window.pages.live()
    seen: list[LiveState] = []
    page.feed.arrived.connect(lambda look: seen.append(look.moment.state))
    window.open_live(str(clip))
    wait(app, lambda: LiveState.CAPTURING in seen)
    wait(app, after(1.6))
    shot("live")
    wait(app, lambda: page.state is PageState.RESULT)
    shot("live_result")
    page.keeping.delete_check()  # the next scheme finds the history as it was
    wait(app, after(0.9))
