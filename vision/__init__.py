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
    from vision.image.frame import Frame, load_frame
    from vision.marks.points import PointsError
    from vision.model_files import ModelError
    from vision.pipeline import measure_photo
    from vision.reasons import PhotoError
    from vision.result import (
        BonyPoints,
        Capture,
        Doubt,
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
    name: module
    for module, names in {
        "vision.image.frame": ("Frame", "load_frame"),
        "vision.marks.points": ("PointsError",),
        "vision.model_files": ("ModelError",),
        "vision.pipeline": ("measure_photo",),
        "vision.reasons": ("PhotoError",),
        "vision.result": (
            "BonyPoints", "Capture", "Doubt", "Facing", "Measured", "Method", "Posture",
            "Reason", "ReasonCode", "Rejected", "Severity", "TiltEstimate", "VerticalSource",
        ),
        "vision.series": ("Outlier", "RefusedSeries", "Series", "assess_series"),
    }.items()
    for name in names
}  # fmt: skip

__all__ = [
    "BonyPoints",
    "Capture",
    "Doubt",
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
