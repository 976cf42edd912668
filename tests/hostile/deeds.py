"""What is killed in its midst, each with what must hold afterwards.

A deed works in a folder that was copied from a template, and tells what it has done at the
moment at which a person would be told. Who looks opens the history as the next start does, and
returns what is wrong.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from app.history.exchange.backup import restore_backup, write_backup
from app.history.exchange.files import export_file, import_file
from app.history.place import Place, exists
from app.history.records import RowQuery
from app.history.store import History
from tests.app.history.made_up import new_check, new_squeeze, picture

Tell: TypeAlias = Callable[[str], object]
_EVERYBODY = RowQuery(None)
_EARLIER = Path(__file__).parents[1] / "data" / "earlier" / "history"
#: How many checks the templates have, and how many a process saves if nobody kills it.
_BASE, _SAVED = 8, 6
#: A database of some size takes a while to copy before its upgrade.
_FILLING_BYTES = 16 << 20
_FILLED, _EMPTY, _OLD, _NONE = "filled", "empty", "old", "none"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done, and looked at afterwards.

    Attributes
    ----------
    template
        What its folder is copied from.
    do
        Does it in a folder, and tells what is done.
    look
        Given the folder and what was told, returns what is wrong.
    """

    template: str
    do: Callable[[Path, Tell], object]
    look: Callable[[Path, list[str]], Iterator[str]]


def make_templates(folder: Path) -> None:
    """Make what the deeds begin with, and load all that they need."""
    for name in ("alembic.command", "alembic.config", "alembic.operations.batch", "platformdirs"):
        import_module(name)
    with History.open(_place(folder / _FILLED)) as history:
        me = history.default_profile().id
        for day in range(_BASE):
            history.save(new_check(me, day=day, rgb=picture()))
        history.save_squeeze(new_squeeze(me))
        write_backup(history, folder / _FILLED / "all.zip")
        export_file(history, folder / _FILLED / "all.json")
    with History.open(_place(folder / _EMPTY)):
        pass
    for name in ("all.zip", "all.json"):
        shutil.copy(folder / _FILLED / name, folder / _EMPTY / name)
    shutil.copytree(_EARLIER, _place(folder / _OLD).folder)
    with closing(sqlite3.connect(_place(folder / _OLD).database)) as raw:
        raw.execute("CREATE TABLE filling (it)")
        raw.execute(f"INSERT INTO filling VALUES (zeroblob({_FILLING_BYTES}))")
        raw.execute("DROP TABLE filling")
        raw.commit()
    (folder / _NONE).mkdir()


def _place(folder: Path) -> Place:
    return Place(folder / "data")


def _start(folder: Path, tell: Tell) -> None:
    with History.open(_place(folder)) as history:
        tell(history.default_profile().name)


def _look_at_start(folder: Path, told: list[str]) -> Iterator[str]:
    del told
    yield from _sound(folder, 0, set_aside=0)


def _save(folder: Path, tell: Tell) -> None:
    with History.open(_place(folder)) as history:
        me = history.default_profile().id
        for day in range(_SAVED):
            tell(str(history.save(new_check(me, day=day, rgb=picture())).row.id))


def _look_at_save(folder: Path, told: list[str]) -> Iterator[str]:
    yield from _sound(folder, None, set_aside=1)
    with History.open(_place(folder)) as history:
        ids = {str(row.id) for row in history.rows(_EVERYBODY, 0, 99)}
    lost = set(told) - ids
    if lost:
        yield f"told as kept and not there: {sorted(lost)}"
    # What was kept in the moment of the kill may be there untold.
    if not _BASE + len(told) <= len(ids) <= _BASE + len(told) + 1:
        yield f"{len(ids)} checks, of which {len(told)} were told"


def _upgrade(folder: Path, tell: Tell) -> None:
    with History.open(_place(folder)) as history:
        tell(str(history.count(_EVERYBODY)))


def _look_at_upgrade(folder: Path, told: list[str]) -> Iterator[str]:
    del told
    yield from _sound(folder, 8, set_aside=0, whole=False)
    copies = list(_place(folder).backups.glob("history-*"))
    if len(copies) != 1:
        yield f"copies from before the upgrade: {copies}"
    for copy in copies:
        with closing(sqlite3.connect(copy)) as raw:
            if raw.execute("SELECT count(*) FROM checks").fetchone() != (10,):
                yield "the copy from before the upgrade is not whole"


def _back_up(folder: Path, tell: Tell) -> None:
    with History.open(_place(folder)) as history:
        tell(str(write_backup(history, folder / "all.zip").checks))


def _look_at_backup(folder: Path, told: list[str]) -> Iterator[str]:
    del told
    with History.open(Place(folder / "restored")) as fresh:
        if restore_backup(fresh, folder / "all.zip").pictures != _BASE:
            yield "the backup is not whole"
    with History.open(_place(folder)) as history:
        write_backup(history, folder / "all.zip")
    yield from _sound(folder, _BASE, set_aside=0)


def _restore(folder: Path, tell: Tell) -> None:
    with History.open(_place(folder)) as history:
        tell(str(restore_backup(history, folder / "all.zip").pictures))


def _look_at_restore(folder: Path, told: list[str]) -> Iterator[str]:
    yield from _sound(folder, None, set_aside=1)
    with History.open(_place(folder)) as history:
        count = history.count(_EVERYBODY)
        if count not in ({_BASE} if told else {0, _BASE}):
            yield f"{count} checks were brought back"
        if told and len(_pictures(folder)) != 2 * _BASE:
            yield "told as brought back, with pictures missing"
        restore_backup(history, folder / "all.zip")
    yield from _sound(folder, _BASE, set_aside=0)


