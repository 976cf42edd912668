"""How fast the history is with very many checks, and what survives when a save is killed.

``python -m benchmarks store history|kill-saves|reminder-weeks``
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import sqlalchemy as sa
import typer
from PIL import Image

from app.history.db.schema import checks, details, pictures
from app.history.errors import CheckNotFound
from app.history.place import Place, exists
from app.history.records import NewCheck, RowOrder, RowQuery
from app.history.store import History
from benchmarks.reminder import reminder_weeks
from benchmarks.shared import fill, judged, measured_sample, print_table
from vision.result import Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.image.frame import Frame

app = typer.Typer(no_args_is_help=True)
app.command("reminder-weeks")(reminder_weeks)

OPEN_TARGET_MS, TREND_TARGET_MS, SAVE_TARGET_MS = 300.0, 100.0, 20.0
ROWS = 200
ROUNDS = 15
#: The longest time before a kill, s: some dozen saves, and opening before them.
LONGEST_S = 0.25
#: Every so many kills the process begins with an empty folder, so that kills while the
#: database is made are among them.
ANEW_EVERY = 50

Folder = Annotated[Path | None, typer.Option(help="where to build it; removed afterwards")]


@app.command("history")
def history_speed(
    count: Annotated[int, typer.Option("--checks")] = 100_000, folder: Folder = None
) -> None:
    """Time the history with very many checks.

    All checks are one person's, and all but one in ten by one method, which is the hardest
    case for the list and the trend. What was just opened is read once without its time being
    taken, so that Python's own loading does not count; each figure is a median over the
    rounds. Targets are by the clock; where other programs keep the machine busy, the time of
    the own CPU shows what is left of it without them.
    """
    frame, result = measured_sample()
    scratch = Path(tempfile.mkdtemp(prefix="beltline-history-", dir=folder))
    place = Place(scratch)
    try:
        with History.open(place) as history:
            start = time.perf_counter()
            fill(history, frame, result, count)
            built_s = time.perf_counter() - start
            me = history.default_profile().id
            rows = reading_rows(history, me, count)
            rows += saving_rows(history, me, frame, result)
        rows.insert(
            0, row("open, and fill the page", took(lambda: open_page(place)), OPEN_TARGET_MS)
        )
        size_mb = place.database.stat().st_size / 2**20
    finally:
        shutil.rmtree(scratch)
    print_table(
        f"{count} checks ({size_mb:.0f} MB, added in {built_s:.0f} s): milliseconds",
        ["what", "own CPU", "by the clock", "target", "of target", ""],
        rows,
    )


@dataclass(frozen=True, slots=True)
class Took:
    """Medians over the rounds: by the clock, and of this process's own work."""

    wall_ms: float
    cpu_ms: float


def took(part: Callable[[], object], rounds: int = ROUNDS) -> Took:
    """Return how long a call takes."""
    wall_ms, cpu_ms = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        part()
        wall_ms.append(1000 * (time.perf_counter() - wall))
        cpu_ms.append(1000 * (time.process_time() - cpu))
    return Took(statistics.median(wall_ms), statistics.median(cpu_ms))


def row(name: str, found: Took, target_ms: float | None = None) -> list[str]:
    """Return one line of the table."""
    if target_ms is None:
        return [name, f"{found.cpu_ms:.1f}", f"{found.wall_ms:.1f}", "", "", ""]
    return [name, f"{found.cpu_ms:.1f}", *judged(found.wall_ms, target_ms)]


def open_page(place: Place) -> None:
    """Do what the history page does when it opens: count, first rows, trend, choices."""
    with History.open(place) as history:
        me = history.default_profile().id
        query = RowQuery(me)
        history.count(query)
        history.rows(query, 0, ROWS)
        history.methods(me)
        history.garments(me)
        history.trend(me, Method.CONTOUR)


def reading_rows(history: History, profile_id: int, count: int) -> list[list[str]]:
    """Time what only reads."""
    newest = RowQuery(profile_id)

    def first_look() -> None:
        history._trends._known.clear()
        history.count(newest)
        history.rows(newest, 0, ROWS)
        history.trend(profile_id, Method.CONTOUR)

    def trend_anew() -> None:
        history._trends._known.clear()
        history.trend(profile_id, Method.CONTOUR)

    def sorted_rows(query: RowQuery) -> Took:
        return took(lambda: history.rows(query, 0, ROWS), 5)

    first_look()
    found = [
        row(f"count, first {ROWS} rows and trend", took(first_look), OPEN_TARGET_MS),
        row("trend, read anew", took(trend_anew), TREND_TARGET_MS),
        row(
            "trend, nothing changed since",
            took(lambda: history.trend(profile_id, Method.CONTOUR)),
            TREND_TARGET_MS,
        ),
        row("count", took(lambda: history.count(newest))),
        row(f"last {ROWS} rows", took(lambda: history.rows(newest, count - ROWS, ROWS))),
    ]
    for name, query in {
        "rows by angle": replace(newest, order=RowOrder.MOST_FORWARD),
        "rows by garment": replace(newest, order=RowOrder.GARMENT),
        "rows by note": replace(newest, order=RowOrder.NOTE),
        "rows that hold a text": replace(newest, text="number 99"),
    }.items():
        found.append(row(name, sorted_rows(query)))
    return found


def saving_rows(
    history: History, profile_id: int, frame: Frame, result: Measured
) -> list[list[str]]:
    """Time what writes."""
    size_px = frame.width_px, frame.height_px
    now = datetime.now(UTC)
    tilt = TiltEstimate(Method.CONTOUR, 12.0, 8.0, 16.0)
    numbers = NewCheck(profile_id, now, replace(result, tilt=tilt), size_px)
    pictured = replace(numbers, rgb=frame.rgb)
    return [
        row("save, numbers only", took(lambda: history.save(numbers), 100), SAVE_TARGET_MS),
        row("save, with picture", took(lambda: history.save(pictured), 25)),
    ]


