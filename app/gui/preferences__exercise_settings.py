"""The exercise player's choices among the settings; the camera is the Live page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.gui.preferences import ExercisePreferences

if TYPE_CHECKING:
    from app.settings import Settings


def preferences_of(values: Settings) -> ExercisePreferences:
    """Return what the settings remember."""
    return ExercisePreferences(
        uses_camera=values.exercise_camera,
        is_mirrored=values.live_mirror,
        has_voice=values.live_voice,
        has_tones=values.live_tones,
        camera=values.live_camera,
        address=values.live_address,
        uses_address=values.live_uses_address,
    )


def remember_in(values: Settings, chosen: ExercisePreferences) -> None:
    """Have the settings remember these choices."""
    values.exercise_camera = chosen.uses_camera
    values.live_mirror = chosen.is_mirrored
    values.live_voice, values.live_tones = chosen.has_voice, chosen.has_tones
    values.live_camera, values.live_address = chosen.camera, chosen.address
    values.live_uses_address = chosen.uses_address
