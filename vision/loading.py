"""Load what measuring needs beside whatever else is done meanwhile.

Most of it is native code at work in files of some megabytes, which needs no Python: a second core
does it while the first one loads modules and decodes the picture.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def load_ahead(*, careful: bool) -> None:
    """Begin to load all models that a photograph is usually measured with, and return.

    Whoever needs one meanwhile waits for it, and whatever is wrong with one is told then. May be
    called from any thread, and again, which does nothing.

    Parameters
    ----------
    careful
        Whether the photograph is looked at carefully, which takes one more.
    """
    # OpenCV takes itself out of the list of modules for a moment while it is imported.
    with suppress(ImportError):
        import cv2  # noqa: F401
    loads = [load_pose, load_networks]
    if careful:
        loads.append(load_mask)
    for load in loads:
        # A program that has nothing to measure after all does not wait for these.
        Thread(target=_quietly, args=(load,), name="beltline-loading", daemon=True).start()


def load_pose() -> None:
    """Load MediaPipe and the pose model."""
    from vision.pose.mediapipe import shared_estimator

    shared_estimator()


def load_networks() -> None:
    """Load the networks that read the outline and the belt line, and what numpy loads late."""
    import numpy.ma  # noqa: F401

    from vision.belt.edge import shared_network
    from vision.silhouette import shared_model

    shared_model()
    shared_network()


def load_mask() -> None:
    """Load the network behind the second mask."""
    from vision.pose.second_mask import shared_network

    shared_network()


def _quietly(load: Callable[[], None]) -> None:
    with suppress(Exception):
        load()
