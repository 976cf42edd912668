"""Pictures that another renderer drew, as ``python -m synthetic.blender.blender`` leaves them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class OtherPicture:
    """A picture with its truth.

    Attributes
    ----------
    jpeg
        The picture, encoded.
    truth
        See :meth:`synthetic.scene.truth.Truth.to_dict`.
    """

    jpeg: bytes
    truth: dict[str, Any]


def load_other(folder: Path) -> list[OtherPicture]:
    """Read all finished pictures of a folder, in order; none where there is no such folder."""
    return [
        OtherPicture(
            path.with_suffix(".jpg").read_bytes(), json.loads(path.read_text(encoding="utf-8"))
        )
        for path in sorted(folder.glob("*.json"))
    ]
