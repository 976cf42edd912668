"""Whether two versions of the program answer alike: ``python -m benchmarks measure answers``.

Run with ``--keep FILE`` by the older one, then with ``--against FILE`` by the newer.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from benchmarks.cohort.made_up import make_photographs
from benchmarks.shared import print_table, verdict
from vision.pipeline import measure_photo
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision.result import Rejected

#: Answers may differ by so much, deg, and be called the same.
SAME_DEG = 0.1
_SHOWN = 10


def answers(
    pictures: Annotated[list[Path] | None, typer.Argument()] = None,
    keep: Annotated[Path | None, typer.Option(help="write the answers to this file")] = None,
    against: Annotated[Path | None, typer.Option(help="compare with the answers in it")] = None,
    count: Annotated[int, typer.Option(help="made from the samples where none are given")] = 300,
    quick: bool = False,
) -> None:
    """Measure a fixed set of pictures; keep the answers, or compare them with kept ones.

    Without pictures the set is made from ``sample_images``, each cut and encoded in its own way,
    the same each time.
    """
    if keep is None and against is None:
        raise SystemExit("Give --keep FILE, or --against FILE.")
    with tempfile.TemporaryDirectory() as folder:
        paths = pictures or make_photographs(Path(folder), count)
        # Those made here lie in another folder each time.
        names = [str(path) if pictures else path.name for path in paths]
        found = {
            name: answer_of(measure_photo(path, quick=quick))
            for name, path in zip(names, paths, strict=True)
        }
    if keep is not None:
        keep.write_text(json.dumps(found), encoding="utf-8")
    if against is not None:
        compare(json.loads(against.read_text(encoding="utf-8")), found)


def answer_of(result: Measured | Rejected) -> dict[str, Any]:
    """Return what a result says in numbers, by name; None where it says nothing."""
    numbers: dict[str, float | None] = {}
    if isinstance(result, Measured):
        line, stickers = result.belt_line, result.stickers
        numbers = {
            "tilt": result.tilt.angle_deg,
            "half of its interval": result.tilt.half_width_deg,
            "belt line": None if line is None else line.tilt.angle_deg,
            "stickers": None if stickers is None else stickers.angle_deg,
            "yaw": result.capture.yaw_deg,
            "roll": result.capture.roll_deg,
        }
    return {"numbers": numbers, "reasons": sorted(reason.code.value for reason in result.reasons)}


def compare(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Print how far answers lie apart, and whose are of another kind."""
    names = [name for name in before if name in now]
    rows, other = [], [name for name in names if is_other(before[name], now[name])]
    for number in dict.fromkeys(key for name in names for key in before[name]["numbers"]):
        pairs = [
            (before[name]["numbers"].get(number), now[name]["numbers"].get(number))
            for name in names
        ]
        apart = np.abs([new - old for old, new in pairs if None not in (old, new)])
        if len(apart):
            rows.append(
                [number, f"{len(apart)}", f"{apart.mean():.4f}", f"{apart.max():.3f}",
                 f"{(apart > SAME_DEG).sum()}", verdict(float(apart.max()), SAME_DEG)]
            )  # fmt: skip
    print_table(
        f"{len(names)} pictures: by how much answers differ, degrees (at most {SAME_DEG:g})",
        ["", "both tell it", "mean", "largest", "over it", ""],
        rows,
    )
    print(f"Measured by one only, or for other reasons: {len(other)}")
    print_some(other, before, now)


def is_other(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Tell whether an answer is there now and was not before, or for other reasons."""
    told = [
        [name for name, number in answer["numbers"].items() if number is not None]
        for answer in (before, now)
    ]
    return told[0] != told[1] or before["reasons"] != now["reasons"]


def print_some(names: Sequence[str], before: dict[str, Any], now: dict[str, Any]) -> None:
    """Print the first few of these answers."""
    for name in names[:_SHOWN]:
        old, new = (" ".join(answer[name]["reasons"]) or "measured" for answer in (before, now))
        print(f"  {name}: {old} -> {new}")