@app.command("kill-saves")
def kill_saves(kills: int = 1000, folder: Folder = None) -> None:
    """Kill a program again and again while it saves, and look at what is left; status 1 if bad.

    Each round a process opens the history and saves checks, every other one with a picture,
    and tells the number of each that was saved through a pipe before it begins the next. After
    a random time it is killed (``kill -9``). Then the database must open, hold every check
    whose number came through, each of them whole, and neither a picture file without a row nor
    a row without its files may be left. The process is a fork of this one, so that it saves
    within milliseconds; before it is forked no database is open here. Linux or macOS.
    """
    scratch = Path(tempfile.mkdtemp(prefix="beltline-kill-", dir=folder))
    start = time.perf_counter()
    try:
        tally = run(scratch, kills)
    finally:
        shutil.rmtree(scratch)
    wrong = {
        "checks lost after they were told": tally.lost,
        "checks half written": tally.half_written,
        "databases damaged": tally.damaged,
        "picture files without a row": tally.stray_files,
        "rows without their picture files": tally.missing_files,
    }
    print_table(
        f"{tally.kills} kills in {time.perf_counter() - start:.0f} s, "
        f"{tally.in_a_save} of them in the midst of a save",
        ["what", "count"],
        [
            ["checks told as saved", str(tally.confirmed)],
            ["checks found", str(tally.kept)],
            *([name, str(count)] for name, count in wrong.items()),
        ],
    )
    raise typer.Exit(1 if any(wrong.values()) else 0)


@dataclass(slots=True)
class Tally:
    """What was seen so far."""

    kills: int = 0
    confirmed: int = 0
    kept: int = 0
    lost: int = 0
    half_written: int = 0
    stray_files: int = 0
    missing_files: int = 0
    damaged: int = 0
    in_a_save: int = 0
    known: set[int] = field(default_factory=set)


def save_for_ever(place: Place, result: Measured, report: int) -> None:
    """Save checks until killed, and tell each number once it is saved."""
    rgb = np.full((400, 300, 3), 128, np.uint8)
    history = History.open(place)
    me = history.default_profile().id
    turn = 0
    while True:
        turn += 1
        new = NewCheck(me, datetime.now(UTC), result, (300, 400), rgb=rgb if turn % 2 else None)
        os.write(report, b"+")
        saved = history.save(new)
        os.write(report, f"{saved.row.id};".encode())


def kill_once(place: Place, result: Measured) -> tuple[list[int], bool]:
    """Let a process save, kill it, and return the numbers it told and whether it was saving."""
    receive, report = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.close(receive)
            save_for_ever(place, result, report)
        os._exit(1)
    os.close(report)
    time.sleep(random.uniform(0, LONGEST_S))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("The saving process failed by itself.")
    told = b""
    while part := os.read(receive, 1 << 16):
        told += part
    os.close(receive)
    numbers = told.replace(b"+", b"").split(b";")[:-1]
    return [int(number) for number in numbers], told.endswith(b"+")


def look(place: Place, confirmed: list[int], tally: Tally) -> None:
    """Open the history after a kill and count what is wrong with it."""
    with History.open(place) as history:
        rows = history.rows(RowQuery(None, order=RowOrder.OLDEST), 0, 1_000_000)
        new = {row.id for row in rows} - tally.known
        for check_id in {*confirmed, *new}:
            try:
                check = history.check(check_id)
            except CheckNotFound:
                tally.lost += 1
                continue
            for path in (check.picture.picture, check.picture.thumbnail) if check.picture else ():
                if not is_whole(path):
                    tally.missing_files += 1
        tally.lost += len(tally.known - {row.id for row in rows})
        tally.known = {row.id for row in rows}
        count_strays(history, tally)


def is_whole(path: Path) -> bool:
    """Tell whether a JPEG file is there and can be decoded."""
    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True


def count_strays(history: History, tally: Tally) -> None:
    """Count rows without their other half, and files without a row."""
    with history._database.reading() as connection:
        whole = sa.select(sa.func.count()).select_from(checks.join(details))
        everything = sa.select(sa.func.count()).select_from(checks)
        tally.half_written += (
            connection.execute(everything).scalar_one() - connection.execute(whole).scalar_one()
        )
        names = list(connection.execute(sa.select(pictures.c.file_name)).scalars())
        if connection.exec_driver_sql("PRAGMA quick_check").scalar_one() != "ok":
            tally.damaged += 1
        if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            tally.half_written += 1
    kept = [history._files.kept(name) for name in names]
    tally.missing_files += sum(not exists(picture) for picture in kept)
    wanted = {path for files in kept for path in (files.picture, files.thumbnail)}
    found = {path for path in history.place.pictures.rglob("*") if path.is_file()}
    tally.stray_files += len(found - wanted)


def run(folder: Path, kills: int) -> Tally:
    """Kill so many times."""
    # Measured elsewhere: a process with MediaPipe's threads is not one to fork.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        _, result = pool.submit(measured_sample).result()
    tally = Tally()
    place = Place(folder / "0")
    for number in range(kills):
        if number % ANEW_EVERY == 0:
            shutil.rmtree(place.folder, ignore_errors=True)
            place, tally.known = Place(folder / str(number)), set()
        confirmed, in_a_save = kill_once(place, result)
        tally.kills += 1
        tally.confirmed += len(confirmed)
        tally.in_a_save += in_a_save
        before = len(tally.known)
        look(place, confirmed, tally)
        tally.kept += len(tally.known) - before
    return tally
