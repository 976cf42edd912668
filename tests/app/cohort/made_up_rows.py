"""Photographs that nobody took, and rows of them."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.cohort.listing import CohortPhoto
from app.cohort.lists import Listed
from app.cohort.rows import NOT_READ, row_of
from tests import made_up_results
from vision.result import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.cohort.dataset import Dataset

BY = "version 1"


def photos(*names: str, stamp: str = "3 1", subject: str = "") -> list[CohortPhoto]:
    return [CohortPhoto(f"/photos/{name}.jpg", stamp, Listed(subject=subject)) for name in names]


def marks_of(some: Iterable[CohortPhoto], by: str = BY) -> list[str]:
    return [photo.fingerprint(by) for photo in some]


def row(photo: CohortPhoto, by: str = BY) -> dict[str, Any]:
    return row_of(photo, photo.fingerprint(by), "0" * 64, made_up_results.measured())


def row_not_read(photo: CohortPhoto, by: str = BY) -> dict[str, Any]:
    outcome = Unreadable(NOT_READ, "The file cannot be read: no such file.", "Look for it.")
    return row_of(photo, photo.fingerprint(by), None, outcome)


def filled(dataset: Dataset, *chunks: list[CohortPhoto], by: str = BY) -> Dataset:
    """Let a dataset go through a whole run, each chunk in a file of its own at first."""
    dataset.begin()
    for chunk in chunks:
        dataset.add([row(photo, by) for photo in chunk])
    asked = [photo for chunk in chunks for photo in chunk]
    dataset.finish(asked, marks_of(asked, by))
    dataset.close()
    return dataset


def paths(dataset: Dataset) -> list[str]:
    found: list[str] = dataset.table(["path"])["path"].to_pylist()
    return [path.removeprefix("/photos/").removesuffix(".jpg") for path in found]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file become larger, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
