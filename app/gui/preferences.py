"""What the pages remember from one start to the next, and where the settings keep it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from vision.live.session import LiveKind
from vision.overlay.shapes import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.settings import Settings


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
    shows_last
        Whether the camera shows how the person stood in the last check.
    shows_more
        Whether all there is to say about a result is shown, or three lines.
    keeps_recent, recent
        Whether the photographs that were opened last are remembered, and which; newest first.
    """

    folder: Path | None = None
    hidden_layers: frozenset[Layer] = frozenset()
    keep_picture: bool = True
    countdown_s: int = 5
    is_muted: bool = False
    shows_last: bool = True
    shows_more: bool = False
    keeps_recent: bool = True
    recent: tuple[Path, ...] = ()

    @classmethod
    def read(cls, values: Settings) -> Self:
        """Return what the settings remember; a layer that is no longer known is left out."""
        known = {layer.value for layer in Layer}
        return cls(
            folder=Path(values.photo_folder) if values.photo_folder else None,
            hidden_layers=frozenset(Layer(name) for name in values.hidden_layers if name in known),
            keep_picture=values.keep_pictures,
            countdown_s=values.countdown_s,
            is_muted=values.is_muted,
            shows_last=values.camera_shows_last,
            shows_more=values.shows_more,
            keeps_recent=values.keeps_recent,
            recent=tuple(map(Path, values.recent_photos)),
        )

    def write(self, values: Settings) -> None:
        """Have the settings remember these choices."""
        values.photo_folder = str(self.folder) if self.folder is not None else ""
        values.hidden_layers = sorted(layer.value for layer in self.hidden_layers)
        values.keep_pictures = self.keep_picture
        values.countdown_s = self.countdown_s
        values.is_muted = self.is_muted
        values.camera_shows_last = self.shows_last
        values.shows_more = self.shows_more
        values.recent_photos = [str(path) for path in self.recent]


SizeName: TypeAlias = Literal["1280x720", "1920x1080", "3840x2160"]
#: Width and height that a webcam may be asked for, by what the settings call them.
SIZES_PX: Mapping[SizeName, tuple[int, int]] = {
    "1280x720": (1280, 720),
    "1920x1080": (1920, 1080),
    "3840x2160": (3840, 2160),
}


@dataclass(frozen=True, slots=True)
class LivePreferences:
    """Choices of a person; the page hands back a new one whenever one changes.

    Attributes
    ----------
    camera, address, uses_address
        Name of the webcam and address of the stream that were used last, and which of them.
    has_password
        Whether more belongs to the address, which is to be had from the system's keyring.
    size
        A key of :data:`SIZES_PX`.
    is_mirrored
        Whether the picture is shown as in a mirror.
    has_voice, has_tones
        What is to be heard.
    repeats
        How often a check measures.
    kind
        A check or one of the tests.
    shows_setup
        Whether the set-up is shown.
    starts_itself
        Whether the camera goes on when the page is opened, without being asked each time.
    shows_last
        Whether the picture shows how the person stood in the last check.
    keep_picture
        Whether a copy of the picture is kept beside the numbers.
    """

    camera: str = ""
    address: str = ""
    uses_address: bool = False
    has_password: bool = False
    size: SizeName = "1920x1080"
    is_mirrored: bool = True
    has_voice: bool = True
    has_tones: bool = True
    repeats: int = 3
    kind: LiveKind = LiveKind.CHECK
    shows_setup: bool = True
    starts_itself: bool = False
    shows_last: bool = True
    keep_picture: bool = True

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height to ask a webcam for."""
        return SIZES_PX[self.size]

    @classmethod
    def read(cls, values: Settings) -> Self:
        """Return what the settings remember."""
        return cls(
            camera=values.live_camera,
            address=values.live_address,
            uses_address=values.live_uses_address,
            has_password=values.live_address_has_password,
            size=values.live_size,
            is_mirrored=values.live_mirror,
            has_voice=values.live_voice,
            has_tones=values.live_tones,
            repeats=values.live_repeats,
            kind=LiveKind(values.live_kind),
            shows_setup=values.live_setup,
            starts_itself=values.live_starts_itself,
            shows_last=values.live_shows_last,
            keep_picture=values.keep_pictures,
        )

    def write(self, values: Settings) -> None:
        """Have the settings remember these choices; pictures are decided on elsewhere."""
        values.live_camera, values.live_address = self.camera, self.address
        values.live_address_has_password = self.has_password
        values.live_uses_address, values.live_size = self.uses_address, self.size
        values.live_mirror = self.is_mirrored
        values.live_voice, values.live_tones = self.has_voice, self.has_tones
        values.live_repeats, values.live_kind = self.repeats, self.kind.value
        values.live_setup, values.live_starts_itself = self.shows_setup, self.starts_itself
        values.live_shows_last = self.shows_last


@dataclass(frozen=True, slots=True)
class ExercisePreferences(LivePreferences):
    """Choices of a person; the player hands back a new one whenever one changes.

    Camera, mirror, voice and tones are meant to be the same as on the Live page; the rest of
    what that page chooses means nothing here.

    Attributes
    ----------
    uses_camera
        Whether the camera counts where it can; else the timer leads.
    """

    uses_camera: bool = False

    @classmethod
    def read(cls, values: Settings) -> Self:
        """Return what the settings remember."""
        shared = super(ExercisePreferences, cls).read(values)
        return replace(shared, uses_camera=values.exercise_camera)

    def write(self, values: Settings) -> None:
        """Have the settings remember these choices."""
        values.exercise_camera = self.uses_camera
        values.live_mirror = self.is_mirrored
        values.live_voice, values.live_tones = self.has_voice, self.has_tones
        values.live_camera, values.live_address = self.camera, self.address
        values.live_address_has_password = self.has_password
        values.live_uses_address = self.uses_address
