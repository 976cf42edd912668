"""Photographs from a bucket and results into one, and all that a bucket can refuse."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from app.cohort import CohortError, CohortUsageError
from app.cohort.dataset import Dataset
from app.cohort.listing import find_photos
from app.cohort.measuring import Chunk, CohortOptions, measure_chunk
from tests.app.cohort.buckets import Buckets
from tests.app.cohort.made_up_rows import filled, marks_of, paths, photos, row
from tests.hostile.watched import Watched, beltline, own_home, watch, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vision.result import Measured

pytestmark = pytest.mark.xdist_group("buckets")
ONE, TWO = photos("a", "b"), photos("c")


@pytest.fixture(scope="module")
def server() -> Iterator[Buckets]:
    with Buckets() as buckets:
        yield buckets


@pytest.fixture
def buckets(server: Buckets, monkeypatch: pytest.MonkeyPatch) -> Iterator[Buckets]:
    server.known_to(monkeypatch)
    yield server
    server.open()


@pytest.fixture
def bucket(buckets: Buckets, request: pytest.FixtureRequest) -> str:
    """An empty bucket of this test's own."""
    name = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[:60].lower()
    buckets.system().mkdir(name)
    return str(name)


def _put(buckets: Buckets, bucket: str, *names: str, data: bytes = b"hey") -> None:
    for name in names:
        buckets.system().pipe_file(f"{bucket}/{name}", data)


def _found(*places: str) -> list[str]:
    return [photo.path.rpartition("/")[2] for photo in find_photos(places).photos]


def _told(act: Callable[[], object], kind: type[CohortError] = CohortError) -> str:
    with pytest.raises(kind) as raised:
        act()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_what_lies_in_a_bucket(buckets: Buckets, bucket: str) -> None:
    _put(buckets, bucket, "p/a.jpg", "p/more/c::d.jpg", "p/more/e #1.png", "p/x.txt", "q/f.jpg")
    assert _found(f"s3://{bucket}/p") == ["a.jpg", "c::d.jpg", "e #1.png"]
    assert _found(f"s3://{bucket}") == ["a.jpg", "c::d.jpg", "e #1.png", "f.jpg"]
    assert _found(f"s3://{bucket}/p/a.jpg") == ["a.jpg"]
    assert _found(f"s3://{bucket}/p/*.jpg") == ["a.jpg"]


def test_a_list_in_a_bucket(buckets: Buckets, bucket: str, tmp_path: Path) -> None:
    _put(buckets, bucket, "p/a.jpg", "p/more/b.jpg")
    lines = b"photo;subject\na.jpg;P1\nmore/b.jpg;P2\n"
    _put(buckets, bucket, "p/list.csv", data=lines)
    listed = find_photos([f"s3://{bucket}/p/list.csv"]).photos
    assert [photo.listed.subject for photo in listed] == ["P1", "P2"]
    assert listed[0].stamp == find_photos([f"s3://{bucket}/p/a.jpg"]).photos[0].stamp
    here = tmp_path / "list.csv"
    here.write_text(f"photo\ns3://{bucket}/p/a.jpg\ns3://{bucket}/p/gone.jpg\n")
    assert "line 3: there is no photograph 's3://" in _told(lambda: find_photos([str(here)]))


def test_another_object_of_the_same_size_is_another_content(buckets: Buckets, bucket: str) -> None:
    _put(buckets, bucket, "a.jpg", data=b"one")
    (before,) = find_photos([f"s3://{bucket}"]).photos
    _put(buckets, bucket, "a.jpg", data=b"two")
    (after,) = find_photos([f"s3://{bucket}"]).photos
    assert before.fingerprint("x") != after.fingerprint("x")


def test_a_dataset_in_a_bucket(buckets: Buckets, bucket: str, tmp_path: Path) -> None:
    dataset = filled(Dataset(f"s3://{bucket}/out"), ONE, TWO)
    filled(dataset, ONE, TWO)
    assert paths(dataset) == ["a", "b", "c"]
    assert dataset.status().measured == 3
    assert dataset.merge(tmp_path / "all.csv") == 3
    assert sorted(dataset.fingerprints().to_pylist()) == sorted(marks_of([*ONE, *TWO]))
    assert len(buckets.system().ls(f"{bucket}/out/parts")) == 1
    assert "holds something else" in _told(Dataset(f"s3://{bucket}").begin, CohortUsageError)


