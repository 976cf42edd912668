"""How to find the two bony points by hand, in plain words."""

from __future__ import annotations

STEPS = (
    "Put your hands on your hips. Follow the edge of the bone forward with your fingers until it "
    "ends in a small bump at the front: that is the front point.",
    "Slide your thumbs to the back, to the two dimples just above the buttocks. The bump under "
    "the dimple is the back point.",
    "On the picture, drag the front cross to where the front bump is, and the back cross to where "
    "the dimple is, on the side that faces the camera.",
)
WHY = (
    "The points can be felt, but hardly seen. It is most exact when somebody feels for them and "
    "puts a small sticker on each before the picture is taken."
)
DRAWING = (
    "A body from the side. The front point is the bump at the front end of the hip bone's edge; "
    "the back point lies under the dimple above the buttock, usually a little higher."
)
