"""The model files that ship with Beltline, checked before use."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from vision.reasons import ExplainedError

FOLDER = Path(__file__).with_name("models")
POSE_BUNDLE = "pose_landmarker_full.task"
CONTOUR_MODEL = "contour_tilt.onnx"
BELT_MODEL = "belt_line.onnx"
#: ``<sha256>  <name>`` per line, as sha256sum writes and checks it.
CHECKSUMS = "SHA256SUMS"


class ModelError(ExplainedError):
    """A model file is missing or damaged."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The model file {name} {problem}.", "Install Beltline again.")


@cache
def expected_sha256(name: str) -> str:
    """Return the checksum of the model file that was tested with this version.

    Raises
    ------
    ModelError
        When the list of checksums is missing or does not name the file.
    """
    try:
        lines = (FOLDER / CHECKSUMS).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(CHECKSUMS, "is missing or cannot be read") from error
    for line in lines:
        checksum, _, listed = line.partition("  ")
        if listed == name:
            return checksum
    raise ModelError(name, "is not in the list of tested models")


def read_model(name: str) -> bytes:
    """Read a shipped model file and check that it is the one that was tested.

    Raises
    ------
    ModelError
        When the file is missing or its checksum differs.
    """
    try:
        data = (FOLDER / name).read_bytes()
    except OSError as error:
        raise ModelError(name, "is missing or cannot be read") from error
    if hashlib.sha256(data).hexdigest() != expected_sha256(name):
        raise ModelError(name, "is damaged")
    return data
