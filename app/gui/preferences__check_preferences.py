"""What the Check page remembers from one start to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.gui.picture.overlay import Layer


@dataclass(frozen=True, slots=True)
class CheckPreferences:
    """Choices of a person; the page hands back a new one whenever one changes.

    Attributes
    ----------
    folder
        Where photographs were last opened, or None.
    hidden_layers
        What is not drawn on the picture.
    keep_picture
        Whether a copy of the picture is kept beside the numbers.
    countdown_s, is_muted
        Before the camera takes a picture.
    """

    folder: Path | None = None
    hidden_layers: frozenset[Layer] = frozenset()
    keep_picture: bool = True
    countdown_s: int = 5
    is_muted: bool = False
