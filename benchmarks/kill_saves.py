"""Kills a program again and again while it saves checks, and looks at what is left.

From a clone, on Linux or macOS::

    python -m benchmarks.kill_saves [--kills 1000] [--folder FOLDER]

Each round a process opens the history and saves checks, every other one with a picture, and
tells the number of each that was saved through a pipe before it begins the next. After a
random time it is killed (``kill -9``). Then the database must open, hold every check whose
number came through, each of them whole, and neither a picture file without a row nor a row
without its files may be left. The process is a fork of this one, so that it saves within
milliseconds; before it is forked no database is open here.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
from PIL import Image

from app.history.db.schema import checks, details, pictures
from app.history.errors import CheckNotFound
from app.history.files import exists
from app.history.place import Place
from app.history.records import NewCheck, RowOrder, RowQuery
from app.history.store import History
from benchmarks.history import measured_sample
from benchmarks.table import print_table

if TYPE_CHECKING:
    from vision.result import Measured

#: The longest time before a kill, s: some dozen saves, and opening before them.
LONGEST_S = 0.25
#: Every so many kills the process begins with an empty folder, so that kills while the
#: database is made are among them.
ANEW_EVERY = 50


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


def main() -> None:
    """Print what was found; leave with 1 if anything was lost or left over."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where to do it; removed afterwards")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="beltline-kill-", dir=arguments.folder))
    start = time.perf_counter()
    try:
        tally = run(folder, arguments.kills)
    finally:
        shutil.rmtree(folder)
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
    raise SystemExit(1 if any(wrong.values()) else 0)


if __name__ == "__main__":
    main()
