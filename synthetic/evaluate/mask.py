"""The thin network of the second mask beside the one it is made from.

``python -m synthetic.evaluate.mask --teacher u2netp.onnx`` measures every picture of the part
``judge`` with each, and with the published one in a strip, and tells how well the careful look's
answers agree with the truth and by how much they differ.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from synthetic.evaluate.report import Report, agreement_of
from synthetic.mask import SIDE_PX
from synthetic.training.dataset import load_part
from vision import pipeline
from vision.image.frame import frame_from_bytes
from vision.pose.second_mask import (
    HEIGHT_PX,
    WIDTH_PX,
    cut,
    network_input,
    put_back,
    second_mask,
    window_around,
)
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from synthetic.evaluate.report import Pair
    from synthetic.training.dataset import KnownPicture
    from vision.pose.estimate import PoseEstimate

    Masker = Callable[[NDArray[np.uint8], PoseEstimate], NDArray[np.float32]]

#: The published network's output that joins all others.
_JOINED = "1959"


def published(teacher: Path, width_px: int) -> Masker:
    """Return what draws the second mask by the published network.

    Parameters
    ----------
    teacher
        Its file.
    width_px
        Width of what it sees, whose height is that of the thin one's.
    """
    network = cv2.dnn.readNetFromONNX(str(teacher))

    def draw(rgb: NDArray[np.uint8], pose: PoseEstimate) -> NDArray[np.float32]:
        matrix = window_around(pose.xy_px)
        matrix[0, 2] += (width_px - WIDTH_PX) / 2
        network.setInput(network_input(cut(rgb, matrix, (width_px, HEIGHT_PX))))
        found = np.asarray(network.forward(_JOINED), np.float32)
        return put_back(found.reshape(HEIGHT_PX, width_px), matrix, pose)

    return draw


def answers(
    pictures: Sequence[KnownPicture], draw: Masker, name: str
) -> dict[int, tuple[float, Measured]]:
    """Return the outline's answer, deg, and all of it, by the number of each measured picture."""
    found: dict[int, tuple[float, Measured]] = {}
    with mock.patch.object(pipeline, "second_mask", draw):
        for number, picture in enumerate(track(pictures, f"measuring: {name}")):
            result = pipeline.measure_photo(frame_from_bytes(picture.jpeg, name))
            if isinstance(result, Measured) and result.contour is not None:
                found[number] = result.contour.angle_deg, result
    return found


def judge(report: Report, pictures: Sequence[KnownPicture], masks: dict[str, Masker]) -> None:
    """Report on each second mask; by how much answers differ is told against the first."""
    measured = {name: answers(pictures, draw, name) for name, draw in masks.items()}
    pairs: dict[str, list[Pair]] = {
        name: [(pictures[number], result) for number, (_, result) in found.items()]
        for name, found in measured.items()
    }
    report.agreements(
        "The careful look by its second mask",
        {name: agreement_of(told) for name, told in pairs.items()},
    )
    first, *others = measured
    rows = []
    for name in others:
        moved = np.array(
            [
                abs(angle_deg - measured[first][number][0])
                for number, (angle_deg, _) in measured[name].items()
                if number in measured[first]
            ]
        )
        figures = moved.mean(), np.percentile(moved, 95), moved.max()
        rows.append([name, str(len(moved)), *(f"{figure:.2f}" for figure in figures)])
    columns = ("", "n", "mean deg", "95th percentile", "largest")
    report.table(f"By how much answers differ from: {first}", columns, rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--teacher", type=Path, required=True, help="U2-Net's small form, ONNX")
    parser.add_argument("--data", type=Path, default=Path("data"))
    arguments = parser.parse_args()
    masks = {
        "as published, square": published(arguments.teacher, SIDE_PX),
        "as published, strip": published(arguments.teacher, WIDTH_PX),
        "thin": second_mask,
    }
    judge(Report(Console(width=130)), load_part(arguments.data, "judge"), masks)


if __name__ == "__main__":
    main()