def _import(folder: Path, tell: Tell) -> None:
    with History.open(_place(folder)) as history:
        tell(str(import_file(history, folder / "all.json").checks))


def _look_at_import(folder: Path, told: list[str]) -> Iterator[str]:
    yield from _sound(folder, None, set_aside=0, whole=False)
    with History.open(_place(folder)) as history:
        count = history.count(_EVERYBODY)
        if count not in ({_BASE} if told else {0, _BASE}):
            yield f"{count} checks were taken in"
        import_file(history, folder / "all.json")
        if history.count(_EVERYBODY) != _BASE:
            yield "taking it in once more does not make it whole"


def _delete(folder: Path, tell: Tell) -> None:
    """Delete one check for a month, and all others but the last one for good, each by itself."""
    with History.open(_place(folder)) as history:
        names = _names_by_id(history)
        tell(f"bin {history.delete([1])}")
        for number in range(2, _BASE):
            history.purge(history.delete([number]))
            tell(f"{number} {names[number]}")


def _look_at_delete(folder: Path, told: list[str]) -> Iterator[str]:
    gone = dict(line.split() for line in told if not line.startswith("bin "))
    with History.open(_place(folder)) as history:
        for deletion in history.deletions():
            history.restore(deletion.name)
        listed = _names_by_id(history)
    yield from (f"{name} was deleted for good" for name in gone.values() if name in listed.values())
    if gone:
        yield from (f"{name} was deleted for good" for name in _pictures(folder, *gone.values()))
    # One may have gone untold in the moment of the kill; what was in the bin came back.
    if len(listed) not in {_BASE - len(gone), _BASE - len(gone) - 1}:
        yield f"{len(listed)} checks are left"
    yield from _sound(folder, len(listed), set_aside=0)


DEEDS = {
    "start": Deed(_NONE, _start, _look_at_start),
    "save": Deed(_FILLED, _save, _look_at_save),
    "upgrade": Deed(_OLD, _upgrade, _look_at_upgrade),
    "backup": Deed(_FILLED, _back_up, _look_at_backup),
    "restore": Deed(_EMPTY, _restore, _look_at_restore),
    "import": Deed(_EMPTY, _import, _look_at_import),
    "delete": Deed(_FILLED, _delete, _look_at_delete),
}


def _names_by_id(history: History) -> dict[int, str]:
    """Return the names of pictures by the numbers of their checks."""
    return {number: kept.picture.name for number, _, kept in history.kept_pictures()}


def _pictures(folder: Path, *names: str) -> list[str]:
    """Return the names of all picture files, or of those that begin like some."""
    found = [path.name for path in _place(folder).pictures.rglob("*") if path.is_file()]
    stems = tuple(name.removesuffix(".jpg") for name in names)
    return [name for name in found if not names or name.startswith(stems)]


def _sound(
    folder: Path, checks: int | None, *, set_aside: int, whole: bool = True
) -> Iterator[str]:
    """Open a history as the next start does, twice, and return what is wrong with it.

    Parameters
    ----------
    checks
        How many it must have, if that is known.
    set_aside
        How many pictures at most may have been set aside, a killed save's.
    whole
        Whether every check must have its picture, if that says it has one.
    """
    with History.open(_place(folder)) as history:
        count = history.count(_EVERYBODY)
        if checks not in (None, count):
            yield f"{count} checks instead of {checks}"
        for row in history.rows(_EVERYBODY, 0, 99) if whole else ():
            kept = history.check(row.id).picture
            if kept is not None and not exists(kept):
                yield f"check {row.id} has lost its picture"
            elif kept is not None:
                for path in (kept.picture, kept.thumbnail):
                    with Image.open(path) as image:
                        image.load()
    with History.open(_place(folder)) as history:
        yield from (f"told twice: {one}" for one in history.take_told())
    with closing(sqlite3.connect(_place(folder).database)) as raw:
        if raw.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            yield "the database is damaged"
        rows = raw.execute("SELECT file_name FROM pictures").fetchall()
    yield from _nothing_in(folder)
    known = {name for (first,) in rows for name in (first, first.replace(".jpg", "_small.jpg"))}
    aside = [path for path in _place(folder).pictures.rglob("set_aside/*") if path.is_file()]
    if len(aside) > 2 * set_aside:
        yield f"set aside: {aside}"
    strays = set(_pictures(folder)) - known - {path.name for path in aside}
    if strays and whole:
        yield f"pictures without a check: {sorted(strays)}"


def _nothing_in(folder: Path) -> Iterator[str]:
    """Return what nobody should find in a folder, once all programs have ended."""
    usual = {"history.sqlite3", "pictures", "backups"}
    with History.open(_place(folder)) as history:
        waits = bool(history.deletions()) or list(_place(folder).pictures.rglob("set_aside"))
    if waits:  # how long is kept there
        usual |= {path.name for path in _place(folder).folder.glob("waiting-*.json")}
    found = [*folder.rglob("*part*"), *folder.rglob("going-*")]
    found += [path for path in _place(folder).folder.iterdir() if path.name not in usual]
    yield from (f"left behind: {path.relative_to(folder)}" for path in sorted(set(found)))
