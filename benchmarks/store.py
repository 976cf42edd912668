"""How fast the history is with very many checks, and what survives when a save is killed.

``python -m benchmarks store history|kill-saves|reminder-weeks|trend-line``
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import statistics
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import sqlalchemy as sa
import typer
from PIL import Image

from app.gui.history.news import read_news
from app.history.change.trend_line import read_line
from app.history.db.schema import checks, details, pictures
from app.history.errors import CheckNotFound
from app.history.place import Place, exists
from app.history.records import NewCheck, RowOrder, RowQuery
from app.history.store import History
from benchmarks.reminder import reminder_weeks
from benchmarks.shared import fill, judged, measured_sample, print_table, took_ms
from benchmarks.trend_line import trend_line
from vision.result import BONES_SD_DEG, Doubt, Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.image.frame import Frame

app = typer.Typer(no_args_is_help=True)
app.command("reminder-weeks")(reminder_weeks)
app.command("trend-line")(trend_line)

OPEN_TARGET_MS, TREND_TARGET_MS, FILTER_TARGET_MS, SAVE_TARGET_MS = 300.0, 300.0, 200.0, 20.0
MANY = 100_000
ROWS = 200
ROUNDS = 15
#: The longest time before a kill, s: some dozen saves, and opening before them.
LONGEST_S = 0.25
#: Every so many kills the process begins with an empty folder, so that kills while the
#: database is made are among them.
ANEW_EVERY = 50
#: What is counted when saves are killed, and what of it there must not be.
TOLD, FOUND = "checks told as saved", "checks found"
LOST, HALF, DAMAGED, STRAY, MISSING = WRONG = (
    "checks lost after they were told",
    "checks half written",
    "databases damaged",
    "picture files without a row",
    "rows without their picture files",
)

Folder = Annotated[Path | None, typer.Option(help="where to build it; removed afterwards")]


@app.command("history")
def history_speed(
    count: Annotated[int, typer.Option("--count", "--checks")] = MANY,
    people: Annotated[int, typer.Option(help="among whom they are shared out")] = 1,
    folder: Folder = None,
    keep: Annotated[
        Path | None, typer.Option(help="keep the database here, and use it again")
    ] = None,
) -> None:
    """Time the history with very many checks.

    All but one check in ten are by one method, which is the hardest case for the list and the
    trend. What was just opened is read once without its time being taken, so that Python's own
    loading does not count; each figure is a median over the rounds. Targets are by the clock;
    where other programs keep the machine busy, the time of the own CPU shows what is left of it
    without them. Filters are timed from the question to the answers that table and trend show,
    and each is another one than the one before, so that none is remembered.
    """
    frame, result = measured_sample()
    with tempfile.TemporaryDirectory(prefix="beltline-history-", dir=folder) as scratch:
        place = Place(keep or Path(scratch))
        built_s = 0.0
        if not place.database.exists():
            built = partial(fill, place, frame, result, count, people=people)
            built_s = took_ms(built) / 1000
        with History.open(place) as history:
            count = history.count(RowQuery(None))  # of a database that was there, not as asked
            rows = [row("open, and fill the page", lambda: open_page(place), OPEN_TARGET_MS)]
            rows += reading_rows(history)
            rows += filter_rows(history)
            rows += saving_rows(history, frame, result)
        size_mb = place.database.stat().st_size / 2**20
    print_table(
        f"{count:,} checks of {people} ({size_mb:.0f} MB, made in {built_s:.0f} s): milliseconds",
        ["what", "own CPU", "by the clock", "target", "of target", ""],
        rows,
    )


def row(
    name: str, part: Callable[[], object], target_ms: float | None = None, rounds: int = ROUNDS
) -> list[str]:
    """Return one line of the table: medians of this process's own work, and by the clock."""
    wall_ms, cpu_ms = [], []
    for _ in range(rounds):
        cpu_s = time.process_time()
        wall_ms.append(took_ms(part))
        cpu_ms.append(1000 * (time.process_time() - cpu_s))
    wall, cpu = statistics.median(wall_ms), f"{statistics.median(cpu_ms):.1f}"
    if target_ms is None:
        return [name, cpu, f"{wall:.1f}", "", "", ""]
    return [name, cpu, *judged(wall, target_ms)]


def open_page(place: Place) -> None:
    """Do what the history page does when it opens: count, first rows, trend, choices."""
    with History.open(place) as history:
        me = history.default_profile().id
        look(history, RowQuery(me))
        history.garments(me)


def look(history: History, query: RowQuery) -> None:
    """Read what table and trend show of a list, as the page does."""
    history.count(query)
    history.rows(query, 0, ROWS)
    read_news(history, query, Method.CONTOUR)


