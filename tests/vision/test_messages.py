"""Constants that change with the language that is spoken."""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from tests import made_up_results
from vision import messages
from vision.atomic_write import why_not_written
from vision.camera import capture
from vision.marks.points import PointsError, check_points, roll_of_vertical_deg
from vision.messages import (
    Plural,
    current_translator,
    in_english,
    offered,
    translatable,
    translate_with,
)
from vision.model_files import ModelError, read_model
from vision.overlay.build import build_overlay
from vision.overlay.raster import OverlayError, save_picture, write_picture
from vision.overlay.shapes import Banner, Label
from vision.reasons import ExplainedError, FileProblem, check_pixels, too_many_bytes
from vision.result import BonyPoints, Method, Reason, ReasonCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Shout:
    """Says everything in capitals, with its place."""

    language = "loud"

    def text(self, context: str, source: str) -> str:
        return f"{context}: {source.upper()}"

    def plural(self, _: str, source: Plural) -> Plural:
        return Plural(tuple(map(str.upper, source.forms)), lambda _: 0)


class Way(StrEnum):
    UP = "up"


class Pair(NamedTuple):
    message: str
    number: int


@dataclass(frozen=True)
class Card:
    title: str
    width_px: int


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Make a module that nobody has imported yet."""
    monkeypatch.setattr(messages, "_english", {})
    made = ModuleType("told")
    vars(made).update(
        TITLE="Title",
        _STEPS=("one", "two"),
        WAYS={Way.UP: "upwards"},
        PAIR=Pair("there", 3),
        CARDS=[Card("card", 10)],
        COUNT=Plural(("one thing", "{count} things")),
        WAY=Way.UP,
        WIDTH_PX=640,
        KEY="key",
        lower="not a constant",
    )
    monkeypatch.setitem(sys.modules, "told", made)
    return made


def test_constants_are_that_language_s_once_it_is_chosen(module: ModuleType) -> None:
    translatable("told", but=("KEY",))
    before = dict(vars(module))
    translate_with(Shout())
    try:
        assert isinstance(current_translator(), Shout)
        assert module.TITLE == "told: TITLE"
        assert module._STEPS == ("told: ONE", "told: TWO")
        assert module.WAYS == {Way.UP: "told: UPWARDS"}
        assert Pair("told: THERE", 3) == module.PAIR
        assert [Card("told: CARD", 10)] == module.CARDS
        assert module.COUNT.of(7) == "ONE THING"
        assert (module.WAY, module.WIDTH_PX) == (Way.UP, 640)
        assert (module.KEY, module.lower) == ("key", "not a constant")
    finally:
        translate_with(None)
    assert dict(vars(module)) == before


def test_a_module_that_is_imported_later_follows(module: ModuleType) -> None:
    translate_with(Shout())
    try:
        translatable("told")
        assert module.TITLE == "told: TITLE"
        assert "Title" in list(in_english("told"))
        assert "told" in offered()
    finally:
        translate_with(None)
    assert module.TITLE == "Title"


@pytest.mark.parametrize(("count", "said"), [(0, "0 b"), (1, "one a"), (2, "2 b"), (21, "21 b")])
def test_english_has_a_form_for_one_and_one_for_all_else(count: int, said: str) -> None:
    assert Plural(("one {what}", "{count} {what}")).of(count, what=said[-1]) == said


def _refusals(folder: Path) -> Iterator[ExplainedError]:
    """Give what measuring refuses, as it is told now."""
    for of_file in FileProblem:
        yield of_file.error("side.jpg")
    for of_camera in capture.CameraProblem:
        yield of_camera.error()
    yield too_many_bytes("side.jpg")
    same, outside = BonyPoints((9, 9), (9, 9)), BonyPoints((-1, 9), (9, 9))
    for ask, told in (
        (lambda: check_pixels(20_000, 20_000, "side.jpg"), ExplainedError),
        (lambda: check_points(same, 99, 99), PointsError),
        (lambda: check_points(outside, 99, 99), PointsError),
        (lambda: roll_of_vertical_deg((9, 9), (90, 9), 99, 99), PointsError),
        (lambda: roll_of_vertical_deg((9, 9), (9, 9), 99, 99), PointsError),
        (lambda: capture.find_camera("7"), capture.CameraError),
        (lambda: capture.find_camera("Desk"), capture.CameraError),
        (lambda: capture.find_camera("Roof"), capture.CameraError),
        (lambda: read_model("no_such.onnx"), ModelError),
        (lambda: save_picture(np.zeros((9, 9, 3), np.uint8), folder / "no.kind"), OverlayError),
        (lambda: write_picture(b"", folder / "none" / "side.png"), OverlayError),
    ):
        with pytest.raises(told) as caught:
            ask()
        yield caught.value


def test_whatever_measuring_refuses_is_said_in_the_language(
    in_pseudo: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cameras = tuple(capture.CameraInfo(index, f"Desk {index}") for index in (0, 1))
    monkeypatch.setattr(capture, "list_cameras", lambda: cameras)
    refusals = list(_refusals(tmp_path))
    assert [str(each) for each in refusals if not in_pseudo(each.message)] == []
    assert [str(each) for each in refusals if not in_pseudo(each.fix)] == []
    assert in_pseudo(why_not_written(IsADirectoryError()))


def test_what_is_written_on_a_picture_is_in_the_language(in_pseudo: Callable[[str], bool]) -> None:
    reason = Reason(ReasonCode.TOO_DARK, Severity.REFUSE, "Dark.", "Light.")
    *_, banner = build_overlay(made_up_results.rejected(reason))
    assert isinstance(banner, Banner)
    assert in_pseudo(banner.title)
    tilt = made_up_results.tilt(9.0, 2.8, Method.MARKED)
    measured = replace(made_up_results.measured(), tilt=tilt, marked=tilt)
    labels = [each for each in build_overlay(measured) if isinstance(each, Label)]
    assert labels
    assert all(in_pseudo(label.lines[-1]) for label in labels)


def test_a_refusal_keeps_its_words_on_the_way_to_another_process(
    in_pseudo: Callable[[str], bool],
) -> None:
    told = FileProblem.EMPTY.error("side.jpg")
    refused = made_up_results.rejected(
        Reason(ReasonCode.UNREADABLE, Severity.REFUSE, told.message, told.fix)
    )
    (reason,) = pickle.loads(pickle.dumps(refused)).reasons
    assert reason == refused.reasons[0]
    assert in_pseudo(reason.message)
