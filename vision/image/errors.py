"""What can be wrong with a picture file, each with one sentence and one fix."""

from __future__ import annotations

from enum import Enum

from vision.result import ReasonCode

#: Larger pictures are refused before they are decoded.
MAX_PIXELS = 100_000_000


class PhotoError(Exception):
    """A photograph that could not be read.

    Parameters
    ----------
    code
        :attr:`ReasonCode.UNREADABLE` or :attr:`ReasonCode.TOO_LARGE`.
    message
        One plain sentence: what is wrong.
    fix
        One plain sentence: what to do about it.
    source
        The file's name or a label.
    """

    def __init__(self, code: ReasonCode, message: str, fix: str, source: str) -> None:
        super().__init__(code, message, fix, source)
        self.code = code
        self.message = message
        self.fix = fix
        self.source = source

    def __str__(self) -> str:
        """Return the message and the fix."""
        return f"{self.message} {self.fix}"


class FileProblem(Enum):
    """Everything that makes a file unreadable: what is wrong, and the fix."""

    MISSING = ("There is no such file.", "Check the name and the folder it should be in.")
    FOLDER = ("This is a folder, not a photograph.", "Choose a photograph inside it.")
    NOT_A_FILE = ("This is not an ordinary file.", "Choose a photograph that is saved on a disk.")
    FORBIDDEN = (
        "You do not have permission to read this file.",
        "Allow reading it in its properties, or copy it into a folder of your own.",
    )
    UNOPENABLE = (
        "The file cannot be opened.",
        "Copy it to a folder on this computer and try again.",
    )
    EMPTY = ("The file is empty.", "Copy it again from the phone or camera.")
    UNKNOWN = (
        "The file is not a picture of a kind that can be read.",
        "Choose a photograph saved as JPEG, PNG, WebP, TIFF or HEIC.",
    )
    FILM = (
        "The file is a film, not a photograph.",
        "Save one picture of it as JPEG or PNG and choose that.",
    )
    MOVING = (
        "The file holds moving pictures, not one photograph.",
        "Save one picture of it as JPEG or PNG and choose that.",
    )
    DAMAGED = (
        "The picture is damaged or incomplete.",
        "Copy or download it again, or save it anew as JPEG or PNG.",
    )

    def error(self, source: str) -> PhotoError:
        """Return the error to raise for the file called ``source``."""
        message, fix = self.value
        return PhotoError(ReasonCode.UNREADABLE, message, fix, source)


def too_many_pixels(width_px: int, height_px: int, source: str) -> PhotoError:
    """Return the error for a picture above :data:`MAX_PIXELS`."""
    return PhotoError(
        ReasonCode.TOO_LARGE,
        f"The picture is too large: {width_px} by {height_px} pixels, "
        f"and at most {MAX_PIXELS // 1_000_000} megapixels can be read.",
        "Save it smaller, for example 4000 pixels along its longer side.",
        source,
    )


def too_many_bytes(source: str) -> PhotoError:
    """Return the error for a picture that asks for more memory than is sensible."""
    return PhotoError(
        ReasonCode.TOO_LARGE,
        "The picture is too large to be read into memory.",
        "Save it smaller, for example as a JPEG with 4000 pixels along its longer side.",
        source,
    )
