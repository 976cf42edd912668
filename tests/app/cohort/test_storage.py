from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import fsspec
import pytest

from app.cohort import CohortError
from app.cohort.storage import (
    ChangedError,
    Shelf,
    is_here,
    opened,
    path_of,
    patiently,
    read_whole,
    stamp_of,
    why_not,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_WAIT = (0.0, 0.0, 0.0)


class NoCredentialsError(Exception):
    """As botocore has one."""


class EndpointConnectionError(Exception):
    """As botocore has one."""


class ParamValidationError(Exception):
    """As botocore has one."""


def _tries(*errors: Exception) -> tuple[int, BaseException | None]:
    """Return how often something was tried that fails with one error after the other."""
    left, tried = list(errors), 0

    def act() -> None:
        nonlocal tried
        tried += 1
        if left:
            raise left.pop(0)

    try:
        patiently(act, NO_WAIT)
    except OSError as error:
        return tried, error
    return tried, None


def test_what_passes_is_waited_for() -> None:
    busy = OSError(errno.EBUSY, "Slow Down")
    assert _tries(busy, busy) == (3, None)
    assert _tries(EndpointConnectionError("x"), TimeoutError()) == (3, None)
    assert _tries(OSError("the storage says no more")) == (2, None)
    assert _tries(*[busy] * 9) == (4, busy)


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError("bucket/name.jpg"),
        PermissionError("Forbidden"),
        IsADirectoryError(errno.EISDIR, "Is a directory"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.ELOOP, "Too many levels of symbolic links"),
        NoCredentialsError("Unable to locate credentials"),
        ParamValidationError("Invalid bucket name"),
        ChangedError("1 became 2"),
    ],
)
def test_what_stays_is_told_at_once(error: Exception) -> None:
    assert _tries(error)[0] == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "no space left on device"),
        (FileNotFoundError("bucket/name.jpg"), "there is no such file"),
        (FileNotFoundError("The bucket is none."), "the bucket is none"),
        (PermissionError("Forbidden"), "permission is denied (forbidden)"),
        (OSError(errno.EBUSY, "Slow down"), "the storage is too busy (slow down)"),
    ],
)
def test_why_not_stands_inside_a_sentence(error: OSError, told: str) -> None:
    assert why_not(error) == told


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoCredentialsError("Unable"), "no credentials were found; set AWS_ACCESS_KEY_ID and "),
        (EndpointConnectionError("x" * 500), "the storage does not answer"),
        (ParamValidationError("^[a-z]{3}"), "there can be no such name"),
        (RuntimeError("one\ntwo"), "one two"),
    ],
)
def test_errors_of_a_storage_become_the_systems(error: Exception, told: str) -> None:
    _, raised = _tries(*[error] * 9)
    assert isinstance(raised, OSError)
    assert why_not(raised).startswith(told)


def test_here_and_elsewhere() -> None:
    assert is_here("a/b")
    assert is_here("file:///a/b")
    assert not is_here("s3://a/b")
    assert str(path_of("file:///a/b")) == "/a/b"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("zz://a", "The address 'zz://a' cannot be used (Protocol not known: zz). Check it."),
        ("gs://a", "pip install 'beltline[cohort]'"),
    ],
)
def test_an_address_that_nobody_knows(address: str, told: str) -> None:
    with pytest.raises(CohortError) as raised:
        opened(address)
    assert told in str(raised.value)


def test_no_stranger_is_asked_for_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    opened("memory://a")
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
    opened("memory://a")
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "false"


def test_a_name_with_colons_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a::b.jpg").write_bytes(b"x")
    photo = tmp_path / "a::b.jpg"
    assert read_whole(str(photo), stamp_of(photo)) == b"x"


def test_an_object_that_is_another_by_now() -> None:
    fsspec.filesystem("memory").pipe_file("/seen/a.jpg", b"four")
    assert read_whole("memory://seen/a.jpg", "4 tag") == b"four"
    assert read_whole("memory://seen/a.jpg", "listed") == b"four"
    with pytest.raises(ChangedError):
        read_whole("memory://seen/a.jpg", "3 tag")


@pytest.fixture(params=["disk", "memory"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    """The same on a disk and elsewhere."""
    if request.param == "disk":
        yield Shelf(str(tmp_path / "new"))
        return
    system = fsspec.filesystem("memory")
    yield Shelf("memory://shelf")
    if system.exists("/shelf"):
        system.rm("/shelf", recursive=True)


def test_a_shelf(shelf: Shelf) -> None:
    assert shelf.names() == shelf.names("parts") == []
    assert shelf.read("a") is None
    shelf.make("parts")
    shelf.write("parts/b", b"one")
    shelf.write("parts/b", b"two")
    shelf.write("parts/a", b"three")
    shelf.write("c", b"")
    assert shelf.names() == ["c", "parts"]
    assert shelf.names("parts") == ["a", "b"]
    assert shelf.read("parts/b") == b"two"
    shelf.rename("parts/b", "parts/z")
    shelf.remove("parts/a")
    shelf.remove("parts/a")
    assert shelf.names("parts") == ["z"]


def test_only_the_wanted_bytes_are_read() -> None:
    shelf = Shelf("memory://ranges")
    shelf.write("a", bytes(range(100)))
    with shelf.source("a") as source:
        assert source.read(3) == b"\x00\x01\x02"
        source.seek(-2, os.SEEK_END)
        assert (source.tell(), source.read(), source.read(5)) == (98, b"\x62\x63", b"")
    fsspec.filesystem("memory").rm("/ranges", recursive=True)
