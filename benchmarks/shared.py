"""What several benchmarks use: tables, times, a film of somebody, many checks, a window."""

from __future__ import annotations

import math
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.result import Measured, Method

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from PyQt6.QtCore import QCoreApplication
    from PyQt6.QtWidgets import QApplication

    from app.gui.main_window import MainWindow
    from app.history.place import Place
    from app.history.store import History
    from vision.image.frame import Frame

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_images"
_STANDING_MAN = SAMPLES / "man_average_right_tilt8.jpg"
_FILM_SIZE_PX = 1280, 720
_NOISE_SD = 3.0
_JITTER_PX = 0.7
_APART_US = 15 * 60 * 1_000_000
_PATIENCE_S = 60.0
_GARMENTS = ("black leggings", "jeans", "shorts", "")


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a title and rows in columns; the first column to the left, others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    print(f"\n{title}")
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join(cells))


def verdict(value: float, target: float) -> str:
    """Return whether a value is at most its target."""
    return "met" if value <= target else "MISSED"


def judged(value: float, target: float, digits: int = 1) -> list[str]:
    """Return a value, the most it may be, its share of that, and the verdict, as cells."""
    return [
        f"{value:.{digits}f}", f"{target:g}", f"{value / target:.2f}", verdict(value, target),
    ]  # fmt: skip


def took_ms(part: Callable[[], object]) -> float:
    """Do something and return how long it took."""
    start_s = time.perf_counter()
    part()
    return (time.perf_counter() - start_s) * 1000


def fetch_masks(found: Any) -> None:
    """Fetch the masks of what MediaPipe has found, which it does not make before."""
    for mask in found.segmentation_masks or ():
        mask.numpy_view()


def cost_of(process: int) -> tuple[int, float]:
    """Return the memory that a process holds, bytes, and the processor's time it has used, s.

    From ``/proc``, so on Linux only.
    """
    # The name of the program, in brackets, may hold anything; what counts comes after it.
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), ticks / os.sysconf("SC_CLK_TCK")


def wait(
    app: QCoreApplication,
    is_done: Callable[[], bool],
    nap_s: float = 0.0005,
    patience_s: float = _PATIENCE_S,
) -> float:
    """Let the windows live until something is so; return their longest hold-up, ms."""
    start_s, longest_ms = time.perf_counter(), 0.0
    while not is_done():
        longest_ms = max(longest_ms, took_ms(app.processEvents))
        if time.perf_counter() - start_s > patience_s:
            raise TimeoutError("What was waited for did not come")
        time.sleep(nap_s)
    return longest_ms


def after(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so much time has gone by."""
    end_s = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end_s


def new_app() -> QApplication:
    """Return Qt's application in light colours, on a screen only where Qt is told of one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtWidgets import QApplication

    from app.gui.style.theme import Scheme, apply_scheme

    app = QApplication(["beltline"])
    apply_scheme(app, Scheme.LIGHT)
    return app


def new_window(
    folder: Path, name: str = "settings", *, warm_up: bool = True, **chosen: object
) -> MainWindow:
    """Return the window, with settings and a history in a folder, to be measured once for a check.

    Parameters
    ----------
    folder
        Holds the history.
    name
        The settings file's, without its ending.
    warm_up
        Whether to load ahead what pages need.
    chosen
        More settings.
    """
    from app.gui.background.history import HistoryHandle
    from app.gui.main_window import MainWindow
    from app.history.place import Place
    from app.history.store import History
    from app.settings import SettingsFile

    settings = SettingsFile(folder / f"{name}.json")
    for key, value in ({"live_repeats": 1} | chosen).items():
        setattr(settings.values, key, value)
    handle = HistoryHandle(lambda: History.open(Place(folder / "data")))
    return MainWindow(settings, handle, warm_up=warm_up)


def sample_pictures() -> list[Path]:
    """Return the sample pictures, in order."""
    return sorted(SAMPLES.glob("*.jpg"))


def write_standing(
    path: Path, seconds: float = 10.0, fps: float = 30.0, sample: Path = _STANDING_MAN
) -> Path:
    """Write a film of a sample person, with a sensor's noise and a stand's jitter."""
    width_px, height_px = _FILM_SIZE_PX
    rgb = load_frame(sample).rgb
    small_px = round(rgb.shape[1] * height_px / rgb.shape[0])
    small = cv2.resize(rgb, (small_px, height_px), interpolation=cv2.INTER_AREA)
    left = (width_px - small_px) // 2
    wide = cv2.copyMakeBorder(small, 0, 0, left, width_px - small_px - left, cv2.BORDER_REPLICATE)
    random = np.random.default_rng(0)
    shape = (height_px, width_px, 3)
    noise = [random.normal(0, _NOISE_SD, shape).astype(np.float32) for _ in range(8)]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, _FILM_SIZE_PX)
    for index in range(round(seconds * fps)):
        dx, dy = random.normal(0, _JITTER_PX, 2)
        moved = cv2.warpAffine(
            wide,
            np.array([[1, 0, dx], [0, 1, dy]]),
            _FILM_SIZE_PX,
            borderMode=cv2.BORDER_REPLICATE,
        )
        picture = np.clip(moved + noise[index % len(noise)], 0, 255).astype(np.uint8)
        film.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    film.release()
    return path


