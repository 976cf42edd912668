"""Saving what can be read of a damaged database into a fresh one beside it.

The damaged file stays as it is. It is copied first, so that nothing is ever written to it, and
read by SQLite as far as that gets, and page by page where it does not
(:mod:`app.history.db.damage.pages`). What is lost is taken from the copies of earlier days, where
one has it. Numbers, identities and the bin stay what they were, so that pictures find their checks.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import uuid
from collections import Counter, defaultdict
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from app.history import values
from app.history.check_record import CheckRecord, completed
from app.history.db.checks import insert_checks, insert_picture, record_of_rows
from app.history.db.damage.copies import copy_database
from app.history.db.damage.find import damage_in, open_for_reading
from app.history.db.damage.pages import rows_by_table
from app.history.db.damage.sound import UNFIT, US_LEAST, US_MOST, checked
from app.history.db.open import open_database
from app.history.db.profiles import LOST_NAME, mended_profile
from app.history.db.rows import KINDS, moment_in, record_from, values_of
from app.history.db.schema import (
    about,
    checks,
    details,
    diary,
    metadata,
    pictures,
    profiles,
    repeats,
    squeezes,
)
from app.history.diary_record import DiaryRecord, SqueezeRecord
from app.history.errors import BrokenDisk, FileIsThere, NothingToSave, of_disk
from app.history.exchange.daily import daily_copies
from app.history.place import EncodedPicture, PictureFiles, Place, make_private_file, size_of_jpeg
from app.history.records import LostRow, RowKind, Salvaged
from vision.result import Doubt, Method, TiltEstimate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.history.db.damage.pages import RawRow

_SmallRecord = TypeVar("_SmallRecord", SqueezeRecord, DiaryRecord)
_BLOCK = 200
_DAY_S = 24 * 3600
#: Where a file says how its letters are written, and the only way that Beltline writes them.
_ENCODING_AT, _UTF_8 = 56, b"\0\0\0\1"
_Row = dict[str, Any]
_SHOWN: dict[str, Any] = {"hidden_by": None, "hidden_us": None}


class _DamagedFile:
    """What a database file holds, as columns and values; nothing of it is sure.

    Parameters
    ----------
    path
        A file that nobody else has, or that nobody changes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns = {table.name: self._order_of(table) for table in metadata.sorted_tables}
        self._scanned: dict[str, dict[int, RawRow]] = {}
        if damage_in(path, is_thorough=True) is not None:
            self._scanned = rows_by_table(path, self._columns)

    def rows(self, table: sa.Table) -> dict[int, _Row]:
        """Return the rows of a table by their numbers, in the order of these."""
        found: dict[int, _Row] = {}
        with suppress(sqlite3.Error), closing(open_for_reading(self._path)) as raw:
            raw.row_factory = sqlite3.Row
            for row in raw.execute(f"SELECT rowid AS rowid_, * FROM {table.name}"):
                number = row["rowid_"]
                found[number] = _completed(table, number, _named(dict(row), table))
        for number, scanned in self._scanned.get(table.name, {}).items():
            if number not in found:
                found[number] = self._of_page(table, scanned)
        return dict(sorted(found.items()))

    def details_of(self, numbers: Sequence[int]) -> dict[int, _Row]:
        """Return the details of some checks; of all at once they would fill the memory."""
        found: dict[int, _Row] = {}
        scanned = self._scanned.get(details.name, {})
        with closing(open_for_reading(self._path)) as raw:
            raw.row_factory = sqlite3.Row
            for number in numbers:
                with suppress(sqlite3.Error):
                    wanted = f"SELECT rowid AS rowid_, * FROM {details.name} WHERE rowid = ?"
                    row = raw.execute(wanted, [number]).fetchone()
                    if row is not None:
                        found[number] = _completed(details, number, _named(dict(row), details))
                if number not in found and number in scanned:
                    found[number] = self._of_page(details, scanned[number])
        return found

    def numbers(self, table: sa.Table) -> set[int]:
        """Return the numbers of a table's rows."""
        found = set(self._scanned.get(table.name, ()))
        with suppress(sqlite3.Error), closing(open_for_reading(self._path)) as raw:
            found.update(row[0] for row in raw.execute(f"SELECT rowid FROM {table.name}"))
        return found

    def numbers_given(self) -> dict[str, int]:
        """Return the highest number that each table has given so far, where it is known."""
        with suppress(sqlite3.Error), closing(open_for_reading(self._path)) as raw:
            rows = raw.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
            return {name: seq for name, seq in rows if isinstance(seq, int)}
        return {}

    def _of_page(self, table: sa.Table, row: RawRow) -> _Row:
        values = zip(self._columns[table.name], row.values, strict=False)
        return _completed(table, row.number, {column.name: value for column, value in values})

    def _order_of(self, table: sa.Table) -> list[sa.Column[Any]]:
        """Return a table's columns in the file's order; upgrades have put the newest last."""
        names: list[str] = []
        with suppress(sqlite3.Error), closing(open_for_reading(self._path)) as raw:
            names = [row[1] for row in raw.execute(f"PRAGMA table_info({table.name})")]
        known = set(names) == set(table.c.keys())
        return [table.c[name] for name in names] if known else list(table.c)


