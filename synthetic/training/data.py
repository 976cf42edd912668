"""What training reads: pictures and outlines as columns of equal length."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import torch

from synthetic.training.dataset import columns_of, lesson_of, load_part
from synthetic.training.outlines import load_outlines

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from synthetic.training.dataset import Sample


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Columns of equal length, see :class:`synthetic.training.dataset.Lesson`; crops are wide."""

    wide: Tensor
    tilt_deg: Tensor
    loose: Tensor
    points_px: Tensor
    facts: Tensor

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.tilt_deg)

    def rows(self, index: Tensor) -> TrainingData:
        """Return some rows."""
        return TrainingData(*(getattr(self, field.name)[index] for field in fields(self)))


def joined(first: TrainingData, second: TrainingData) -> TrainingData:
    """Return the rows of both, one after the other."""
    return TrainingData(
        *(
            torch.cat([getattr(first, field.name), getattr(second, field.name)])
            for field in fields(first)
        )
    )


def is_usable(sample: Sample) -> bool:
    """Tell whether the pose estimator found this body, and looking the right way."""
    hip = sample.xy_px[23:25].mean(axis=0)
    shoulder = sample.xy_px[11:13].mean(axis=0)
    pelvis = (np.array(sample.truth["asis_px"]) + np.array(sample.truth["psis_px"])) / 2
    near = np.hypot(*(hip - pelvis)) < 0.5 * np.hypot(*(shoulder - hip))
    return bool(near) and sample.facing == sample.truth["facing"]


def training_data(samples: list[Sample]) -> TrainingData:
    """Collect the usable samples."""
    usable = [sample for sample in samples if is_usable(sample)]
    lessons = columns_of([lesson_of(sample.truth, sample.wide_matrix()) for sample in usable])
    wide = torch.from_numpy(np.stack([sample.wide for sample in usable]))
    return TrainingData(wide, *(torch.from_numpy(column) for column in lessons.values()))


def load_pictures(folder: Path) -> TrainingData:
    """Return the part ``train``: masks that the real estimator drew."""
    return training_data(load_part(folder, "train"))


def load_true_outlines(folder: Path) -> TrainingData:
    """Return the part ``outlines``."""
    wide, lessons = load_outlines(folder)
    return TrainingData(
        torch.from_numpy(wide), *(torch.from_numpy(column) for column in lessons.values())
    )
