"""What the history cannot do is told in the language that is spoken."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.history import errors, practice, values
from app.history.db import engine
from app.history.place import server_url
from app.history.records import RowKind, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path("photos")


def _told() -> Iterator[errors.HistoryError]:
    """Give every error with what it names, as it is told now."""
    for kind in vars(errors).values():
        if inspect.isclass(kind) and issubclass(kind, errors._Told) and hasattr(kind, "MESSAGE"):
            yield kind("what it names")
    for count in (1, 3):
        yield errors.PicturesSetAside(count, FOLDER, 30)
        yield errors.PicturesStay(count, FOLDER)
    yield errors.UnreadableRows([UnreadableRow(kind, 7) for kind in RowKind])
    yield errors.ProfileNotFound("Ann", ["Ben"])
    yield errors.ProfileNotFound("Ann")
    yield errors.ProfileNotFound()
    yield errors.BrokenDisk(FOLDER)
    yield errors.BrokenDisk(FOLDER, "Input/output error")
    for code in ("55P03", "53100", "25006", "57P03", "3F000", "28000", None):
        yield engine._of_server(code)
    for ask in (
        lambda: values.tidy_name(" "),
        lambda: values.tidy_name("a" * 200),
        lambda: values.tidy_client_id("a" * 200),
        lambda: values.real_birth_year(1066),
        lambda: practice.small_logo(b"no picture", "logo.png"),
        lambda: practice.logo_from(FOLDER / "none.png"),
        lambda: server_url("mysql://somewhere"),
    ):
        with pytest.raises(errors.HistoryError) as caught:
            ask()
        yield caught.value


def test_whatever_the_history_refuses_is_said_in_the_language(
    in_pseudo: Callable[[str], bool],
) -> None:
    told = list(_told())
    assert len(told) > 30
    assert [str(error) for error in told if not in_pseudo(error.message)] == []
    assert [str(error) for error in told if error.fix and not in_pseudo(error.fix)] == []


def test_rows_that_cannot_be_read_are_named_in_the_language(
    in_pseudo: Callable[[str], bool],
) -> None:
    many = errors.UnreadableRows([UnreadableRow(RowKind.SQUEEZE, id_) for id_ in range(20)])
    named = many.message.partition(": ")[2].split(", ")
    assert len(named) == 9
    assert all(map(in_pseudo, named[:-1]))