def test_going_on_reads_only_which_rows_there_are(buckets: Buckets, bucket: str) -> None:
    dataset = Dataset(f"s3://{bucket}")
    dataset.begin()
    dataset.add([row(photo) | {"message": token_hex(100_000)} for photo in (*ONE, *TWO)])
    buckets.door.sent = 0
    assert len(dataset.fingerprints()) == 3
    assert 0 < buckets.door.sent < 100_000


def test_a_damaged_object_is_set_aside(buckets: Buckets, bucket: str) -> None:
    told: list[str] = []
    dataset = filled(Dataset(f"s3://{bucket}", told.append), ONE, TWO)
    (part,) = buckets.system().ls(f"{bucket}/parts", detail=False)
    buckets.system().pipe_file(part, buckets.system().cat_file(part)[:-9])
    assert "are not complete" in _told(dataset.status)
    assert len(told) == 1
    assert paths(filled(dataset, ONE)) == ["a", "b"]


def test_no_bucket_and_no_permission(buckets: Buckets, bucket: str) -> None:
    gone = "the specified bucket does not exist."
    assert gone in _told(lambda: find_photos(["s3://no-such-bucket/p"]))
    assert gone in _told(Dataset("s3://no-such-bucket/out").begin)
    assert "there can be no such name" in _told(lambda: find_photos(["s3://N_o!/p"]))
    _put(buckets, bucket, "a.jpg")
    dataset = Dataset(f"s3://{bucket}/out")
    dataset.begin()
    dataset.add([row(photo) for photo in ONE])
    buckets.shut(403)
    assert "permission is denied (forbidden)" in _told(lambda: dataset.add([row(TWO[0])]))
    buckets.open()
    assert paths(dataset) == ["a", "b"]
    buckets.shut(403, reading=True)
    assert "permission is denied" in _told(lambda: find_photos([f"s3://{bucket}"]))
    assert "permission is denied" in _told(dataset.status)


@pytest.mark.parametrize("reading", [True, False])
def test_a_storage_that_is_too_busy_for_a_while(
    buckets: Buckets,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    measured: Measured,
    reading: bool,
) -> None:
    monkeypatch.setattr("app.cohort.measuring.measure_photo", lambda *_, **__: measured)
    picture = next((Path(__file__).parents[3] / "sample_images").glob("*.jpg")).read_bytes()
    _put(buckets, bucket, "p/a.jpg", "p/b.jpg", data=picture)
    # The library tries five times at once; these are so many that we have to wait as well.
    buckets.shut(503, 7, reading=reading)
    found = find_photos([f"s3://{bucket}/p"]).photos
    rows = measure_chunk(Chunk(found, CohortOptions()))
    dataset = Dataset(f"s3://{bucket}/out")
    dataset.begin()
    dataset.add(rows)
    assert buckets.door.refused == 7
    assert dataset.status().measured == 2


def test_an_object_that_cannot_be_read_is_a_row(
    buckets: Buckets, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cohort.storage.time.sleep", lambda _: None)
    _put(buckets, bucket, "a.jpg")
    found = find_photos([f"s3://{bucket}"]).photos
    for status, why in ((503, "the storage is too busy"), (403, "permission is denied")):
        buckets.shut(status, reading=True)
        (read,) = measure_chunk(Chunk(found, CohortOptions()))
        assert (read["status"], read["refused_for"]) == ("error", "not_read")
        assert why in read["message"]


def _program(*arguments: str) -> list[str]:
    return beltline("cohort", *arguments)


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_without_credentials_no_stranger_is_asked(buckets: Buckets, tmp_path: Path) -> None:
    home = own_home(tmp_path)
    home = {name: value for name, value in home.items() if not name.startswith("AWS_")}
    home |= {"AWS_ENDPOINT_URL": buckets.url}
    done: Watched = watch(
        _program("measure", "s3://somewhere/p", "--out", str(tmp_path / "out")), tmp_path, home
    )
    assert done.status == 4
    (line,) = done.complained.splitlines()
    assert "no credentials were found; set AWS_ACCESS_KEY_ID" in line
    # Whether this machine speaks IPv6 is tried on itself.
    assert done.addresses <= {buckets.url.removeprefix("http://"), "::1:0"}
    assert done.look_ups == frozenset()