def reading_rows(history: History) -> list[list[str]]:
    """Time what only reads."""
    me = history.default_profile().id
    newest = RowQuery(me)
    contour = replace(newest, method=Method.CONTOUR)
    count = history.count(newest)

    def forgetting(read: Callable[[RowQuery], object]) -> None:
        history._trends._known.clear()
        read(contour)

    look(history, newest)
    orders = (
        *(RowOrder.MOST_FORWARD, RowOrder.METHOD, RowOrder.GARMENT, RowOrder.ARMS, RowOrder.NOTE),
    )
    return [
        row("trend, as it is painted first", lambda: forgetting(history.outline), TREND_TARGET_MS),
        row("trend, each check of it", lambda: forgetting(history.trend), rounds=5),
        row("what all say together", lambda: read_line(history, contour), rounds=5),
        row("count", lambda: history.count(newest)),
        *(
            row(f"{ROWS} rows at {share:.0%}", partial(history.rows, newest, first, ROWS))
            for share in (0.0, 0.5, 1.0)
            if (first := max(0, round(share * count) - ROWS)) >= 0
        ),
        *(
            row(
                f"{ROWS} rows by {order.value}, the middle",
                partial(history.rows, replace(newest, order=order), count // 2, ROWS),
                rounds=5,
            )
            for order in orders
        ),
    ]


def filter_rows(history: History) -> list[list[str]]:
    """Time what table and trend show of a part of the checks, never the same part twice."""
    every = RowQuery(history.default_profile().id)
    numbers = itertools.count(1)
    filters: dict[str, Callable[[int], RowQuery]] = {
        "another method": lambda _: replace(every, method=Method.MARKED),
        "one garment": lambda n: replace(every, garment=("jeans", "shorts", "")[n % 3]),
        "a text that few notes hold": lambda n: replace(every, text=f"number {90_000 + 3 * n}"),
        "a text that no note holds": lambda n: replace(every, text=f"nothing {n}"),
        "a text that many notes hold": lambda n: replace(every, text=f"number {10 + n % 30}"),
        "the last year": lambda n: replace(
            every, since=history.rows(every, 0, 1)[0].taken_at - timedelta(365, n)
        ),
    }

    def show(make: Callable[[int], RowQuery]) -> None:
        history._trends._known.clear()
        look(history, make(next(numbers)))

    return [
        row(f"filter: {name}", partial(show, make), FILTER_TARGET_MS, 9)
        for name, make in filters.items()
    ]


def saving_rows(history: History, frame: Frame, result: Measured) -> list[list[str]]:
    """Time what writes."""
    tilt = TiltEstimate(Method.CONTOUR, 12.0, Doubt(2.0, 1.0, BONES_SD_DEG))
    numbers = NewCheck(
        history.default_profile().id,
        datetime.now(UTC),
        replace(result, tilt=tilt),
        (frame.width_px, frame.height_px),
    )
    pictured = replace(numbers, rgb=frame.rgb)
    return [
        row("save, numbers only", lambda: history.save(numbers), SAVE_TARGET_MS, 100),
        row("save, with picture", lambda: history.save(pictured), rounds=25),
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
    start_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="beltline-kill-", dir=folder) as scratch:
        seen, in_a_save = kill_again_and_again(Path(scratch), kills)
    print_table(
        f"{kills} kills in {time.monotonic() - start_s:.0f} s, "
        f"{in_a_save} of them in the midst of a save",
        ["what", "count"],
        [[name, str(count)] for name, count in seen.items()],
    )
    raise typer.Exit(1 if any(seen[name] for name in WRONG) else 0)


def kill_again_and_again(folder: Path, kills: int) -> tuple[Counter[str], int]:
    """Return what was found after so many kills, and how many of them were in a save."""
    # Measured elsewhere: a process with MediaPipe's threads is not one to fork.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        _, result = pool.submit(measured_sample).result()
    seen = Counter(dict.fromkeys((TOLD, FOUND, *WRONG), 0))
    known: set[int] = set()
    place, in_a_save = Place(folder / "0"), 0
    for number in range(kills):
        if number % ANEW_EVERY == 0:
            shutil.rmtree(place.folder, ignore_errors=True)
            place, known = Place(folder / str(number)), set()
        confirmed, was_saving = kill_once(place, result)
        seen[TOLD] += len(confirmed)
        in_a_save += was_saving
        with History.open(place) as history:
            before, known = known, look_after(history, known, confirmed, seen)
            count_strays(history, seen)
        seen[FOUND] += len(known) - len(before)
    return seen, in_a_save


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


def look_after(
    history: History, known: set[int], confirmed: list[int], seen: Counter[str]
) -> set[int]:
    """Count what is wrong with the checks after a kill, and return the numbers of them all."""
    found = {row.id for row in history.rows(RowQuery(None, order=RowOrder.OLDEST), 0, 1_000_000)}
    for check_id in {*confirmed, *(found - known)}:
        try:
            check = history.check(check_id)
        except CheckNotFound:
            seen[LOST] += 1
            continue
        for path in (check.picture.picture, check.picture.thumbnail) if check.picture else ():
            seen[MISSING] += not is_whole(path)
    seen[LOST] += len(known - found)
    return found


def is_whole(path: Path) -> bool:
    """Tell whether a JPEG file is there and can be decoded."""
    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True


def count_strays(history: History, seen: Counter[str]) -> None:
    """Count rows without their other half, and files without a row."""
    with history._database.reading() as connection:
        whole = sa.select(sa.func.count()).select_from(checks.join(details))
        everything = sa.select(sa.func.count()).select_from(checks)
        seen[HALF] += (
            connection.execute(everything).scalar_one() - connection.execute(whole).scalar_one()
        )
        names = list(connection.execute(sa.select(pictures.c.file_name)).scalars())
        seen[DAMAGED] += connection.exec_driver_sql("PRAGMA quick_check").scalar_one() != "ok"
        seen[HALF] += bool(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
    kept = [history._files.kept(name) for name in names]
    seen[MISSING] += sum(not exists(picture) for picture in kept)
    wanted = {path for files in kept for path in (files.picture, files.thumbnail)}
    found = {path for path in history.place.pictures.rglob("*") if path.is_file()}
    seen[STRAY] += len(found - wanted)
