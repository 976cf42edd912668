"""All people of the sample pictures."""

from __future__ import annotations

from synthetic.body.arms import Arms
from synthetic.body.shape import Build
from synthetic.clothing.accessories import Hair
from synthetic.clothing.garments import Fit
from synthetic.clothing.outfit import Bottom, Top
from synthetic.samples.men import MEN
from synthetic.samples.person import (
    AFRICAN,
    DEEP,
    EUROPEAN,
    FAIR,
    WHITE,
    SamplePerson,
    person,
)
from synthetic.samples.women import WOMEN


def _refused() -> list[SamplePerson]:
    return [
        person(
            "woman_frontal",
            221,
            12.0,
            "clinic",
            Build("female", 36, 1.68, 0.0, 0.5, 0.6, EUROPEAN),
            FAIR,
            {
                "top": Top.TSHIRT,
                "fit": Fit.TIGHT,
                "bottom": Bottom.LEGGINGS,
                "top_colours": ((128, 110, 150), WHITE),
                "hair": Hair.BUN,
                "hair_volume": 0.4,
                "hair_colour": (150, 108, 64),
                "shoe_colour": (205, 205, 205),
            },
            arms=Arms.HANGING,
            yaw_deg=90.0,
            expected="not_side_on",
        ),
        person(
            "man_cut_at_thigh_right",
            222,
            10.0,
            "living",
            Build("male", 44, 1.80, 0.2, 0.5, 0.5, AFRICAN),
            DEEP,
            {
                "top": Top.TSHIRT,
                "bottom": Bottom.SHORTS,
                "leg_length": 0.42,
                "top_colours": ((66, 100, 112), WHITE),
                "hair_colour": (26, 22, 20),
                "hair_volume": 0.1,
            },
            facing="right",
            expected="body_cut_off",
            cut_at_thigh=True,
        ),
    ]


#: Those who can be measured, then those who must be refused.
SAMPLES: tuple[SamplePerson, ...] = (*WOMEN, *MEN, *_refused())