def measured_sample(*names: str) -> tuple[Frame, Measured]:
    """Return the first of these sample pictures that can be measured, and the measurement."""
    for path in [SAMPLES / name for name in names] or sample_pictures():
        frame = load_frame(path)
        result = measure_photo(frame)
        if isinstance(result, Measured):
            return frame, result
    raise SystemExit("There are no sample images that can be measured.")


def fill(
    place: Place,
    frame: Frame,
    result: Measured,
    count: int,
    marked_every: int = 10,
    people: int = 1,
) -> None:
    """Make a history of so many checks, a quarter of an hour apart, in no order.

    One check is kept as the program keeps it; the others are made like it by SQL, in a file that
    nobody has open, which takes a minute or two for a million. What the program knows of days
    beside them it works out when it opens the file, by its own means.

    Parameters
    ----------
    marked_every
        One in so many is by another method than the rest; none if it is 0.
    people
        Whose they are, by turns.
    """
    from app.history.store import History

    start = datetime(2020, 1, 1, tzinfo=UTC)
    with History.open(place) as history:
        owners = [history.default_profile().id]
        owners += [history.add_profile(f"Person {number}").id for number in range(1, people)]
        _save_first(history, frame, result, start)
    with closing(sqlite3.connect(place.database)) as raw:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            raw.execute(f"PRAGMA {setting}")
        first = raw.execute("SELECT * FROM checks")
        names = [column[0] for column in first.description]
        template = dict(zip(names, first.fetchone(), strict=True))
        rows = _rows_like(template, count, owners, marked_every)
        marks = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO checks VALUES ({marks})", map(tuple, rows))
        lengthy = [row[1] for row in raw.execute("PRAGMA table_info(details)")][1:]
        raw.execute(
            f"INSERT INTO details SELECT checks.id, {', '.join(lengthy)} FROM checks, "
            f"(SELECT {', '.join(lengthy)} FROM details WHERE check_id = {template['id']}) "
            f"WHERE checks.id > {template['id']}"
        )
        for table, key in (("details", "check_id"), ("checks", "id")):
            raw.execute(f"DELETE FROM {table} WHERE {key} = ?", (template["id"],))
        raw.execute("UPDATE about SET changes = changes + 1, days_rule = ''")
        raw.commit()
        raw.execute("PRAGMA journal_mode=WAL")
    History.open(place).close()


def _save_first(history: History, frame: Frame, result: Measured, start: datetime) -> None:
    from app.history.records import Arms, Conditions, NewCheck

    size_px = frame.width_px, frame.height_px
    owner = history.default_profile().id
    history.save(NewCheck(owner, start, result, size_px, Conditions("jeans", Arms.HANGING)))


def _rows_like(
    template: Mapping[str, Any], count: int, owners: Sequence[int], marked_every: int
) -> Iterator[Iterable[object]]:
    """Give so many rows of checks, with their columns in the template's order."""
    from app.history.values import search_text

    random = np.random.default_rng(7)
    order, noise_deg = random.permutation(count), random.normal(0, 2, count)
    for place, number in enumerate(order.tolist(), 1):
        garment = _GARMENTS[number % len(_GARMENTS)]
        note = f"note number {number}" if number % 3 == 0 else ""
        is_marked = marked_every > 0 and number % marked_every == 0
        row = {
            **template,
            "id": template["id"] + place,
            "uuid": f"{number:032x}",
            "profile_id": owners[number // len(_GARMENTS) % len(owners)],
            "taken_us": template["taken_us"] + number * _APART_US,
            "method": (Method.MARKED if is_marked else Method.CONTOUR).value,
            "angle_deg": 12 + 4 * math.sin(number / 900) + float(noise_deg[place - 1]),
            "garment": garment,
            "note": note,
            "search_text": search_text(garment, note),
        }
        yield row.values()
