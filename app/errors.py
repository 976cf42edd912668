"""What the environment gets wrong: neither a photograph that is refused nor a bug."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator


class AppError(Exception):
    """Something that a person can mend, told without a traceback.

    Parameters
    ----------
    message
        One plain sentence: what is wrong.
    fix
        One plain sentence: what to do about it; empty where the message says it.
    """

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message, fix)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        """Return the message and the fix."""
        return f"{self.message} {self.fix}".rstrip()


class BrokenInstallation(AppError):
    """Nothing can be measured on this machine."""


def missing_library(error: ImportError | OSError) -> BrokenInstallation:
    """Return what to tell a person when a package or system library does not load.

    Parameters
    ----------
    error
        What the import raised; OpenCV names a missing library in an ImportError, the
        ctypes loader behind MediaPipe in an OSError.
    """
    return BrokenInstallation(
        tr("A library that measuring needs cannot be loaded ({error}).").format(error=error),
        tr(
            "On Debian or Ubuntu, install libgl1, libegl1, libgles2 and libglib2.0-0; else install "
            "Beltline again."
        ),
    )


def session_unchanged(error: OSError) -> tuple[str, str]:
    """Say that what starts with the session could not be changed, and what to do."""
    return (
        tr("What starts with your session could not be changed ({why}).").format(
            why=error.strerror or error
        ),
        tr("Start the reminder by hand, or try again later."),
    )


@contextmanager
def libraries_needed() -> Iterator[None]:
    """Raise :class:`BrokenInstallation` for a package that an import in the block lacks."""
    try:
        yield
    except ImportError as error:
        if is_of_ours(error):
            raise
        raise missing_library(error) from error


def is_of_ours(error: ImportError) -> bool:
    """Tell whether a part of the program itself is missing, which is a bug."""
    return (error.name or "").partition(".")[0] in {"app", "vision"}