def _named(row: _Row, table: sa.Table) -> _Row:
    """Give a column its own name, if just one has another."""
    del row["rowid_"]
    unknown, missing = set(row) - set(table.c.keys()), set(table.c.keys()) - set(row)
    if len(unknown) == len(missing) == 1:
        row[missing.pop()] = row.pop(unknown.pop())
    return row


def _completed(table: sa.Table, number: int, row: _Row) -> _Row:
    """Add what the file lacks and a row can be without, and make truths of numbers."""
    for column in table.c:
        name = column.name
        if name in ("id", "check_id") and table is not repeats:
            row[name] = number
        elif name not in row and column.nullable:
            row[name] = None
        elif name not in row and isinstance(column.type, sa.Text):
            row[name] = ""
        elif name not in row and column.server_default is not None:
            row[name] = 0
        if isinstance(column.type, sa.Boolean) and row.get(name) in (0, 1):
            row[name] = bool(row[name])
    return row


def salvage(place: Place, path: Path | None = None) -> Salvaged:
    """Save what can be read into a new file beside the damaged one.

    Parameters
    ----------
    place
        Where the damaged file lies; nothing is written to it.
    path
        Where to; None for a name of its own beside the damaged one.

    Raises
    ------
    HistoryError
        If there is no file, or nothing can be written.
    """
    if not place.database.is_file():
        raise NothingToSave(place.database)
    stamp = values.now().strftime("%Y%m%d-%H%M%S-%f")
    path = path or place.folder / f"history-saved-{stamp}.sqlite3"
    if path.exists():
        raise FileIsThere(path)
    for left in place.folder.glob(".saving-*"):  # by a program that was killed
        if values.now().timestamp() - left.stat().st_mtime > _DAY_S:
            shutil.rmtree(left, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".saving-", dir=place.folder) as folder:
            found = _DamagedFile(_copied(place.database, Path(folder) / "damaged.sqlite3"))
            fresh = Place(Path(folder) / "fresh")
            saved = _Saver(place, fresh).save(found)
            copy_database(fresh.database, path)
    except OSError as error:
        raise of_disk(error, place.folder) from None
    except sqlite3.Error:
        raise BrokenDisk(place.folder) from None
    return Salvaged(path, *saved)


