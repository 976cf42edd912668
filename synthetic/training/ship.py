"""Write the contour model where it ships, its intervals calibrated on bodies of their own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import torch

from synthetic.training.dataset import replay
from synthetic.training.network import DegreesOut
from vision.model_files import CHECKSUMS, CONTOUR_MODEL, FOLDER
from vision.result import INTERVAL_LEVEL, Measured
from vision.scene import Z_90
from vision.silhouette import CROP_HEIGHT_PX, CROP_WIDTH_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synthetic.training.dataset import Sample
    from synthetic.training.network import ContourNetwork


def write_model(members: Sequence[ContourNetwork], sd_factor: float) -> str:
    """Export the networks as one ONNX model, update the list of checksums, return the SHA-256."""
    path = FOLDER / CONTOUR_MODEL
    torch.onnx.export(
        DegreesOut(members, sd_factor).eval(),
        (torch.zeros(1, 1, CROP_HEIGHT_PX, CROP_WIDTH_PX),),
        str(path),
        input_names=["crop"],
        output_names=["tilt_sd_loose"],
        dynamo=False,
    )
    return list_checksum(CONTOUR_MODEL)


def list_checksum(name: str) -> str:
    """Bring the list of checksums up to date with a model file and return its SHA-256."""
    path = FOLDER / CHECKSUMS
    others = [line for line in path.read_text("ascii").splitlines() if line.split()[1] != name]
    checksum = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
    path.write_text("\n".join([*others, f"{checksum}  {name}", ""]), encoding="ascii")
    return checksum


def calibrated_factor(samples: list[Sample]) -> float:
    """Return the factor on the spread that makes 90 % intervals hold the truth that often.

    Runs the pipeline with the model just written, whose factor must be 1, on the pictures
    of bodies that training never saw.
    """
    errors, spreads, rolls = [], [], []
    for sample, result in replay(samples):
        if isinstance(result, Measured):
            errors.append(result.tilt.angle_deg - sample.truth["tilt_deg"])
            half_deg = (result.tilt.high_deg - result.tilt.low_deg) / 2
            spreads.append(half_deg / Z_90)
            rolls.append(result.capture.roll_sd_deg)
    own = np.sqrt(np.square(spreads) - np.square(rolls))
    # The factor with which each body's interval would just reach its truth.
    left = np.square(np.array(errors) / Z_90) - np.square(rolls)
    needed = np.sqrt(np.clip(left, 0, None)) / own
    return float(np.quantile(needed, INTERVAL_LEVEL))
