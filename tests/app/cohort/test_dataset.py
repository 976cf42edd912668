from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec
import pytest

from app.cohort import CohortError, CohortUsageError
from app.cohort.dataset import Dataset
from app.cohort.rows import COLUMNS
from tests.app.cohort.made_up_rows import (
    filled,
    marks_of,
    paths,
    photos,
    room_for,
    row,
    row_not_read,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ONE, TWO, THREE = photos("a", "b"), photos("c", "d"), photos("e")
ALL = [*ONE, *TWO, *THREE]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "new" / "out"


@pytest.fixture
def dataset(out: Path) -> Iterator[Dataset]:
    made = Dataset(str(out))
    yield made
    made.close()


def _parts(out: Path) -> list[Path]:
    return sorted((out / "parts").glob("*.parquet"))


def _told(act: Callable[[], object], kind: type[CohortError] = CohortError) -> str:
    with pytest.raises(kind) as raised:
        act()
    told = str(raised.value)
    assert "\n" not in told
    return told


def test_rows_come_in_the_order_of_their_photographs(dataset: Dataset, out: Path) -> None:
    filled(dataset, TWO, THREE, ONE)
    assert paths(dataset) == ["a", "b", "c", "d", "e"]
    assert dataset.table().column_names == [column.name for column in COLUMNS]
    assert len(_parts(out)) == 1
    assert json.loads((out / "columns.json").read_text())["tilt_deg"]["Units"] == "deg"


def test_what_is_there_is_known_again(dataset: Dataset) -> None:
    filled(dataset, ONE, TWO)
    assert sorted(dataset.fingerprints().to_pylist()) == sorted(marks_of([*ONE, *TWO]))


def test_a_run_broken_off_anywhere_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = filled(Dataset(str(tmp_path / "whole")), ONE, TWO, THREE)
    broken = Dataset(str(tmp_path / "broken"))
    broken.begin()
    broken.add([row(photo) for photo in TWO])
    broken.close()
    # The chunk was measured twice: its rows were written, and nobody knew.
    filled(broken, TWO, ONE, THREE)
    assert broken.table().equals(whole.table())


@pytest.mark.parametrize("times", [2, 3])
def test_rows_written_once_more_are_there_once(dataset: Dataset, times: int) -> None:
    for _ in range(times):
        filled(dataset, ONE, TWO, THREE)
        assert paths(dataset) == ["a", "b", "c", "d", "e"]
    filled(dataset, [ALL[0], ALL[2]], [ALL[1], ALL[4]], [ALL[3]])
    assert paths(dataset) == ["a", "b", "c", "d", "e"]


def test_rows_that_are_there_twice_are_told_once_before_the_end(dataset: Dataset) -> None:
    filled(dataset, ONE, TWO)
    dataset.begin()
    dataset.add([row(photo) for photo in (ONE[0], TWO[0])])
    assert paths(dataset) == ["a", "b", "c", "d"]
    assert dataset.status().measured == 4


def test_a_newer_row_takes_the_place_of_the_older(dataset: Dataset) -> None:
    filled(dataset, ONE, TWO, by="version 1")
    filled(dataset, ONE, by="version 2")
    found = dataset.table(["path", "fingerprint"])
    assert found["fingerprint"].to_pylist() == [
        *(*marks_of(ONE, "version 2"), *marks_of(TWO, "version 1"))
    ]


def test_who_could_not_be_read_is_tried_again(dataset: Dataset) -> None:
    dataset.begin()
    dataset.add([row_not_read(ONE[0]), row(ONE[1])])
    dataset.finish(ONE, marks_of(ONE))
    assert dataset.status().failed == 1
    assert dataset.fingerprints().to_pylist() == marks_of(ONE[1:])
    dataset.add([row(ONE[0])])
    assert dataset.status().failed == 0
    dataset.finish(ONE, marks_of(ONE))
    assert dataset.status().measured == 2
    assert sorted(dataset.fingerprints().to_pylist()) == sorted(marks_of(ONE))


def test_small_files_are_put_together(
    dataset: Dataset, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cohort.dataset._SMALL_FILES_MAX", 4)
    dataset.begin()
    for number in range(11):
        dataset.add([row(photo) for photo in photos(f"{number:02}")])
        assert len(_parts(out)) <= 4
    assert len(paths(dataset)) == 11


def test_nothing_measured_yet(dataset: Dataset) -> None:
    dataset.begin()
    dataset.finish([], [])
    assert paths(dataset) == []
    assert len(dataset.fingerprints()) == 0
    status = dataset.status()
    assert (status.measured, status.refused, status.failed, status.versions) == (0, 0, 0, ())


def test_people_of_all_runs(dataset: Dataset, out: Path) -> None:
    dataset.begin()
    dataset.put_people(photos("a"))
    assert not (out / "participants.tsv").exists()
    dataset.put_people(photos("a", subject="P2"))
    dataset.put_people(photos("b", subject="P1"))
    assert (out / "participants.tsv").read_text().splitlines()[1:] == ["sub-P1\tP1", "sub-P2\tP2"]
    assert json.loads((out / "participants.json").read_text())["subject"]


def test_a_folder_of_something_else_is_left_alone(dataset: Dataset, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "thesis.txt").write_text("mine")
    assert "holds something else. Name another folder" in _told(dataset.begin, CohortUsageError)
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_a_file_instead_of_a_folder(dataset: Dataset, out: Path) -> None:
    out.parent.mkdir()
    out.write_text("mine")
    assert "cannot be written to" in _told(dataset.begin)


@pytest.mark.parametrize("about", ['{"BeltlineCohort": 99}', "[]", "nothing", "\xff"])
def test_a_dataset_of_another_version(dataset: Dataset, out: Path, about: str) -> None:
    out.mkdir(parents=True)
    (out / "columns.json").write_text(about, encoding="latin-1")
    assert "by another version of Beltline" in _told(dataset.begin, CohortUsageError)


def test_what_is_no_dataset(dataset: Dataset) -> None:
    assert "is no result of 'beltline cohort measure'" in _told(dataset.status, CohortUsageError)
    assert "is no result of" in _told(dataset.table, CohortUsageError)


def test_what_an_ended_program_left_behind_is_removed(dataset: Dataset, out: Path) -> None:
    filled(dataset, ONE)
    for place in (out, out / "parts"):
        (place / ".0123.part").write_bytes(b"half")
    dataset.begin()
    assert list(out.rglob("*.part")) == []
    assert paths(dataset) == ["a", "b"]


def _cut(part: Path) -> None:
    part.write_bytes(part.read_bytes()[:-20])


def _flip(part: Path) -> None:
    """Change some bytes of the column that says which rows these are."""
    data = bytearray(part.read_bytes())
    at = data.index(marks_of(ONE)[0].encode())
    data[at : at + 4] = b"zzzz"
    part.write_bytes(data)


def _other(part: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"x": [1]}), part)


