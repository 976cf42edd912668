"""Folders for raters, with small pictures that differ, and a clock that stands still."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZE_PX = 320, 480


class HandClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


def draw_picture(path: Path, look: int) -> None:
    """Save a picture; the same ``look`` gives the same pixels."""
    random = np.random.default_rng(look)
    small = random.integers(60, 200, (12, 8, 3), np.uint8)
    Image.fromarray(small).resize(SIZE_PX, Image.Resampling.BICUBIC).save(path)


def make_worklist(folder: Path, looks: Sequence[int] = (0, 1, 2), rater: str = "rater-1") -> Path:
    """Write a rater's folder with a picture for each look; return the folder."""
    (folder / "pictures").mkdir(parents=True)
    items = []
    for number, look in enumerate(looks, 1):
        name = f"p{number}.png"
        draw_picture(folder / "pictures" / name, look)
        width, height = SIZE_PX
        entry = {"id": f"i{number}", "picture": name, "width_px": width, "height_px": height}
        items.append(entry)
    listed = {"beltline_worklist": 1, "study": "demo", "rater": rater, "items": items}
    (folder / "worklist.json").write_text(json.dumps(listed), encoding="utf-8")
    return folder


def make_study(folder: Path, raters: Sequence[str] = ("rater-1", "rater-2")) -> Path:
    """Write a study's folder with a worklist for each rater; return the folder."""
    for rater in raters:
        make_worklist(folder / "raters" / rater, rater=rater)
    items = [
        {"id": f"i{number}", "rater": rater, "subject": f"s{number}", "repeat": 1}
        for rater in raters
        for number in (1, 2, 3)
    ]
    photos = [
        {"subject": f"s{number}", "path": f"{number}.jpg", "sha256": "0"} for number in (1, 2, 3)
    ]
    design = {"raters": len(raters), "repeats": 1, "subjects": 3}
    key = {"beltline_study": 1, "study": "demo", "made_at": "2026-01-05T10:00:00+01:00", "seed": 1}
    key |= {"version": "0", "design": design, "photos": photos, "items": items}
    (folder / "study.json").write_text(json.dumps(key), encoding="utf-8")
    return folder
