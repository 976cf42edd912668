"""Take the README's pictures of the window: ``python -m benchmarks.screenshots --out docs/window``.

Needs a screen, real or virtual (``Xvfb``). Opens every page with a made-up history of the
sample people, in light and dark, and saves what it looks like.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.habit_shots import fill_diary, take_habits

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from app.gui.main_window import MainWindow
    from app.history.store import History
    from vision.result import Measured

_SAMPLES = Path(__file__).parents[1] / "sample_images"
_PHOTO = "woman_slim_left_tilt11.jpg"
#: Days before the newest check, and how far the angle lay from the sample's, deg.
_CHECKS = ((210, 3.6), (182, 1.1), (150, 4.4), (119, 0.2), (91, 2.4), (60, -1.6), (28, 0.9))
_FIRST_SIZE_PX = 1180, 780
#: Somebody who stands still long enough to be measured once.
_FILM_S, _FILM_FPS, _FILM_HEIGHT_PX = 9, 12, 720


def fill(history: History) -> None:
    """Keep a year of made-up checks."""
    from app.history.records import Arms, Conditions, NewCheck
    from vision.image.frame import load_frame
    from vision.pipeline import measure_photo
    from vision.result import Measured

    frame = load_frame(_SAMPLES / _PHOTO)
    result = measure_photo(frame)
    if not isinstance(result, Measured):
        raise SystemExit("The sample could not be measured.")
    profile = history.default_profile()
    conditions = Conditions("black leggings", Arms.COLLAR_BONES)
    for days, off_deg in _CHECKS:
        history.save(
            NewCheck(
                profile.id,
                datetime.now(UTC).astimezone() - timedelta(days=days),
                _moved(result, off_deg),
                (frame.width_px, frame.height_px),
                conditions,
                rgb=frame.rgb,
            )
        )


def _moved(result: Measured, off_deg: float) -> Measured:
    tilt = result.tilt
    other = replace(
        tilt,
        angle_deg=tilt.angle_deg + off_deg,
        low_deg=tilt.low_deg + off_deg,
        high_deg=tilt.high_deg + off_deg,
    )
    return replace(result, tilt=other, contour=other)


def film(path: Path) -> Path:
    """Write a film of a sample person; noise makes every picture a new one."""
    import cv2
    import numpy as np

    bgr = cv2.imread(str(_SAMPLES / _PHOTO))
    if bgr is None:
        raise SystemExit("The sample could not be read.")
    width_px = round(bgr.shape[1] * _FILM_HEIGHT_PX / bgr.shape[0] / 2) * 2
    small = cv2.resize(bgr, (width_px, _FILM_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    side_px = (round(_FILM_HEIGHT_PX * 16 / 9) - width_px) // 2
    wide = cv2.copyMakeBorder(small, 0, 0, side_px, side_px, cv2.BORDER_REPLICATE)
    size_px = wide.shape[1], wide.shape[0]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), _FILM_FPS, size_px)
    random = np.random.default_rng(1)
    for _ in range(_FILM_S * _FILM_FPS):
        writer.write(np.clip(wide + random.normal(0, 2, wide.shape), 0, 255).astype(np.uint8))
    writer.release()
    return path


def _wait(app: QApplication, until: Callable[[], bool], at_most_s: float = 30.0) -> None:
    from PyQt6.QtCore import QDeadlineTimer

    deadline = QDeadlineTimer(int(at_most_s * 1000))
    while not until() and not deadline.hasExpired():
        app.processEvents()


def _rest(app: QApplication, ms: int = 900) -> None:
    from PyQt6.QtCore import QDeadlineTimer

    deadline = QDeadlineTimer(ms)
    while not deadline.hasExpired():
        app.processEvents()


def take(app: QApplication, window: MainWindow, out: Path, scheme: str) -> None:
    """Save each page in one scheme."""
    from app.gui.check.page import CheckState

    def shot(name: str) -> None:
        _rest(app)
        window.grab().save(str(out / f"{name}_{scheme}.png"))

    check = window.pages.check()
    window.show_page("check")
    shot("start")
    window.open_photo(str(_SAMPLES / _PHOTO))
    _wait(app, lambda: check.state is CheckState.MEASURED)
    shot("check")
    check.mark()
    shot("marking")
    check.edit.cancel_button.click()
    window.open_photo(str(_SAMPLES / "woman_frontal.jpg"))
    _wait(app, lambda: check.state is CheckState.REFUSED)
    shot("refused")
    window.show_page("history")
    model = window.pages.history().browser.model
    _wait(app, lambda: model.rowCount() == len(_CHECKS))
    shot("history")
    window.show_page("settings")
    shot("settings")
    window.show_page("check")


def take_live(app: QApplication, window: MainWindow, clip: Path, out: Path, scheme: str) -> None:
    """Save the Live page before, while and after it measures."""
    from app.gui.live.page import PageState
    from vision.live.events import LiveState

    def shot(name: str) -> None:
        window.grab().save(str(out / f"{name}_{scheme}.png"))

    window.show_page("live")
    _rest(app)
    shot("live_start")
    page = window.pages.live()
    seen: list[LiveState] = []
    page.feed.arrived.connect(lambda look: seen.append(look.moment.state))
    window.open_live(str(clip))
    _wait(app, lambda: LiveState.CAPTURING in seen)
    _rest(app, 2500)
    shot("live")
    _wait(app, lambda: page.state is PageState.RESULT)
    _rest(app)
    shot("live_result")
    page.keeping.delete_check()  # the next scheme finds the history as it was
    _rest(app)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/window"))
    parser.add_argument("--size", type=int, nargs=2, default=_FIRST_SIZE_PX)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BELTLINE_CONFIG_DIR"] = folder
        from app.gui.background.history import HistoryDoor
        from app.gui.main_window import MainWindow
        from app.gui.style.theme import Scheme, apply_scheme
        from app.history.place import Place
        from app.history.store import History
        from app.settings import SettingsFile
        from app.system.qt import create_app, keep_own_qt

        place = Place(Path(folder) / "data")
        with History.open(place) as history:
            fill(history)
            fill_diary(history)
        clip = film(Path(folder) / "standing.avi")
        keep_own_qt()
        app = create_app()
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            apply_scheme(app, scheme)
            door = HistoryDoor(lambda: History.open(place))
            settings = SettingsFile(Path(folder) / f"{scheme}.json")
            settings.values.live_repeats = 1
            settings.values.live_voice = settings.values.live_tones = False
            window = MainWindow(settings, door, warm_up=False)
            window.resize(*arguments.size)
            window.show()
            take(app, window, arguments.out, scheme.value)
            take_habits(
                window,
                arguments.out,
                scheme.value,
                lambda: _rest(app),
                lambda until: _wait(app, until),
            )
            take_live(app, window, clip, arguments.out, scheme.value)
            window.close()


if __name__ == "__main__":
    main()