@pytest.mark.parametrize("damage", [_cut, _flip, _other, lambda part: part.write_bytes(b"")])
def test_a_damaged_file_is_told_of_and_measured_again(
    out: Path, damage: Callable[[Path], None]
) -> None:
    told: list[str] = []
    dataset = Dataset(str(out), told.append)
    dataset.begin()
    for chunk in (ONE, TWO):
        dataset.add([row(photo) for photo in chunk])
    (harmed,) = (part for part in _parts(out) if _holds(part, marks_of(ONE)[0]))
    damage(harmed)
    dataset.begin()
    assert sorted(dataset.fingerprints().to_pylist()) == sorted(marks_of(TWO))
    (sentence,) = told
    assert f"'parts/{harmed.name}' in '{out}' is damaged and was set aside" in sentence
    assert harmed.with_name(f"{harmed.name}.damaged").exists()
    filled(dataset, ONE)
    assert paths(dataset) == ["a", "b", "c", "d"]


def _holds(part: Path, mark: str) -> bool:
    import pyarrow.parquet as pq

    return mark in pq.read_table(part)["fingerprint"].to_pylist()


def test_who_reads_a_damaged_file_is_told_and_sets_it_aside(dataset: Dataset, out: Path) -> None:
    filled(dataset, ONE)
    (part,) = _parts(out)
    _cut(part)
    assert "are not complete: " in _told(dataset.status)
    assert _parts(out) == []
    assert paths(filled(dataset, ONE)) == ["a", "b"]


def test_a_full_disk_costs_only_what_is_written(dataset: Dataset) -> None:
    dataset.begin()
    dataset.add([row(photo) for photo in ONE])
    with room_for(1000):
        told = _told(lambda: dataset.add([row(photo) for photo in TWO]))
    assert "cannot be written to" in told
    assert ": file too large. What was written stays." in told
    assert paths(dataset) == ["a", "b"]
    assert paths(filled(dataset, TWO)) == ["a", "b", "c", "d"]


def test_two_programs_never_write_at_once(dataset: Dataset, out: Path) -> None:
    holding = (
        "import sys\nfrom app.cohort.dataset import Dataset\n"
        f"held = Dataset({str(out)!r})\nheld.begin()\nprint('held', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        told = _told(dataset.begin)
        other.kill()
    assert f"Another program writes to '{out}' at this moment. Wait until" in told
    assert paths(filled(dataset, ONE)) == ["a", "b"]


def test_another_program_in_a_bucket_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cohort.dataset._SMALL_FILES_MAX", 2)
    dataset = Dataset("memory://crowded")
    dataset.begin()
    dataset.add([row(photo) for photo in ONE])
    system = fsspec.filesystem("memory")
    for name in system.ls("/crowded/parts", detail=False):
        system.rm_file(name)
    told = _told(lambda: dataset.add([row(photo) for photo in TWO]))
    assert "Another program writes to 'memory://crowded'" in told
    assert paths(dataset) == ["c", "d"]
    system.rm("/crowded", recursive=True)
