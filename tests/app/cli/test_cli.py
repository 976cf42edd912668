"""The command line in this process: order, exit statuses, usage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from app.system.shell import Status
from tests.app.cli.runner import Request, beltline, complaint, json_lines
from vision._version import __version__
from vision.marks.points import PointsError, check_points, roll_of_vertical_deg
from vision.model_files import ModelError
from vision.result import BonyPoints, Measured, Method, Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vision.image.frame import Frame

POINTS = ("--asis", "243", "396", "--psis", "346", "390")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect what the window was opened with, without opening it."""
    found: list[list[str]] = []

    def run(photos: Sequence[str] = ()) -> int:
        found.append(list(photos))
        return 0

    monkeypatch.setattr("app.gui.app.run", run)
    return found


def test_help_names_the_commands() -> None:
    result = beltline("--help")
    assert result.exit_code == 0
    for command in ("measure", "history", "report"):
        assert command in result.stdout


def test_without_a_command_the_window_opens(
    opened: list[list[str]], photo: Path, more_photos: list[Path]
) -> None:
    assert beltline().exit_code == 0
    assert beltline(photo).exit_code == 0
    assert beltline(*more_photos).exit_code == 0
    assert opened == [[], [str(photo)], [str(one) for one in more_photos]]


def test_what_is_neither_command_nor_photograph_is_told(
    opened: list[list[str]], photo: Path, more_photos: list[Path]
) -> None:
    assert "neither a command nor a photograph" in complaint(beltline("mesure", photo.parent))
    assert "neither a command nor a photograph" in complaint(beltline(photo.parent / "gone.jpg"))
    several = *more_photos, photo.parent / "gone.jpg"
    assert "neither a command nor a photograph" in complaint(beltline(*several))
    assert opened == []


def test_without_a_screen_the_window_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    result = beltline()
    assert result.exit_code == Status.FAILED
    assert "no screen" in result.stderr
    assert "beltline measure" in result.stderr


def test_version() -> None:
    assert beltline("--version").stdout == f"beltline {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["measure"],
        ["measure", "a.jpg", "--asis", "5"],
        ["measure", "a.jpg", "--asis", "five", "6"],
        ["measure", "a.jpg", "--method", "stickers"],
    ],
)
def test_unknown_words_are_wrong_usage(arguments: list[str]) -> None:
    result = beltline(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_a_measured_photograph(photo: Path, answers: list[Request]) -> None:
    result = beltline("measure", photo)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{photo}\n  Estimated forward tilt 12° (likely 8 to 17)\n")
    assert result.stderr == ""
    assert answers == [
        {
            "source": str(photo),
            "points": None,
            "vertical": None,
            "method": None,
            "quick": False,
            "person_at": None,
        }
    ]


def test_the_person_meant_reaches_the_pipeline(photo: Path, answers: list[Request]) -> None:
    assert beltline("measure", photo, "--person", "243", "396.5").exit_code == 0
    assert [asked["person_at"] for asked in answers] == [(243.0, 396.5)]


def test_a_quick_look_is_asked_for(photo: Path, answers: list[Request]) -> None:
    assert beltline("measure", photo, "--quick").exit_code == 0
    assert [asked["quick"] for asked in answers] == [True]


def test_lines_come_in_the_order_given(
    photo: Path, more_photos: list[Path], tmp_path: Path, answers: list[Request]
) -> None:
    front = photo.rename(photo.with_name("front.jpg"))
    given = [more_photos[0], tmp_path / "gone.jpg", front, *more_photos[1:], more_photos[0]]
    result = beltline("measure", "--json", *given)
    assert result.exit_code == 3
    assert result.stderr == ""
    found = json_lines(result)
    assert [line["source"] for line in found] == [str(path) for path in given]
    statuses = ["measured", "error", "rejected", "measured", "measured", "measured"]
    assert [line["status"] for line in found] == statuses
    assert len(answers) == 5


def test_text_for_several_photographs_explains_once(
    more_photos: list[Path], tmp_path: Path, answers: list[Request]
) -> None:
    result = beltline("measure", *more_photos, tmp_path / "gone.jpg")
    assert result.exit_code == 3
    assert result.stdout.count("Estimated forward tilt") == len(more_photos) == len(answers)
    assert result.stdout.count("Most people without pain") == 1
    assert "gone.jpg\n  No number: " in result.stdout


def test_what_is_asked_reaches_the_pipeline(photo: Path, answers: list[Request]) -> None:
    vertical = ("--vertical", "10", "-5.5", "12", "300")
    result = beltline("measure", photo, *POINTS, *vertical, "--method", "contour", "--json")
    assert result.exit_code == 0
    assert answers == [
        {
            "source": str(photo),
            "points": BonyPoints((243.0, 396.0), (346.0, 390.0)),
            "vertical": ((10.0, -5.5), (12.0, 300.0)),
            "method": Method.CONTOUR,
            "quick": False,
            "person_at": None,
        }
    ]


def _bad_files(folder: Path) -> list[Path]:
    whole = folder / "whole.jpg"
    Image.effect_noise((400, 400), 60).save(whole)
    (folder / "empty.jpg").touch()
    (folder / "cut.jpg").write_bytes(whole.read_bytes()[:2000])
    (folder / "text.jpg").write_text("This is no picture.", encoding="utf-8")
    (folder / "folder.jpg").mkdir()
    stills = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green")]
    stills[0].save(folder / "moving.gif", save_all=True, append_images=stills[1:])
    Image.new("1", (10_001, 10_000)).save(folder / "huge.png")
    names = ("gone", "empty", "cut", "text", "folder")
    return [*(folder / f"{name}.jpg" for name in names), folder / "moving.gif", folder / "huge.png"]


def test_each_bad_file_has_its_line_and_the_good_one_its_number(
    tmp_path: Path, photo: Path, answers: list[Request]
) -> None:
    bad = _bad_files(tmp_path)
    result = beltline("measure", "--json", *bad, photo)
    assert result.exit_code == 3
    assert result.stderr == ""
    *refused, good = json_lines(result)
    assert good["status"] == "measured"
    assert len(answers) == 1
    assert [line["source"] for line in refused] == [str(path) for path in bad]
    for line in refused:
        assert line["status"] == "error"
        (reason,) = line["reasons"]
        assert reason["severity"] == "refuse"
        assert reason["message"].endswith(".")
        assert reason["fix"].endswith(".")
    codes = [line["reasons"][0]["code"] for line in refused]
    assert codes == ["unreadable"] * 6 + ["too_large"]
    text = beltline("measure", *bad).stdout
    assert text.count("No number: ") == len(bad)
    assert "Most people" not in text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--asis", "243", "396"), "--psis"),
        (("--psis", "243", "396"), "--asis"),
        (("--asis", "243", "396", "--psis", "243", "396"), "same point"),
        (("--asis", "nan", "396", "--psis", "1", "2"), "not a finite number"),
        (("--asis", "1", "2", "--psis", "inf", "2"), "not a finite number"),
        (("--vertical", "1", "2", "1", "nan"), "not a finite number"),
        (("--vertical", "0", "5", "300", "5"), "nearer to horizontal"),
        (("--vertical", "7", "7", "7", "7"), "no length"),
        (("--method", "marked"), "needs the two points"),
        (("--person", "1", "inf"), "not a finite number"),
    ],
)
def test_options_that_no_photograph_can_make_right(
    photo: Path, answers: list[Request], options: tuple[str, ...], said: str
) -> None:
    for extra in ((), ("--json",)):
        assert said in complaint(beltline("measure", photo, *options, *extra))
    assert answers == []


