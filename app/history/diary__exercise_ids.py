"""The exercises that the program knows, by name."""

from __future__ import annotations

from enum import StrEnum


class ExerciseId(StrEnum):
    """Stable ids: they are kept in histories. The last three are those a camera can count."""

    GLUTE_SQUEEZE = "glute_squeeze"
    GLUTE_BRIDGE = "glute_bridge"
    SINGLE_LEG_BRIDGE = "single_leg_bridge"
    LEG_LIFT = "leg_lift"
