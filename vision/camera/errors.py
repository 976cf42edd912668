"""What can be wrong with a camera, each with one sentence and one fix."""

from __future__ import annotations

from enum import Enum


class CameraError(Exception):
    """A camera, film or stream that gives no pictures, or no more.

    Parameters
    ----------
    problem
        Which of them it is.
    message
        One plain sentence: what is wrong.
    fix
        One plain sentence: what to do about it.
    """

    def __init__(self, problem: CameraProblem, message: str, fix: str) -> None:
        super().__init__(problem, message, fix)
        self.problem = problem
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        """Return the message and the fix."""
        return f"{self.message} {self.fix}"


class CameraProblem(Enum):
    """Everything that keeps pictures from coming: what is wrong, and the fix."""

    NONE = (
        "No camera was found.",
        "Connect one and try again, or open a photograph instead.",
    )
    MISSING = (
        "This camera is not connected.",
        "Connect it and try again, or choose another one.",
    )
    BUSY = (
        "The camera cannot be opened.",
        "Close other programs that use it, allow this program to use it in the settings of "
        "your computer, then try again.",
    )
    LOST = (
        "The camera sends no pictures any more.",
        "Check its cable and that no other program took it over, then try again.",
    )
    NO_FILE = (
        "There is no such film.",
        "Check the name and the folder it should be in.",
    )
    UNPLAYABLE = (
        "The film cannot be played.",
        "Choose one saved as MP4 or AVI.",
    )
    UNREACHABLE = (
        "Nothing answers at this address.",
        "Check the address, and that the camera there is on and in the same network.",
    )
    STALLED = (
        "The camera has stopped sending new pictures.",
        "Wait a moment; if none come, check its cable or its network.",
    )
    BLACK = (
        "The camera's picture is black.",
        "Take the cover off the lens, and switch on a light.",
    )
    FROZEN = (
        "The camera sends the same picture again and again.",
        "If it does not recover by itself, unplug the camera and plug it in again, or start "
        "the camera app anew.",
    )
    ENDED = (
        "The film has come to its end.",
        "Start it again.",
    )

    def error(self) -> CameraError:
        """Return the error to raise."""
        return CameraError(self, *self.value)
