"""The model files that ship with Beltline, checked before use."""

from __future__ import annotations

from functools import cache, wraps
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from vision.messages import tr
from vision.reasons import ExplainedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

_T = TypeVar("_T")

FOLDER = Path(__file__).with_name("models")
POSE_BUNDLE = "pose_landmarker_full.task"
CONTOUR_MODEL = "contour_tilt.onnx"
BELT_MODEL = "belt_line.onnx"
MASK_MODEL = "second_mask.onnx"
#: ``<sha256>  <name>`` per line, as sha256sum writes and checks it.
CHECKSUMS = "SHA256SUMS"


class ModelError(ExplainedError):
    """A model file is missing or damaged.

    Parameters
    ----------
    problem
        One sentence, with a place for the ``{name}``.
    """

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(problem.format(name=name), tr("Install Beltline again."))


def once(make: Callable[[], _T]) -> Callable[[], _T]:
    """Have something made when it is first asked for, by any thread, and keep it."""
    making, made = Lock(), cache(make)

    @wraps(make)
    def shared() -> _T:
        # Two first calls at once would make two.
        with making:
            return made()

    return shared


class Network:
    """A shipped ONNX network, run by OpenCV; calls wait for one another.

    Parameters
    ----------
    name
        Its file's.
    """

    def __init__(self, name: str) -> None:
        import cv2
        import numpy as np

        self._network = cv2.dnn.readNetFromONNX(np.frombuffer(read_model(name), np.uint8))
        self._lock = Lock()

    def run(
        self, inputs: NDArray[np.float32] | Mapping[str, NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Return the answers to some inputs, one row for each.

        Parameters
        ----------
        inputs
            The one input, shape (n, ...), or several by their names, n rows each.
        """
        import numpy as np

        with self._lock:
            if isinstance(inputs, np.ndarray):
                self._network.setInput(inputs)
            else:
                for name, rows in inputs.items():
                    self._network.setInput(rows, name)
                inputs = next(iter(inputs.values()))
            answer = self._network.forward()
        return np.asarray(answer.reshape(len(inputs), -1), np.float32)


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
        raise ModelError(
            CHECKSUMS, tr("The model file {name} is missing or cannot be read.")
        ) from error
    for line in lines:
        checksum, _, listed = line.partition("  ")
        if listed == name:
            return checksum
    raise ModelError(name, tr("The model file {name} is not in the list of tested models."))


def read_model(name: str) -> bytes:
    """Read a shipped model file and check that it is the one that was tested.

    Raises
    ------
    ModelError
        When the file is missing or its checksum differs.
    """
    from hashlib import sha256  # loads OpenSSL, which the program's start can do without

    try:
        data = (FOLDER / name).read_bytes()
    except OSError as error:
        raise ModelError(name, tr("The model file {name} is missing or cannot be read.")) from error
    if sha256(data).hexdigest() != expected_sha256(name):
        raise ModelError(name, tr("The model file {name} is damaged."))
    return data
