"""Measure forward pelvic tilt from a side-on photograph.

>>> from vision import measure_photo
>>> result = measure_photo("side.jpg")  # doctest: +SKIP

Nothing heavy is imported until it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vision._version import __version__

if TYPE_CHECKING:
    from vision.image.frame import Frame, PhotoError, load_frame
    from vision.marked_tilt import PointsError
    from vision.model_files import ModelError
    from vision.pipeline import measure_photo
    from vision.result import (
        BonyPoints,
        Capture,
        Facing,
        Measured,
        Method,
        Posture,
        Reason,
        ReasonCode,
        Rejected,
        Severity,
        TiltEstimate,
        VerticalSource,
    )
    from vision.series import Outlier, RefusedSeries, Series, assess_series

_HOME = {
    "Frame": "vision.image.frame",
    "PhotoError": "vision.image.frame",
    "load_frame": "vision.image.frame",
    "PointsError": "vision.marked_tilt",
    "ModelError": "vision.model_files",
    "measure_photo": "vision.pipeline",
    "BonyPoints": "vision.result",
    "Capture": "vision.result",
    "Facing": "vision.result",
    "Measured": "vision.result",
    "Method": "vision.result",
    "Posture": "vision.result",
    "Reason": "vision.result",
    "ReasonCode": "vision.result",
    "Rejected": "vision.result",
    "Severity": "vision.result",
    "TiltEstimate": "vision.result",
    "VerticalSource": "vision.result",
    "Outlier": "vision.series",
    "RefusedSeries": "vision.series",
    "Series": "vision.series",
    "assess_series": "vision.series",
}

__all__ = [
    "BonyPoints",
    "Capture",
    "Facing",
    "Frame",
    "Measured",
    "Method",
    "ModelError",
    "Outlier",
    "PhotoError",
    "PointsError",
    "Posture",
    "Reason",
    "ReasonCode",
    "RefusedSeries",
    "Rejected",
    "Series",
    "Severity",
    "TiltEstimate",
    "VerticalSource",
    "__version__",
    "assess_series",
    "load_frame",
    "measure_photo",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
