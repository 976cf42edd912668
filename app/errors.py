"""What is wrong with the machine or the installation, rather than with a photograph."""

from __future__ import annotations


class BrokenInstallation(Exception):
    """Nothing can be measured on this machine; the text says why, and what to do."""


def missing_library(error: ImportError | OSError) -> BrokenInstallation:
    """Return what to tell a person when a package or system library does not load.

    Parameters
    ----------
    error
        What the import raised; OpenCV names a missing library in an ImportError, the
        ctypes loader behind MediaPipe in an OSError.
    """
    return BrokenInstallation(
        f"A library that measuring needs cannot be loaded ({error}). On Debian or Ubuntu, "
        "install libgl1, libegl1, libgles2 and libglib2.0-0; else install Beltline again."
    )
