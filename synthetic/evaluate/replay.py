"""Run the real pipeline again on pictures that a data set keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from vision.image.frame import frame_from_bytes
from vision.pipeline import measure_photo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from synthetic.evaluate.strata import Known
    from vision.result import Measured, Rejected

_KnownT = TypeVar("_KnownT", bound="Known")


def replay(samples: Iterable[_KnownT]) -> Iterator[tuple[_KnownT, Measured | Rejected]]:
    """Measure each kept picture from its encoded bytes, as a user's file would be."""
    for number, sample in enumerate(samples):
        yield sample, measure_photo(frame_from_bytes(sample.jpeg, f"sample {number}"))
