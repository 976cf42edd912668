"""What a reminder waits for, in the order in which it is looked for. No Qt here."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_log = logging.getLogger(__name__)


class Occupied(StrEnum):
    """Why somebody is not to be disturbed."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    #: A program asked the desktop to keep the screen on.
    KEPT_ON = "kept on"
    FULL_SCREEN = "full screen"


def first_of(
    questions: Iterable[tuple[Occupied, Callable[[], bool | None]]],
) -> Occupied | None:
    """Return the first reason that holds; None where somebody may be disturbed.

    Parameters
    ----------
    questions
        Each tells whether its reason holds; None where that cannot be known, which counts as
        no. One that fails is no reason to be silent for good either.
    """
    for reason, holds in questions:
        try:
            if holds():
                return reason
        except Exception:
            _log.exception("Nobody can tell this of the desktop: %s", reason.value)
    return None
