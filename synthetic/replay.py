"""Run the real pipeline again on pictures that a data set keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision.frame import frame_from_bytes
from vision.pipeline import measure_photo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from synthetic.dataset import Sample
    from vision.result import Measured, Rejected


def replay(samples: Iterable[Sample]) -> Iterator[tuple[Sample, Measured | Rejected]]:
    """Measure each kept picture from its encoded bytes, as a user's file would be."""
    for number, sample in enumerate(samples):
        yield sample, measure_photo(frame_from_bytes(sample.jpeg, f"sample {number}"))
