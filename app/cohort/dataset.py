"""The result of a cohort: Parquet files of rows, each written whole, that any program reads."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cohort import CohortError
from app.cohort.rows import COLUMNS, SCHEMA, arrow_schema, sidecar
from app.cohort.storage import opened, patiently
from vision.atomic_write import atomic_write, why_not_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from app.cohort.listing import CohortPhoto
    from app.cohort.rows import Row

_PARTS, _ABOUT, _PEOPLE = "parts", "columns.json", "participants.tsv"
#: So many rows make a file that is read well; smaller ones are put together now and then.
_ROWS_OF_A_FILE = 65_536
_SMALL_FILES_MAX = 64
#: What tells one row from another.
_KEY = ("path", "session", "rater")
_MEANT = "Name another folder for --out, or an empty one."


@dataclass(frozen=True, slots=True)
class CohortStatus:
    """What a dataset holds: rows by what became of them, and why photographs were refused.

    Attributes
    ----------
    refused_for
        How often each reason was given, most often first.
    versions
        Beltline's, as it measured them.
    """

    measured: int
    refused: int
    failed: int
    refused_for: tuple[tuple[str, int], ...]
    versions: tuple[str, ...]


class Dataset:
    """A folder of results, on a disk or in a bucket.

    Parameters
    ----------
    address
        A folder, or an address that fsspec knows. Only one program writes to it at a time.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._system, self._root = opened(address)
        self._is_here = "://" not in address
        self._small: list[str] = []

    def begin(self) -> None:
        """Make the folder, or go on with one that is there.

        Raises
        ------
        CohortError
            If it cannot be written to, or holds something else.
        """
        try:
            if self._is_here:
                Path(self._root, _PARTS).mkdir(parents=True, exist_ok=True)
            known = self._read(_ABOUT)
            if known is None and self._others():
                raise CohortError(f"'{self.address}' holds something else.", _MEANT)
            if known is not None and json.loads(known).get("BeltlineCohort") != SCHEMA:
                raise CohortError(
                    f"'{self.address}' was written by another version of Beltline.", _MEANT
                )
            self._write(
                _ABOUT, json.dumps(sidecar(), indent=1, ensure_ascii=False).encode() + b"\n"
            )
        except (OSError, ValueError) as error:
            raise self._not_written(error) from error
        self._small = [name for name in self._parts() if self._rows_of(name) < _ROWS_OF_A_FILE]

    def fingerprints(self) -> pa.Array:
        """Return the fingerprints of all rows that are there."""
        import pyarrow as pa

        tables = [self._table(name, ["fingerprint"]) for name in self._parts()]
        if not tables:
            return pa.array([], pa.string())
        return pa.concat_tables(tables)["fingerprint"].combine_chunks()

    def add(self, rows: Sequence[Row]) -> None:
        """Keep rows in a file of their own, which appears whole or not at all.

        Raises
        ------
        CohortError
            If it cannot be written.
        """
        import pyarrow as pa

        try:
            self._small.append(self._put(pa.Table.from_pylist(list(rows), schema=arrow_schema())))
            if len(self._small) >= _SMALL_FILES_MAX:
                self._join(self._small)
        except OSError as error:
            raise self._not_written(error) from error

    def finish(self, photos: Sequence[CohortPhoto], fingerprints: Sequence[str]) -> None:
        """Put small files together, and drop what a newer row of the same photograph replaces.

        Parameters
        ----------
        photos, fingerprints
            What was asked for, and which row of each holds.
        """
        holds = {
            (photo.path, photo.listed.session, photo.listed.rater): fingerprint
            for photo, fingerprint in zip(photos, fingerprints, strict=True)
        }
        seen: set[str] = set()
        try:
            for name in self._parts():
                keys = self._table(name, [*_KEY, "fingerprint"]).to_pylist()
                keep = []
                for row in keys:
                    mark = row["fingerprint"]
                    is_meant = holds.get(tuple(row[one] for one in _KEY), mark) == mark
                    keep.append(is_meant and mark not in seen)
                    seen.add(mark)
                if not all(keep):
                    self._keep_only(name, keep)
            small = [name for name in self._parts() if self._rows_of(name) < _ROWS_OF_A_FILE]
            if len(small) > 1:
                self._join(small)
        except OSError as error:
            raise self._not_written(error) from error

    def put_people(self, photos: Iterable[CohortPhoto]) -> None:
        """Write ``participants.tsv`` as in BIDS, where the list names people."""
        people = sorted({photo.listed.subject for photo in photos} - {""})
        if people:
            lines = ["participant_id", *(_cell(f"sub-{name}") for name in people)]
            self._write(_PEOPLE, ("\n".join(lines) + "\n").encode())

    def status(self) -> CohortStatus:
        """Return what there is.

        Raises
        ------
        CohortError
            If there is no dataset.
        """
        import pyarrow.compute as pc

        table = self.table(["status", "refused_for", "version"])
        states = {
            one["values"]: one["counts"] for one in pc.value_counts(table["status"]).to_pylist()
        }
        reasons: dict[str, int] = {}
        for one in pc.value_counts(table["refused_for"]).to_pylist():
            for code in (one["values"] or "").split():
                reasons[code] = reasons.get(code, 0) + one["counts"]
        return CohortStatus(
            states.get("measured", 0),
            states.get("rejected", 0),
            states.get("error", 0),
            tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
            tuple(
                sorted(version for version in pc.unique(table["version"]).to_pylist() if version)
            ),
        )

    def table(self, columns: list[str] | None = None) -> pa.Table:
        """Return all rows, in the order of their photographs.

        Raises
        ------
        CohortError
            If there is no dataset.
        """
        import pyarrow as pa

        wanted = columns or [column.name for column in COLUMNS]
        read = list(dict.fromkeys([*wanted, *_KEY]))
        try:
            names = self._parts()
            if self._read(_ABOUT) is None:
                raise CohortError(
                    f"'{self.address}' is no result of 'beltline cohort measure'.",
                    "Check the name.",
                )
            tables = [self._table(name, read) for name in names]
        except (OSError, ValueError, pa.ArrowException) as error:
            raise CohortError(
                f"'{self.address}' cannot be read ({error}).", "Check the name, or measure again."
            ) from error
        whole = pa.concat_tables(tables) if tables else arrow_schema().empty_table().select(read)
        return whole.sort_by([(name, "ascending") for name in _KEY]).select(wanted)

    def merge(self, out: Path) -> int:
        """Write all rows into one file, ``.csv`` or ``.parquet``, and return how many.

        Raises
        ------
        CohortError
            If it cannot be written, or there is no dataset.
        """
        import pyarrow.csv
        import pyarrow.parquet as pq

        if out.suffix.lower() not in (".csv", ".parquet"):
            raise CohortError(
                f"'{out}' is neither CSV nor Parquet.", "Give a name that ends in .csv or .parquet."
            )
        whole, stream = self.table(), io.BytesIO()
        if out.suffix.lower() == ".csv":
            pyarrow.csv.write_csv(whole, stream)
        else:
            pq.write_table(whole, stream)
        try:
            atomic_write(out, stream.getvalue())
        except OSError as error:
            raise CohortError(
                f"'{out}' was not written: {why_not_written(error)}.", "Choose another place."
            ) from error
        return int(whole.num_rows)

    # Files

    def _parts(self) -> list[str]:
        folder = f"{self._root}/{_PARTS}"
        try:
            self._system.invalidate_cache()
            found = patiently(lambda: self._system.ls(folder, detail=False))
        except FileNotFoundError:
            return []
        return sorted(str(name) for name in found if str(name).endswith(".parquet"))

    def _others(self) -> bool:
        try:
            found = patiently(lambda: self._system.ls(self._root, detail=False))
        except FileNotFoundError:
            return False
        return any(Path(str(name)).name != _PARTS for name in found)

    def _table(self, name: str, columns: list[str]) -> pa.Table:
        import pyarrow.parquet as pq

        data = patiently(lambda: self._system.cat_file(name))
        return pq.read_table(io.BytesIO(data), columns=columns)

    def _rows_of(self, name: str) -> int:
        import pyarrow.parquet as pq

        with self._system.open(name, "rb") as file:
            return int(pq.read_metadata(file).num_rows)

    def _put(self, table: pa.Table) -> str:
        """Write a file named by the rows in it, and return its name."""
        import pyarrow.parquet as pq

        marks = "".join(sorted(table["fingerprint"].to_pylist()))
        name = f"{_PARTS}/part-{hashlib.sha256(marks.encode()).hexdigest()[:24]}.parquet"
        stream = io.BytesIO()
        pq.write_table(table, stream, compression="zstd")
        self._write(name, stream.getvalue())
        return f"{self._root}/{name}"

    def _join(self, names: list[str]) -> None:
        """Put files together; the old ones go when the new one is there."""
        import pyarrow as pa

        all_columns = [column.name for column in COLUMNS]
        together = self._put(pa.concat_tables([self._table(name, all_columns) for name in names]))
        for name in names:
            if name != together:
                self._system.rm_file(name)
        self._small = [together] if self._rows_of(together) < _ROWS_OF_A_FILE else []

    def _keep_only(self, name: str, keep: list[bool]) -> None:
        import pyarrow as pa

        kept = self._table(name, [column.name for column in COLUMNS]).filter(pa.array(keep))
        together = self._put(kept) if kept.num_rows else ""
        if name != together:
            self._system.rm_file(name)

    def _read(self, name: str) -> bytes | None:
        try:
            return bytes(patiently(lambda: self._system.cat_file(f"{self._root}/{name}")))
        except FileNotFoundError:
            return None

    def _write(self, name: str, data: bytes) -> None:
        if self._is_here:
            atomic_write(Path(self._root, name), data)
            return
        # An object appears whole when it was received whole.
        patiently(lambda: self._system.pipe_file(f"{self._root}/{name}", data))

    def _not_written(self, error: Exception) -> CohortError:
        why = why_not_written(error) if isinstance(error, OSError) else str(error)
        return CohortError(
            f"The results cannot be written to '{self.address}': {why}.",
            "What was written stays; start again with the same command when there is room, and "
            "it goes on from there.",
        )


def _cell(text: str) -> Any:
    return " ".join(text.split())