def _copied(source: Path, target: Path) -> Path:
    """Copy a damaged file with what its log holds, page by page; without its log if need be."""
    make_private_file(target)
    try:
        with closing(open_for_reading(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error:  # not even its first page makes sense
        shutil.copyfile(source, target)
    with target.open("r+b") as stream:  # https://www.sqlite.org/fileformat2.html, section 1.3
        stream.seek(_ENCODING_AT)
        stream.write(_UTF_8)
    return target


class _Saver:
    """Fills a fresh database with what makes sense of others.

    Parameters
    ----------
    place
        Where the damaged one lies.
    fresh
        Where the fresh one is to lie.
    """

    def __init__(self, place: Place, fresh: Place) -> None:
        self._place, self._fresh = place, fresh
        self._identities: set[str] = set()
        self._numbers: dict[str, set[int]] = defaultdict(set)
        self._names: set[str] = set()
        self._counts: Counter[RowKind] = Counter()
        self._lost: dict[tuple[RowKind, int], LostRow] = {}
        self._takes_parts = False
        self._files = PictureFiles(place.pictures)

    def save(self, found: _DamagedFile) -> tuple[int, int, int, int, tuple[LostRow, ...]]:
        """Save what a file holds, and of what is lost in it what earlier copies hold.

        Returns
        -------
        tuple
            What :class:`Salvaged` has beside the path.
        """
        identity = self._identity(found)
        self._files = PictureFiles(self._place.pictures / identity)
        with closing(open_database(self._fresh)) as database:
            database.before_writing = lambda: None  # there is nothing of an earlier day
            with database.writing() as connection:
                connection.execute(about.update().values(uuid=identity))
                self._add(connection, found)
                own = sum(self._counts.values())
                for copy in daily_copies(self._place):
                    with suppress(sqlite3.Error, OSError):
                        self._add(connection, _DamagedFile(copy.path), is_copy=True)
                from_copies = sum(self._counts.values()) - own
                self._takes_parts = True
                self._add_checks(connection, found, is_copy=False)
                for name, number in found.numbers_given().items():
                    connection.exec_driver_sql(
                        "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?",
                        (number, name),
                    )
        kinds = RowKind.CHECK, RowKind.SQUEEZE, RowKind.ENTRY
        counts = [self._counts[kind] for kind in kinds]
        lost = sorted(self._lost.values(), key=lambda row: (row.kind, row.id))
        return counts[0], counts[1], counts[2], from_copies, tuple(lost)

    def _identity(self, found: _DamagedFile) -> str:
        """Return whose pictures these are: by itself, or by the only folder there is."""
        names = [row["uuid"] for row in found.rows(about).values()]
        with suppress(OSError):
            names += [path.name for path in self._place.pictures.iterdir()]
        for name in names:
            with suppress(ValueError, TypeError, AttributeError):
                return str(uuid.UUID(name))
        return str(uuid.uuid4())

    def _add(
        self, connection: sa.Connection, found: _DamagedFile, *, is_copy: bool = False
    ) -> None:
        for number, row in found.rows(profiles).items():
            self._add_person(connection, number, row)
        self._add_checks(connection, found, is_copy)
        self._add_small(connection, found, squeezes, SqueezeRecord, is_copy)
        self._add_small(connection, found, diary, DiaryRecord, is_copy)

    def _add_small(
        self,
        connection: sa.Connection,
        found: _DamagedFile,
        table: sa.Table,
        record_type: type[_SmallRecord],
        is_copy: bool,
    ) -> None:
        kind = KINDS[table.name]
        for number, row in found.rows(table).items():
            with self._noting_loss(kind, number, is_copy):
                record = checked(record_from(record_type, row))
                owner = self._owner(connection, row)
                if self._is_new(table, number, record.uuid):
                    more = _hidden(row) | {"id": number}
                    new = values_of(table, record, profile_id=owner, **more)
                    connection.execute(table.insert(), new)
                    self._count(kind, number)

    def _add_checks(self, connection: sa.Connection, found: _DamagedFile, is_copy: bool) -> None:
        rows = found.rows(checks)
        taken: dict[object, list[_Row]] = defaultdict(list)
        for row in found.rows(repeats).values():
            taken[row.get("check_id")].append(row)
        kept = found.rows(pictures)
        wanted = [number for number in rows if number not in self._numbers[checks.name]]
        for start in range(0, len(wanted), _BLOCK):
            block = wanted[start : start + _BLOCK]
            lengthy = found.details_of(block)
            for number in block:
                row = rows[number]
                with self._noting_loss(RowKind.CHECK, number, is_copy, row):
                    record, is_whole = _check_record(row, lengthy[number], taken[number])
                    if not (is_whole or self._takes_parts):
                        raise ValueError("an earlier copy may have it whole")
                    owner = self._owner(connection, row)
                    if self._is_new(checks, number, record.uuid):
                        beside = {record.uuid: _hidden(row) | {"id": number}}
                        insert_checks(connection, [(owner, record)], beside)
                        self._add_picture(connection, number, record.uuid, kept.get(number))
                        self._count(RowKind.CHECK, number)
                        if not is_whole:
                            self._lost[RowKind.PART, number] = LostRow(RowKind.PART, number)
        for number in found.numbers(details) - rows.keys():
            with self._noting_loss(RowKind.CHECK, number, is_copy):
                raise LookupError("details without their check")

    def _add_person(self, connection: sa.Connection, number: int, row: _Row) -> None:
        if number in self._numbers[profiles.name]:
            return
        known = mended_profile({"client_id": "", "birth_year": None, **row, "id": number})
        hidden = _hidden(row)
        if hidden["hidden_by"] is None and known["name"].casefold() in self._names:
            known["name"] = f"{LOST_NAME.format(number)} ({uuid.uuid4().hex[:8]})"
        if hidden["hidden_by"] is None:
            self._names.add(known["name"].casefold())
        day = None
        with suppress(ValueError, TypeError):
            day = date.fromisoformat(str(row.get("next_check_on")))
        new = {column.name: known.get(column.name) for column in profiles.c}
        connection.execute(profiles.insert(), new | hidden | {"next_check_on": day})
        self._numbers[profiles.name].add(number)

    def _owner(self, connection: sa.Connection, row: _Row) -> int:
        """Return the number of whose row it is; of a person who is gone, one stands for them."""
        number = row["profile_id"]
        if not isinstance(number, int) or not 0 < number < values.INT_MAX:
            raise ValueError("nobody's")
        if number not in self._numbers[profiles.name]:
            self._add_person(connection, number, {"name": None, "created_us": None})
        return number

    def _add_picture(
        self, connection: sa.Connection, number: int, identity: str, row: _Row | None
    ) -> None:
        """Note a check's picture, if it has one: by its row, or by the file that is there."""
        name = f"{identity}.jpg"
        if row is not None and isinstance(row["file_name"], str):
            name = row["file_name"]
        with suppress(OSError, ValueError):
            size_px = size_of_jpeg(self._files.kept(name).picture.read_bytes())
            insert_picture(connection, number, name, EncodedPicture(b"", b"", *size_px))
            return
        if row is not None and all(
            isinstance(row[side], int) for side in ("width_px", "height_px")
        ):
            size_px = row["width_px"], row["height_px"]
            insert_picture(connection, number, name, EncodedPicture(b"", b"", *size_px))

    def _is_new(self, table: sa.Table, number: int, identity: str) -> bool:
        """Tell whether neither a row's number nor its identity is there yet, and note both."""
        if number in self._numbers[table.name] or identity in self._identities:
            return False
        self._numbers[table.name].add(number)
        self._identities.add(identity)
        return True

    def _count(self, kind: RowKind, number: int) -> None:
        self._counts[kind] += 1
        self._lost.pop((kind, number), None)

    @contextmanager
    def _noting_loss(
        self, kind: RowKind, number: int, is_copy: bool, row: _Row | None = None
    ) -> Iterator[None]:
        """Note a row that makes no sense; one of an earlier copy was not lost just now."""
        try:
            yield
        except UNFIT:
            if not is_copy:
                self._lost[kind, number] = _lost_row(kind, number, row)


def _lost_row(kind: RowKind, number: int, row: _Row | None) -> LostRow:
    with suppress(*UNFIT):
        if row is not None:
            parts = (row[f"sd_{part}_deg"] for part in ("reading", "roll", "bones"))
            doubt = Doubt(*map(values.finite, parts))
            tilt = TiltEstimate(Method(row["method"]), values.finite(row["angle_deg"]), doubt)
            return LostRow(kind, number, moment_in(row, "taken"), tilt)
    return LostRow(kind, number)


def _check_record(row: _Row, lengthy: _Row, taken: Sequence[_Row]) -> tuple[CheckRecord, bool]:
    """Return what :func:`record_of_rows` does, of a version before this one as well."""
    known = {**lengthy, **row}
    try:
        uuid.UUID(known["uuid"])
    except (ValueError, TypeError, AttributeError):
        known["uuid"] = str(uuid.uuid4())
    with suppress(TypeError):
        taken = sorted(taken, key=lambda one: one["number"])
    if "low_deg" not in known:
        return record_of_rows(known, taken)
    # Of a version that kept the ends of intervals and not what they are made of.
    repeated = [
        [
            values.moment_of(one["taken_us"], one["taken_offset_s"]).isoformat(),
            *(one[name] for name in ("angle_deg", "low_deg", "high_deg", "frames", "spread_deg")),
        ]
        for one in taken
    ]
    known |= {name: None for name in known if "sd_" in name and name != "roll_sd_deg"}
    text = values.json_text(repeated)
    return checked(completed(record_from(CheckRecord, known, repeats=text))), True


def _hidden(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return in which deletion a row lies, if that makes sense; else it is shown."""
    name, at_us = row.get("hidden_by"), row.get("hidden_us")
    is_known = isinstance(name, str) and isinstance(at_us, int) and US_LEAST < at_us < US_MOST
    return {"hidden_by": name, "hidden_us": at_us} if is_known else dict(_SHOWN)
