"""Damaged pictures of every format, decoded in a process of their own, which may die of them.

``python -m tests.hostile.mutated_pictures FORMAT SEED...`` prints a line of JSON before each
picture and one after it.
"""

from __future__ import annotations

import io
import json
import sys
import time
import traceback
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

from vision.image.frame import Frame, frame_from_bytes
from vision.reasons import PhotoError

SAMPLE = Path(__file__).parents[2] / "sample_images" / "man_average_right_tilt8.jpg"
#: Large enough to be measured, small enough for thousands.
SIZE_PX = (300, 540)
#: How each is saved; the same picture in all of them.
FORMATS: dict[str, dict[str, Any]] = {
    "jpeg": {"format": "JPEG", "quality": 85},
    "progressive": {"format": "JPEG", "quality": 85, "progressive": True},
    "png": {"format": "PNG"},
    "webp": {"format": "WebP", "quality": 85},
    "lossless-webp": {"format": "WebP", "lossless": True},
    "tiff": {"format": "TIFF"},
    "lzw-tiff": {"format": "TIFF", "compression": "tiff_lzw"},
    "deflate-tiff": {"format": "TIFF", "compression": "tiff_adobe_deflate"},
    "jpeg-tiff": {"format": "TIFF", "compression": "jpeg"},
    "heic": {"format": "HEIF", "quality": 80},
    "avif": {"format": "AVIF", "quality": 80, "speed": 8},
    "bmp": {"format": "BMP"},
    "gif": {"format": "GIF"},
}
#: A pixel counts as another from here on, of 255.
_VISIBLE_LEVELS = 24


class Outcome(StrEnum):
    """What came of a damaged picture."""

    REFUSED = "refused"
    #: It shows what the whole one shows.
    SAME = "same"
    #: It shows something else, and nobody said so.
    DIFFERS = "differs"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tried:
    """A damaged picture and what came of it.

    Attributes
    ----------
    took_s
        Until there was a picture or a sentence.
    share
        Of its pixels, how many are visibly others.
    angle_deg, is_warned
        What was measured in one that differs, and whether a reason stands beside it that does
        not beside the whole picture.
    """

    seed: int
    outcome: Outcome
    took_s: float
    said: str = ""
    share: float = 0.0
    angle_deg: float | None = None
    is_warned: bool = False


@cache
def whole(name: str) -> bytes:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    with Image.open(SAMPLE) as image:
        image.resize(SIZE_PX).save(file, **FORMATS[name])
    return file.getvalue()


def mutated(name: str, seed: int) -> bytes:
    """Return the picture with one or two kinds of damage in it."""
    rng = np.random.default_rng([seed, *name.encode()])
    data = bytearray(whole(name))
    for _ in range(rng.integers(1, 3)):
        _damage(data, rng)
    return bytes(data)


def _damage(data: bytearray, rng: np.random.Generator) -> None:
    # Headers are a small part of a file, and most of what can go wrong.
    reach = len(data) if rng.random() < 0.6 else min(len(data), 600)
    at = int(rng.integers(0, max(1, reach)))
    run = min(int(2 ** rng.uniform(0, 12)), max(1, len(data) - at))
    match int(rng.integers(0, 9)):
        case 0 | 1:
            for place in rng.integers(0, max(1, reach), int(rng.integers(1, 9))):
                data[place] ^= 1 << int(rng.integers(0, 8))
        case 2:
            data[at : at + run] = bytes(run)
        case 3:
            data[at : at + run] = rng.bytes(run)
        case 4:
            del data[at:]
        case 5:
            del data[at : at + run]
        case 6:
            data[at:at] = data[at : at + run]
        case 7:
            data[at : at + 4] = rng.choice([b"\xff" * 4, b"\x7f" + b"\xff" * 3, bytes(4)])
        case _:
            other = whole(str(rng.choice(list(FORMATS))))
            data[at : at + run] = other[:run]


def tried(name: str, seed: int, measures: bool) -> Tried:
    """Decode a damaged picture, and measure in it if it shows something else."""
    data = mutated(name, seed)
    begun_s = time.monotonic()
    frame, outcome, said = None, Outcome.SAME, ""
    try:
        frame = frame_from_bytes(data, "damaged")
    except PhotoError as error:
        outcome, said = Outcome.REFUSED, str(error)
    except BaseException:  # whatever else it is, it is what is looked for
        outcome, said = Outcome.FAILED, traceback.format_exc()
    took_s = time.monotonic() - begun_s
    share = 0.0 if frame is None else _changed_share(name, frame)
    if frame is None or share == 0:
        return Tried(seed, outcome, took_s, said)
    if not measures:
        return Tried(seed, Outcome.DIFFERS, took_s, share=share)
    found, usual = measured(frame), usual_of(name)
    return Tried(
        seed, Outcome.DIFFERS, took_s, "", share, found.angle_deg, bool(found.codes - usual.codes)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a picture gives: its angle, or None, and what is said beside it."""

    angle_deg: float | None
    codes: frozenset[str]


def measured(frame: Frame) -> Told:
    from vision.pipeline import measure_photo
    from vision.result import Measured

    result = measure_photo(frame, quick=True)
    angle_deg = result.tilt.angle_deg if isinstance(result, Measured) else None
    return Told(angle_deg, frozenset(reason.code.value for reason in result.reasons))


@cache
def usual_of(name: str) -> Told:
    """Return what the whole picture gives."""
    return measured(frame_from_bytes(whole(name), "whole"))


def _changed_share(name: str, frame: Frame) -> float:
    before = frame_from_bytes(whole(name), "whole").rgb
    if before.shape != frame.rgb.shape:
        return 1.0
    gaps = np.abs(before.astype(np.int16) - frame.rgb)
    return float((gaps.max(axis=2) > _VISIBLE_LEVELS).mean())


def main(name: str, measured_of: int, *seeds: int) -> None:
    """Try these; of those that show something else, measure the first so many."""
    for seed in seeds:
        print(json.dumps({"begins": seed}), flush=True)
        found = tried(name, seed, measured_of > 0)
        measured_of -= found.outcome is Outcome.DIFFERS
        print(json.dumps(asdict(found)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
