"""What the exercise player remembers from one start to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.gui.preferences import LivePreferences


@dataclass(frozen=True, slots=True)
class ExercisePreferences:
    """Choices of a person; the player hands back a new one whenever one changes.

    Attributes
    ----------
    uses_camera
        Whether the camera counts where it can; else the timer leads.
    is_mirrored
        Whether the picture is shown as in a mirror.
    has_voice, has_tones
        What is to be heard.
    camera, address, uses_address
        Name of the webcam and address of the stream that were used last, and which of them;
        meant to be the same as on the Live page.
    """

    uses_camera: bool = False
    is_mirrored: bool = True
    has_voice: bool = True
    has_tones: bool = True
    camera: str = ""
    address: str = ""
    uses_address: bool = False

    @property
    def live(self) -> LivePreferences:
        """The camera's part, as the Live page knows it."""
        return LivePreferences(
            camera=self.camera,
            address=self.address,
            uses_address=self.uses_address,
            is_mirrored=self.is_mirrored,
        )

    def with_camera(self, live: LivePreferences) -> ExercisePreferences:
        """Return these choices with the camera of those."""
        return replace(
            self, camera=live.camera, address=live.address, uses_address=live.uses_address
        )
