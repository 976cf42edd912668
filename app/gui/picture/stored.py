"""Reading the picture of a check, which may have vanished since it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import history

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.history.records import Check


@dataclass(frozen=True, slots=True, eq=False)
class CheckPicture:
    """A check's picture, or why there is none.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, perhaps smaller than the full picture; or None.
    missing
        One plain sentence where ``rgb`` is None, else empty.
    """

    rgb: NDArray[np.uint8] | None
    missing: str = ""


def read_picture(check: Check) -> CheckPicture:
    """Read the picture that was kept with a check; to be called from a thread."""
    import numpy as np
    from PIL import Image

    if check.picture is None:
        return CheckPicture(None, history.PICTURE_NOT_KEPT)
    try:
        with Image.open(check.picture.picture) as image:
            return CheckPicture(np.asarray(image.convert("RGB")))
    except (OSError, SyntaxError):  # Pillow calls a broken file a syntax error
        return CheckPicture(None, history.PICTURE_GONE)
