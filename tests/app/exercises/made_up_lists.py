"""Lists of exercises with pictures, as a physiotherapist makes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from app.exercises.shared_list import SharedList
from app.history.diary import Plan, PlannedExercise
from app.history.place import EncodedPicture, encode_picture

if TYPE_CHECKING:
    from pathlib import Path

_GPS, _MODEL, _TURN = 0x8825, 0x0110, 0x0112
#: What a file says that tells where a photograph was taken.
PLACE_WORDS = b"Camera of the practice"


def drawing(shade: int = 200, size_px: tuple[int, int] = (640, 400)) -> EncodedPicture:
    """Return a picture with a dark bar on something light."""
    rgb = np.full((size_px[1], size_px[0], 3), shade, np.uint8)
    rgb[size_px[1] // 2 :, size_px[0] // 4 : size_px[0] // 2] = (40, 60, 90)
    return encode_picture(rgb, 1024)


def photograph(path: Path, size_px: tuple[int, int] = (2000, 1500)) -> Path:
    """Write a photograph that a telephone took lying on its side, with the place in it."""
    image = Image.effect_noise(size_px, 60).convert("RGB")
    exif = Image.Exif()
    exif[_MODEL], exif[_TURN] = PLACE_WORDS.decode(), 6
    degrees = tuple(IFDRational(number, 1) for number in (48, 12, 33))
    exif[_GPS] = {1: "N", 2: degrees, 3: "E", 4: degrees}
    image.save(path, exif=exif, comment=b"at home")
    return path


def a_list(practice: str = "Praxis Süd") -> SharedList:
    """Return a list of three exercises with two pictures."""
    pictures = {one.sha256: one for one in (drawing(), drawing(120, (300, 500)))}
    first, second = pictures
    plan = Plan(
        (
            PlannedExercise(name="Clam", sets=3, hold_s=2.5, load="red", how="Slow", picture=first),
            PlannedExercise("glute_bridge", each_side=True, note="in the morning", picture=second),
            PlannedExercise("leg_lift"),
        )
    )
    return SharedList(practice, date(2026, 5, 4), plan, pictures)
