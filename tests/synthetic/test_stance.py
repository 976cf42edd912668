"""The bodies in the window's drawings are those that are rendered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from synthetic.stance import draw_bodies

_SHIPPED = Path(__file__).parents[2] / "app" / "assets" / "stance"


def test_the_shipped_bodies_are_what_is_rendered() -> None:
    drawn = draw_bodies()
    assert {path.stem for path in _SHIPPED.glob("*.webp")} == set(drawn)
    for name, rgba in drawn.items():
        with Image.open(_SHIPPED / f"{name}.webp") as kept:
            shipped = np.asarray(kept.convert("RGBA"))
        assert shipped.shape == rgba.shape
        is_body, was_body = rgba[..., 3] > 128, shipped[..., 3] > 128
        assert (is_body & was_body).sum() / (is_body | was_body).sum() > 0.98, name
        off = np.abs(rgba[is_body][:, :3].astype(int) - shipped[is_body][:, :3])
        assert off.mean() < 8, name


def test_who_stands_is_taller_than_who_bends_the_knees() -> None:
    tall = {name: rgba.shape[0] for name, rgba in draw_bodies().items()}
    assert tall["bent"] < 0.95 * tall["side"]
    assert abs(tall["front"] - tall["side"]) < 0.02 * tall["side"]
