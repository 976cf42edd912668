"""All rows of a dataset in the order of their photographs, never held whole in memory."""

from __future__ import annotations

import heapq
import secrets
from bisect import bisect_right
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from app.cohort import CohortError, CohortUsageError
from app.cohort.rows import COLUMNS, KEY, MARKS, arrow_schema
from app.cohort.storage import Shelf, why_not
from vision.atomic_write import open_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

#: So many rows are written at once; so many are held of each file that is read.
_ROWS_AT_ONCE = 8192
_ROWS_OF_A_GROUP = 4096
#: Stands after every checksum: of two rows with one fingerprint, that of a file read comes first.
_AFTER_ALL = "~"
_Key: TypeAlias = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class CohortStatus:
    """What a dataset holds: rows by what became of them, and why photographs were refused.

    Attributes
    ----------
    refused_for, warned_of
        How often each reason was given, most often first.
    versions
        Beltline's, as it measured them.
    """

    measured: int
    refused: int
    failed: int
    refused_for: tuple[tuple[str, int], ...]
    warned_of: tuple[tuple[str, int], ...]
    versions: tuple[str, ...]


class DamagedPart(Exception):
    """A file of rows that cannot be read, and will not be by any further try.

    Attributes
    ----------
    name
        The file's, in its dataset.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnreadPart(Exception):
    """A file of rows that could not be read this time.

    Attributes
    ----------
    why
        As it stands inside a sentence.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class RowFile:
    """One file of rows.

    Parameters
    ----------
    name
        The file's.
    shelf
        Where it lies.
    """

    def __init__(self, name: str, shelf: Shelf) -> None:
        self.name, self.shelf = name, shelf

    def rows(self) -> int:
        """Return how many it has."""
        with self._open() as file:
            return int(file.metadata.num_rows)

    def table(self, columns: Sequence[str]) -> pa.Table:
        """Return some columns of all its rows."""
        with self._open() as file:
            return file.read(columns=list(columns), use_threads=False)

    def groups(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Give some columns of its rows, some thousand at a time."""
        with self._open() as file:
            yield from file.iter_batches(_ROWS_OF_A_GROUP, columns=list(columns))

    @contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            source = self.shelf.source(self.name)
            with pq.ParquetFile(source, page_checksum_verification=True) as file:
                names = file.schema_arrow.names
                if any(column.name not in names for column in COLUMNS):
                    raise DamagedPart(self.name)
                yield file
        except pa.ArrowInvalid as error:
            raise DamagedPart(self.name) from error
        except OSError as error:
            # What the system or a storage says has a number or a kind of its own.
            if error.errno is None and type(error) is OSError:
                raise DamagedPart(self.name) from error
            raise UnreadPart(why_not(error)) from error


def write_part(table: pa.Table, to: Any) -> None:
    """Write the rows of a part, in order, as they are read best."""
    import pyarrow.parquet as pq

    pq.write_table(
        table.sort_by([(name, "ascending") for name in (*KEY, *MARKS)]),
        to,
        compression="zstd",
        row_group_size=_ROWS_OF_A_GROUP,
        write_page_checksum=True,
    )


def in_order(parts: Sequence[RowFile], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Give all rows, in the order of photograph, session and rater, each once.

    Parameters
    ----------
    columns
        What each batch has, in this order.
    """
    import pyarrow as pa

    read = list(dict.fromkeys((*columns, *KEY, *MARKS)))
    with _near(parts) as near:
        cursors = [_Cursor(part.groups(read)) for part in near]
        heads = [(cursor.key, at) for at, cursor in enumerate(cursors) if cursor.key]
        heapq.heapify(heads)
        pieces: list[pa.RecordBatch] = []
        last: _Key | None = None
        while heads:
            _, at = heapq.heappop(heads)
            cursor = cursors[at]
            piece, last = cursor.taken(heads[0][0] if heads else None, last)
            pieces.append(piece.select(list(columns)))
            if cursor.key:
                heapq.heappush(heads, (cursor.key, at))
            if sum(one.num_rows for one in pieces) >= _ROWS_AT_ONCE or not heads:
                yield pa.concat_batches(pieces)
                pieces = []


class _Cursor:
    """A place in a part's rows, which are in order."""

    def __init__(self, groups: Iterator[pa.RecordBatch]) -> None:
        self._groups = groups
        self._at = 0
        self._keys: list[_Key] = []
        self._batch: Any = None
        self.key: _Key | None = None
        self._go_on()

    def taken(self, until: _Key | None, last: _Key | None) -> tuple[pa.RecordBatch, _Key]:
        """Return the rows from here that come before another part's, and the last of their keys.

        Parameters
        ----------
        until
            The other part's key; None if there is none.
        last
            Key of the row before; a row of the same photograph and content is left out.
        """
        import pyarrow as pa

        start, keys = self._at, self._keys
        end = len(keys) if until is None else bisect_right(keys, until, start)
        self._at = end = max(end, start + 1)
        before = [last, *keys[start : end - 1]]
        keep = [
            one is None or one[:4] != key[:4]
            for one, key in zip(before, keys[start:end], strict=True)
        ]
        piece = self._batch.slice(start, end - start)
        last = keys[end - 1]
        self._go_on()
        return (piece if all(keep) else piece.filter(pa.array(keep))), last

    def _go_on(self) -> None:
        while self._at >= len(self._keys):
            batch = next(self._groups, None)
            if batch is None:
                self.key = None
                return
            columns = (batch.column(name).to_pylist() for name in (*KEY, "fingerprint"))
            sums = (one or _AFTER_ALL for one in batch.column("content_sha256").to_pylist())
            self._batch, self._at = batch, 0
            self._keys = list(zip(*columns, sums, strict=True))
        self.key = self._keys[self._at]


@contextmanager
def _near(parts: Sequence[RowFile]) -> Iterator[list[RowFile]]:
    """Give the parts as files of this machine: many are read at once, and each bit by bit."""
    if all(part.shelf.folder for part in parts):
        yield list(parts)
        return
    with TemporaryDirectory() as folder:
        here = Shelf(folder)
        for number, part in enumerate(parts):
            try:
                data = part.shelf.read(part.name)
                if data is None:
                    raise UnreadPart("a file is gone")
                here.write(f"{number}.parquet", data)
            except OSError as error:
                raise UnreadPart(why_not(error)) from error
        yield [_Copy(f"{number}.parquet", here, part.name) for number, part in enumerate(parts)]


class _Copy(RowFile):
    """A file of this machine that stands for one elsewhere."""

    def __init__(self, name: str, shelf: Shelf, original: str) -> None:
        super().__init__(name, shelf)
        self._original = original

    @contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        try:
            with super()._open() as file:
                yield file
        except DamagedPart as error:
            raise DamagedPart(self._original) from error


def status_of(parts: Sequence[RowFile]) -> CohortStatus:
    """Return what became of all photographs."""
    import pyarrow.compute as pc

    names = ("status", "refused_for", "warned_of", "version")
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for batch in in_order(parts, names):
        for name in names:
            for one in pc.value_counts(batch.column(name)).to_pylist():
                texts = (one["values"] or "").split() if name != "version" else [one["values"]]
                counts[name].update(dict.fromkeys(texts, one["counts"]))
    states = counts["status"]
    return CohortStatus(
        *(states["measured"], states["rejected"], states["error"]),
        _most_first(counts["refused_for"]),
        _most_first(counts["warned_of"]),
        tuple(sorted(version for version in counts["version"] if version)),
    )


def _most_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def write_table(parts: Sequence[RowFile], out: Path) -> int:
    """Write all rows into one file, ``.csv`` or ``.parquet``, and return how many.

    Raises
    ------
    CohortError
        If it cannot be written.
    """
    import pyarrow.csv
    import pyarrow.parquet as pq

    kinds = {".csv": pyarrow.csv.CSVWriter, ".parquet": pq.ParquetWriter}
    kind = kinds.get(out.suffix.lower())
    if kind is None:
        raise CohortUsageError(
            f"'{out}' is neither CSV nor Parquet.", "Give a name that ends in .csv or .parquet."
        )
    schema, rows = arrow_schema(), 0
    with _told_by(out), _whole(out) as file, kind(file, schema) as writer:
        for batch in in_order(parts, schema.names):
            writer.write_batch(batch.cast(schema))
            rows += batch.num_rows
    return rows


@contextmanager
def _told_by(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CohortError(
            f"'{out}' was not written: {why_not(error)}.", "Choose another place."
        ) from error


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears whole or not at all."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open_private(part, "xb") as file:
            yield file
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
