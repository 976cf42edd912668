"""What the desktop app remembers between two starts."""

from __future__ import annotations

import json
import os
from enum import Enum, auto
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app import Page
from vision.atomic_write import atomic_write, close_to_others, make_own_folder
from vision.messages import translatable

#: Overrides the folder of the settings file.
FOLDER_VARIABLE = "BELTLINE_CONFIG_DIR"
_FILE_NAME = "settings.json"
#: Of each folder that is the program's own.
FOLDER_NAME = "beltline"
TEXT_PERCENT_LIMITS = 80, 200
Model = TypeVar("Model", bound=BaseModel)


class _Fault(Enum):
    """What can be wrong with a file."""

    UNREADABLE = auto()
    DAMAGED = auto()
    IN_PARTS = auto()


#: By what a file holds.
_COMPLAINTS = {
    "settings": {
        _Fault.UNREADABLE: "The settings could not be read; the usual ones are in use.",
        _Fault.DAMAGED: "The file with the settings was damaged; the usual ones are in use.",
        _Fault.IN_PARTS: (
            "Some of the settings could not be read; the usual ones are in use for them."
        ),
    },
    "choices about reminders": {
        _Fault.UNREADABLE: (
            "The choices about reminders could not be read; the usual ones are in use."
        ),
        _Fault.DAMAGED: (
            "The file with the choices about reminders was damaged; the usual ones are in use."
        ),
        _Fault.IN_PARTS: (
            "Some of the choices about reminders could not be read; the usual ones are in use "
            "for them."
        ),
    },
}


class Settings(BaseModel):
    """Every entry has a default, so that a file may hold any part of them.

    Attributes
    ----------
    language
        Code of the language, or as the system has it.
    scheme
        Light, dark, or as the system is.
    window
        Place and size as Qt writes them, base64; empty before the first close.
    page
        The page that was open.
    photo_folder
        Where photographs were last looked for; empty before the first time.
    profile_id
        Whose checks are shown, or None.
    keep_pictures
        Whether a copy of the picture is kept beside the numbers.
    hidden_layers
        What is not drawn on the picture.
    countdown_s
        Before a picture is taken.
    is_muted
        Whether the countdown is silent.
    shows_more
        Whether all there is to say about a result is shown, or three lines.
    live_camera, live_address
        Name of the webcam and address of the stream that were used last; ``live_uses_address``
        tells which of the two.
    live_address_has_password
        Whether name and password that belong to the address are in the system's keyring, if
        it has one; they are never here.
    live_size
        Width and height that a webcam is asked for.
    live_mirror, live_voice, live_tones
        Whether the live picture is mirrored, and what is to be heard.
    live_repeats
        How often a live check measures.
    live_kind
        A check or one of the tests.
    live_setup
        Whether the set-up is shown beside the picture.
    live_starts_itself
        Whether the camera goes on when that page is opened.
    live_shows_last, camera_shows_last
        Whether the Live page, and the Check page's camera, show how the person stood last time.
    exercise_camera
        Whether a camera counts the exercises where it can; it is the Live page's.
    text_percent
        Size of the letters.
    keeps_recent, recent_photos
        Whether the photographs that were opened last are remembered, and which; newest first.
    backed_up_at, backup_reminded_at
        When the last backup was made, and when somebody was last reminded of making one: ISO
        8601 with the offset, or empty.
    """

    model_config = ConfigDict(validate_assignment=True, extra="ignore")

    language: Annotated[str, Field(max_length=20)] = "system"
    scheme: Literal["system", "light", "dark"] = "system"
    window: str = ""
    page: str = Page.CHECK.value
    photo_folder: str = ""
    profile_id: int | None = None
    keep_pictures: bool = True
    hidden_layers: list[str] = []
    countdown_s: Annotated[int, Field(ge=1, le=60)] = 5
    is_muted: bool = False
    shows_more: bool = False
    live_camera: str = ""
    live_address: str = ""
    live_uses_address: bool = False
    live_address_has_password: bool = False
    live_size: Literal["1280x720", "1920x1080", "3840x2160"] = "1920x1080"
    live_mirror: bool = True
    live_voice: bool = True
    live_tones: bool = True
    live_repeats: Annotated[int, Field(ge=1, le=5)] = 3
    live_kind: Literal["check", "squeeze", "range"] = "check"
    live_setup: bool = True
    live_starts_itself: bool = False
    live_shows_last: bool = True
    camera_shows_last: bool = True
    exercise_camera: bool = False
    text_percent: Annotated[int, Field(ge=TEXT_PERCENT_LIMITS[0], le=TEXT_PERCENT_LIMITS[1])] = 100
    keeps_recent: bool = True
    recent_photos: list[str] = []
    backed_up_at: str = ""
    backup_reminded_at: str = ""


class ModelFile(Generic[Model]):
    """What was chosen, and the file it lives in.

    Parameters
    ----------
    model
        Every entry has a default.
    name
        What the file holds: a key of the complaints.

    Attributes
    ----------
    values
        To be read, and changed by assignment.
    """

    def __init__(self, path: Path, model: type[Model], name: str) -> None:
        self.path = path
        close_to_others(path)
        if path.parent.name == FOLDER_NAME:  # else it is a folder that somebody named
            close_to_others(path.parent)
        self.values, self._fault = _read(path, model)
        self._name, self._known = name, self._text()

    @property
    def complaint(self) -> str:
        """One sentence for the person when the file was damaged, else empty.

        In the language that is spoken now: which one it is stands in such a file.
        """
        return "" if self._fault is None else _COMPLAINTS[self._name][self._fault]

    def save(self) -> bool:
        """Write the file, whole or not at all; tell whether that was possible."""
        text = self._text()
        try:
            make_own_folder(self.path.parent)
            atomic_write(self.path, text)
        except OSError:
            return False
        self._known = text
        return True

    def save_changes(self) -> bool:
        """Write the file if anything was changed since it was read or written."""
        return self._text() == self._known or self.save()

    def _text(self) -> bytes:
        return (self.values.model_dump_json(indent=2) + "\n").encode()


class SettingsFile(ModelFile[Settings]):
    """The settings; without a path, this user's."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path if path is not None else default_path(), Settings, "settings")


def default_path() -> Path:
    """Return where this user's settings are."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return Path(folder) / _FILE_NAME
    from platformdirs import user_config_path

    return user_config_path(FOLDER_NAME, appauthor=False) / _FILE_NAME


def _read(path: Path, model: type[Model]) -> tuple[Model, _Fault | None]:
    """Return the valid entries of a file, and what is wrong with the rest."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return model(), None
    except (OSError, UnicodeDecodeError):
        return model(), _Fault.UNREADABLE
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return model(), _Fault.DAMAGED
    try:
        return model.model_validate(found), None
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors()}
    kept = {key: value for key, value in found.items() if key not in wrong}
    return model.model_validate(kept), _Fault.IN_PARTS


translatable(__name__, but=("FOLDER_VARIABLE", "FOLDER_NAME", "_FILE_NAME"))