def test_points_belong_to_one_photograph(more_photos: list[Path], answers: list[Request]) -> None:
    assert "one photograph" in complaint(beltline("measure", *more_photos, *POINTS))
    person = "--person", "1", "2"
    assert "one photograph" in complaint(beltline("measure", *more_photos, *person))
    assert answers == []


@pytest.mark.parametrize(
    "options",
    [
        ("--asis", "243", "396", "--psis", "640", "390"),
        ("--asis", "-1", "396", "--psis", "346", "390"),
        ("--vertical", "10", "-5", "12", "300"),
    ],
)
def test_points_outside_the_picture(
    photo: Path, monkeypatch: pytest.MonkeyPatch, measured: Measured, options: tuple[str, ...]
) -> None:
    def measure(frame: Frame, *, points: Any, vertical: Any, **_: object) -> Measured:
        if points is not None:
            check_points(points, frame.width_px, frame.height_px)
        if vertical is not None:
            first, second = vertical
            roll_of_vertical_deg(first, second, frame.width_px, frame.height_px)
        return measured

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)
    result = beltline("measure", photo, *options, "--json")
    assert result.exit_code == Status.NOT_ALL_MEASURED
    assert result.stderr == ""
    (line,) = json_lines(result)
    assert line["status"] == "rejected"
    assert line["tilt"] is None
    (reason,) = line["reasons"]
    assert (reason["code"], reason["severity"]) == ("points_unusable", "refuse")
    assert "outside the picture" in reason["message"]
    assert "outside the picture" in beltline("measure", photo, *options).stdout


def test_a_vertical_that_misses_one_picture_leaves_the_others(
    more_photos: list[Path], monkeypatch: pytest.MonkeyPatch, measured: Measured
) -> None:
    def measure(frame: Frame, **asked: object) -> Measured:
        if "three" in frame.source:
            raise PointsError("The end is outside the picture.", "It is 64 pixels wide.")
        return measured

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)
    given = reversed(more_photos)
    result = beltline("measure", "--json", *given, "--vertical", "1", "1", "1", "90")
    assert result.exit_code == Status.NOT_ALL_MEASURED
    assert result.stderr == ""
    refused, *others = json_lines(result)
    assert refused["reasons"][0]["message"] == "The end is outside the picture."
    assert [line["status"] for line in others] == ["measured"] * 2


def test_a_bug_costs_only_its_own_photograph(
    more_photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    measured: Measured,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def measure(frame: Frame, **asked: object) -> Measured | Rejected:
        if "one" in frame.source:
            raise ZeroDivisionError
        return replace(measured, source=frame.source)

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)
    result = beltline("measure", "--json", *more_photos)
    assert result.exit_code == Status.FAILED
    found = json_lines(result)
    assert [line["status"] for line in found] == ["error", "measured", "measured"]
    assert found[0]["reasons"][0]["code"] == "internal_error"
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ModelError("pose.task", "The model file {name} is damaged."),
            "The model file pose.task is damaged.",
        ),
        (OSError("libEGL.so.1: cannot open shared object file"), "libegl1"),
        (ImportError("No module named 'mediapipe'"), "No module named 'mediapipe'"),
    ],
)
def test_a_broken_installation_is_one_sentence(
    photo: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def measure(frame: Frame, **asked: object) -> Measured:
        raise error

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)
    result = beltline("measure", photo)
    assert result.exit_code == Status.FAILED
    assert said in result.stderr
    assert "Traceback" not in result.stderr
