"""The result of a cohort: Parquet files of rows, each written whole, that any program reads."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.cohort import CohortError, CohortUsageError
from app.cohort.people import ABOUT_PEOPLE, PEOPLE, people_as_tsv, people_in
from app.cohort.rows import AGAIN, COLUMNS, KEY, MARKS, SCHEMA, arrow_schema, sidecar, told_path
from app.cohort.storage import Shelf, why_not
from app.cohort.table import (
    DamagedPart,
    RowFile,
    UnreadPart,
    in_order,
    status_of,
    write_part,
    write_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from app.cohort.listing import CohortPhoto
    from app.cohort.rows import Row
    from app.cohort.table import CohortStatus

_PARTS, _ABOUT, _LOCK = "parts", "columns.json", ".lock"
_END, _DAMAGED, _HALF = ".parquet", ".damaged", ".part"
#: So many rows make a file that is read well; smaller ones are put together now and then.
_ROWS_OF_A_FILE = 65_536
_SMALL_FILES_MAX = 64
_MEANT = "Name another folder for --out, or an empty one."
_TOLD_APART = (*KEY, *MARKS)
_ALL = [column.name for column in COLUMNS]


class Dataset:
    """A folder of results, on a disk or in a bucket.

    Parameters
    ----------
    address
        A folder, or an address that fsspec knows. Only one program writes to it at a time.
    tell
        Is told in a sentence what was found wrong and put right.
    """

    def __init__(self, address: str, tell: Callable[[str], None] = lambda _: None) -> None:
        self.address = address
        self._shelf = Shelf(address)
        self._tell = tell
        self._small: list[str] = []
        self._lock: int | None = None

    def begin(self) -> None:
        """Make the folder, or go on with one that is there.

        Files that are damaged are set aside and told of, so that what was in them is measured
        again, and what a program left behind that was ended is removed.

        Raises
        ------
        CohortUsageError
            If it holds something else.
        CohortError
            If it cannot be written to, or another program writes to it.
        """
        with self._writing():
            known = self._shelf.read(_ABOUT)
            if known is None and self._others():
                raise CohortUsageError(f"'{self.address}' holds something else.", _MEANT)
            if known is not None and _schema_of(known) != SCHEMA:
                raise CohortUsageError(
                    f"'{self.address}' was written by another version of Beltline.", _MEANT
                )
            self._shelf.make(_PARTS)
            self._hold()
            about = _as_json(sidecar())
            if known != about:
                self._shelf.write(_ABOUT, about)
            self._sweep()
            self._small = [name for name in self._parts() if self._is_small(name)]

    def fingerprints(self) -> pa.Array:
        """Return the fingerprints of all rows that hold; who could not be read is tried again."""
        import pyarrow as pa
        import pyarrow.compute as pc

        again, marks = pa.array(sorted(AGAIN)), [pa.array([], pa.string())]
        with self._reading():
            for name in self._parts():
                try:
                    table = self._table(name, ["fingerprint", "refused_for"])
                except DamagedPart:
                    self._set_aside(name)
                    continue
                holds = pc.invert(pc.is_in(table["refused_for"], again))
                marks += table["fingerprint"].filter(holds).chunks
        return pa.concat_arrays(marks)

    def add(self, rows: Sequence[Row]) -> None:
        """Keep rows in a file of their own, which appears whole or not at all.

        Raises
        ------
        CohortError
            If it cannot be written; the rows that were there stay.
        """
        import pyarrow as pa

        with self._writing():
            name = self._put(pa.Table.from_pylist(list(rows), schema=arrow_schema()))
            self._small = [*dict.fromkeys([*self._small, name])]
            if len(self._small) >= _SMALL_FILES_MAX:
                self._join(self._small)

    def finish(self, photos: Sequence[CohortPhoto], fingerprints: Sequence[str]) -> None:
        """Put small files together, and drop what a newer row of the same photograph replaces.

        Then other programs may write to it.

        Parameters
        ----------
        photos, fingerprints
            What was asked for, and which row of each holds.

        Raises
        ------
        CohortError
            If it cannot be written; no row is lost.
        """
        with self._writing():
            outdated = _Outdated(photos, fingerprints)
            whole = [name for name in self._parts() if self._is_seen(name, outdated)]
            changed, kept = set(), set()
            for name in whole:
                keep = outdated.kept(self._table(name, _TOLD_APART))
                if not all(keep):
                    changed.add(name)
                    kept.add(self._put_kept(name, keep))
            # What is left of one file may be what another held, and so have its name.
            for name in changed - kept:
                self._shelf.remove(name)
            small = [name for name in self._parts() if self._is_small(name)]
            if len(small) > 1:
                self._join(small)
        self.close()

    def put_people(self, photos: Sequence[CohortPhoto]) -> None:
        """Write ``participants.tsv`` as in BIDS, where a list names people.

        Raises
        ------
        CohortError
            If it cannot be written.
        """
        with self._writing():
            before = people_in(self._shelf.read(PEOPLE) or b"")
            people = before | ({photo.listed.subject for photo in photos} - {""})
            if people:
                self._shelf.write(f"{PEOPLE.removesuffix('.tsv')}.json", _as_json(ABOUT_PEOPLE))
                self._shelf.write(PEOPLE, people_as_tsv(people))

    def close(self) -> None:
        """Let other programs write to it."""
        lock, self._lock = self._lock, None
        if lock is not None:
            self._release()

    def status(self) -> CohortStatus:
        """Return what there is.

        Raises
        ------
        CohortError
            If there is no dataset, or part of it is damaged.
        """
        with self._reading():
            return status_of(self._sources())

    def table(self, columns: Sequence[str] = ()) -> pa.Table:
        """Return all rows, or some of their columns, in the order of their photographs.

        Raises
        ------
        CohortError
            If there is no dataset, or part of it is damaged.
        """
        import pyarrow as pa

        wanted = list(columns) or _ALL
        schema = pa.schema([arrow_schema().field(name) for name in wanted])
        with self._reading():
            found = [batch.select(wanted) for batch in in_order(self._sources(), wanted)]
        return pa.Table.from_batches([batch.cast(schema) for batch in found], schema)

    def merge(self, out: Path) -> int:
        """Write all rows into one file, ``.csv`` or ``.parquet``, and return how many.

        Never more than a few thousand rows of each part are in memory.

        Raises
        ------
        CohortError
            If it cannot be written, or there is no dataset, or part of it is damaged.
        """
        with self._reading():
            return write_table(self._sources(), out)

    # Files

    def _parts(self) -> list[str]:
        found = self._shelf.names(_PARTS)
        return [f"{_PARTS}/{name}" for name in found if name.endswith(_END)]

    def _others(self) -> bool:
        # What begins with a dot is this program's lock, or what a file manager leaves.
        return any(name != _PARTS and not name.startswith(".") for name in self._shelf.names())

    def _sources(self) -> list[RowFile]:
        if self._shelf.read(_ABOUT) is None:
            raise CohortUsageError(
                f"'{self.address}' is no result of 'beltline cohort measure'.", "Check the name."
            )
        return [RowFile(name, self._shelf) for name in self._parts()]

    def _table(self, name: str, columns: Sequence[str]) -> pa.Table:
        return RowFile(name, self._shelf).table(columns)

    def _is_small(self, name: str) -> bool:
        try:
            return RowFile(name, self._shelf).rows() < _ROWS_OF_A_FILE
        except DamagedPart:
            self._set_aside(name)
            return False

    def _is_seen(self, name: str, outdated: _Outdated) -> bool:
        try:
            outdated.see(self._table(name, _TOLD_APART))
        except DamagedPart:
            self._set_aside(name)
            return False
        return True

    def _put(self, table: pa.Table) -> str:
        """Write a file named by the rows in it, and return its name."""
        marks = "".join(sorted(table["fingerprint"].to_pylist()))
        name = f"{_PARTS}/part-{hashlib.sha256(marks.encode()).hexdigest()[:24]}{_END}"
        stream = io.BytesIO()
        write_part(table, stream)
        self._shelf.write(name, stream.getvalue())
        return name

    def _join(self, names: list[str]) -> None:
        """Put files together; the old ones go when the new one is there."""
        import pyarrow as pa

        tables = []
        for name in names:
            try:
                tables.append(self._table(name, _ALL))
            except DamagedPart:
                self._set_aside(name)
        together = self._put(pa.concat_tables(tables)) if tables else ""
        for name in names:
            if name != together:
                self._shelf.remove(name)
        self._small = [together] if together and self._is_small(together) else []

    def _put_kept(self, name: str, keep: list[bool]) -> str:
        """Write some rows of a file into another, and return its name; empty if there are none."""
        import pyarrow as pa

        kept = self._table(name, _ALL).filter(pa.array(keep))
        return self._put(kept) if kept.num_rows else ""

    def _sweep(self) -> None:
        """Remove what programs left behind that were ended while they wrote."""
        for folder in ("", f"{_PARTS}/"):
            for name in self._shelf.names(folder.rstrip("/")):
                if name.startswith(".") and name.endswith(_HALF):
                    self._shelf.remove(folder + name)

    def _set_aside(self, name: str) -> None:
        self._shelf.rename(name, name + _DAMAGED)
        self._tell(
            f"The file '{name}' in '{self.address}' is damaged and was set aside; "
            "its photographs are measured again by the next 'beltline cohort measure'."
        )

    # One writer, and what is told when something fails

    def _hold(self) -> None:
        """Keep other programs from writing to a folder; a bucket knows no such thing."""
        if self._lock is not None or self._shelf.folder is None or sys.platform == "win32":
            return
        import fcntl

        lock = os.open(self._shelf.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Of this program as a whole, and gone with it however it ends.
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            os.close(lock)
            raise self._other_writer() from None
        except OSError:  # a disk that knows no locks
            os.close(lock)
            return
        self._lock = lock
        self._release = weakref.finalize(self, os.close, lock)

    def _other_writer(self) -> CohortError:
        return CohortError(
            f"Another program writes to '{self.address}' at this moment.",
            "Wait until it has ended, then start again.",
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, UnreadPart) as error:
            why = why_not(error) if isinstance(error, OSError) else error.why
            is_gone = isinstance(error.__cause__, FileNotFoundError)
            if is_gone and isinstance(error, UnreadPart):
                # A file of rows went away: in a bucket nobody can be kept from that.
                raise self._other_writer() from error
            raise CohortError(
                f"The results cannot be written to '{self.address}': {why}.",
                "What was written stays. Put it right and give the same command again: it goes "
                "on from there.",
            ) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except DamagedPart as damaged:
            with suppress(OSError):
                self._set_aside(damaged.name)
            raise CohortError(
                f"The results in '{self.address}' are not complete: '{damaged.name}' is damaged.",
                "Give the same 'beltline cohort measure' again: it measures what was lost.",
            ) from damaged
        except (OSError, UnreadPart) as error:
            why = why_not(error) if isinstance(error, OSError) else error.why
            raise CohortError(
                f"'{self.address}' cannot be read: {why}.",
                "Check the name, and that no program is writing there.",
            ) from error


class _Outdated:
    """Knows which rows hold, of the photographs that were asked for."""

    def __init__(self, photos: Sequence[CohortPhoto], fingerprints: Sequence[str]) -> None:
        import pyarrow as pa

        self._photos = photos
        self._asked = pa.array(fingerprints, pa.string())
        self._keys: set[tuple[str, str, str]] | None = None
        #: Fingerprints of all rows that were seen, by whether the file of each was read.
        self._seen: dict[bool, list[pa.Array]] = {True: [], False: []}
        self._twice: dict[str, bool | None] | None = None

    def see(self, rows: pa.Table) -> None:
        """Look at all rows once, before any is judged."""
        import pyarrow.compute as pc

        is_read = pc.is_valid(rows["content_sha256"])
        for which, mask in ((True, is_read), (False, pc.invert(is_read))):
            self._seen[which] += rows["fingerprint"].filter(mask).chunks

    def kept(self, rows: pa.Table) -> list[bool]:
        """Tell of each row whether it holds: it is the only one of its photograph, or the newest.

        Of two with one fingerprint, the one whose file was read holds.
        """
        import pyarrow.compute as pc

        keep: list[bool] = pc.is_in(rows["fingerprint"], self._asked).to_pylist()
        if not all(keep):
            asked = self._asked_keys()
            keys = zip(*(rows[name].to_pylist() for name in KEY), strict=True)
            keep = [one or key not in asked for one, key in zip(keep, keys, strict=True)]
        twice = self._marks_twice()
        if twice:
            is_read = pc.is_valid(rows["content_sha256"]).to_pylist()
            for at, mark in enumerate(rows["fingerprint"].to_pylist()):
                if keep[at] and mark in twice:
                    keep[at] = twice[mark] == is_read[at]
                    if keep[at]:
                        twice[mark] = None  # the next one is one too many
        return keep

    def _marks_twice(self) -> dict[str, bool | None]:
        """Return fingerprints of several rows, with whether one of them is of a file read."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self._twice is None:
            empty = pa.array([], pa.string())
            read, whole = (
                pa.concat_arrays([empty, *arrays])
                for arrays in (self._seen[True], [*self._seen[True], *self._seen[False]])
            )
            self._twice = {}
            if pc.count_distinct(whole).as_py() < len(whole):
                counts = pc.value_counts(whole)
                marks = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
                is_read = pc.is_in(marks, read).to_pylist()
                self._twice = dict(zip(marks.to_pylist(), is_read, strict=True))
        return self._twice

    def _asked_keys(self) -> set[tuple[str, str, str]]:
        if self._keys is None:
            self._keys = {
                (told_path(photo.path), photo.listed.session, photo.listed.rater)
                for photo in self._photos
            }
        return self._keys


def _schema_of(about: bytes) -> object:
    with suppress(ValueError):
        found = json.loads(about)
        return found.get("BeltlineCohort") if isinstance(found, dict) else None
    return None


def _as_json(told: object) -> bytes:
    return json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n"
