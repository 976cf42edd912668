"""What the environment gets wrong is told; a missing part of the program itself is a bug."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from app.errors import (
    AppError,
    BrokenInstallation,
    libraries_needed,
    missing_library,
    session_unchanged,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_error_reads_as_its_sentences() -> None:
    error = AppError("It is broken.", "Mend it.")
    assert (error.message, error.fix) == ("It is broken.", "Mend it.")
    assert str(error) == "It is broken. Mend it."
    assert str(AppError("It is broken.")) == "It is broken."
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_package_that_does_not_load_is_told() -> None:
    with (
        pytest.raises(BrokenInstallation, match=r"\(libGL\.so\.1\).*install libgl1"),
        libraries_needed(),
    ):
        raise ImportError("libGL.so.1", name="cv2")


@pytest.mark.parametrize("name", ["app.nowhere", "vision"])
def test_a_missing_part_of_the_program_is_a_bug(name: str) -> None:
    with pytest.raises(ImportError, match="no such module"), libraries_needed():
        raise ImportError("no such module", name=name)


def test_it_is_told_in_the_language_also_by_another_process(
    in_pseudo: Callable[[str], bool],
) -> None:
    error = pickle.loads(pickle.dumps(missing_library(OSError("libGL.so.1"))))
    assert in_pseudo(error.message)
    assert in_pseudo(error.fix)
    assert "libGL.so.1" in str(error)
    assert all(map(in_pseudo, session_unchanged(PermissionError(13, "Access is denied"))))
