from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cohort import CohortError, CohortUsageError
from app.cohort.dataset import Dataset
from app.cohort.rows import COLUMNS, arrow_schema
from app.cohort.storage import Shelf
from app.cohort.table import RowFile, in_order, status_of, write_part
from tests.app.cohort.made_up_rows import filled, photos, room_for, row, row_not_read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def _part(folder: Path, name: str, rows: Iterable[dict[str, object]]) -> RowFile:
    write_part(pa.Table.from_pylist(list(rows), schema=arrow_schema()), folder / name)
    return RowFile(name, Shelf(str(folder)))


def _paths(parts: list[RowFile]) -> list[str]:
    return [path for batch in in_order(parts, ["path"]) for path in batch["path"].to_pylist()]


def test_any_spread_over_files_gives_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cohort.table._ROWS_OF_A_GROUP", 3)
    monkeypatch.setattr("app.cohort.table._ROWS_AT_ONCE", 5)
    chance = random.Random(17)
    rows = [row(photo) for photo in photos(*(f"{number:03}" for number in range(30)))]
    for seed in range(3):
        spread: list[list[dict[str, object]]] = [[] for _ in range(4)]
        for one in rows:
            for held in chance.sample(spread, chance.choice((1, 1, 2))):
                held.append(one)
        parts = [_part(tmp_path, f"{seed}-{at}", held) for at, held in enumerate(spread)]
        assert _paths(parts) == [one["path"] for one in rows]


def test_of_two_rows_with_one_fingerprint_that_of_the_file_read_is_told(tmp_path: Path) -> None:
    (photo,) = photos("a")
    for pair in ([row(photo), row_not_read(photo)], [row_not_read(photo), row(photo)]):
        apart = [_part(tmp_path, str(at), [one]) for at, one in enumerate(pair)]
        for parts in (apart, [_part(tmp_path, "both", pair)]):
            status = status_of(parts)
            assert (status.measured, status.failed) == (1, 0)


def test_only_some_rows_are_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cohort.table._ROWS_OF_A_GROUP", 10)
    monkeypatch.setattr("app.cohort.table._ROWS_AT_ONCE", 20)
    one = row(photos("x")[0])
    rows = [{**one, "path": f"{at:03}", "fingerprint": f"{at}"} for at in range(300)]
    parts = [_part(tmp_path, str(at), rows[at::3]) for at in range(3)]
    sizes = [batch.num_rows for batch in in_order(parts, [column.name for column in COLUMNS])]
    assert sum(sizes) == 300
    assert max(sizes) < 40


def test_reasons_and_warnings_are_counted(tmp_path: Path) -> None:
    one, two, three = photos("a", "b", "c")
    rows = [row(one), row(two) | {"warned_of": "loose_clothing other_side"}, row_not_read(three)]
    status = status_of([_part(tmp_path, "p", rows)])
    assert (status.measured, status.refused, status.failed) == (2, 0, 1)
    assert status.refused_for == (("not_read", 1),)
    assert status.warned_of == (("loose_clothing", 2), ("other_side", 1))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return filled(Dataset(str(tmp_path / "out")), photos("c", "a"), photos("b"))


def test_a_table_of_commas(dataset: Dataset, tmp_path: Path) -> None:
    assert dataset.merge(tmp_path / "all.csv") == 3
    with (tmp_path / "all.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == [column.name for column in COLUMNS]
    assert [line["path"] for line in lines] == [f"/photos/{name}.jpg" for name in "abc"]
    assert float(lines[0]["tilt_deg"]) == 12.3
    assert lines[0]["marked_deg"] == ""


def test_a_table_in_parquet(dataset: Dataset, tmp_path: Path) -> None:
    assert dataset.merge(tmp_path / "all.PARQUET") == 3
    table = pq.read_table(tmp_path / "all.PARQUET")
    assert table.equals(dataset.table())
    assert table.schema.field("yaw_deg").metadata[b"unit"] == b"deg"


def test_a_table_of_nothing_has_its_columns(tmp_path: Path) -> None:
    empty = filled(Dataset(str(tmp_path / "out")))
    assert empty.merge(tmp_path / "all.csv") == 0
    assert (tmp_path / "all.csv").read_text().startswith('"path","subject"')


def test_what_cannot_be_written_leaves_nothing(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(CohortUsageError, match=r"neither CSV nor Parquet"):
        dataset.merge(tmp_path / "all.xlsx")
    with pytest.raises(CohortError, match="was not written: no such file or directory"):
        dataset.merge(tmp_path / "gone" / "all.csv")
    (tmp_path / "all.csv").mkdir()
    with pytest.raises(CohortError, match="was not written: it is a folder"):
        dataset.merge(tmp_path / "all.csv")
    (tmp_path / "all.csv").rmdir()
    for name in ("all.csv", "all.parquet"):
        with (
            room_for(2000),
            pytest.raises(CohortError, match=f"{name}' was not written: file too large. Choose"),
        ):
            dataset.merge(tmp_path / name)
        assert not (tmp_path / name).exists()
    assert list(tmp_path.rglob("*.part")) == []
